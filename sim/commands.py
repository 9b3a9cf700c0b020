"""What the commands on scenarios, tables and regions do. Heavy libraries are imported on use."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem, nearest_name

#: Columns of a table where no terminal says; the widest column beside others, and what is between.
WIDTH, WIDEST, GAP = 100, 34, 2
INDENT = "    "


def check(asked: argparse.Namespace) -> int:
    """Print every problem and warning of scenario files."""
    from sim.policy import check as check_path

    problems: list[Problem] = []
    warnings: list[Problem] = []
    for file in asked.files:
        found, doubtful = check_path(file)
        problems += found
        warnings += doubtful
    for warning in warnings:
        print(f"warning  {warning}")
    print_problems(problems)
    if not problems:
        many = "files" if len(asked.files) > 1 or Path(asked.files[0]).is_dir() else "file"
        print(f"{many} can be run")
    return 2 if problems else 0


def economies(asked: argparse.Namespace) -> int:
    """List a region's economies, or the figures of one."""
    from sim.region.region import Region

    region = Region.load(asked.region)
    if asked.code is None:
        profile = region.profile
        rows = [
            {
                "code": code,
                "name": profile.loc[code, "name"],
                "groups": ", ".join(
                    name for name, codes in region.groups.items() if code in codes and name != "all"
                ),
            }
            for code in region.economies
        ]
        _print_rows(rows, asked.format)
        return 0
    code = asked.code.upper()
    if code not in region.economies:
        raise InputError(
            [
                Problem(
                    f"not an economy of {region.name}",
                    field="economy",
                    value=asked.code,
                    allowed=", ".join(region.economies),
                    nearest=nearest_name(code, region.economies),
                )
            ]
        )
    figures = region.figures
    chosen = figures[figures["iso3"] == code].drop(columns="iso3")
    _print_rows(chosen.to_dict("records"), asked.format)
    return 0


def levers(asked: argparse.Namespace) -> int:
    """List the levers."""
    from sim.policy import lever_table

    _print_rows(lever_table(), asked.format)
    return 0


def shocks(asked: argparse.Namespace) -> int:
    """List the shocks and the events behind them."""
    from sim.policy import shock_table

    _print_rows(shock_table(), asked.format)
    return 0


def kpis(asked: argparse.Namespace) -> int:
    """List the KPIs."""
    from sim.kpi.registry import kpi_table

    _print_rows(kpi_table(), asked.format)
    return 0


def parameters(asked: argparse.Namespace) -> int:
    """List the parameters, with what was fitted to the history of the shipped regions."""
    from sim.experiment import posteriors
    from sim.model.parameters import parameter_table

    _print_rows(parameter_table(posteriors.read(posteriors.SHIPPED).bands()), asked.format)
    return 0


def schema(asked: argparse.Namespace) -> int:
    """Print the JSON Schema of scenario files."""
    import json

    from sim.policy import scenario_schema

    print(json.dumps(scenario_schema(), indent=1, ensure_ascii=False))
    return 0


def region(asked: argparse.Namespace) -> int:
    """Check a region's folder, or make one."""
    from sim.region.region import Region

    if asked.action == "new":
        from sim.region.template import copy_tables

        written = copy_tables(asked.like, Path(asked.folder))
        print(f"{len(written)} tables in {asked.folder}; edit them, then: "
              f"digiregion region check {asked.folder}")  # fmt: skip
        return 0
    opened = Region.load(Path(asked.folder))
    for warning in opened.warnings:
        print(f"warning  {warning}")
    print(f"{opened!r} can be used")
    return 0


HANDLERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": check,
    "economies": economies,
    "levers": levers,
    "shocks": shocks,
    "kpis": kpis,
    "parameters": parameters,
    "schema": schema,
    "region": region,
}


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems one a line on standard error, and how many there are."""
    found = list(problems)
    for problem in found:
        print(f"error  {problem}", file=sys.stderr)
    if found:
        print(f"{len(found)} problem{'s' if len(found) > 1 else ''}", file=sys.stderr)


def _print_rows(rows: Sequence[dict[str, Any]], style: str) -> None:
    """Print a table as aligned text, CSV or Markdown."""
    header = list(rows[0]) if rows else []
    cells = [[_cell(row.get(name)) for name in header] for row in rows]
    if style == "csv":
        import csv

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([header, *cells])
        return
    if style == "markdown":
        lines = [header, ["---"] * len(header), *cells]
        print("\n".join("| " + " | ".join(c.replace("|", "\\|") for c in line) + " |"
                        for line in lines))  # fmt: skip
        return
    print("\n".join(_lines(header, cells, shutil.get_terminal_size((WIDTH, 0)).columns)))


def _lines(header: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """An aligned table; columns for which there is no room follow below each row, with names."""
    widths = [max(len(line[k]) for line in [header, *cells]) for k in range(len(header))]
    inside: list[int] = []
    used = 0
    fits = sum(widths) + GAP * (len(widths) - 1) <= width
    for column, wide in enumerate(widths):
        if fits or not inside or (wide <= WIDEST and used + wide <= width):
            inside.append(column)
            used += wide + GAP
    below = [column for column in range(len(header)) if column not in inside]
    for number, line in enumerate([header, *cells]):
        yield (" " * GAP).join(line[k].ljust(widths[k]) for k in inside).rstrip()
        if number:
            yield from _packed([f"{header[k]}: {line[k]}" for k in below if line[k]], width)


def _packed(parts: Sequence[str], width: int) -> Iterator[str]:
    """Pieces of text below a row: as many on a line as fit; long ones are broken."""
    line = ""
    for part in parts:
        joined = f"{line}   {part}" if line else part
        if len(joined) > width - len(INDENT) and line:
            yield from _broken(line, width)
            joined = part
        line = joined
    yield from _broken(line, width)


def _broken(line: str, width: int) -> list[str]:
    return textwrap.wrap(
        line, width, initial_indent=INDENT, subsequent_indent=2 * INDENT, break_on_hyphens=False
    )


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)
