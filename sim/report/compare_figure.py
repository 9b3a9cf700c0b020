"""The figure of a comparison: differences by KPI as dots with 90 % bands, a panel a KPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.kpi.registry import BY_ID, Kpi
from sim.report.compared import Differences
from sim.report.style import BLUE, GREY, INK, ORANGE, new_figure, styled
from sim.report.words import (
    MINUS,
    effect_decimals,
    effect_text,
    effect_unit,
    grades_in_short,
    place_name,
    shortened,
    wrapped,
)

if TYPE_CHECKING:
    import pandas as pd

#: Years drawn: the first and the last of the table.
_COLOURS = (ORANGE, BLUE)
#: Rows that stay legible, rows up to which figures are written out, and KPIs that have a panel.
_MOST_ROWS, _MOST_WRITTEN, _MOST_KPIS = 26, 2, 8
#: Where the panels are on the slide, as shares of it.
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.13, 0.985, 0.115, 0.80

#: A row of the figure: a scenario and a place.
Row = tuple[str, str]


@styled
def compare_figure(compared: Differences) -> Figure:
    """B less A: the median with its 90 % band, a panel a KPI with a scale of its own.

    The rows are places; where several scenarios are compared, each with the first place. The
    first and the last year of the table are drawn.
    """
    table = compared.outcomes
    kpis = [BY_ID[kpi] for kpi in dict.fromkeys(table["kpi"])][:_MOST_KPIS]
    rows, years = _rows(compared), _years(table)
    names = _row_names(compared, rows)
    figure = new_figure(
        _title(compared), _subtitle(compared), _footer(compared), grades_in_short(kpis)
    )
    columns = -(-len(kpis) // 2) if len(kpis) > 3 else len(kpis)
    grid = figure.add_gridspec(
        -(-len(kpis) // columns), columns, left=_LEFT, right=_RIGHT, bottom=_BOTTOM, top=_TOP,
        wspace=0.1, hspace=0.45,
    )  # fmt: skip
    for position, kpi in enumerate(kpis):
        axes = figure.add_subplot(grid[position // columns, position % columns])
        _panel(axes, kpi, table[table["kpi"] == kpi.id], rows, years)
        labelled = position % columns == 0
        axes.set_yticks(range(len(rows)), names if labelled else [""] * len(rows))
    _legend(figure, years)
    return figure


def _rows(compared: Differences) -> list[Row]:
    table = compared.outcomes
    pairs = [pair.name for pair in compared.pairs if pair.name in set(table["scenario"])]
    places = [str(place) for place in dict.fromkeys(table["economy"])]
    rows = [(pairs[0], place) for place in places]
    if len(pairs) > 1:
        first = table.drop_duplicates("scenario").set_index("scenario")["economy"]
        rows = [(pair, str(first[pair])) for pair in pairs]
    return rows[:_MOST_ROWS]


def _years(table: pd.DataFrame) -> list[int]:
    years = sorted({int(year) for year in table["year"]})
    return sorted({years[0], years[-1]})


def _row_names(compared: Differences, rows: list[Row]) -> list[str]:
    if len({scenario for scenario, _ in rows}) > 1:
        return [wrapped(scenario, 20, 2) for scenario, _ in rows]
    return [wrapped(place_name(place, compared.region), 20, 2) for _, place in rows]


def _title(compared: Differences) -> str:
    return "What differs: B less A" if compared.moved else "Nothing differs between A and B"


def _subtitle(compared: Differences) -> str:
    pairs = compared.pairs
    names = [compared.a.runs.folder.name, compared.b.runs.folder.name]
    if len(pairs) == 1:
        scenarios = [pairs[0].a, pairs[0].b]
        same = names[0] == names[1]
        names = [s if same else f"{s} ({n})" for s, n in zip(scenarios, names, strict=True)]
    text = f"A: {shortened(names[0], 70)}.  B: {shortened(names[1], 70)}"
    places = dict.fromkeys(compared.outcomes["economy"])
    if len(pairs) > 1:
        text += f".  {place_name(str(next(iter(places))), compared.region)}"
    return text


def _footer(compared: Differences) -> str:
    kinds = {pair.paired for pair in compared.pairs}
    words = {
        (True,): "members are paired: each difference is within a member",
        (False,): "members are independent: any of B less any of A",
        (False, True): "members are paired, where both sides have the same luck",
    }[tuple(sorted(kinds))]
    sides = (compared.a, compared.b)
    counts = " and ".join(dict.fromkeys(f"{side.runs.members:,}" for side in sides))
    return f"Source: digiregion. Dots: medians; lines: 90 % bands of {counts} members; {words}."


def _panel(
    axes: Any, kpi: Kpi, table: pd.DataFrame, rows: list[Row], years: list[int]
) -> None:  # fmt: skip
    """One KPI: a dot and a band a row and year, and the zero line."""
    cells = {(r.scenario, r.economy, r.year): r for r in table.itertuples()}
    axes.axvline(0.0, color="#333333", lw=0.9, zorder=1)
    step = 0.3 if len(years) > 1 else 0.0
    colours = _COLOURS[-len(years) :]
    for position, (scenario, place) in enumerate(rows):
        for number, (year, colour) in enumerate(zip(years, colours, strict=True)):
            cell = cells.get((scenario, place, year))
            if cell is None:
                continue
            level = position + step * (number - (len(years) - 1) / 2.0)
            axes.plot([cell.q05, cell.q95], [level, level], color=colour, lw=2.2, alpha=0.55,
                      solid_capstyle="butt", zorder=2)  # fmt: skip
            axes.plot([cell.difference], [level], ls="", marker="o", ms=5, color=colour, zorder=3,
                      gid=f"{scenario} {place} {kpi.id} {year}")  # fmt: skip
            if len(rows) <= _MOST_WRITTEN:
                axes.annotate(
                    effect_text(kpi, cell.difference, MINUS), (cell.difference, level),
                    (0, 6 if number < len(years) - 1 else -7), textcoords="offset points",
                    ha="center", va="bottom" if number < len(years) - 1 else "top",
                    fontsize=9, color=INK, bbox={"fc": "white", "lw": 0, "pad": 0.4},
                )  # fmt: skip
    _frame(axes, kpi, table, len(rows))


def _frame(axes: Any, kpi: Kpi, table: pd.DataFrame, rows: int) -> None:
    unit = "% of A" if kpi.effect == "percent" else effect_unit(kpi)
    sense = {1: "more is better", -1: "less is better", 0: ""}[kpi.better]
    axes.set_title(wrapped(kpi.title, 30, 2), loc="left", fontsize=10.5, fontweight="bold", pad=4)
    axes.set_xlabel(f"{unit} ({sense})" if sense else unit, fontsize=9)
    axes.text(1.0, 1.0, kpi.mark, transform=axes.transAxes, ha="right", va="bottom", fontsize=8,
              color=GREY)  # fmt: skip
    low, high = min(0.0, table["q05"].min()), max(0.0, table["q95"].max())
    # A difference that shows as zero is drawn close to zero.
    least = 4.0 * 10.0 ** -effect_decimals(kpi)
    spare = max(0.0, least - (high - low)) / 2.0
    room = 0.08 * max(high - low, least) + spare
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(axis="x", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _legend(figure: Figure, years: list[int]) -> None:
    handles = [
        Line2D([], [], color=colour, marker="o", ms=5, lw=2.2, label=str(year))
        for year, colour in zip(years, _COLOURS[-len(years) :], strict=True)
    ]
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.029, 0.885), ncols=2,
                  columnspacing=1.6, handlelength=1.9, borderaxespad=0.0)  # fmt: skip
