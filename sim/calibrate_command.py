"""The command that fits the model to a region's history: its options and what it does."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.batch_options import add_shared, command

if TYPE_CHECKING:
    from argparse import ArgumentParser

    Commands = argparse._SubParsersAction[ArgumentParser]

CALIBRATE_HELP = """\
Fit the model to a region's internet users, fixed broadband and GDP since 2000, and keep an
ensemble of draws that its runs start from: parameters that all economies share, effects of
each, and where history leaves it in the base year. An ensemble smoother (Emerick and
Reynolds 2013), about ten seconds for 22 economies. Prints what history taught.

The shipped regions come with their ensemble. For a region of one's own, a folder, it is
written to FOLDER/posterior, where its runs find it; elsewhere with --out, for --parameters.
What the shipped regions taught of the shared parameters is the prior of one's own region.
"""

EXAMPLES = """\
examples:
  digiregion calibrate --region my-region
  digiregion calibrate --region asean+carec --out results/posterior
  digiregion run scenarios/asean-push.yaml --parameters results/posterior
"""


def add_calibrate(commands: Commands) -> None:
    """The command calibrate."""
    parser = command(
        commands, "calibrate", "fit the model to a region's history, for its runs to start from",
        CALIBRATE_HELP, EXAMPLES,
    )  # fmt: skip
    add_shared(parser, "region")
    parser.add_argument(
        "--until", type=int, default=2023, metavar="Y",
        help="last year whose figures are used; runs start there (2023)",
    )  # fmt: skip
    parser.add_argument(
        "--members", type=int, default=500, metavar="N",
        help="draws to keep (500); several times as many are fitted",
    )  # fmt: skip
    add_shared(parser, "seed")
    parser.add_argument(
        "--out", metavar="DIR",
        help="folder for the ensemble (posterior in a folder that is the region; for a shipped "
        "region, results/posterior)",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no table")


def calibrate(asked: argparse.Namespace) -> int:
    """Fit, write the ensemble, and print what history taught."""
    from sim.errors import InputError
    from sim.evidence.calibrate import calibrate as fit_to_history
    from sim.evidence.calibrate_text import calibration_text
    from sim.experiment import posteriors
    from sim.experiment.plan import whole_numbers
    from sim.files import check_writable
    from sim.region.region import Region
    from sim.report.runs import progress_bar

    limits = {
        "members": (asked.members, 20, 100_000),
        "seed": (asked.seed, 0, 2**63 - 1),
    }
    if problems := whole_numbers(**limits):
        raise InputError(problems)
    region = Region.load(asked.region)
    own = Path("results/posterior") if region.is_shipped else region.folder / posteriors.FOLDER
    folder = Path(asked.out) if asked.out else own
    check_writable(folder, "out")
    done = 0
    with progress_bar(not asked.quiet) as report:

        def show(block: str, turn: int, turns: int, _: float) -> None:
            nonlocal done
            report("round", done, 3 * turns)
            done += 1

        found = fit_to_history(region, asked.until, asked.members, asked.seed, progress=show)
    posteriors.write(found.posterior, folder)
    if not asked.quiet:
        print(calibration_text(found))
    for series, codes in found.gaps.items():
        words = f"no figure of {series} up to {asked.until}, effects are those of the priors"
        print(f"warning: {words}: {', '.join(codes)}", file=sys.stderr)
    print(f"ensemble: {folder}")
    if asked.out or region.is_shipped:
        print(f"its runs: digiregion run FILE --parameters {folder}")
    return 0


HANDLERS = {"calibrate": calibrate}
