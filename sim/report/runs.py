"""What a batch gave, for a notebook: tables, comparisons, plots, exports."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError, Problem, nearest_name
from sim.experiment import batch, manifest, summary
from sim.experiment.tables import read_csv
from sim.kpi.registry import BY_ID, Kpi
from sim.policy import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def run_batch(
    scenarios: Sequence[Scenario] | Scenario,
    members: int = 500,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results",
    progress: bool = True,
) -> Runs:
    """Run scenarios and their baselines over an ensemble, write the results, and return them.

    ``members`` is the size of the ensemble, ``seed`` its random seed, ``workers`` the processes
    (by default one for small batches, else one a core). Results go to a folder below ``out``; the
    same inputs give the same bytes. Raises InputError for input that cannot be used.
    """
    with progress_bar(progress) as report:
        written = batch.write_batch(scenarios, members, seed, workers, out, report)
    return Runs(written.folder)


def run(scenario: Scenario, **options: Any) -> Runs:
    """Run one scenario and its baseline: ``run_batch`` for one."""
    return run_batch([scenario], **options)


class progress_bar:
    """A bar on long work, quiet when ``shown`` is false."""

    def __init__(self, shown: bool) -> None:
        from tqdm import tqdm

        self.bar = tqdm(unit_scale=False, disable=None if shown else True, leave=False)
        self.stage = ""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return self.update

    def update(self, stage: str, done: int, total: int) -> None:
        """Move the bar to ``done`` of ``total`` units of a stage ("run", "table", "figure set")."""
        if stage != self.stage:
            self.stage, self.bar.unit = stage, stage
            self.bar.reset(total)
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def __exit__(self, *_: object) -> None:
        self.bar.close()


class Runs:
    """A finished batch on disk. Nothing is read before it is asked for."""

    def __init__(self, folder: str | Path) -> None:
        """Open the folder of a batch. Raises InputError if it holds no finished batch."""
        self.folder = Path(folder)
        self.manifest: dict[str, Any] = manifest.read(self.folder)

    @property
    def scenarios(self) -> dict[str, str]:
        """Names of the complete scenarios, each with the name of its baseline."""
        lacking = {part["scenario"] for part in self.manifest["missing"]}
        return {
            item["name"]: item["baseline"]
            for item in self.manifest["inputs"]["scenarios"]
            if item["name"] not in lacking
        }

    @property
    def own_pairs(self) -> list[tuple[str, str]]:
        """Each policy with its own baseline."""
        known = self.scenarios
        return [(name, base) for name, base in known.items() if name != base and base in known]

    @property
    def members(self) -> int:
        """Size of the ensemble."""
        return int(self.manifest["inputs"]["members"])

    @functools.cached_property
    def projections(self) -> pd.DataFrame:
        """Quantiles by scenario, KPI, economy or region, and year."""
        return read_csv(self.folder / "projections.csv")

    @functools.cached_property
    def costs(self) -> pd.DataFrame:
        """Costs by scenario, economy, year, lever and payer; empty for a baseline alone."""
        path = self.folder / "costs.csv"
        return read_csv(path) if path.exists() else pd.DataFrame()

    def layout(self, scenario: str) -> summary.Layout:
        """How the members of a scenario are laid out."""
        held = self.manifest["layout"][self._known(scenario)]
        return summary.Layout(
            self.folder,
            self.members,
            tuple(held["economies"]),
            tuple(held["years"]),
            {name: tuple(codes) for name, codes in held["regions"].items()},
        )

    def __repr__(self) -> str:
        layout = self.layout(next(iter(self.scenarios)))
        return (
            f"{len(self.scenarios)} scenarios × {self.members} members × "
            f"{len(layout.economies)} economies × {len(layout.years)} years in {self.folder}"
        )

    def table(self, kpi: str, year: int) -> pd.DataFrame:
        """Quantiles of one KPI in one year: a row a scenario and economy."""
        chosen = self.projections
        found = chosen[(chosen["kpi"] == known_kpi(kpi).id) & (chosen["year"] == year)]
        return _found(found, "year", year).drop(columns=["kpi", "year"]).set_index(
            ["scenario", "economy"]
        )  # fmt: skip

    def plot(self, kpi: str, scenario: str | None = None, places: Any = None) -> Figure:
        """Fan chart of one KPI by economy, a policy against its baseline."""
        from sim.report.plots import fan_chart

        name = self._known(scenario) if scenario else self._first_policy()
        return fan_chart(
            self.projections, name, self.scenarios[name], known_kpi(kpi).id, places=places,
            members=self.members,
        )  # fmt: skip

    def compare(self, to: str | None = None) -> Comparison:
        """Paired differences, member by member, from ``to``, or from each one's own baseline.

        ``to="baseline"`` is the baseline of each scenario.
        """
        if to in (None, "baseline") and to not in self.scenarios:
            pairs = self.own_pairs
        else:
            other = self._known(str(to))
            pairs = [(name, other) for name in self.scenarios if name != other]
        return Comparison(self, pairs)

    def export(
        self, path: str | Path | None = None, format: str = "csv", table: str = "projections"
    ) -> Path:
        """Write ``projections``, ``effects`` or ``costs`` to a file, and return the file.

        ``format`` is ``csv``, ``xlsx`` (Excel), ``dta`` (Stata), ``netcdf`` or ``iamc`` (wide, a
        column a year; projections alone). Without ``path``, the file goes to ``exports`` in the
        batch's folder. Raises InputError for what cannot be written so; see ``docs/exports.md``.
        """
        from sim.report.exports import export

        return export(self, path, format, table)

    def _known(self, scenario: str) -> str:
        if scenario not in self.scenarios:
            raise _unknown("scenario", scenario, list(self.scenarios))
        return scenario

    def _first_policy(self) -> str:
        return next((name for name, _ in self.own_pairs), next(iter(self.scenarios)))


class Comparison:
    """Effects of policies: paired differences with 90 % bands and probabilities."""

    def __init__(self, runs: Runs, pairs: list[tuple[str, str]]) -> None:
        """Compare the first of each pair with the second."""
        self.runs, self.pairs = runs, pairs

    @functools.cached_property
    def effects(self) -> pd.DataFrame:
        """Quantiles of the differences by scenario, KPI, economy or region, and year."""
        stored = self.runs.folder / "effects.csv"
        if self.pairs == self.runs.own_pairs and stored.exists():
            return read_csv(stored)
        if not self.pairs:
            raise InputError([Problem("there is nothing to compare: no scenario with a policy")])
        frames = [
            summary.effects(self.runs.layout(name), name, other) for name, other in self.pairs
        ]
        return pd.concat(frames, ignore_index=True)

    def __repr__(self) -> str:
        lines = [f"  {name}  against  {other}" for name, other in self.pairs]
        return "\n".join([f"paired over {self.runs.members} members:", *lines])

    def table(self, kpi: str, year: int) -> pd.DataFrame:
        """Median effect, 90 % band and probability of improvement in one year."""
        rows = self.effects
        chosen = rows[(rows["kpi"] == known_kpi(kpi).id) & (rows["year"] == year)]
        columns = ["scenario", "economy", "unit", "median", "q05", "q95", "probability_better"]
        return _found(chosen, "year", year)[columns].set_index(["scenario", "economy"])

    def plot(self, kpi: str, by: str = "economy", scenario: str | None = None) -> Figure:
        """Fan chart of the effect on one KPI, by economy or by region."""
        from sim.report.plots import effect_chart

        names = [name for name, _ in self.pairs]
        if scenario is not None and scenario not in names:
            raise _unknown("scenario", scenario, names)
        if by not in ("economy", "region"):
            raise _unknown("by", by, ["economy", "region"])
        name = scenario or names[-1]
        layout = self.runs.layout(name)
        places = layout.economies if by == "economy" else tuple(layout.regions)
        return effect_chart(
            self.effects, name, known_kpi(kpi).id, places=places, members=self.runs.members
        )


def known_kpi(name: str) -> Kpi:
    """The KPI of that id. Raises InputError with the nearest valid one."""
    if name not in BY_ID:
        raise _unknown("kpi", name, list(BY_ID))
    return BY_ID[name]


def _unknown(field: str, value: str, names: Sequence[str]) -> InputError:
    return InputError(
        [
            Problem(
                f"unknown {field}",
                field=field,
                value=value,
                allowed=", ".join(names),
                nearest=nearest_name(value, names),
            )
        ]
    )


def _found(rows: pd.DataFrame, field: str, value: object) -> pd.DataFrame:
    if rows.empty:
        raise InputError([Problem("not in these results", field=field, value=value)])
    return rows
