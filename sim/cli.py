"""The command line: run, check, verify, export, and the lists and tables that these rest on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim import (
    batch_options,
    calibrate_command,
    evidence_commands,
    explain_command,
    sensitivity_command,
)
from sim.errors import InputError, Unfinished

if TYPE_CHECKING:
    from argparse import ArgumentParser

DESCRIPTION = """\
Policy scenarios to KPI projections for a region's digital economy.

Member states are agents on a trade and a fibre network; a scenario is a small
YAML file of policy levers; a run gives KPIs by economy and year with bands, the
effect against the baseline, and what it costs.
"""

EXAMPLES = """\
start here:
  digiregion run scenarios/asean-push.yaml          project ASEAN under a policy push
  digiregion batch scenarios/*.yaml --members 1000  many scenarios, resumable, for publication
  digiregion check my-scenario.yaml                 every problem of a file at once
  digiregion levers                                 what a scenario can move, with units
  digiregion economies VNM                          the figures of Viet Nam, with sources
  digiregion kpis                                   what is measured

exit codes: 0 done; 2 the input cannot be used (nothing is written); 3 done in part: some members
are missing; 1 it failed, or results differ; 130 interrupted
"""


def build_parser() -> ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="digiregion",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    batch_options.add_running(commands)
    _add_check(commands)
    batch_options.add_results(commands)
    calibrate_command.add_calibrate(commands)
    evidence_commands.add_evidence(commands)
    sensitivity_command.add_sensitivity(commands)
    explain_command.add_explain(commands)
    _add_tables(commands)
    _add_region(commands)
    return parser


def _add_check(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="find every problem of scenario files without running them",
        description="Check scenario files (or all *.yaml of a folder). Writes nothing. "
        "Exit code 2 if there is a problem; warnings alone are fine.",
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="scenario files or folders")


def _add_tables(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    formats = argparse.ArgumentParser(add_help=False)
    formats.add_argument(
        "--format", choices=("text", "csv", "markdown"), default="text", help="how to print (text)"
    )
    economies = commands.add_parser(
        "economies",
        parents=[formats],
        help="list economies, or show every figure of one with its source",
        description="Without a code: the economies of a region. With one: its figures in the "
        "base year, whether observed or imputed and by which rule, and their sources.",
    )
    economies.add_argument("code", nargs="?", metavar="ISO3", help="such as VNM")
    economies.add_argument(
        "--region", default="asean+carec", help="asean, carec, asean+carec or a folder"
    )
    for name, words in (
        ("levers", "what a scenario can move: units, ranges, mechanism, evidence"),
        ("shocks", "what can disturb a scenario: events, whom they hit, effects, documents"),
        ("kpis", "what is measured: units, direction, how a region adds up"),
        ("parameters", "every parameter: prior, unit, evidence, status"),
    ):
        commands.add_parser(name, parents=[formats], help=words, description=words.capitalize())
    commands.add_parser(
        "schema",
        help="print the JSON Schema of scenario files, for editors",
        description="Print the JSON Schema (draft 2020-12) of scenario files.",
    )


def _add_region(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    region = commands.add_parser(
        "region",
        help="make or check the tables of a region of one's own",
        description="A region is a folder of tables: economies, indicators, provisions, trade, "
        "fibre, sources. See docs/regions.md.",
    )
    actions = region.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="find every problem of a region's folder")
    check.add_argument("folder", metavar="FOLDER")
    new = actions.add_parser("new", help="copy a shipped region's tables as a start")
    new.add_argument("folder", metavar="FOLDER")
    new.add_argument("--like", default="asean", metavar="REGION", help="asean, carec, asean+carec")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = build_parser()
    asked = parser.parse_args(arguments)
    asked.words = list(sys.argv[1:] if arguments is None else arguments)
    if asked.version:
        from importlib.metadata import version

        print(f"digiregion {version('digiregion')}")
        return 0
    if asked.command is None:
        parser.print_help()
        return 0
    from sim import batch_commands, commands

    tables, batches = commands.HANDLERS, batch_commands.HANDLERS
    evidence = {**calibrate_command.HANDLERS, **evidence_commands.HANDLERS}
    evidence |= {**sensitivity_command.HANDLERS, **explain_command.HANDLERS}
    handlers = {**tables, **batches, **evidence}
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a character shows a mark for it
            stream.reconfigure(errors="replace")
    try:
        return handlers[asked.command](asked)
    except InputError as error:
        commands.print_problems(error.problems)
        return 2
    except KeyboardInterrupt as stop:
        print(f"interrupted; {stop}" if str(stop) else "interrupted", file=sys.stderr)
        return 130
    except Unfinished as stop:
        print(f"failed: {stop}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except OSError as error:
        place = f" {error.filename}:" if error.filename else ""
        print(f"failed:{place} {error.strerror or error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
