"""A whole run for a user: the batch, its figures and its closing summary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.experiment import batch
from sim.files import write_text
from sim.policy import Scenario
from sim.processes import run_each
from sim.report.runs import Runs, progress_bar


def write_results(
    scenarios: Sequence[Scenario], figures: bool = True, progress: bool = True, **settings: Any
) -> tuple[batch.Written, str]:
    """Run scenarios, write their tables, figures and summary; return what was written and it.

    ``settings`` are those of ``sim.experiment.batch.write_batch``.
    """
    text = ""
    workers = settings.get("workers") or os.cpu_count() or 1

    def finish(draft: Path) -> None:
        nonlocal text
        runs = Runs(draft)
        complete = [scenario for scenario in scenarios if scenario.name in runs.scenarios]
        text = write_summary(runs, complete)
        if figures:
            draw_figures(runs, complete, workers, progress)

    with progress_bar(progress) as report:
        written = batch.write_batch(scenarios, progress=report, finish=finish, **settings)
    return written, text


def write_summary(runs: Runs, scenarios: Sequence[Scenario]) -> str:
    """Write ``summary.txt`` and ``summary.md``; return the first."""
    from sim.report.summary_text import closing_summary

    names = {code: str(name) for s in scenarios for code, name in s.world.profile["name"].items()}
    effects = runs.compare().effects if runs.own_pairs else None
    text, marked = (
        closing_summary(
            runs.projections, effects, runs.costs, runs.scenarios, members=runs.members,
            seed=runs.manifest["inputs"]["seed"], names=names, markdown=markdown,
            parameters=_parameters(runs), warnings=runs.manifest.get("warnings", ()),
        )
        for markdown in (False, True)
    )  # fmt: skip
    write_text(runs.folder / "summary.txt", text.rstrip() + "\n")
    write_text(runs.folder / "summary.md", marked.rstrip() + "\n")
    return text.rstrip()


def _parameters(runs: Runs) -> str:
    """What the members started from, in a few words."""
    if not runs.fitted_until:
        return "priors"
    return f"fitted to 2000-{', '.join(runs.fitted_until)}; priors where history says nothing"


def draw_figures(
    runs: Runs, scenarios: Sequence[Scenario], workers: int, progress: bool
) -> list[Path]:
    """Draw the figures of every policy of a batch (of every scenario, if none has a policy).

    The scenarios are shared out to ``workers`` processes; the figures do not depend on them.
    """
    wanted = [s for s in scenarios if not s.is_baseline] or list(scenarios)
    given = (runs.folder, wanted)
    paths: list[Path] = []
    with progress_bar(progress) as report:
        report("figure set", 0, len(wanted))
        done = run_each(_draw, len(wanted), workers, _prepare, given)
        for count, (_, drawn) in enumerate(done, start=1):
            paths += drawn
            report("figure set", count, len(wanted))
    return sorted(paths)


_given: tuple[Runs, list[Scenario]] | None = None


def _prepare(folder: Path, scenarios: list[Scenario]) -> None:
    global _given
    _given = Runs(folder), scenarios


def _draw(number: int) -> list[Path]:
    import pandas as pd

    from sim.report.figures import write_figures

    assert _given is not None
    runs, scenarios = _given
    scenario = scenarios[number]
    effects = runs.compare().effects if runs.own_pairs else pd.DataFrame()
    return write_figures(
        runs.folder, scenario.world, {scenario.name: runs.scenarios[scenario.name]},
        runs.projections, effects, runs.costs, runs.members,
        parameters=runs.start_words,
    )  # fmt: skip
