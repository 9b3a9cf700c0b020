"""What a batch gave, for a notebook: tables, comparisons, plots, exports."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment import batch
from sim.policy import Scenario
from sim.report.choice import known_kpi, one_name
from sim.report.comparison import Comparison
from sim.report.exports import export
from sim.report.shown import Shown

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def run_batch(
    scenarios: Sequence[Scenario] | Scenario,
    members: int = 500,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results",
    progress: bool = True,
    parameters: str | Path = "posterior",
) -> Runs:
    """Run scenarios and their baselines over an ensemble, write the results, and return them.

    ``members`` is the size of the ensemble, ``seed`` its random seed, ``workers`` the processes
    (by default one for small batches, else one a core). Results go to a folder below ``out``; the
    same inputs give the same bytes. ``parameters`` are "posterior" (fitted to history), "prior", or
    a folder that ``digiregion calibrate`` wrote; what speaks against them is warned of. Raises
    InputError for input that cannot be used.
    """
    with progress_bar(progress) as report:
        written = batch.write_batch(
            scenarios, members, seed, workers, out, report, parameters=parameters
        )
    for warning in written.warnings:
        warnings.warn(warning, stacklevel=2)
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


def open(path: str | Path) -> Runs:
    """Open the folder of a finished batch; nothing of it is read before it is asked for.

    Raises InputError if ``path`` holds no batch, or several: it lists them.
    """
    return Runs(path)


class Runs(Shown):
    """A finished batch on disk, or what ``filter`` leaves of it.

    Nothing is read before it is asked for, and of the members only the columns and years that are.
    """

    def plot(self, kpi: str, scenario: str | None = None, places: Any = None) -> Figure:
        """Fan chart of one KPI by economy, a policy against its baseline."""
        from sim.report.plots import fan_chart

        first = next((name for name, _ in self.own_pairs), next(iter(self.scenarios)))
        name = one_name("scenario", scenario or first, list(self.scenarios))
        base = self.stored.complete[name]
        shown = self._with(scenarios=(name, base)).filter(kpi=known_kpi(kpi).id)
        return fan_chart(
            shown.projections, name, base if base in shown.scenarios else None, kpi, places=places,
            members=self.members, parameters=self.start_words,
        )  # fmt: skip

    def compare(self, to: str | None = None) -> Comparison:
        """Paired differences, member by member, from ``to``, or from each one's own baseline.

        ``to="baseline"`` is the baseline of each scenario. Raises InputError for an unknown ``to``.
        """
        known = list(self.stored.complete)
        if to in (None, "baseline") and to not in known:
            return Comparison(self, self.own_pairs)
        other = one_name("to", to, known)
        return Comparison(self, [(name, other) for name in self.scenarios if name != other])

    def export(
        self, path: str | Path | None = None, format: str = "csv", table: str = "projections"
    ) -> Path:
        """Write ``projections``, ``effects`` or ``costs`` to a file, and return the file.

        ``format`` is ``csv``, ``xlsx`` (Excel), ``dta`` (Stata), ``netcdf`` or ``iamc`` (wide, a
        column a year; projections alone). Without ``path``, the file goes to ``exports`` in the
        batch's folder. Raises InputError for what cannot be written so; see ``docs/exports.md``.
        """
        return export(self, path, format, table)
