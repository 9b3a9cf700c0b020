"""What the commands on batches and their results do. Heavy libraries are imported on use."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.policy import Scenario

#: Exit code of a batch of which some parts are missing.
INCOMPLETE = 3


def run(asked: argparse.Namespace) -> int:
    """Run scenario files; write results and say where they are."""
    scenarios = _scenarios(asked.files)
    from sim.report.results import write_results

    written, summary = write_results(
        scenarios, figures=not asked.no_figures, progress=not asked.quiet, **_settings(asked)
    )
    if not asked.quiet:
        print(summary)
    _say_problems(written, asked.words)
    print(f"results: {written.folder}")
    return INCOMPLETE if written.missing else 0


def batch(asked: argparse.Namespace) -> int:
    """Run many scenario files; say what was run, found and missed, and where the results are."""
    scenarios = _scenarios(asked.files)
    from sim.experiment.plan import Selection
    from sim.report import closing
    from sim.report.results import write_results

    years = numbers("years", asked.years)
    selection = Selection(names(asked.kpis), years, not asked.no_members)
    written, _ = write_results(
        scenarios, figures=asked.figures, progress=not (asked.quiet or asked.json),
        selection=selection, resume=asked.resume, runner=_runner(asked), **_settings(asked),
    )  # fmt: skip
    if asked.json:
        print(json.dumps(closing.as_record(written), indent=1))
    elif not asked.quiet:
        print(closing.as_text(written))
    if not asked.json:
        again = [] if asked.resume else ["--resume"]
        _say_problems(written, [*asked.words, *again])
        print(f"results: {written.folder}")
    return INCOMPLETE if written.missing else 0


def _say_problems(written: Any, command: Sequence[str]) -> None:
    """Say on standard error what is missing, why, and the command that finishes it; and warn."""
    from sim.report import closing

    for warning in written.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if written.missing:
        print(closing.missing_text(written, command), file=sys.stderr)


def _runner(asked: argparse.Namespace) -> Any:
    """What runs the parts elsewhere, if that is asked for."""
    if asked.scheduler is None:
        if asked.exchange is not None or asked.parts_per_task != 1:
            field = "exchange" if asked.exchange is not None else "parts-per-task"
            raise InputError([Problem("is for a cluster: give --scheduler too", field=field)])
        return None
    from sim.experiment.cluster import cluster

    return cluster(asked.scheduler, asked.exchange, asked.parts_per_task)


def _settings(asked: argparse.Namespace) -> dict[str, Any]:
    options = ("members", "seed", "workers", "out", "parameters")
    return {name: getattr(asked, name) for name in options}


def names(text: str | None) -> tuple[str, ...] | None:
    """Names with commas between; None for all."""
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def numbers(field: str, text: str | None, such: str = "2030,2035") -> tuple[int, ...] | None:
    """Years with commas between, ``such`` as an error shows. Raises InputError."""
    given = names(text)
    if given is None:
        return None
    wrong = [name for name in given if not name.isdecimal()]
    if wrong or not given:
        problem = Problem(
            "not years", field=field, value=text, allowed=f"years with commas, such as {such}"
        )
        raise InputError([problem])
    return tuple(int(name) for name in given)


def _scenarios(files: Sequence[str]) -> list[Scenario]:
    from sim.policy import Scenario

    return load_each(files, Scenario.load)


def load_each(files: Sequence[str], load: Callable[[str], Any]) -> list[Any]:
    """Load every file, and report the problems of all of them together. Raises InputError."""
    loaded: list[Any] = []
    problems: list[Problem] = []
    different = {os.path.realpath(file): file for file in files}
    for file in different.values():
        try:
            loaded.append(load(file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return loaded


def verify(asked: argparse.Namespace) -> int:
    """Check folders of results against their manifests."""
    from sim.experiment.verify import verify as verify_folder

    counts = load_each(asked.folders, verify_folder)
    print(f"{sum(counts)} files are as they were written")
    return 0


def reproduce(asked: argparse.Namespace) -> int:
    """Run a batch again from its folder; say part by part and table by table what came of it."""
    from sim.experiment.reproduce import reproduce as run_again
    from sim.report.runs import progress_bar

    with progress_bar(not (asked.quiet or asked.json)) as report:
        found = run_again(Path(asked.folder), asked.workers, report)
    if asked.json:
        print(json.dumps(found.as_record(), indent=1))
    else:
        print(found.verdict if asked.quiet else found.as_text())
    return 1 if found.is_different else 0


def compare(asked: argparse.Namespace) -> int:
    """Say what differs between two batches or scenarios; write it as a table and a figure."""
    from sim.experiment.store import slug
    from sim.report.compare import compare as compare_both

    a, b = _compared(asked)
    compared = compare_both(
        a, b, kpis=names(asked.kpis), years=numbers("years", asked.years),
        economies=asked.economies,
    )  # fmt: skip
    called = [slug(Path(name.replace("::", "-")).stem) for name in (asked.a, asked.b)]
    files = compared.write(asked.to or Path(asked.out) / "-".join(["compare", *called]))
    if not asked.quiet:
        print(compared.text())
    print(f"written: {', '.join(str(file) for file in files)}")
    return 0


def _compared(asked: argparse.Namespace) -> tuple[Any, Any]:
    """What to compare: as given, or two scenario files after both are run as one batch."""
    are_files = [Path(name).is_file() for name in (asked.a, asked.b)]
    if not any(are_files):
        return asked.a, asked.b
    if not all(are_files):
        problem = Problem(
            "a scenario file is compared with another, results with results", field="compare",
            value=asked.a if are_files[0] else asked.b,
        )  # fmt: skip
        raise InputError([problem])
    scenarios = _scenarios([asked.a, asked.b])
    if len(scenarios) < 2:
        raise InputError([Problem("A and B are the same file", field="compare", value=asked.a)])
    from sim.report.results import write_results
    from sim.report.runs import Runs

    written, _ = write_results(
        scenarios, figures=False, progress=not asked.quiet, **_settings(asked)
    )
    runs = Runs(written.folder)
    return (runs, scenarios[0].name), (runs, scenarios[1].name)


def export(asked: argparse.Namespace) -> int:
    """Write a table of a folder of results for another tool."""
    from sim.report.runs import Runs

    print(f"exported: {Runs(asked.folder).export(asked.out, asked.format, asked.table)}")
    return 0


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": run,
    "batch": batch,
    "verify": verify,
    "reproduce": reproduce,
    "compare": compare,
    "export": export,
}
