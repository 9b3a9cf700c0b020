"""The commands that show why to believe a forecast: their options and what they do."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.batch_options import add_shared, command

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from sim.evidence.hindcast import Hindcast
    from sim.policy import Scenario
    from sim.region.region import Region
    from sim.report.validation import Findings

    Commands = argparse._SubParsersAction[ArgumentParser]
#: Members that facts and projections have at most: they rest on a dozen fits.
MEMBERS_OF_FACTS = 200

VALIDATE_HELP = """\
How did it do on years that it had not seen? For each origin: fit the model on what was
known then, forecast internet users, fixed broadband and GDP up to eight years, and score
the forecasts on what was published, beside simple benchmarks: random walk, drifts, logit
trends (own, half pooled, pooled), damped exponential smoothing, pooled autoregression.
With --out, all of it becomes a report, with stylised facts, published projections and
what the figures taught. Needs: pip install 'digiregion[evidence]'.
"""


def add_evidence(commands: Commands) -> None:
    """The command validate."""
    validate = command(
        commands, "validate", "forecast from years of the past, and score beside benchmarks",
        VALIDATE_HELP, "example:\n  digiregion validate --region asean+carec --out results",
    )  # fmt: skip
    add_shared(validate, "region")
    validate.add_argument(
        "--origins",
        default="2010,2012,2014,2016,2018",
        metavar="Y,Y",
        help="years to forecast from, 2001 to 2022",
    )
    validate.add_argument(
        "--members", type=int, default=600, metavar="N", help="size of the ensemble (600)"
    )
    add_shared(validate, "seed")
    validate.add_argument(
        "--out", metavar="DIR", help="folder for the report: validation.md and validation/"
    )
    validate.add_argument(
        "--sensitivity", metavar="SCENARIO",
        help="rank in the report what matters for a scenario (minutes; see digiregion sensitivity)",
    )  # fmt: skip
    validate.add_argument(
        "--points", type=int, metavar="N", help="rows of that design, a power of two (256)"
    )
    validate.add_argument("--quiet", action="store_true", help="no progress bar")


def validate(asked: argparse.Namespace) -> int:
    """Score forecasts from origins in the past; print them, and write the report if asked to."""
    from sim.evidence.hindcast import hindcast
    from sim.evidence.hindcast_text import hindcast_text
    from sim.evidence.scores import library
    from sim.experiment.posteriors import choose
    from sim.files import check_writable
    from sim.region.region import Region
    from sim.report.runs import progress_bar
    from sim.report.validation import check_target, write_validation

    origins, points = _options(asked)
    for name in ("scoringrules", "statsmodels"):
        library(name)  # what is not installed is said now, not after the fit
    if asked.out:
        check_target(Path(asked.out))
        check_writable(Path(asked.out), "out")
        check_writable(Path(asked.out).resolve().parent, "out")  # where the report is drawn up
    region = Region.load(asked.region)
    scenario = _scenario(asked.sensitivity, region) if asked.sensitivity else None
    _check_figures(region, origins)
    if asked.out:
        choose(region)  # an ensemble that cannot be run from is said now, not after the forecasts
    with progress_bar(not asked.quiet) as report:
        held = hindcast(region, origins, asked.members, asked.seed, progress=report)
    print(hindcast_text(held))
    if not asked.out:
        return 0
    with progress_bar(not asked.quiet) as report:
        found = gather(region, held, _command(asked, points), scenario, points, report)
        written = write_validation(Path(asked.out), found, report)
    print(f"written: {written[0]}, {written[1]}/")
    return 0


def _options(asked: argparse.Namespace) -> tuple[tuple[int, ...], int]:
    """Origins, each once, and rows of the design. Raises InputError with every problem."""
    from sim.batch_commands import numbers
    from sim.errors import InputError, Problem
    from sim.evidence.known import LAST_YEAR
    from sim.evidence.sensitivity import POINTS, check_points
    from sim.experiment.plan import whole_numbers
    from sim.region.layout import FIRST_YEAR

    limits = {"members": (asked.members, 20, 100_000), "seed": (asked.seed, 0, 2**63 - 1)}
    problems = whole_numbers(**limits)
    points = POINTS if asked.points is None else asked.points
    if asked.sensitivity:
        problems += check_points(points)
        if not asked.out:
            remedy = "add --out, or ask digiregion sensitivity"
            problems.append(Problem("is for the report", field="sensitivity", remedy=remedy))
    elif asked.points is not None:
        message, remedy = "is for a ranking of factors", "add --sensitivity, or leave it out"
        problems.append(Problem(message, field="points", value=points, remedy=remedy))
    origins: tuple[int, ...] = ()
    try:
        origins = tuple(dict.fromkeys(numbers("origins", asked.origins, "2012,2016") or ()))
    except InputError as error:
        problems += error.problems
    first, last = FIRST_YEAR + 1, LAST_YEAR - 1
    problems += [
        Problem("no forecast can be tested from there", field="origins", value=origin,
                allowed=f"{first} to {last}")
        for origin in origins
        if not first <= origin <= last
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return origins, points


def _scenario(file: str, region: Region) -> Scenario:
    """The scenario whose factors are ranked. Raises InputError for one of another region or end."""
    from sim.errors import InputError, Problem
    from sim.evidence.scores import library
    from sim.evidence.sensitivity import YEAR
    from sim.policy import Scenario

    scenario = Scenario.load(file)
    problems = []
    if scenario.world != region:
        message = f"is of another region, {scenario.world.name}"
        problems.append(Problem(message, field="sensitivity", value=file, allowed=region.name))
    if scenario.horizon < YEAR:
        message, allowed = f"ends in {scenario.horizon}", f"a horizon of {YEAR} or later"
        problems.append(Problem(message, field="sensitivity", value=file, allowed=allowed))
    if problems:
        raise InputError(problems)
    library("SALib")
    return scenario


def _check_figures(region: Region, origins: Sequence[int]) -> None:
    """Raise InputError where figures are missing for the forecasts of some origins."""
    from sim.errors import InputError, Problem
    from sim.evidence.hindcast import LONGEST
    from sim.evidence.known import LAST_YEAR, held_out, known_at

    problems: list[Problem] = []
    for origin in origins:
        last = min(origin + LONGEST, LAST_YEAR)
        for check in (known_at, held_out):
            try:
                check(region, origin, last)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))


def gather(
    region: Region, held: Hindcast, command: str, scenario: Scenario | None, points: int,
    report: Callable[[str, int, int], None],
) -> Findings:  # fmt: skip
    """All that the report is made of besides the hindcast, with its members and its seed."""
    import pandas as pd

    from sim.evidence.calibrate import calibrate
    from sim.evidence.fit import ROUNDS, SERIES_OF
    from sim.evidence.institutions_hindcast import hindcast_institutions
    from sim.evidence.projections import compare_projections
    from sim.evidence.sensitivity import sensitivity
    from sim.evidence.stylised_facts import stylised_facts
    from sim.experiment.posteriors import choose
    from sim.report.validation import Findings

    rows: list[dict[str, object]] = []
    done = 0

    def watch(block: str, turn: int, turns: int, residual: float) -> None:
        nonlocal done
        if turn <= ROUNDS:  # of the first ensemble: the others go the same way
            rows.append({"series": SERIES_OF[block], "round": turn, "residual": residual})
        done += 1
        report("round", done, len(SERIES_OF) * turns)

    members = min(held.members, MEMBERS_OF_FACTS)
    facts = stylised_facts(region, held.seed, members, report)
    beside = compare_projections(region, held.seed, members, report)
    taught = calibrate(region, members=held.members, seed=held.seed, progress=watch)
    last = [
        {"series": name, "round": 0, "residual": pair[1]} for name, pair in taught.misfit.items()
    ]
    ranked = None
    if scenario is not None:
        ranked = sensitivity(scenario, points=points, seed=held.seed, progress=report)
    return Findings(
        hindcast=held, command=command, facts=facts, projections=beside,
        calibration=taught.table(), misfit=pd.DataFrame([*rows, *last]), sensitivity=ranked,
        institutions=hindcast_institutions(region, members, held.seed),
        carried=not region.is_shipped, warnings=choose(region).warnings,
    )  # fmt: skip


def _command(asked: argparse.Namespace, points: int) -> str:
    """The command that makes the report again, without where it is written."""
    words = ["digiregion", "validate", "--region", asked.region, "--origins", asked.origins]
    words += ["--members", str(asked.members), "--seed", str(asked.seed)]
    if asked.sensitivity:
        words += ["--sensitivity", asked.sensitivity, "--points", str(points)]
    return shlex.join(words)


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {"validate": validate}
