"""Cost charts: what the programmes of a policy cost by lever and by payer, year by year."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.cost_tables import cost_table, public_costs
from sim.report.style import (
    BLUE,
    GREEN,
    LIGHT,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    YELLOW,
    cell,
    new_figure,
    styled,
)
from sim.report.words import billions, counted, economies_of, number, place_name, shortened

if TYPE_CHECKING:
    import pandas as pd

    from sim.region.region import Region

#: The most levers that have a colour and a place in the key of their own.
_MOST = 7
_COLOURS = {
    "lever": (BLUE, ORANGE, GREEN, SKY, PURPLE, YELLOW, VERMILION, LIGHT),
    "payer": ("#3b3b3b", VERMILION, SKY, LIGHT, BLUE, YELLOW),
}
_HEADS = {
    "lever": "Public cost by lever (in all, USD bn)",
    "payer": "By payer, with the private money drawn in (in all, USD bn)",
}


@styled
def cost_chart(
    costs: pd.DataFrame,
    scenario: str,
    *,
    place: str | None = None,
    gdp: Mapping[int, float] | None = None,
    region: Region | None = None,
    members: int | None = None,
    parameters: str = "prior parameters",
) -> Figure:
    """Mean cost a year by lever (left) and by payer (right), as stacked bars.

    ``place`` is the whole region (as by default) or the whole "without ISO3": the costs are those
    of the programmes in its economies. Above in USD mn of 2015; below as a share of the place's GDP
    where ``gdp`` (USD mn of 2015 by year) is given.
    """
    rows = costs[costs["scenario"] == scenario]
    place = place or (None if region is None else region.name)
    everyone = list(dict.fromkeys(rows["economy"]))
    inside = everyone if place is None else economies_of(place, everyone)
    rows = rows[rows["economy"].isin(inside)]
    count = "the members" if members is None else counted(members)
    figure = new_figure(
        "What the programmes cost" + ("" if place is None else f" in {place_name(place, region)}"),
        shortened(scenario, 100) + _left_out(costs, scenario, inside, region),
        f"Source: digiregion. Mean of {count}; {parameters}. Prices of 2015.",
    )
    tables = {"lever": largest(cost_table(rows, "lever"), _MOST)}
    tables["payer"] = cost_table(rows, "payer")
    lines = max(-(-len(table.columns) // 3) for table in tables.values())
    rows_of_panels = 1 if gdp is None else 2
    grid = figure.add_gridspec(
        rows_of_panels, 2, left=0.075, right=0.985, bottom=0.085,
        top=0.79 - 0.025 * max(lines - 2, 0), wspace=0.14, hspace=0.16,
        height_ratios=[1.5, 1][:rows_of_panels],
    )  # fmt: skip
    for column, (kind, table) in enumerate(tables.items()):
        upper = figure.add_subplot(grid[0, column])
        _stack(upper, table, kind)
        upper.set_title(_HEADS[kind], loc="left", fontsize=11, fontweight="bold",
                        pad=8 + 15 * lines)  # fmt: skip
        upper.set_ylabel("USD mn of 2015" if column == 0 else "")
        if not table.empty:
            upper.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=3, fontsize=9,
                         handlelength=1.0, handletextpad=0.5, columnspacing=0.9,
                         borderaxespad=0.1)  # fmt: skip
        if gdp is not None:
            lower = figure.add_subplot(grid[1, column])
            shares = table.apply(lambda money: 100.0 * money / money.index.map(gdp).to_numpy())
            _stack(lower, shares, kind)
            lower.set_ylabel("% of GDP" if column == 0 else "")
            upper.tick_params(labelbottom=False)
    _level(figure)
    return figure


def largest(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most ``most`` columns and one for all others together, the largest first."""
    order = table.sum().sort_values(ascending=False, kind="stable").index
    if len(order) <= most + 1:
        return table[order]
    kept = table[order[:most]].copy()
    kept[f"{len(order) - most} others"] = table[order[most:]].sum(axis=1)
    return kept


def _left_out(
    costs: pd.DataFrame, scenario: str, inside: Sequence[str], region: Region | None
) -> str:
    """What the economies that a place leaves out add to the public cost."""
    others = {c: m for c, m in public_costs(costs, scenario).items() if c not in inside}
    return "".join(
        f". Left out: {place_name(code, region)}, with USD {billions(money)} bn of public cost"
        for code, money in others.items()
    )


def _stack(axes: Any, table: pd.DataFrame, kind: str) -> None:
    years = table.index.to_numpy()
    below = np.zeros(len(years))
    for position, name in enumerate(table.columns):
        values = table[name].to_numpy()
        amount = float(values.sum()) / 1e3
        label = f"{_word(str(name))} {number(amount, 1 if amount >= 1 else 2)}"
        axes.bar(years, values, 0.74, bottom=below, color=_COLOURS[kind][position],
                 linewidth=0, label=label)  # fmt: skip
        below = below + values
    if table.empty:
        axes.text(0.5, 0.5, "No cost", transform=axes.transAxes, ha="center", color="#666666")
    axes.grid(axis="y", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)
    if len(years):
        axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    axes.xaxis.set_major_locator(MaxNLocator(14, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))


def _word(name: str) -> str:
    """A lever or payer in the key, in at most 27 characters: three of them stand side by side."""
    word = name.replace("_programme", "").replace("_and_", " & ").replace("_", " ")
    word = re.sub(r"\b(msme|ai)\b", lambda found: found.group().upper(), word)
    word = word.replace("egovernment", "e-government")
    return shortened(word[:1].upper() + word[1:], 27)


def _tick(value: float, _: object) -> str:
    """A small share of GDP is written out, not as a power of ten."""
    if 0.0 < abs(value) < 1e-3:
        return np.format_float_positional(value, 3, fractional=False, trim="-")
    return f"{value:,.6g}"


def _level(figure: Figure) -> None:
    """The same scale left and right, so that totals can be compared."""
    for axes in figure.axes:
        row = cell(axes).rowspan.start
        pair = [other for other in figure.axes if cell(other).rowspan.start == row]
        axes.set_ylim(0, max(other.get_ylim()[1] for other in pair))
