"""The validation report: why to believe the model, and where not; Markdown, tables, figures."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import InputError, Problem
from sim.evidence.hindcast import LAST_TEST, Hindcast
from sim.evidence.known import SERIES
from sim.evidence.scores import UNITS
from sim.experiment.tables import write_csv
from sim.files import atomic
from sim.report import blocks, validation_figures, validation_words
from sim.report import validation_sections as sections
from sim.report.blocks import Block, Heading, Table
from sim.report.style import save
from sim.report.validation_tables import (
    aims_table,
    economy_table,
    grades,
    grades_table,
    hindcast_frames,
    horizon_table,
    last_test,
    rounded,
    scores_table,
    words_of,
)
from sim.report.validation_words import paragraph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.evidence.sensitivity import Sensitivity

#: The report, and the folder beside it with its tables and figures.
REPORT, FOLDER = "validation.md", "validation"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """What the report is made of. What is None has no section.

    ``command`` is what makes it again; ``facts`` as ``stylised_facts`` gives them, ``projections``
    as ``compare_projections`` does, ``calibration`` with the columns of ``Calibration.table``,
    ``misfit`` with series, round and mean squared residual (``sections.misfit_table``);
    ``institutions`` as ``hindcast_institutions`` gives them.
    ``carried``: whether the prior of shared parameters is what the shipped regions taught;
    ``warnings``: those that runs of the region give about their ensemble.
    """

    hindcast: Hindcast
    command: str
    facts: pd.DataFrame | None = None
    projections: pd.DataFrame | None = None
    calibration: pd.DataFrame | None = None
    misfit: pd.DataFrame | None = None
    institutions: pd.DataFrame | None = None
    sensitivity: Sensitivity | None = None
    carried: bool = False
    warnings: tuple[str, ...] = ()


def check_target(folder: Path) -> None:
    """Raise InputError where a report cannot be written, or would take the place of other files."""
    problems = []
    if folder.exists() and not folder.is_dir():
        problems.append(Problem("is a file, not a folder", field="out", value=str(folder)))
    beside = folder / FOLDER
    if beside.exists() or beside.is_symlink():
        ours = beside.is_dir() and all(one.suffix in (".csv", ".png") for one in beside.iterdir())
        if not ours or (any(beside.iterdir()) and not (folder / REPORT).exists()):
            message = "is not the folder of a validation report; nothing in it is touched"
            problem = Problem(message, field="out", value=str(beside), remedy="name another folder")
            problems.append(problem)
    if problems:
        raise InputError(problems)


def write_validation(
    folder: Path, found: Findings, progress: Progress | None = None
) -> tuple[Path, Path]:
    """Write ``validation.md`` and the folder ``validation`` with its tables and figures.

    All is drawn up beside ``folder`` and then moved, so that a failure leaves what was there. The
    same findings give the same bytes. Returns the report and the folder. Raises InputError where
    other files would be lost, and OSError.
    """
    check_target(folder)
    above = next(one for one in folder.resolve().parents if one.is_dir())
    draft = above / f".{FOLDER}.{uuid.uuid4().hex[:12]}"
    draft.mkdir()
    try:
        text = _fill(draft, found, progress)
        folder.mkdir(parents=True, exist_ok=True)
        with atomic(folder / REPORT) as file:
            file.write_text(text, encoding="utf-8", newline="\n")
            _replace(draft, folder / FOLDER)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder / REPORT, folder / FOLDER


def _replace(draft: Path, target: Path) -> None:
    """Put a folder in the place of another; the old one comes back if that fails."""
    old = draft.with_name(f"{draft.name}.old")
    if target.exists():
        os.replace(target, old)
    try:
        os.replace(draft, target)
    except BaseException:
        if old.exists():
            os.replace(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _fill(folder: Path, found: Findings, progress: Progress | None) -> str:
    """Write tables and figures to a folder; return the report."""
    for name, frame in frames(found).items():
        write_csv(folder / f"{name}.csv", rounded(frame))
    drawings = _drawings(found)
    for done, (name, draw) in enumerate(drawings, start=1):
        save(draw(), folder / f"{name}.png")
        if progress:
            progress("figure", done, len(drawings))
    return report(found)


def frames(found: Findings) -> dict[str, pd.DataFrame]:
    """Every table, by the name of its file."""
    held = {"kpis": grades(), **hindcast_frames(found.hindcast)}
    more = {
        "stylised_facts": found.facts, "projections": found.projections,
        "calibration": found.calibration, "misfit": found.misfit,
        "institutions": found.institutions,
        "sensitivity": None if found.sensitivity is None else found.sensitivity.table,
    }  # fmt: skip
    return held | {name: frame for name, frame in more.items() if frame is not None}


def fans_origin(found: Hindcast) -> int:
    """The origin whose forecasts are drawn: the first of the last test, else the last there is."""
    return next((one for one in LAST_TEST if one in found.origins), found.origins[-1])


def _drawings(found: Findings) -> list[tuple[str, Callable[[], Figure]]]:
    """The figures: the name of the file, and what draws it."""
    held = found.hindcast
    drawn: list[tuple[str, Callable[[], Figure]]] = [
        ("crps", partial(validation_figures.crps_figure, held)),
        ("coverage", partial(validation_figures.coverage_figure, held)),
        ("pit", partial(validation_figures.pit_figure, held)),
    ]
    draw = validation_figures.fans_figure
    for page in range(1, validation_figures.pages(held) + 1):
        drawn.append((f"fans-{page}", partial(draw, held, SERIES[0], fans_origin(held), page)))
    if found.sensitivity is not None:
        from sim.report.sensitivity_figure import sensitivity_figure

        one = found.sensitivity
        drawn.append(("sensitivity", partial(sensitivity_figure, one, one.places[0])))
    return drawn


def report(found: Findings) -> str:
    """The report as Markdown. Numbers are rounded: they are the same on every machine."""
    return "\n".join(part.rstrip("\n") + "\n" for part in _parts(found))


def _parts(found: Findings) -> Iterator[str]:
    held = found.hindcast
    yield from _blocks([Heading("Validation", 1)])
    yield paragraph(
        f"Generated by `{found.command}`; do not edit. Region {held.region}, "
        f"{len(held.economies)} economies, {held.members:,} members, seed {held.seed}. Every "
        f"table is in full, as CSV, in the folder `{FOLDER}/`."
    )
    yield from _blocks([Heading("In short", 2)])
    yield validation_words.in_short(held)
    yield from _blocks([Heading("The aims of the project, and what was found", 3)])
    yield paragraph("The aims were set for the 22 economies of ASEAN and CAREC together.")
    yield from _blocks([aims_table(held)])
    yield from _blocks([Heading("What the model can say, and what it cannot", 2)])
    yield validation_words.what_can_be_said(held)
    yield from _blocks([grades_table()])
    yield from _blocks([Heading("How it was tested", 2)])
    yield from validation_words.protocol(held)
    if found.carried:
        yield validation_words.taught_elsewhere()
    if found.warnings:
        yield validation_words.warned(found.warnings)
    yield validation_words.how_scored(held)
    yield from _hindcast(held)
    if found.facts is not None:
        yield from sections.facts(found.facts)
    if found.projections is not None:
        yield from sections.projections(found.projections)
    if found.calibration is not None:
        yield from sections.calibration(found.calibration, found.misfit)
    if found.institutions is not None and len(found.institutions):
        yield from sections.institutions(found.institutions)
    if found.sensitivity is not None:
        yield from sections.sensitivity(found.sensitivity)
        yield _picture("Total Sobol indices by factor and KPI", "sensitivity")


def _hindcast(found: Hindcast) -> Iterator[str]:
    """Scores of every forecaster, by origin, horizon and economy, good or bad."""
    yield from _blocks([Heading("Forecasts from the past", 2)])
    yield validation_words.chosen_on(found)
    yield from _scores(found)
    yield _picture("Mean CRPS by origin, the model beside benchmarks", "crps")
    part = last_test(found)
    if part is not None and part.origins != found.origins:
        yield from _blocks([Heading(f"The last test alone: {words_of(part.origins)}", 2)])
        yield paragraph("The best benchmark is the best on these origins.")
        yield from _scores(part)
    yield from _blocks([Heading("Bands", 2)])
    yield _picture("Share of figures in the bands by origin", "coverage")
    yield _picture("Histograms of the place of figures among the members", "pit")
    yield from _blocks([Heading("By years ahead", 2)])
    for series in SERIES:
        yield from _blocks([Heading(UNITS[series].title, 3), horizon_table(found, series)])
    yield from _blocks([Heading("By economy: the best and the worst", 2)])
    yield paragraph(
        "The three economies with the lowest and the three with the highest CRPS; all are in "
        f"`{FOLDER}/by_economy.csv`."
    )
    for series in SERIES:
        yield from _blocks([Heading(UNITS[series].title, 3), economy_table(found, series)])
    origin = fans_origin(found)
    yield from _blocks([Heading(f"Internet users as forecast from {origin}", 2)])
    for page in range(1, validation_figures.pages(found) + 1):
        yield _picture(f"Forecasts of internet users from {origin}, page {page}", f"fans-{page}")


def _scores(found: Hindcast) -> Iterator[str]:
    for series in SERIES:
        yield from _blocks([Heading(UNITS[series].title, 3)])
        yield validation_words.skill_sentence(found, series)
        yield from _blocks([scores_table(found, series)])


def _blocks(written: Sequence[Block | Table]) -> Iterator[str]:
    yield "\n".join(blocks.markdown(written))


def _picture(words: str, name: str) -> str:
    return f"![{words}]({FOLDER}/{name}.png)\n"
