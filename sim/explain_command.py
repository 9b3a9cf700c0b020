"""The command that says through what a policy acts: its options and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.batch_options import add_shared, command

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from sim.evidence.explain import Explanation

    Commands = argparse._SubParsersAction[ArgumentParser]

HELP = """\
Through what does a policy act? The effect of a scenario on one KPI of one economy (policy
less baseline, member by member) is broken down by channel: networks, prices, skills, trade,
returns to internet use, ... Each is switched off in turn, in the policy and in the baseline,
and what the effect loses is its part. Channels come in two stages, who goes online and what
it yields, and each stage explains the whole effect: they are links of one chain, and are not
to be added up. What the parts leave over is direct, or is interaction: links that only work
together. With --by lever the entries of the scenario are left out in turn instead.
A second table shows when the effect comes: years until half and until 90 % of it.
"""

EXAMPLES = """\
examples:
  digiregion explain scenarios/asean-push.yaml --economy LAO --kpi gdp_per_person --year 2035
  digiregion explain scenarios/asean-push.yaml --economy LAO --by lever
  digiregion explain scenarios/carec-push.yaml --kpi internet_users --out results/explain

how to read it: docs/explain.md; channels and their parameters: digiregion parameters
"""


def add_explain(commands: Commands) -> None:
    """The command explain."""
    parser = command(
        commands, "explain", "through which channels and levers a policy has its effect", HELP,
        EXAMPLES,
    )  # fmt: skip
    parser.add_argument("scenario", metavar="SCENARIO", help="scenario file (YAML) with levers")
    parser.add_argument(
        "--economy", default="REGION", metavar="PLACE",
        help="an economy (ISO3), a group, a region, or REGION for the whole (the default)",
    )  # fmt: skip
    parser.add_argument(
        "--kpi", default="gdp_per_person", metavar="KPI",
        help="what is explained (gdp_per_person; see digiregion kpis)",
    )  # fmt: skip
    parser.add_argument("--year", type=int, default=2035, metavar="Y", help="year (2035)")
    parser.add_argument(
        "--by", default="channel", metavar="WHAT", help="channel (the default) or lever"
    )
    parser.add_argument(
        "--members", type=int, default=256, metavar="N", help="size of the ensemble (256)"
    )
    add_shared(parser, "seed", "workers", "parameters")
    parser.add_argument(
        "--out", metavar="DIR",
        help="folder for explain.csv, explain-by-year.csv, .txt and .png (none are written)",
    )  # fmt: skip
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no tables")


def explain(asked: argparse.Namespace) -> int:
    """Print where the effect comes from, and write it if asked to."""
    from sim.evidence.explain import explain as explained
    from sim.evidence.explain_text import explain_text
    from sim.files import check_writable
    from sim.policy import Scenario
    from sim.report.runs import progress_bar

    if asked.out:
        check_writable(Path(asked.out), "out")
    scenario = Scenario.load(asked.scenario)
    with progress_bar(not asked.quiet) as report:
        found = explained(
            scenario, asked.economy, asked.kpi, asked.year, asked.by, asked.members, asked.seed,
            asked.parameters, asked.workers, report,
        )  # fmt: skip
    text = explain_text(found)
    if not asked.quiet:
        print(text)
    if asked.out:
        written = _write(found, text, Path(asked.out))
        print(f"written: {', '.join(str(file) for file in written)}")
    return 0


def _write(found: Explanation, text: str, folder: Path) -> list[Path]:
    """The tables, the words, and the figure."""
    from sim.experiment.tables import write_csv
    from sim.files import write_text
    from sim.report.style import save
    from sim.report.waterfall import waterfall_figure

    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in ("explain.csv", "explain-by-year.csv", "explain.txt")]
    about = {"scenario": found.scenario, "kpi": found.kpi, "economy": found.place,
             "by": found.by, "unit": found.unit}  # fmt: skip
    for file, table in zip(files, (found.table.assign(year=found.year), found.by_year),
                           strict=False):  # fmt: skip
        write_csv(file, table.assign(**about)[[*about, *table.columns]])
    write_text(files[2], text + "\n")
    return [*files, save(waterfall_figure(found), folder / "explain.png")]


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {"explain": explain}
