"""Evidence: where an effect comes from, in words and tables for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import pandas as pd

from sim.evidence.explain import CHANNEL, FULL, LEVER, REACH, RESTS, YIELD, Explanation
from sim.experiment.summary import NO_DIFFERENCE
from sim.kpi.registry import BY_ID

WIDTH = 100
#: Characters of a name, and the width of each column of figures.
NAME, COLUMNS = 44, (9, 9, 19, 7, 6, 6)
HEADS = ("mean", "median", "90 % band", "share", "half", "90 %")
TITLES = {REACH: "Who goes online", YIELD: "What it yields", LEVER: "By lever"}
#: Years that the table of the effect by year shows at most.
SHOWN = 8


def explain_text(found: Explanation) -> str:
    """The parts of the effect by stage, the effect by year, and how to read them."""
    kpi = BY_ID[found.kpi]
    head = f"Where the effect of {found.scenario} comes from"
    about = f"{kpi.title}, {found.place}, {found.year}; unit: {found.unit}"
    drawn = f"{found.members} members, parameters: {found.parameters}"
    lines = [head, "=" * len(head), about, drawn, ""]
    table = found.table
    ends = table.iloc[0][["mean", "q05", "q95"]].astype(float)
    if (ends.abs() < NO_DIFFERENCE).all():
        told = f"The policy does not move {kpi.title} of {found.place} in {found.year}."
        return "\n".join([*lines, told])
    lines += [_line("", HEADS), _row(table.iloc[0].to_dict(), FULL)]
    for stage, rows in table[table["stage"] != ""].groupby("stage", sort=False):
        lines += ["", TITLES[str(stage)]]
        lines += _stage(rows)
    lines += ["", *_years(found), "", *_notes(found)]
    return "\n".join(lines)


def _stage(rows: pd.DataFrame) -> Iterator[str]:
    """A stage: its parts, those that do nothing only by name."""
    idle = []
    for row in rows.to_dict("records"):
        moves = any(_figure(row[key]) != "0" for key in ("mean", "q05", "q95"))
        if moves or row["name"] in RESTS.values():
            yield _row(row, str(row["name"]))
        else:
            idle.append(str(row["name"]))
    if idle:
        yield from textwrap.wrap(f"  nothing through: {', '.join(idle)}", WIDTH,
                                 subsequent_indent="    ")  # fmt: skip


def _row(row: dict[Any, Any], name: str) -> str:
    band = f"{_figure(row['q05'])} to {_figure(row['q95'])}"
    share = "-" if row["share"] != row["share"] else f"{round(100 * row['share']) or 0} %"
    lags = ["-" if row[key] != row[key] else f"{row[key]:.0f}"
            for key in ("years_to_half", "years_to_90")]  # fmt: skip
    if name in RESTS.values():
        lags = ["", ""]
    return _line(f"  {name}", [_figure(row["mean"]), _figure(row["median"]), band, share, *lags])


def _line(name: str, cells: Any) -> str:
    short = name if len(name) <= NAME else name[: NAME - 1] + "…"
    return short.ljust(NAME) + "".join(
        str(text).rjust(width) for text, width in zip(cells, COLUMNS, strict=True)
    )


def _years(found: Explanation) -> Iterator[str]:
    """The full effect by year."""
    table = found.by_year[(found.by_year["name"] == FULL) & (found.by_year["year"] <= found.year)]
    step = max(1, -(-len(table) // SHOWN))
    shown = table.iloc[::-1].iloc[::step].iloc[::-1]
    yield f"When it comes (the first year of the policy is {found.start})"
    for label, column in (("year", "year"), ("median", "median"), ("5 %", "q05"), ("95 %", "q95")):
        cells = [str(v) if column == "year" else _figure(v) for v in shown[column]]
        yield label.ljust(12) + "".join(cell.rjust(10) for cell in cells)


def _notes(found: Explanation) -> Iterator[str]:
    """How to read the tables."""
    words = [
        "Means add up, medians need not. Half, 90 %: years after the policy's first until that "
        "part of the year's effect is there for good.",
    ]
    if found.by == CHANNEL:
        words.append(
            "Each channel is switched off in policy and baseline; what the effect loses is its "
            "part. The stages are links of one chain: each explains the whole effect. Direct, and "
            "interaction: what no channel of the stage carries alone."
        )
    else:
        words.append(
            "Each entry is left out in turn; what the effect loses is its part. Interaction: below "
            "0 where entries help each other (what two do together is in both parts), above where "
            "they do the same work."
        )
    for one in (*words, *(f"warning: {text}" for text in found.warnings)):
        yield from textwrap.wrap(one, WIDTH)


def _figure(value: float) -> str:
    """Three digits and a sign; 0 for what is rounding."""
    if abs(value) < NO_DIFFERENCE:
        return "0"
    decimals = 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    text = f"{value:+,.{decimals}f}"
    return text if text.strip("+-0.,") else "0"
