"""The commands that show why to believe a forecast: their options and what they do."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

    Commands = argparse._SubParsersAction[ArgumentParser]

VALIDATE_HELP = """\
How did it do on years that it had not seen? For each origin: fit the model on what was
known then, forecast internet users, fixed broadband and GDP up to eight years, and score
the forecasts on what was published, beside simple benchmarks: random walk, drifts, logit
trends (own, half pooled, pooled), damped exponential smoothing, pooled autoregression.
Needs: pip install 'digiregion[evidence]'. The fit is not yet what runs use.
"""


def add_evidence(commands: Commands) -> None:
    """The command validate."""
    validate = commands.add_parser(
        "validate",
        help="forecast from years of the past, and score beside benchmarks",
        description=VALIDATE_HELP,
        epilog="example:\n  digiregion validate --region asean+carec --out results/validation",
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
    validate.add_argument("--out", metavar="DIR", help="folder for hindcast.csv and hindcast.txt")
    validate.add_argument("--quiet", action="store_true", help="no progress bar")


def validate(asked: argparse.Namespace) -> int:
    """Score forecasts from origins in the past; print them, and write them if asked to."""
    from sim.batch_commands import numbers
    from sim.errors import InputError, Problem
    from sim.evidence.hindcast import hindcast
    from sim.evidence.hindcast_text import hindcast_text
    from sim.experiment.plan import whole_numbers
    from sim.experiment.tables import write_csv
    from sim.files import write_text
    from sim.region.region import Region
    from sim.report.runs import progress_bar

    limits = {"members": (asked.members, 20, 100_000), "seed": (asked.seed, 0, 2**63 - 1)}
    if problems := whole_numbers(**limits):
        raise InputError(problems)
    origins = numbers("origins", asked.origins) or ()
    if asked.out and Path(asked.out).exists() and not Path(asked.out).is_dir():
        problem = Problem("is a file, not a folder", field="out", value=asked.out)
        raise InputError([problem])
    region = Region.load(asked.region)
    with progress_bar(not asked.quiet) as report:
        found = hindcast(region, origins, asked.members, asked.seed, progress=report)
    text = hindcast_text(found)
    print(text)
    if asked.out:
        folder = Path(asked.out)
        folder.mkdir(parents=True, exist_ok=True)
        write_csv(folder / "hindcast.csv", found.table())
        write_text(folder / "hindcast.txt", text + "\n")
        print(f"written: {folder}/hindcast.csv, {folder}/hindcast.txt")
    return 0


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {"validate": validate}
