"""The command that says which uncertainty matters for which KPI: its options and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.batch_options import add_shared, command

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from sim.evidence.sensitivity import Sensitivity
    from sim.policy import Scenario
    from sim.region.region import Region

    Commands = argparse._SubParsersAction[ArgumentParser]

HELP = """\
Which uncertainty matters for which KPI? Sobol indices (Saltelli's design, SALib): the share
of a KPI's variance that each assumption explains, alone (first) and with others (total).
Without a scenario: for levels without policy. With one: also for the policy's effect, and,
apart from that, which entries of the scenario the effect comes from when each is carried
out to a part between none and all. Every point of the design is run with several draws of
luck; the noise that luck leaves stands beside each index. Needs: digiregion[evidence].
"""

EXAMPLES = """\
examples:
  digiregion sensitivity --region asean --kpis internet_users,gdp_per_person
  digiregion sensitivity scenarios/asean-push.yaml --year 2030 --economy VNM
  digiregion sensitivity scenarios/carec-push.yaml --points 1024 --replicates 16

how to read it: docs/sensitivity.md; all factors of all KPIs: sensitivity.csv in --out
"""


def add_sensitivity(commands: Commands) -> None:
    """The command sensitivity."""
    parser = command(
        commands, "sensitivity", "which assumptions and levers matter for which KPI", HELP, EXAMPLES
    )
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="scenario file (YAML), for effects too"
    )
    parser.add_argument(
        "--region", help="asean, carec, asean+carec (default) or a folder, if there is no scenario"
    )
    parser.add_argument(
        "--kpis", metavar="A,B", help="these KPIs (headline ones; see digiregion kpis)"
    )
    parser.add_argument("--year", type=int, default=2030, metavar="Y", help="year (2030)")
    parser.add_argument(
        "--economy", metavar="A,B", help="these economies or groups too, besides the region"
    )
    parser.add_argument(
        "--points", type=int, default=256, metavar="N",
        help="rows of the design, a power of two (256); intervals narrow with its root",
    )  # fmt: skip
    parser.add_argument(
        "--replicates", type=int, default=8, metavar="R",
        help="draws of luck at each point (8; for policies twice as many)",
    )  # fmt: skip
    add_shared(parser, "seed", "workers", "parameters")
    parser.add_argument(
        "--out", metavar="DIR", help="folder for sensitivity.csv, .txt and .png (none are written)"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no tables")


def sensitivity(asked: argparse.Namespace) -> int:
    """Print the indices by KPI, and write them if asked to."""
    from sim.batch_commands import names
    from sim.evidence.sensitivity import sensitivity as analyse
    from sim.evidence.sobol.text import sensitivity_text
    from sim.files import check_writable
    from sim.report.runs import progress_bar

    if asked.out:
        check_writable(Path(asked.out), "out")
    given = _given(asked)
    with progress_bar(not asked.quiet) as report:
        found = analyse(
            given, names(asked.kpis), asked.year, names(asked.economy) or (), asked.points,
            asked.replicates, asked.seed, asked.parameters, asked.workers, report,
        )  # fmt: skip
    text = sensitivity_text(found)
    if not asked.quiet:
        print(text)
    if asked.out:
        written = _write(found, text, Path(asked.out))
        print(f"written: {', '.join(str(file) for file in written)}")
    return 0


def _given(asked: argparse.Namespace) -> Scenario | Region:
    """The scenario, or the region without any. Raises InputError."""
    from sim.errors import InputError, Problem
    from sim.policy import Scenario
    from sim.region.region import Region

    if asked.scenario is None:
        return Region.load(asked.region or "asean+carec")
    if asked.region is not None:
        message = "a scenario names its region itself"
        remedy = "leave out --region, or the scenario"
        raise InputError([Problem(message, field="region", value=asked.region, remedy=remedy)])
    return Scenario.load(asked.scenario)


def _write(found: Sensitivity, text: str, folder: Path) -> list[Path]:
    """The table, the words, and a figure a place."""
    from sim.experiment.store import slug
    from sim.experiment.tables import write_csv
    from sim.files import write_text
    from sim.report.sensitivity_figure import sensitivity_figure
    from sim.report.style import save

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / "sensitivity.csv", folder / "sensitivity.txt"]
    write_csv(files[0], found.table)
    write_text(files[1], text + "\n")
    for number, place in enumerate(found.places):
        name = f"sensitivity-{slug(place)}.png" if number else "sensitivity.png"
        files.append(save(sensitivity_figure(found, place), folder / name))
    return files


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {"sensitivity": sensitivity}
