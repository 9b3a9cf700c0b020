"""The figure of an explanation: a waterfall from nothing, part by part, to the full effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.evidence.explain import FULL, LEVER, REACH, RESTS, YIELD, Explanation
from sim.report.style import BLUE, GREY, INK, LIGHT, ORANGE, new_figure, styled
from sim.report.words import (
    MINUS,
    counted,
    effect_text,
    effect_unit,
    kpi_of,
    place_names,
    shortened,
    wrapped,
)

HEADS = {REACH: "Who goes online", YIELD: "What it yields", LEVER: "By lever"}
#: Parts that have a bar of their own, characters of a name, and the least share of the largest bar
#: that a part needs for one.
_BARS, _NAME, _LEAST = 11, 36, 0.004
_OTHERS = "all others"
_HEIGHT = 0.62


@styled
def waterfall_figure(found: Explanation) -> Figure:
    """One panel a stage: bars of the mean parts, which add up, each with its 90 % band.

    Blue bars add to the effect, orange ones take from it; grey is what the parts leave over, and
    dark the full effect.
    """
    kpi, table = kpi_of(found.kpi), found.table
    stages = [stage for stage in dict.fromkeys(table["stage"]) if stage]
    place = place_names([found.place], found.region)[found.place]
    full = table.iloc[0]
    figure = new_figure(
        f"Where the effect of {shortened(found.scenario, 60)} comes from",
        f"{place}: {kpi.title} in {found.year}, effect against the baseline, "
        f"{found.unit}. In all {effect_text(kpi, full['mean'], MINUS)} {effect_unit(kpi)} "
        f"(90 %: {effect_text(kpi, full['q05'], MINUS)} to {effect_text(kpi, full['q95'], MINUS)})",
        f"Source: digiregion. Means of {counted(found.members)}, which add up; lines: 90 % of "
        f"them; parameters from {found.parameters}.\n" + _reading(found),
    )
    grid = figure.add_gridspec(
        1, len(stages), left=0.245 if len(stages) == 1 else 0.16, right=0.97, bottom=0.135,
        top=0.8, wspace=0.62,
    )  # fmt: skip
    for column, stage in enumerate(stages):
        rows = _shown(table[table["stage"] == stage])
        axes = figure.add_subplot(grid[0, column])
        _panel(axes, rows, full, len(stages))
        axes.set_xlabel(f"{kpi.title}: {found.unit}")
        axes.set_title(HEADS[stage], loc="left", fontweight="bold", fontsize=11, pad=8)
    return figure


def _reading(found: Explanation) -> str:
    if found.by == LEVER:
        return "Each entry of the scenario is left out in turn; its bar is what the effect loses."
    return (
        "Each channel is switched off in turn, in policy and baseline; its bar is what the effect "
        "loses. The panels are links of one chain: each explains the whole effect."
    )


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The parts that have a bar; small ones as one, and the rest of the stage last."""
    parts, rest = rows[~rows["name"].isin(RESTS.values())], rows[rows["name"].isin(RESTS.values())]
    most = parts[["mean", "q05", "q95"]].abs().max(axis=1)
    wide = most >= max(_LEAST * float(rows[["mean", "q05", "q95"]].abs().to_numpy().max()), 1e-12)
    large = parts[wide].head(_BARS)
    small = parts.drop(index=large.index)
    pieces = [large]
    if small["mean"].abs().sum() > _LEAST * float(rows["mean"].abs().max()):
        pieces.append(pd.DataFrame([{"name": _OTHERS, "mean": small["mean"].sum(),
                                     "q05": np.nan, "q95": np.nan}]))  # fmt: skip
    return pd.concat([*pieces, rest], ignore_index=True)


def _panel(axes: Any, rows: pd.DataFrame, full: pd.Series, panels: int) -> None:
    """Bars from the top down, each where the last one ended, and the full effect below a line."""
    ends = np.cumsum(rows["mean"].to_numpy(dtype=float))
    starts = np.concatenate([[0.0], ends[:-1]])
    reach = [starts.min(), ends.max(), starts.max(), ends.min(), 0.0]
    for line, (row, start) in enumerate(zip(rows.to_dict("records"), starts, strict=True)):
        colour = LIGHT if row["name"] in RESTS.values() else BLUE if row["mean"] >= 0.0 else ORANGE
        reach += _bar(axes, line, float(start), row, colour)
        axes.plot(
            [ends[line]] * 2, [line + _HEIGHT / 2, line + 1 - _HEIGHT / 2], color=GREY, lw=0.7
        )
    reach += _bar(axes, len(rows), 0.0, full.to_dict(), "#4d4d4d")
    axes.axhline(len(rows) - 0.5, color="#888888", lw=0.8)
    axes.axvline(0.0, color="#444444", lw=0.8)
    width = 26 if panels > 1 else _NAME
    labels = [wrapped(str(name), width) for name in [*rows["name"], FULL]]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.45, -0.6)
    low, high = min(reach), max(reach)
    room = 0.16 * (high - low or 1.0)
    axes.set_xlim(low - (room if low < 0.0 else 0.02 * room), high + room)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.grid(True, color="#e6e6e6", lw=0.6)
    axes.set_axisbelow(True)


def _bar(axes: Any, line: int, start: float, row: dict[Any, Any], colour: str) -> Sequence[float]:
    """One bar with its band and its figure; returns how far it reaches."""
    mean = float(row["mean"])
    axes.barh(line, mean, left=start, height=_HEIGHT, color=colour, zorder=2)
    band = [start + float(row[name]) for name in ("q05", "q95") if row[name] == row[name]]
    if band:
        axes.plot(band, [line, line], color=INK, lw=1.1, zorder=3, solid_capstyle="butt")
    reach = [start, start + mean, *band]
    text = f"{mean:+.2f}" if abs(mean) >= 0.005 else f"{mean:+.3f}" if abs(mean) >= 5e-4 else "0"
    left = mean < 0.0
    at = min(reach) if left else max(reach)
    axes.annotate(
        text.replace("-", MINUS), (at, line), xytext=(-4 if left else 4, 0),
        textcoords="offset points", ha="right" if left else "left", va="center", fontsize=9,
        color=INK,
    )  # fmt: skip
    return reach
