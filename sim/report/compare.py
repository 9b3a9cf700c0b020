"""Two batches or two scenarios side by side: what differs in inputs, then in outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.experiment import summary
from sim.experiment.tables import write_csv
from sim.files import write_text
from sim.kpi.registry import BY_ID, Kpi
from sim.model.quantities import Array
from sim.report.choice import Names, chosen, chosen_years, one_name
from sim.report.compare_inputs import input_rows
from sim.report.compare_text import compare_text
from sim.report.compared import Differences, Pair, Side
from sim.report.runs import Runs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: What can be compared: a folder, ``folder::scenario``, an open batch, or one with a scenario.
Source = str | Path | Runs | tuple[Runs, str]
#: The year of the strategies, shown besides the last.
TARGET_YEAR = 2030
#: Members of each side of which every pair is formed where they are not paired: more are thinned.
MOST_PAIRED_OFF = 1000


class Compared(Differences):
    """What differs between A and B, as tables, text and a figure."""

    def text(self) -> str:
        """All of it in lines for a terminal."""
        return compare_text(self)

    def figure(self) -> Figure:
        """The differences by KPI, as dots with their 90 % bands."""
        from sim.report.compare_figure import compare_figure

        return compare_figure(self)

    def write(self, folder: str | Path) -> list[Path]:
        """Write ``compare.csv`` (the outcomes), ``compare.txt`` and ``compare.png``, each whole.

        Returns the files. Raises InputError where the folder cannot be written to.
        """
        from sim.report.style import save

        target = Path(folder)
        try:
            target.mkdir(parents=True, exist_ok=True)
            write_csv(target / "compare.csv", self.outcomes)
            write_text(target / "compare.txt", self.text() + "\n")
            save(self.figure(), target / "compare.png")
        except OSError as error:
            words = f"cannot write there: {error.strerror or error}"
            raise InputError([Problem(words, field="out", value=str(folder))]) from error
        return [target / f"compare.{end}" for end in ("csv", "txt", "png")]

    def __repr__(self) -> str:
        return self.text()


def compare(
    a: Source,
    b: Source,
    *,
    kpis: Names = None,
    years: Sequence[int] | None = None,
    economies: bool = False,
) -> Compared:
    """Compare two batches, or two scenarios of one batch or of two: B less A.

    ``a`` and ``b`` are each a folder, ``folder::scenario``, a ``Runs``, or a ``Runs`` with the name
    of a scenario. Of two batches, scenarios of the same name are compared, and the policies that
    are left over where there is one on each side. ``kpis`` are by default the headline ones,
    ``years`` 2030 and the last, places the regions; with ``economies`` their economies too.
    Of different regions and horizons, what both have is compared.

    Members of the same seed and the same economies share their luck and are compared one by one
    (common random numbers), as many as both have. Others are independent: the difference is then
    that of any member of B from any of A. Raises InputError for what is unknown, for sides with
    nothing in common, and where a side keeps no members.
    """
    one, two = _side("A", a), _side("B", b)
    pairs = tuple(_pairs(one, two))
    rows = [row for pair in pairs for row in _outcomes(one, two, pair, kpis, years, economies)]
    if not rows:
        raise InputError([Problem("no economy or region is in both A and B", field="compare")])
    named = [(pair.a, pair.b, pair.name) for pair in pairs]
    inputs = input_rows(one.runs, two.runs, named, bool(one.scenario or two.scenario))
    return Compared(one, two, pairs, inputs, pd.DataFrame(rows))


def _side(label: str, source: Source) -> Side:
    scenario: str | None = None
    if isinstance(source, tuple):
        runs, scenario = source
    elif isinstance(source, Runs):
        runs = source
    else:
        text = str(source)
        if "::" in text and not Path(text).is_dir():
            text, _, scenario = text.rpartition("::")
        runs = Runs(text)
    if scenario is not None:
        one_name("scenario", scenario, list(runs.scenarios))
    return Side(label, runs, scenario)


def _pairs(one: Side, two: Side) -> Iterator[Pair]:
    """Which scenario of A is compared with which of B."""
    if one.scenario is not None or two.scenario is not None:
        names = [(one.scenario or two.scenario, two.scenario or one.scenario)]
        for side, name in zip((one, two), names[0], strict=True):
            one_name(f"scenario of {side.label}", name, list(side.runs.scenarios))
    else:
        known = one.runs.scenarios, two.runs.scenarios
        names = [(name, name) for name in known[0] if name in known[1]]
        policies = [
            [name for name, base in own.items() if name != base and (name, name) not in names]
            for own in known
        ]
        if all(len(left) == 1 for left in policies):
            names.append((policies[0][0], policies[1][0]))
        if not names:
            raise InputError(
                [
                    Problem(
                        "no scenario has the same name in A and B", field="compare",
                        allowed=f"A: {', '.join(known[0])}; B: {', '.join(known[1])}",
                        remedy="name two of them, as FOLDER::SCENARIO",
                    )
                ]
            )  # fmt: skip
    for a, b in names:
        layouts = one.runs.layout(str(a)), two.runs.layout(str(b))
        seeds = [side.runs.manifest["inputs"]["seed"] for side in (one, two)]
        same = seeds[0] == seeds[1] and layouts[0].economies == layouts[1].economies
        yield Pair(str(a), str(b), same)


def _outcomes(
    one: Side, two: Side, pair: Pair, kpis: Names, years: Sequence[int] | None, economies: bool
) -> Iterator[dict[str, Any]]:
    """The rows of a pair of scenarios."""
    first, second = one.runs.layout(pair.a), two.runs.layout(pair.b)
    places = _common_places(first, second, economies)
    shared = [year for year in first.years if year in second.years]
    if not places or not shared:
        return
    default = [year for year in (TARGET_YEAR, shared[-1]) if year in shared]
    asked = chosen_years(list(dict.fromkeys(default if years is None else years)), shared)
    for kpi in _kpis(one.runs, two.runs, kpis):
        a, b = (
            side.runs.array(name, kpi.id, layout.only(places, asked))
            for side, name, layout in ((one, pair.a, first), (two, pair.b, second))
        )
        for row, place in enumerate(places):
            for column, year in enumerate(asked):
                yield {
                    "scenario": pair.name, "kpi": kpi.id, "economy": place, "year": year,
                    **_row(kpi, a[row, column], b[row, column], pair.paired),
                }  # fmt: skip


def _common_places(
    one: summary.Layout, two: summary.Layout, economies: bool
) -> tuple[str, ...]:  # fmt: skip
    """Regions of the same economies in both, then economies, if asked for or if there are none."""
    places = [place for place in one.places if place in two.places]
    regions = [
        place
        for place in places
        if place in one.regions and set(one.regions[place]) == set(two.regions.get(place, ()))
    ]
    single = [place for place in places if place in one.economies and place in two.economies]
    return (*regions, *single) if economies or not regions else tuple(regions)


def _kpis(one: Runs, two: Runs, wanted: Names) -> list[Kpi]:
    shared = [kpi for kpi in one.kpis if kpi in two.kpis]
    if wanted is not None:
        return [BY_ID[kpi] for kpi in chosen("kpi", wanted, shared)]
    headline = [BY_ID[kpi] for kpi in shared if BY_ID[kpi].headline]
    return headline or [BY_ID[kpi] for kpi in shared]


def _row(kpi: Kpi, a: Array, b: Array, paired: bool) -> dict[str, Any]:
    """Medians, difference, band and probability of one series, from its members on both sides."""
    found = {"unit": kpi.unit, "median_a": np.median(a), "median_b": np.median(b)}
    difference = _differences(kpi, a, b, paired)
    low, middle, high = np.quantile(difference, (0.05, 0.5, 0.95))
    better = float((kpi.better * difference > summary.NO_DIFFERENCE).mean())
    differs = bool((np.abs(difference) > summary.NO_DIFFERENCE).any())
    return found | {
        "difference_unit": "% of A" if kpi.effect == "percent" else kpi.unit,
        "difference": middle, "q05": low, "q95": high,
        "probability_better": better if differs and kpi.better else np.nan,
        "differs": differs, "paired": paired,
    }  # fmt: skip


def _differences(kpi: Kpi, a: Array, b: Array, paired: bool) -> Array:
    """B less A: member by member, or of every member of B from every member of A.

    Of more than ``MOST_PAIRED_OFF`` independent members of a side, as many evenly spaced
    quantiles stand for all.
    """
    if paired:
        count = min(len(a), len(b))
        return summary.change(kpi, b[:count], a[:count].copy())
    some, others = (_thinned(one) for one in (a, b))
    policy, base = (grid.ravel().copy() for grid in np.meshgrid(others, some))
    return summary.change(kpi, policy, base)


def _thinned(values: Array) -> Array:
    if len(values) <= MOST_PAIRED_OFF:
        return values
    shares = (np.arange(MOST_PAIRED_OFF) + 0.5) / MOST_PAIRED_OFF
    found: Array = np.quantile(values, shares)
    return found
