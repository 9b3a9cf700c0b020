"""A whole run for a user: the batch, its figures and its closing summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.experiment import batch, manifest
from sim.files import write_text
from sim.policy import Scenario
from sim.report.runs import Runs, progress_bar


def write_results(
    scenarios: Sequence[Scenario],
    members: int,
    seed: int,
    workers: int | None,
    out: str | Path,
    figures: bool = True,
    progress: bool = True,
) -> tuple[Path, str]:
    """Run scenarios, write their tables, figures and summary; return the folder and the summary."""
    with progress_bar(progress) as report:
        folder = batch.write_batch(scenarios, members, seed, workers, out, report)
    runs = Runs(folder)
    text = write_summary(runs)
    if figures:
        draw_figures(runs, scenarios, progress)
    refresh_manifest(runs)
    return folder, text


def write_summary(runs: Runs) -> str:
    """Write ``summary.txt`` and return it."""
    from sim.report.summary_text import closing_summary

    text = closing_summary(
        runs.projections, runs.compare().effects, runs.costs, runs.scenarios,
        members=runs.members, seed=runs.manifest["inputs"]["seed"],
    )  # fmt: skip
    write_text(runs.folder / "summary.txt", text + "\n")
    return text


def draw_figures(runs: Runs, scenarios: Sequence[Scenario], progress: bool) -> list[Path]:
    """Draw the figures of a batch, region by region."""
    from sim.report.figures import write_figures

    paths: list[Path] = []
    with progress_bar(progress, "figure") as report:
        for scenario in scenarios:
            if scenario.levers:
                paths += write_figures(
                    runs.folder, scenario.world, {scenario.name: runs.scenarios[scenario.name]},
                    runs.projections, runs.compare().effects, runs.costs, runs.members,
                    progress=report,
                )  # fmt: skip
    return paths


def refresh_manifest(runs: Runs) -> None:
    """Enter the digests of files that were written after the tables."""
    import json

    runs.manifest["files"] = manifest.file_digests(runs.folder)
    write_text(runs.folder / "manifest.json", json.dumps(runs.manifest, indent=1) + "\n")
