"""The commands that show why to believe a forecast: their options and what they do."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

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
    validate = commands.add_parser(
        "validate",
        help="forecast from years of the past, and score beside benchmarks",
        description=VALIDATE_HELP,
        epilog="example:\n  digiregion validate --region asean+carec --out results",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    validate.add_argument(
        "--region", default="asean+carec", help="asean, carec, asean+carec or a folder"
    )
    validate.add_argument(
        "--origins",
        default="2010,2012,2014,2016,2018",
        metavar="Y,Y",
        help="years to forecast from",
    )
    validate.add_argument(
        "--members", type=int, default=600, metavar="N", help="size of the ensemble (600)"
    )
    validate.add_argument("--seed", type=int, default=1, metavar="N", help="random seed (1)")
    validate.add_argument(
        "--out", metavar="DIR", help="folder for the report: validation.md and validation/"
    )
    validate.add_argument(
        "--sensitivity", metavar="SCENARIO",
        help="rank in the report what matters for a scenario (minutes; see digiregion sensitivity)",
    )  # fmt: skip
    validate.add_argument(
        "--points", type=int, default=256, metavar="N", help="rows of that design (256)"
    )
    validate.add_argument("--quiet", action="store_true", help="no progress bar")


def validate(asked: argparse.Namespace) -> int:
    """Score forecasts from origins in the past; print them, and write the report if asked to."""
    from sim.batch_commands import numbers
    from sim.errors import InputError, Problem
    from sim.evidence.hindcast import hindcast
    from sim.evidence.hindcast_text import hindcast_text
    from sim.experiment.plan import whole_numbers
    from sim.policy import Scenario
    from sim.region.region import Region
    from sim.report.runs import progress_bar
    from sim.report.validation import check_target, write_validation

    limits = {"members": (asked.members, 20, 100_000), "seed": (asked.seed, 0, 2**63 - 1)}
    problems = whole_numbers(**limits)
    if asked.sensitivity and not asked.out:
        remedy = "add --out, or ask digiregion sensitivity"
        problems.append(Problem("is for the report", field="sensitivity", remedy=remedy))
    if problems:
        raise InputError(problems)
    origins = tuple(dict.fromkeys(numbers("origins", asked.origins) or ()))
    if asked.out:
        check_target(Path(asked.out))
    region = Region.load(asked.region)
    scenario = Scenario.load(asked.sensitivity) if asked.sensitivity else None
    with progress_bar(not asked.quiet) as report:
        held = hindcast(region, origins, asked.members, asked.seed, progress=report)
    print(hindcast_text(held))
    if not asked.out:
        return 0
    with progress_bar(not asked.quiet) as report:
        found = gather(region, held, _command(asked), scenario, asked.points, report)
        written = write_validation(Path(asked.out), found, report)
    print(f"written: {written[0]}, {written[1]}/")
    return 0


def gather(
    region: Region, held: Hindcast, command: str, scenario: Scenario | None, points: int,
    report: Callable[[str, int, int], None],
) -> Findings:  # fmt: skip
    """All that the report is made of besides the hindcast, with its members and its seed."""
    import pandas as pd

    from sim.evidence.calibrate import calibrate
    from sim.evidence.fit import ROUNDS, SERIES_OF
    from sim.evidence.projections import compare_projections
    from sim.evidence.sensitivity import sensitivity
    from sim.evidence.stylised_facts import stylised_facts
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
    )  # fmt: skip


def _command(asked: argparse.Namespace) -> str:
    """The command that makes the report again, without where it is written."""
    words = ["digiregion", "validate", "--region", asked.region, "--origins", asked.origins]
    words += ["--members", str(asked.members), "--seed", str(asked.seed)]
    if asked.sensitivity:
        words += ["--sensitivity", asked.sensitivity, "--points", str(asked.points)]
    return shlex.join(words)


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {"validate": validate}
