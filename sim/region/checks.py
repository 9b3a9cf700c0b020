"""Whether a region's tables can be used: every problem at once, each with its place and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isfinite

from sim.errors import InputError, Problem, nearest_name
from sim.region.agreements import undated
from sim.region.indicators import INDICATORS, PROVISIONS
from sim.region.layout import LAYOUTS, REST_OF_WORLD, Column
from sim.region.reading import Table, Tables, shortened

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_DATE = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")

#: Recorded flows may exceed the total by this much before it is called a contradiction (rounding).
_TOTAL_TOLERANCE = 0.01


def check(tables: Tables) -> None:
    """Raise ``InputError`` with every problem of the tables.

    Cells are checked first; relations between tables only when every cell can be read.
    """
    codes = frozenset(tables["economies"]["iso3"])
    keys = frozenset(tables["sources"]["key"])
    problems: list[Problem] = []
    for layout in LAYOUTS:
        table = tables[layout.name]
        for column in layout.columns:
            problems.extend(_cell_problems(table, column, keys))
        if layout.name != "economies":
            problems.extend(_unknown_economies(table, codes))
        problems.extend(_repeated_rows(table))
    problems.extend(_indicator_ranges(tables["indicators"]))
    if not problems:
        problems.extend(_relation_problems(tables))
    if problems:
        raise InputError(shortened(problems))


def _cell_problems(table: Table, column: Column, keys: frozenset[str]) -> Iterator[Problem]:
    """Problems of the cells of one column."""
    for line, cell in zip(table.lines, table[column.name], strict=True):
        message, allowed, nearest = "", "", ""
        if not cell:
            if not column.blank:
                yield Problem("the cell is blank", file=table.file, line=line, field=column.name)
            continue
        if column.kind in ("number", "whole"):
            message, allowed = _number_problem(cell, column)
        elif column.kind == "choice" and cell not in column.choices:
            message, nearest = "not a known entry", _nearest(cell, column.choices)
            allowed = ", ".join(column.choices) if len(column.choices) <= 8 else ""
        elif column.kind == "code":
            message = _code_problem(cell) if table.layout.name == "economies" else ""
        elif column.kind == "name" and not _NAME.fullmatch(cell):
            message, allowed = "not a name", "lower-case letters, digits and underscores"
        elif column.kind == "date" and not _DATE.fullmatch(cell):
            message, allowed = "not a date", "a year, month or day: 2019, 2019-01, 2019-01-22"
        elif column.kind == "sources":
            for key in cell.split(";"):
                if key not in keys:
                    message, nearest = f"sources.csv has no key {key!r}", _nearest(key, tuple(keys))
        if message:
            yield Problem(
                message,
                file=table.file,
                line=line,
                field=column.name,
                value=cell,
                allowed=allowed,
                nearest=nearest,
            )


def _number_problem(cell: str, column: Column) -> tuple[str, str]:
    allowed = f"{column.low:g} to {column.high:g}" if isfinite(column.high) else ""
    if column.kind == "whole":
        if not _WHOLE.fullmatch(cell):
            return "not a whole number", allowed
    elif not _NUMBER.fullmatch(cell):
        return "not a number", allowed
    if not column.low <= float(cell) <= column.high:
        return "out of range", allowed
    return "", ""


def _code_problem(cell: str) -> str:
    """What is wrong with the code of an economy that economies.csv defines."""
    if cell == REST_OF_WORLD:
        return f"{REST_OF_WORLD} is kept for the rest of the world"
    if not _CODE.fullmatch(cell):
        return "not a code: two to eight capital letters and digits, a letter first"
    return ""


def _unknown_economies(table: Table, codes: frozenset[str]) -> Iterator[Problem]:
    """Economies that economies.csv does not have: one problem each, at the first of their rows."""
    rows: dict[str, set[int]] = {}
    columns: dict[str, dict[str, None]] = {}
    for column in table.layout.columns:
        if column.kind == "code":
            for line, cell in zip(table.lines, table[column.name], strict=True):
                if cell and cell not in codes:
                    rows.setdefault(cell, set()).add(line)
                    columns.setdefault(cell, {})[column.name] = None
    for code, lines in rows.items():
        count = f" ({len(lines)} rows, this is the first)" if len(lines) > 1 else ""
        remedy = "leave these rows out, or add it to economies.csv" if count else ""
        yield Problem(
            f"economies.csv has no such economy{count}",
            file=table.file,
            line=min(lines),
            field=",".join(columns[code]),
            value=code,
            nearest=_nearest(code, tuple(codes)),
            remedy=remedy,
        )


@lru_cache(maxsize=4096)
def _nearest(name: str, names: tuple[str, ...]) -> str:
    return nearest_name(name[:100], names)


def _repeated_rows(table: Table) -> Iterator[Problem]:
    """Rows whose key stood in an earlier row (for links, in either direction)."""
    seen: dict[tuple[str, ...], int] = {}
    two_way = table.layout.name == "fibre"
    keys = zip(*(table[name] for name in table.layout.key), strict=True)
    for line, key in zip(table.lines, keys, strict=True):
        if two_way:
            key = (*sorted(key[:2]), *key[2:])
        if key in seen:
            yield Problem(
                f"the row for {', '.join(key)} stands already in line {seen[key]}",
                file=table.file,
                line=line,
                field=",".join(table.layout.key),
                remedy="keep one of them",
            )
        else:
            seen[key] = line


def _indicator_ranges(table: Table) -> Iterator[Problem]:
    """Values outside the range of their indicator."""
    for line, name, cell in zip(table.lines, table["indicator"], table["value"], strict=True):
        indicator = INDICATORS.get(name)
        if indicator is None or not _NUMBER.fullmatch(cell):
            continue
        if not indicator.low <= float(cell) <= indicator.high:
            yield Problem(
                f"out of range for {name} ({indicator.unit})",
                file=table.file,
                line=line,
                field="value",
                value=cell,
                allowed=f"{indicator.low:g} to {indicator.high:g}",
            )


def _relation_problems(tables: Tables) -> Iterator[Problem]:
    """Problems that only show when the tables are taken together."""
    economies = tables["economies"]
    members = member_codes(tables)
    if len(members) < 2:
        yield Problem(
            f"a region needs two economies or more, and this one has {len(members)}",
            file=economies.file,
            field="role",
            remedy="mark at least two economies as member",
        )
    for name, first, second in (("trade", "exporter", "importer"), ("fibre", "a", "b")):
        table = tables[name]
        for line, one, other in zip(table.lines, table[first], table[second], strict=True):
            if one == other:
                message = "an economy has no flow to or link with itself in this table"
                yield Problem(message, file=table.file, line=line, field=second, value=other)
    for line, group in zip(tables["groups"].lines, tables["groups"]["group"], strict=True):
        if group == "all":
            message = "the group all is kept for the whole region"
            yield Problem(message, file=tables["groups"].file, line=line, field="group")
    yield from _agreement_problems(tables)
    yield from _missing_figures(tables["indicators"], members)
    yield from _missing_provisions(tables["provisions"], members)
    yield from _total_problems(tables, members)


def _agreement_problems(tables: Tables) -> Iterator[Problem]:
    """Agreements without the number that they need, and events without their date."""
    table = tables["agreements"]
    for line, entry, needed in zip(table.lines, table["entry"], table["needed"], strict=True):
        if entry == "count" and not needed:
            yield Problem(
                "says that a number must ratify, and not how many",
                file=table.file, line=line, field="needed",
                remedy="add the number, or choose all or each as entry",
            )  # fmt: skip
    for line, event in undated(tables):
        yield Problem(
            f"the event {event} needs a date", file=tables["instruments"].file, line=line,
            field="date", remedy="add at least the year",
        )  # fmt: skip


def member_codes(tables: Tables) -> tuple[str, ...]:
    """The economies with the role of a member, in the order of economies.csv."""
    table = tables["economies"]
    pairs = zip(table["iso3"], table["role"], strict=True)
    return tuple(code for code, role in pairs if role == "member")


def _missing_figures(table: Table, members: tuple[str, ...]) -> Iterator[Problem]:
    """Indicators that no rule can fill."""
    have: dict[str, set[str]] = {name: set() for name in INDICATORS}
    for code, name in zip(table["iso3"], table["indicator"], strict=True):
        have[name].add(code)
    for name, indicator in INDICATORS.items():
        without = [code for code in members if code not in have[name]]
        if indicator.needed == "every economy" and without:
            yield Problem(
                f"{', '.join(without)}: no figure in any year, and no rule can fill it",
                file=table.file,
                field=name,
                remedy=f"add at least one year ({indicator.meaning.lower()}, {indicator.unit})",
            )
        elif indicator.needed == "some economy" and len(without) == len(members):
            yield Problem(
                "no economy has a figure, so that none can be estimated",
                file=table.file,
                field=name,
                remedy=f"add figures ({indicator.meaning.lower()}, {indicator.unit})",
            )


def _missing_provisions(table: Table, members: tuple[str, ...]) -> Iterator[Problem]:
    rows = zip(table["iso3"], table["provision"], table["score"], strict=True)
    scored = {provision for code, provision, score in rows if score and code in members}
    for provision in PROVISIONS:
        if provision not in scored:
            yield Problem(
                "no economy has a score, so that none can be estimated",
                file=table.file,
                field=provision,
                remedy="add scores of 0 to 1",
            )


def _total_problems(tables: Tables, members: tuple[str, ...]) -> Iterator[Problem]:
    """Totals that are missing, nil, or smaller than the flows that they should contain."""
    trade, totals = tables["trade"], tables["trade_totals"]
    years = sorted(set(trade["year"]))
    if not years:
        yield Problem("there is no flow", file=trade.file, remedy="add the flows of a year or more")
    known = set(zip(totals["iso3"], totals["year"], strict=True))
    for code in members:
        without = [year for year in years if (code, year) not in known]
        if without:
            yield Problem(
                f"{code} has no total for {', '.join(without)}",
                file=totals.file,
                field="year",
                remedy="trade.csv and trade_totals.csv must cover the same years",
            )
    for side in ("exports", "imports"):
        yield from _nil_totals(totals, side, members)
        yield from _small_totals(trade, totals, side)


def _nil_totals(totals: Table, side: str, members: tuple[str, ...]) -> Iterator[Problem]:
    """Members that export or import nothing in any year: no share of nothing can be told."""
    column = f"{side}_world_usd"
    whole: dict[str, float] = {}
    for code, total in zip(totals["iso3"], totals.numbers(column), strict=True):
        whole[code] = whole.get(code, 0.0) + total
    for code in members:
        if whole.get(code, 1.0) <= 0.0:
            yield Problem(
                f"{code} has no {side} in any year",
                file=totals.file,
                field=column,
                remedy="add its totals, or leave the economy out",
            )


def _small_totals(trade: Table, totals: Table, side: str) -> Iterator[Problem]:
    """Totals that are smaller than the listed flows."""
    column, partner = f"{side}_world_usd", {"exports": "exporter", "imports": "importer"}[side]
    sums: dict[tuple[str, str], float] = {}
    for code, year, value in zip(
        trade[partner], trade["year"], trade.numbers("value_usd"), strict=True
    ):
        sums[code, year] = sums.get((code, year), 0.0) + value
    cells = zip(totals.lines, totals["iso3"], totals["year"], totals.numbers(column), strict=True)
    for line, code, year, total in cells:
        listed = sums.get((code, year), 0.0)
        if listed > total * (1 + _TOTAL_TOLERANCE):
            yield Problem(
                f"the {side} of {code} to and from listed partners are {listed:.0f}, more than "
                "the total",
                file=totals.file,
                line=line,
                field=column,
                value=total,
            )


def check_connected(codes: Iterable[str], parts: list[set[str]], file: str) -> None:
    """Raise ``InputError`` when the trade graph leaves economies apart.

    ``parts`` are the connected parts of the graph of trade among economies and outside nodes; the
    part with most economies is taken as the region.
    """
    economies = list(codes)
    inside = [[code for code in economies if code in part] for part in parts]
    largest = max(inside, key=len)
    apart = [code for code in economies if code not in largest]
    if apart:
        raise InputError(
            [
                Problem(
                    f"{', '.join(apart)}: no recorded trade, direct or through others, with the "
                    "rest of the region",
                    file=file,
                    remedy="add flows, or leave the economy out",
                )
            ]
        )
