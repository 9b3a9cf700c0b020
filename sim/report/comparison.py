"""Effects of policies within each member: bands, probabilities, and how precise they are."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError, Problem
from sim.experiment import summary
from sim.report.choice import Names, Years, chosen, known_kpi, one_name, one_year
from sim.report.precision import precision_row
from sim.report.shown import Shown
from sim.report.tidy import tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.kpi.registry import Kpi
    from sim.model.quantities import Array

#: A scenario and the one that it is compared with.
Pair = tuple[str, str]


class Comparison:
    """Effects of policies: paired differences with 90 % bands and probabilities."""

    def __init__(self, runs: Shown, pairs: list[Pair]) -> None:
        """Compare the first of each pair with the second."""
        self.runs, self.pairs = runs, pairs

    @functools.cached_property
    def effects(self) -> pd.DataFrame:
        """Quantiles of the differences by scenario, KPI, economy or region, and year.

        ``q05`` to ``q95`` is the 90 % band over members, ``probability_better`` the share of
        members in which the policy improves the KPI. What the batch has written is taken as it is;
        all else is worked out from the members. Raises InputError where there are none, or nothing
        to compare.
        """
        self._check_pairs()
        runs, written = self.runs, self.runs.stored.effects
        own = [] if written is None else [p for p in self.pairs if p in set(runs.own_pairs)]
        frames = []
        if written is not None and own:
            names = {name for name, _ in own}
            frames.append(runs.shown(written[written["scenario"].isin(names)]))
        for pair in self.pairs:
            policy, base = self._layouts(pair, added=pair in own)
            if policy.places:
                self._check_members(pair)
                kpis = [known_kpi(kpi) for kpi in runs.kpis]
                frames.append(summary.effects(policy, *pair, kpis, base))
        return runs.in_order(frames)

    def _check_pairs(self) -> None:
        if not self.pairs:
            raise InputError([Problem("there is nothing to compare: no scenario with a policy")])

    def _layouts(self, pair: Pair, added: bool = False) -> tuple[summary.Layout, summary.Layout]:
        """The layouts of a pair, of the years that both have."""
        policy, base = (self.runs.layout(name, added) for name in pair)
        if policy.economies != base.economies:
            raise InputError(
                [
                    Problem(
                        f"is of another region than {pair[0]!r}: their members share no luck",
                        field="to", value=pair[1], remedy="compare them with digiregion compare",
                    )
                ]
            )  # fmt: skip
        years = [year for year in policy.years if year in base.years]
        return policy.only(policy.places, years), base.only(policy.places, years)

    def _check_members(self, pair: Pair) -> None:
        for name in pair:
            self.runs.stored.check_members(name)

    def __repr__(self) -> str:
        lines = [f"  {name}  against  {other}" for name, other in self.pairs]
        return "\n".join([f"paired over {self.runs.members} members:", *lines])

    def _of(
        self, kpi: str, year: Years = None, scenario: Names = None, economy: Names = None
    ) -> Comparison:
        """The same comparison, of which less is shown."""
        names = list(dict.fromkeys(name for name, _ in self.pairs))
        kept = chosen("scenario", scenario, names)
        runs = self.runs.filter(list(kept) or None, known_kpi(kpi).id, economy, year)
        return Comparison(runs, [pair for pair in self.pairs if pair[0] in kept])

    def table(self, kpi: str, year: int) -> pd.DataFrame:
        """Median effect, 90 % band and probability of improvement in one year."""
        columns = ["scenario", "economy", "unit", "median", "q05", "q95", "probability_better"]
        shown = self._of(kpi, one_year(year, self.runs.years))
        return shown.effects[columns].set_index(["scenario", "economy"])

    def values(
        self, kpi: str, scenario: Names = None, economy: Names = None, year: Years = None
    ) -> pd.DataFrame:
        """The effect on one KPI in every member, in the KPI's unit or in % of the baseline.

        Columns ``scenario``, ``baseline``, ``member``, ``economy``, ``year`` and ``value``. Raises
        InputError for what these results do not have, and where the batch keeps no members.
        """
        shown = self._of(kpi, year, scenario, economy)
        shown._check_pairs()
        measure = known_kpi(kpi)
        return tidy(
            ["scenario", "baseline"],
            (
                (dict(zip(("scenario", "baseline"), pair, strict=True)), layout,
                 summary.change(measure, policy, base))
                for pair, layout, policy, base in shown._arrays(measure)
            ),
        )  # fmt: skip

    def _arrays(self, kpi: Kpi) -> Iterator[tuple[Pair, summary.Layout, Array, Array]]:
        """Each pair with its layout and its members, (place, year, member)."""
        for pair in self.pairs:
            layouts = self._layouts(pair)
            policy, base = (
                self.runs.array(name, kpi.id, layout)
                for name, layout in zip(pair, layouts, strict=True)
            )
            yield pair, layouts[0], policy, base

    def precision(self, kpi: str, year: int, half_width: float | None = None) -> pd.DataFrame:
        """How precise the median effect on a KPI in a year is, and how many members would help.

        Two uncertainties are kept apart. ``q05`` to ``q95``, the 90 % band over members, is what is
        not known about the world: it does not shrink with more members, it becomes more exact.
        ``median_low`` to ``median_high`` is the simulation error of the median, a 95 % confidence
        interval from order statistics (Conover 1999; Hahn and Meeker 1991): it shrinks.

        Rows by scenario and economy; columns ``unit`` (of all that follow but counts), ``members``,
        ``median``, ``q05``, ``q95``, ``median_low``, ``median_high``, ``half_width`` (of that
        interval), ``more_members`` (that would halve it, three times the members in large
        samples), ``more_members_wanted`` (that would bring it to ``half_width``, if that is given),
        ``mean``, ``mean_half_width`` (1.96 standard errors) and ``pairing_gain`` (the variance of
        an unpaired difference over that of the paired one). Blank for fewer than six members.
        Raises InputError as ``values``, and for a half-width that is not positive.
        """
        if half_width is not None and not half_width > 0.0:
            problem = Problem(
                "is no half-width", field="half_width", value=half_width, allowed="more than 0"
            )
            raise InputError([problem])
        shown, measure = self._of(kpi, one_year(year, self.runs.years)), known_kpi(kpi)
        shown._check_pairs()
        rows: list[dict[str, Any]] = []
        for pair, layout, policy, base in shown._arrays(measure):
            effects = summary.change(measure, policy, base.copy())
            unit = summary.unit_of_change(measure)
            for row, place in enumerate(layout.places):
                arrays = (policy[row, 0], base[row, 0], effects[row, 0])
                found = precision_row(measure, *arrays, half_width)
                rows.append({"scenario": pair[0], "economy": place, "unit": unit} | found)
        frame = pd.DataFrame(rows)
        counts = [name for name in frame if str(name).startswith("more_members")]
        return frame.astype(dict.fromkeys(counts, "Int64")).set_index(["scenario", "economy"])

    def plot(self, kpi: str, by: str = "economy", scenario: str | None = None) -> Figure:
        """Fan chart of the effect on one KPI, by economy or by region."""
        from sim.report.plots import effect_chart

        self._check_pairs()
        names = [name for name, _ in self.pairs]
        name = one_name("scenario", scenario or names[-1], names)
        one_name("by", by, ["economy", "region"])
        layout = self.runs.layout(name)
        economies = layout.economies
        places = [p for p in layout.places if (p in economies) == (by == "economy")]
        return effect_chart(
            self._of(kpi, scenario=name).effects, name, known_kpi(kpi).id, places=places,
            members=self.runs.members, parameters=self.runs.start_words,
        )  # fmt: skip
