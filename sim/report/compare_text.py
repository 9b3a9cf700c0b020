"""A comparison as plain text: inputs that differ, then outcomes in tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.kpi.registry import BY_ID
from sim.report import blocks
from sim.report.blocks import Block, Heading, Table
from sim.report.compared import Differences
from sim.report.words import (
    EVIDENCE_HEAD,
    better_in,
    effect_decimals,
    grades_sentence,
    kpi_label,
    number,
    place_name,
)

if TYPE_CHECKING:
    import pandas as pd

_PAIRED = (
    "Members of A and B share their luck and their parameters (common random numbers): a "
    "difference is within a member, its band holds 90 % of them."
)
_OTHER_CODE = (
    "The code differs: members share the random numbers as far as both draw them in the same order."
)
_APART = (
    "Members of A and B are independent (another seed or other economies): a difference is between "
    "any member of B and any of A. Its band is wide, since it holds all that is uncertain, not the "
    "effect alone: run both with one seed to compare member by member."
)


def compare_text(compared: Differences) -> str:
    """All of a comparison, in about 100 columns."""
    lines = [f"A: {compared.a.words}", f"B: {compared.b.words}", ""]
    if compared.identical:
        return "\n".join([*lines, "Nothing differs: A and B have the same inputs and outcomes."])
    lines += [*blocks.plain([Heading("What differs in inputs", 2)])]
    lines += [*_inputs(compared.inputs), ""]
    lines += [*blocks.plain([Heading("What differs in outcomes: B less A", 2)])]
    if compared.moved:
        lines += blocks.plain(list(_outcomes(compared)))
    else:
        lines.append("Nothing: every figure that is compared is the same in every member.")
    return "\n".join(lines).rstrip()


def _inputs(rows: pd.DataFrame) -> Iterator[str]:
    if rows.empty:
        yield "Nothing."
    last = ""
    for row in rows.to_dict("records"):
        if row["scenario"] != last:
            last = row["scenario"]
            yield f"{last}:"
        indent = "  " if last else ""
        yield from _wrapped(row["what"], indent)
        for side in ("a", "b"):
            yield from _wrapped(f"{side.upper()}: {row[side]}", f"{indent}  ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, blocks.WIDTH, initial_indent=indent, subsequent_indent=f"{indent}   ",
        break_on_hyphens=False,
    )  # fmt: skip


def _outcomes(compared: Differences) -> Iterator[Block]:
    rows = compared.outcomes
    for pair in compared.pairs:
        own = rows[rows["scenario"] == pair.name]
        if own.empty:
            continue
        if len(compared.pairs) > 1:
            yield Heading(pair.name, 2)
        for place in dict.fromkeys(own["economy"]):
            for year in dict.fromkeys(own["year"]):
                here = own[(own["economy"] == place) & (own["year"] == year)]
                yield _table(f"{place_name(str(place), compared.region)} in {year}", here)
    kinds = {pair.paired: pair for pair in compared.pairs}
    if True in kinds:
        yield _PAIRED + _fewer(compared)
        if "code" in set(compared.inputs["what"]):
            yield _OTHER_CODE
    if False in kinds:
        yield _APART
    yield (
        "B better in: the share of those differences in which B is the better one (- where none "
        "shows, or neither direction is better)."
    )
    yield grades_sentence()


def _fewer(compared: Differences) -> str:
    counts = [side.runs.members for side in (compared.a, compared.b)]
    return "" if counts[0] == counts[1] else f" Of the larger, the first {min(counts):,} are used."


def _table(title: str, rows: pd.DataFrame) -> Table:
    heads = (title, EVIDENCE_HEAD, "A", "B", "B less A (90 % band)", "B better in")
    return Table(heads, tuple(_cells(row) for row in rows.to_dict("records")))


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    kpi = BY_ID[row["kpi"]]
    digits = effect_decimals(kpi)
    unit = " %" if kpi.effect == "percent" else ""
    middle, low, high = (number(row[k], digits, sign=True) for k in ("difference", "q05", "q95"))
    return (
        kpi_label(kpi),
        kpi.mark,
        number(row["median_a"], kpi.decimals),
        number(row["median_b"], kpi.decimals),
        f"{middle}{unit} ({low} to {high})",
        better_in(row["probability_better"], row["q05"], row["q95"], digits),
    )
