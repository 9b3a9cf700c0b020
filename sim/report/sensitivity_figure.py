"""The figure of a sensitivity analysis: factors by KPIs, assumptions and policies apart."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.evidence.sensitivity import Sensitivity, is_clear
from sim.evidence.sobol.factors import ASSUMPTION, CHANCE, POLICY
from sim.evidence.sobol.runs import ASSUMPTIONS, EFFECTS, LEVELS, POLICIES
from sim.report.style import GREY, new_figure, styled
from sim.report.words import kpi_of, place_name, shortened

#: Panels of an analysis and what of a KPI it looks at, with their heads.
HEADS = {
    (ASSUMPTIONS, LEVELS): "Assumptions: level without policy",
    (ASSUMPTIONS, EFFECTS): "Assumptions: effect of the policy",
    (POLICIES, EFFECTS): "Policies: effect, assumptions drawn",
}
#: Assumptions and entries that have a row, KPIs that have a column, characters of a name.
_ROWS, _ENTRIES, _COLUMNS, _NAME = 14, 12, 10, 60
#: The least share that gives an assumption a row.
_LEAST = 0.01
_BOTTOM, _TOP, _LEFT, _RIGHT, _GAP = 0.075, 0.745, 0.02, 0.985, 0.022
#: Lines of space between the panels of assumptions and of policies, for the head.
_SPACE = 1.7
_MAP, _CHANCE_MAP = "Blues", "Oranges"


@styled
def sensitivity_figure(found: Sensitivity, place: str) -> Figure:
    """Total indices of a place by factor and KPI; a panel for levels, effects and policies each.

    Assumptions have a row if their total index is clear for some KPI; below them is the share of
    chance in a single run. Cells without a figure are not distinguishable from none.
    """
    table = found.table.assign(clear=is_clear(found.table))
    table = table[table["economy"] == place]
    kpis = [str(kpi) for kpi in dict.fromkeys(table["kpi"])]
    kpis = [kpi for kpi in kpis if table.loc[table["kpi"] == kpi, "total"].notna().any()]
    kpis = kpis[:_COLUMNS]
    what = shortened(found.scenario, 60) if found.scenario else "levels without policy"
    figure = new_figure(
        f"What matters for {what} in {found.year}",
        f"{place_name(place, found.region)}: share of the variance that each factor explains, "
        "alone and with others (total Sobol index)",
        f"Source: digiregion. {found.points} rows of Saltelli's design, {found.runs:,} runs; "
        f"parameters from {found.parameters}. Blank: not distinguishable from none.\nChance: its "
        "share in the variance of a single run; with policies, assumptions are part of it.",
    )
    above = _rows(table, ASSUMPTION, kpis)
    below = _rows(table, POLICY, kpis)
    has_effects = bool(below)
    lines = len(above) + (len(below) + _SPACE if below else 0.0)
    unit = (_TOP - _BOTTOM) / lines
    left = _name_width(figure, above)
    width = (_RIGHT - left - _GAP) / 2 if has_effects else min(_RIGHT - left, 0.11 * len(kpis))
    middle = _TOP - unit * len(above)
    _panel(figure, (left, middle, width, _TOP - middle), table, (ASSUMPTIONS, LEVELS), above, kpis,
           names=True, heads=True)  # fmt: skip
    if has_effects:
        right = left + width + _GAP
        _panel(figure, (right, middle, width, _TOP - middle), table, (ASSUMPTIONS, EFFECTS), above,
               kpis, names=False, heads=True)  # fmt: skip
        _panel(figure, (right, _BOTTOM, width, unit * len(below)), table, (POLICIES, EFFECTS),
               below, kpis, names=True, heads=False)  # fmt: skip
    return figure


def _rows(table: pd.DataFrame, kind: str, kpis: Sequence[str]) -> list[str]:
    """Factors of a kind that have a row, the largest share of any KPI first; chance last."""
    rows = table[table["kpi"].isin(kpis) & (table["kind"] == kind)]
    if rows.empty:
        return []
    analysis = ASSUMPTIONS if kind == ASSUMPTION else POLICIES
    rows = rows[rows["analysis"] == analysis]
    if kind == ASSUMPTION:
        rows = rows[rows["clear"] & (rows["total"] >= _LEAST)]
    largest = rows.groupby("factor")["total"].max().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in largest.index][: _ROWS if kind == ASSUMPTION else _ENTRIES]
    chance = table.loc[(table["analysis"] == analysis) & (table["kind"] == CHANCE), "factor"]
    return [*names, str(chance.iloc[0])]


def _name_width(figure: Figure, names: Sequence[str]) -> float:
    """Where the cells begin, so that the longest name fits, as a share of the slide."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    widest = 0.0
    for name in names:
        text = figure.text(0, 0, shortened(name, _NAME), fontsize=9)
        widest = max(widest, text.get_window_extent(renderer).width / figure.bbox.width)
        text.remove()
    return _LEFT + widest + 0.008


def _panel(
    figure: Figure, box: tuple[float, float, float, float], table: pd.DataFrame,
    key: tuple[str, str], names_of_rows: Sequence[str], kpis: Sequence[str], names: bool,
    heads: bool,
) -> None:  # fmt: skip
    """The cells of one analysis: factors in rows, KPIs in columns, chance below a line."""
    rows = table[(table["analysis"] == key[0]) & (table["output"] == key[1])]
    cells = {(row.factor, row.kpi): row for row in rows.itertuples()}
    axes = figure.add_axes(box)
    axes.set_xlim(0, len(kpis))
    axes.set_ylim(len(names_of_rows), 0)
    for line, name in enumerate(names_of_rows):
        for column, kpi in enumerate(kpis):
            _cell(axes, column, line, cells.get((name, kpi)))
    axes.axhline(len(names_of_rows) - 1, color="#333333", lw=1.2)
    labels = [shortened(name, _NAME) if names else "" for name in names_of_rows]
    axes.set_yticks([line + 0.5 for line in range(len(names_of_rows))], labels)
    titles = ["\n".join(textwrap.wrap(kpi_of(kpi).title, 12, max_lines=3)) for kpi in kpis]
    axes.set_xticks([column + 0.5 for column in range(len(kpis))], titles if heads else [])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0, labelrotation=90, pad=4)
    axes.tick_params(axis="y", length=0, pad=4)
    for label in axes.get_xticklabels():
        label.set(ha="center", va="bottom", multialignment="left", linespacing=1.05)
    for spine in axes.spines.values():
        spine.set_visible(False)
    top = box[1] + box[3] + (0.12 if heads else 0.008)
    figure.text(box[0], top, HEADS[key], fontsize=10.5, fontweight="bold", va="bottom",
                color="#333333")  # fmt: skip


def _cell(axes: Any, column: int, line: int, row: Any) -> None:
    """One share: its colour, and its figure where it is clear."""
    total = 0.0 if row is None or row.total != row.total else min(max(float(row.total), 0.0), 1.0)
    is_chance = row is not None and row.kind == CHANCE
    shown = row is not None and row.total == row.total and (bool(row.clear) or is_chance)
    colours = colormaps[_CHANCE_MAP if is_chance else _MAP]
    colour = colours(0.08 + 0.8 * total) if shown else "#f7f7f7"
    axes.add_patch(Rectangle((column, line), 1, 1, facecolor=colour, edgecolor="white", lw=0.8))
    if shown:
        text = f"{total:.2f}" if total >= 0.005 else "0"
        ink = "white" if total > 0.6 else GREY if total < 0.05 else "#1a1a1a"
        axes.text(column + 0.5, line + 0.52, text, ha="center", va="center", fontsize=8, color=ink)
