"""Options of the commands that run batches and of those that read their results."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser

    Commands = argparse._SubParsersAction[ArgumentParser]

RUN_HELP = """\
Run scenarios and their baselines over an ensemble, and write a folder of results:
projections.csv (quantiles by KPI, economy and year), effects.csv (paired differences
from the baseline), costs.csv, lever_paths.csv, parameters.csv, members/ (Parquet),
figures/ (PNG), summary.txt and manifest.json. The same inputs and seed give the same
bytes (but for the manifest, which says how long it took). To look at a few scenarios;
for many, or to publish, see digiregion batch.
"""

BATCH_HELP = """\
Run many scenarios over an ensemble, part by part (256 members of a scenario), for
publication. Scenarios share their random numbers, so that effects are paired
differences. Each finished part is kept: parts of the same inputs are found again in
any batch of the same --out, and a batch that was killed goes on from where it was.
The bytes do not depend on workers, on what was kept, or on the other scenarios.
A part that fails is listed with its cause; the others go on, and exit code 3 says so.
"""

BATCH_EXAMPLES = """\
examples:
  digiregion batch scenarios/*.yaml --members 1000 --seed 7 --workers 2 --out results
  digiregion batch scenarios/*.yaml --members 1000 --seed 7 --resume      go on after a kill
  digiregion batch a.yaml --kpis gdp,internet_users --years 2030,2035     less to write
  digiregion batch a.yaml b.yaml --no-members --json                      summaries only, for CI
  digiregion batch a.yaml --scheduler tcp://10.0.0.5:8786                 on a Dask cluster
"""

REPRODUCE_HELP = """\
Run a batch again from its folder alone (manifest, resolved scenarios, tables of a region
of one's own) and compare: each part is identical, equal within 1e-9, or different, by how
much and where; then each table. Exit code 1 if anything is different. Nothing in the
folder is changed.
"""

COMPARE_HELP = """\
Compare two batches (folders), two scenarios of batches (FOLDER::name), or two scenario
files, which are run first: what differs in their inputs, then in their outcomes, as a
table and a figure. Where both have the same seed and members, differences are paired
member by member. B is compared with A.
"""


def add_running(commands: Commands) -> None:
    """The commands that run scenarios: run, batch."""
    shared = _shared()
    run = command(
        commands, "run", "run scenarios and write projections, effects, costs and figures",
        RUN_HELP, "example:\n  digiregion run scenarios/asean-push.yaml --members 500 --seed 1",
        [shared],
    )  # fmt: skip
    run.add_argument("--no-figures", action="store_true", help="write tables only")
    batch = command(
        commands, "batch", "run many scenarios, resumable and on any number of workers",
        BATCH_HELP, BATCH_EXAMPLES, [shared],
    )  # fmt: skip
    batch.add_argument(
        "--resume", action="store_true",
        help="go on with the batch that was begun in --out; refuse if its inputs changed",
    )  # fmt: skip
    batch.add_argument("--kpis", metavar="A,B", help="only these KPIs (all; see digiregion kpis)")
    batch.add_argument("--years", metavar="Y,Y", help="only these years in the tables (all)")
    batch.add_argument(
        "--no-members", action="store_true", help="keep summaries only, not members/ (Parquet)"
    )
    batch.add_argument("--figures", action="store_true", help="draw figures of each policy too")
    batch.add_argument("--json", action="store_true", help="print the closing report as JSON")
    cluster = batch.add_argument_group("on a Dask cluster (pip install 'digiregion[cluster]')")
    cluster.add_argument(
        "--scheduler", metavar="ADDRESS", help="address of its scheduler, such as tcp://host:8786"
    )
    cluster.add_argument(
        "--exchange", metavar="URL",
        help="where workers leave parts if they do not share --out, such as s3://bucket/parts",
    )  # fmt: skip
    cluster.add_argument(
        "--parts-per-task", type=int, default=1, metavar="N",
        help="parts that a worker takes at a time (1); results do not depend on it",
    )  # fmt: skip


def add_results(commands: Commands) -> None:
    """The commands that read results: verify, reproduce, compare, export."""
    verify = command(
        commands, "verify", "check that a folder of results is as it was written",
        "Check every file of a folder of results against the digests of its manifest. "
        "Exit code 2 names each file that is missing or was changed.",
    )  # fmt: skip
    verify.add_argument("folders", nargs="+", metavar="DIR", help="folders of results")
    reproduce = command(
        commands, "reproduce", "run a batch again from its folder, and compare part by part",
        REPRODUCE_HELP, "example:\n  digiregion reproduce results/reference",
    )  # fmt: skip
    reproduce.add_argument("folder", metavar="DIR", help="folder of results")
    reproduce.add_argument("--workers", type=int, metavar="N", help="processes (one a core)")
    reproduce.add_argument("--quiet", action="store_true", help="print only the verdict")
    reproduce.add_argument("--json", action="store_true", help="print the report as JSON")
    _add_compare(commands)
    _add_export(commands)


def _add_compare(commands: Commands) -> None:
    compare = command(
        commands, "compare", "what differs between two batches or scenarios",
        COMPARE_HELP,
        "examples:\n"
        "  digiregion compare results/asean-push-1a2b3c4d results/asean-push-5e6f7a8b\n"
        '  digiregion compare "results/x::ASEAN push" "results/x::ASEAN skills"\n'
        "  digiregion compare scenarios/asean-push.yaml scenarios/asean-skills.yaml",
    )  # fmt: skip
    for name in ("a", "b"):
        compare.add_argument(name, metavar=name.upper(), help="folder, FOLDER::name or file")
    compare.add_argument("--years", metavar="Y,Y", help="years to show (2030 and the last)")
    compare.add_argument("--kpis", metavar="A,B", help="KPIs to show (the headline ones)")
    compare.add_argument(
        "--economies", action="store_true", help="show every economy, not regions only"
    )
    compare.add_argument(
        "--to", metavar="DIR",
        help="folder for compare.csv, compare.txt and compare.png (OUT/compare-A-B)",
    )  # fmt: skip
    running = compare.add_argument_group("if A and B are scenario files, which are run first")
    _add_running_options(running)


def _add_export(commands: Commands) -> None:
    export = command(
        commands, "export", "write results for Excel, Stata, netCDF or pyam",
        "Write a table of a folder of results for another tool: csv (long table), xlsx (Excel), "
        "dta (Stata), netcdf, or iamc (wide, as pyam reads it). "
        "xlsx and netcdf need: pip install 'digiregion[export]'",
        "example:\n  digiregion export results/asean-push-1a2b3c4d --format dta",
    )  # fmt: skip
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


def _shared() -> ArgumentParser:
    """Options of everything that runs scenario files."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("files", nargs="+", metavar="FILE", help="scenario files (YAML)")
    _add_running_options(shared)
    return shared


#: Options that several commands have, each said once.
SHARED: dict[str, dict[str, Any]] = {
    "region": {"default": "asean+carec", "help": "asean, carec, asean+carec or a folder"},
    "seed": {"type": int, "default": 1, "metavar": "N", "help": "random seed (1)"},
    "workers": {
        "type": int, "metavar": "N",
        "help": "processes (one for small work, else one a core); results do not depend on it",
    },
    "parameters": {
        "default": "posterior", "metavar": "WHAT",
        "help": "posterior (fitted to history; the default), prior, or a folder that digiregion "
        "calibrate wrote",
    },
}  # fmt: skip


def add_shared(parser: argparse._ActionsContainer, *names: str) -> None:
    """Add options of ``SHARED``."""
    for name in names:
        parser.add_argument(f"--{name}", **SHARED[name])


def _add_running_options(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--members", type=int, default=500, metavar="N", help="size of the ensemble (500)"
    )
    add_shared(parser, "seed", "workers")
    parser.add_argument(
        "--out", default="results", metavar="DIR", help="folder for results (results/)"
    )
    add_shared(parser, "parameters")
    parser.add_argument("--quiet", action="store_true", help="print only where the results are")


def command(
    commands: Commands, name: str, words: str, description: str, epilog: str | None = None,
    parents: list[ArgumentParser] | None = None,
) -> ArgumentParser:  # fmt: skip
    """A command whose help keeps its lines."""
    return commands.add_parser(
        name, help=words, description=description, epilog=epilog, parents=parents or [],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
