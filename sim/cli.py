"""The command line: run, check, verify, export, and the lists and tables that these rest on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

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
  digiregion check my-scenario.yaml                 every problem of a file at once
  digiregion levers                                 what a scenario can move, with units
  digiregion economies VNM                          the figures of Viet Nam, with sources
  digiregion kpis                                   what is measured

exit codes: 0 done; 2 the input cannot be used (nothing is written); 1 it failed; 130 interrupted
"""

RUN_HELP = """\
Run scenarios and their baselines over an ensemble, and write a folder of results:
projections.csv (quantiles by KPI, economy and year), effects.csv (paired differences
from the baseline), costs.csv, lever_paths.csv, members/ (Parquet), figures/ (PNG),
summary.txt and manifest.json. The same inputs and seed give the same bytes (but for
the manifest, which says how long it took).
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
    _add_run(commands)
    _add_check(commands)
    _add_verify(commands)
    _add_export(commands)
    _add_tables(commands)
    _add_region(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    run = commands.add_parser(
        "run",
        help="run scenarios and write projections, effects, costs and figures",
        description=RUN_HELP,
        epilog="example:\n  digiregion run scenarios/asean-push.yaml --members 500 --seed 1",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument("files", nargs="+", metavar="FILE", help="scenario files (YAML)")
    run.add_argument(
        "--members", type=int, default=500, metavar="N", help="size of the ensemble (500)"
    )
    run.add_argument("--seed", type=int, default=1, metavar="N", help="random seed (1)")
    run.add_argument(
        "--workers", type=int, metavar="N",
        help="processes (one for small batches, else one a core); results do not depend on it",
    )  # fmt: skip
    run.add_argument(
        "--out", default="results", metavar="DIR", help="folder for results (results/)"
    )
    run.add_argument("--no-figures", action="store_true", help="write tables only")
    run.add_argument("--quiet", action="store_true", help="print only where the results are")


def _add_check(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="find every problem of scenario files without running them",
        description="Check scenario files (or all *.yaml of a folder). Writes nothing. "
        "Exit code 2 if there is a problem; warnings alone are fine.",
    )
    check.add_argument("files", nargs="+", metavar="FILE", help="scenario files or folders")


def _add_verify(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    verify = commands.add_parser(
        "verify",
        help="check that a folder of results is as it was written",
        description="Check every file of a folder of results against the digests of its manifest. "
        "Exit code 2 names each file that is missing or was changed.",
    )
    verify.add_argument("folders", nargs="+", metavar="DIR", help="folders of results")


def _add_export(commands: argparse._SubParsersAction[ArgumentParser]) -> None:
    export = commands.add_parser(
        "export",
        help="write results for Excel, Stata, netCDF or pyam",
        description="Write a table of a folder of results for another tool: csv (long table), "
        "xlsx (Excel), dta (Stata), netcdf, or iamc (wide, as pyam reads it). "
        "xlsx and netcdf need: pip install 'digiregion[export]'",
        epilog="example:\n  digiregion export results/asean-push-1a2b3c4d --format dta",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("folder", metavar="DIR", help="folder of results")
    export.add_argument(
        "--format", default="csv", metavar="FORMAT", help="csv, xlsx, dta, netcdf or iamc (csv)"
    )
    export.add_argument(
        "--table", default="projections", metavar="TABLE",
        help="projections, effects or costs (projections)",
    )  # fmt: skip
    export.add_argument(
        "--out", metavar="FILE", help="file to write (DIR/exports/, named after the table)"
    )


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
    if asked.version:
        from importlib.metadata import version

        print(f"digiregion {version('digiregion')}")
        return 0
    if asked.command is None:
        parser.print_help()
        return 0
    from sim import commands

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a character shows a mark for it
            stream.reconfigure(errors="replace")
    try:
        return commands.HANDLERS[asked.command](asked)
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
