"""Heat maps: the effects of a policy on every KPI in every economy, in one year."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.kpi.registry import BY_ID, KPIS, SUM
from sim.report.style import GREY, band_words, new_figure, styled
from sim.report.words import (
    MINUS,
    check_known,
    effect_decimals,
    effect_unit,
    grades_in_short,
    inside_sentence,
    kpi_of,
    place_names,
    short_effect,
    shortened,
    split_places,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.kpi.registry import Kpi
    from sim.region.region import Region

#: Left out unless asked for: GDP changes by the same percentage as GDP per person.
REPEATED = ("gdp",)
#: The most columns that stay legible on a slide.
MOST_KPIS = 24
_MAP = "RdBu"
#: Where the names of groups are, as a share of the slide.
_HEADS = 0.856
_LEFT, _RIGHT, _BOTTOM, _TOP = 0.105, 0.985, 0.075, 0.625
#: The longest name of a place, and the room left of the widest, as a share of the slide.
_LONGEST, _MARGIN = 30, 0.012
#: The most characters in a line of the footer.
_FOOTER = 160


def grouped_kpis(ids: Sequence[str]) -> dict[str, list[str]]:
    """KPIs by group, in the order of the registry; those that it does not know come last."""
    chosen = dict.fromkeys(ids)
    groups: dict[str, list[str]] = {}
    for kpi in (*(kpi for kpi in KPIS if kpi.id in chosen), *map(kpi_of, chosen)):
        if kpi.id in chosen:
            groups.setdefault(kpi.group or "Other", []).append(kpi.id)
            del chosen[kpi.id]
    return groups


def heat_pages(effects: pd.DataFrame, scenario: str, year: int) -> list[tuple[str, ...]]:
    """The KPIs of each heat map of a policy in one year, whole groups together.

    Left out are those on which the policy has no effect anywhere, but for headline KPIs.
    """
    rows = effects[(effects["scenario"] == scenario) & (effects["year"] == year)]
    pages: list[tuple[str, ...]] = [()]
    for listed in grouped_kpis(shown_kpis(rows)).values():
        for first in range(0, len(listed), MOST_KPIS):
            part = tuple(listed[first : first + MOST_KPIS])
            if len(pages[-1]) + len(part) > MOST_KPIS:
                pages.append(())
            pages[-1] += part
    return pages


def shown_kpis(rows: pd.DataFrame) -> list[str]:
    """KPIs of effects that a heat map shows: those that moved somewhere, and headline KPIs."""
    listed = [one for one in dict.fromkeys(rows["kpi"]) if one not in REPEATED]
    still = set(unmoved(rows, listed))
    return [one for one in listed if one not in still]


@styled
def effect_heat_map(
    effects: pd.DataFrame,
    scenario: str,
    year: int,
    *,
    kpis: Sequence[str] | None = None,
    region: Region | None = None,
    members: int | None = None,
    parameters: str = "prior parameters",
) -> Figure:
    """Median effects of a policy in one year, economies by KPIs.

    Blue is better and red worse, the darker the closer to the largest effect of the column; KPIs
    without a direction stay white. Hatched: the 90 % band of the effect includes zero. Without
    ``kpis``, the first page of ``heat_pages`` is shown.
    """
    check_known("scenario", [scenario], list(effects["scenario"].unique()))
    rows = effects[(effects["scenario"] == scenario) & (effects["year"] == year)]
    still: list[str] = []
    if kpis is None:
        kpis = heat_pages(effects, scenario, year)[0]
        groups_shown = {kpi_of(one).group for one in kpis}
        listed = [one for one in dict.fromkeys(rows["kpi"]) if kpi_of(one).group in groups_shown]
        still = [one for one in unmoved(rows, listed) if one not in (*kpis, *REPEATED)]
    groups = grouped_kpis([one for one in kpis if one in set(rows["kpi"])])
    columns = [kpi_of(one) for listed in groups.values() for one in listed]
    economies, regions = split_places(rows, region)
    places = (*regions, *economies)
    baseline = str(rows["baseline"].iloc[0]) if len(rows) else ""
    figure = new_figure(
        f"Effects of the policy in {year}",
        f"{shortened(scenario, 60)} against {shortened(baseline, 60)}: median effects. "
        "pp: percentage points; %: percent of the baseline; k: thousand; M: million",
        f"Source: digiregion. Effects are differences within each member; hatched: the 90 % band "
        f"includes zero. {band_words(members, parameters).capitalize()}.{_not_shown(still)}",
        grades_in_short(columns),
    )
    axes = figure.add_axes((_LEFT, _BOTTOM, _RIGHT - _LEFT, _TOP - _BOTTOM))
    cells = {(row.economy, row.kpi): row for row in rows.itertuples()}
    for position, kpi in enumerate(columns):
        # A region's sum would leave all its economies pale.
        alike = economies if kpi.aggregation == SUM and kpi.effect == "points" else places
        _column(axes, position, kpi, places, cells, alike or places)
    _frame(axes, columns, places, len(regions), region)
    _make_room(figure, axes)
    _group_heads(axes, groups)
    _marks(axes, columns)
    _key(figure)
    return figure


def unmoved(rows: pd.DataFrame, kpis: Sequence[str]) -> list[str]:
    """KPIs whose effect shows as zero everywhere, band and all; never a headline KPI."""
    found = []
    for kpi in (kpi_of(one) for one in kpis):
        values = rows.loc[rows["kpi"] == kpi.id, ["q05", "median", "q95"]].abs()
        least = 0.5 * 10.0 ** -effect_decimals(kpi)
        if not kpi.headline and bool((values < least).all(axis=None)):
            found.append(kpi.id)
    return [] if len(found) == len(kpis) else found


def _not_shown(still: Sequence[str]) -> str:
    """A line of the footer on KPIs that are left out, as many as it holds."""
    if not still:
        return ""
    titles = [inside_sentence(kpi_of(one).title) for one in still]
    for count in range(len(titles), 0, -1):
        more = f" and {len(titles) - count} more" if count < len(titles) else ""
        text = f"Not shown, as the policy has no effect on them: {'; '.join(titles[:count])}{more}."
        if len(text) <= _FOOTER or count == 1:
            break
    return f"\n{text}"


def _make_room(figure: Figure, axes: Any) -> None:
    """Move the left edge of the cells to the right of the widest name of a place."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    labels = [label.get_window_extent(renderer) for label in axes.get_yticklabels()]
    needed = (axes.bbox.x0 - min((box.x0 for box in labels), default=axes.bbox.x0)) / (
        figure.bbox.width
    )
    left = max(_LEFT, needed + _MARGIN)
    axes.set_position((left, _BOTTOM, _RIGHT - left, _TOP - _BOTTOM))


def _column(
    axes: Any,
    position: int,
    kpi: Kpi,
    places: Sequence[str],
    cells: dict[Any, Any],
    scaled: Sequence[str],
) -> None:
    """One KPI: a coloured cell with its text for each place; darkest at the most of ``scaled``."""
    medians = [cells[place, kpi.id].median for place in scaled if (place, kpi.id) in cells]
    smallest = 10.0 ** -effect_decimals(kpi)
    scale = max([abs(value) for value in medians if value == value] + [2 * smallest])
    colours, norm = colormaps[_MAP], Normalize(-1.25, 1.25)
    for row, place in enumerate(places):
        cell = cells.get((place, kpi.id))
        if cell is None:
            continue
        strength = kpi.better * cell.median / scale if cell.median == cell.median else 0.0
        strength = max(-1.0, min(1.0, strength))
        unsure = includes_zero(cell.q05, cell.q95, smallest / 2)
        colour = colours(norm(strength))
        axes.add_patch(
            Rectangle((position, row), 1, 1, facecolor=colour, edgecolor="white", lw=0.8)
        )
        if unsure:
            axes.add_patch(
                Rectangle((position, row), 1, 1, facecolor="none", edgecolor="#b5b5b5", lw=0,
                          hatch="////", gid=f"unsure {place} {kpi.id}")
            )  # fmt: skip
        text = short_effect(kpi, cell.median, MINUS)
        ink = "white" if abs(strength) > 0.72 else "#1a1a1a" if text.strip("0.") else "#8c8c8c"
        axes.text(position + 0.5, row + 0.52, text, ha="center",
                  va="center", fontsize=9, color=ink,
                  gid=f"{place} {kpi.id}")  # fmt: skip


def includes_zero(low: float, high: float, least: float = 0.0) -> bool:
    """Whether a band includes zero; one that shows as nothing but zero is sure: no effect."""
    return bool(low <= 0.0 <= high and max(-low, high) > least)


def _frame(
    axes: Any, columns: Sequence[Kpi], places: Sequence[str], regions: int, region: Region | None
) -> None:
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(places), 0)
    names = place_names(places, region)
    axes.set_yticks(np.arange(len(places)) + 0.5, [shortened(names[p], _LONGEST) for p in places])
    axes.set_xticks(np.arange(len(columns)) + 0.5, [_head(kpi) for kpi in columns])
    axes.tick_params(axis="x", labeltop=True, labelbottom=False, length=0, labelrotation=90, pad=4)
    axes.tick_params(axis="y", length=0, pad=4)
    for label, kpi in zip(axes.get_xticklabels(), columns, strict=True):
        label.set(ha="center", va="bottom", multialignment="left", linespacing=1.05)
        label.set_fontweight("bold" if kpi.id in BY_ID and kpi.headline else "normal")
    for label in axes.get_yticklabels()[:regions]:
        label.set_fontweight("bold")
    if regions and regions < len(places):
        axes.axhline(regions, color="#333333", lw=1.2)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _head(kpi: Kpi) -> str:
    """A column's head: the KPI and the unit of its effect, in at most three lines."""
    text = f"{kpi.title}, {effect_unit(kpi)}"
    for most in (19, 22) if kpi.headline else (21, 25):
        lines = textwrap.wrap(text, most)
        if len(lines) <= 3:
            return "\n".join(lines)
    return "\n".join(textwrap.wrap(text, 25, max_lines=3, placeholder=" …"))


def _marks(axes: Any, columns: Sequence[Kpi]) -> None:
    """The grade of each KPI's evidence, small below its column."""
    if any(kpi.mark for kpi in columns):
        axes.text(-0.1, -0.008, "evidence", transform=axes.get_xaxis_transform(), ha="right",
                  va="top", fontsize=8, color=GREY)  # fmt: skip
    for position, kpi in enumerate(columns):
        axes.text(
            position + 0.5, -0.008, kpi.mark, transform=axes.get_xaxis_transform(), ha="center",
            va="top", fontsize=8, color=GREY,
        )  # fmt: skip


def _group_heads(axes: Any, groups: dict[str, list[str]]) -> None:
    """The name of each group above its columns, and a line between groups."""
    start = 0
    transform = axes.get_xaxis_transform()
    line = (_HEADS - _BOTTOM) / (_TOP - _BOTTOM)
    for name, listed in groups.items():
        end = start + len(listed)
        axes.plot([start + 0.08, end - 0.08], [line, line], transform=transform, clip_on=False,
                  color=GREY, lw=1.2)  # fmt: skip
        axes.text((start + end) / 2, line + 0.01, name, transform=transform, ha="center",
                  va="bottom", fontsize=10, fontweight="bold", color="#333333")  # fmt: skip
        if start:
            axes.axvline(start, color="white", lw=4)
        start = end


def _key(figure: Figure) -> None:
    """Worse to better, and the hatch, at the foot."""
    axes = figure.add_axes((0.70, 0.94, 0.285, 0.028))
    axes.set_xlim(0, 10)
    axes.set_ylim(0, 1)
    axes.axis("off")
    colours, norm = colormaps[_MAP], Normalize(-1.25, 1.25)
    for step, strength in enumerate(np.linspace(-1, 1, 9)):
        axes.add_patch(
            Rectangle((2 + 0.5 * step, 0.1), 0.5, 0.8, facecolor=colours(norm(strength)))
        )
    axes.text(1.9, 0.5, "worse", ha="right", va="center", fontsize=9)
    axes.text(6.6, 0.5, "better (by column)", ha="left", va="center", fontsize=9)
