"""Fan charts: a policy's bands against the baseline's, one panel a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.history import History, history, history_source
from sim.report.style import BLUE, GREY, INK, ORANGE, band_words, new_figure, styled
from sim.report.words import (
    MINUS,
    effect_text,
    effect_unit,
    is_bounded,
    kpi_of,
    place_names,
    shortened,
    split_places,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.kpi.registry import Kpi
    from sim.region.region import Region

#: Where the panels are on the slide, as shares of it: left, right, bottom, top.
_PANELS = (0.062, 0.985, 0.105, 0.80)
_SHAPE = 1.45


@dataclass(frozen=True)
class _Panel:
    """What one panel shows."""

    place: str
    name: str
    policy: pd.DataFrame
    baseline: pd.DataFrame | None
    past: History | None
    effect: pd.Series | None


@styled
def fan_chart(
    projections: pd.DataFrame,
    scenario: str,
    baseline: str | None,
    kpi: str,
    places: Sequence[str] | None = None,
    *,
    region: Region | None = None,
    effects: pd.DataFrame | None = None,
    members: int | None = None,
    policy_years: tuple[int, int] | None = None,
    parameters: str = "prior parameters",
) -> Figure:
    """A policy's median with 50 and 90 % bands against the baseline, small multiples by place.

    The first place is drawn largest; without ``places`` that is the whole region. ``region`` adds
    names and published history, ``effects`` the median effect of the last year to each panel, and
    ``policy_years`` shades the first to the last year of the programmes.
    """
    measure = kpi_of(kpi)
    rows = projections[projections["kpi"] == kpi]
    if places is None:
        economies, regions = split_places(projections, region)
        places = (*regions, *economies)
    panels = _panels(rows, scenario, baseline, measure, places, region, effects)
    last = int(rows["year"].max())
    figure = new_figure(
        f"{measure.title}, {measure.unit}" if measure.unit else measure.title,
        _subtitle(scenario, baseline, last, measure, panels),
        _footer(region, kpi, members, parameters),
    )
    limits = _shared_limits(measure, panels)
    base_year = region.base_year if region is not None else int(rows["year"].min())
    grid = _grid(figure, len(panels), limits is not None)
    for axes, panel in zip(grid, panels, strict=True):
        large = axes is figure.axes[0] or len(panels) <= 4
        _draw(axes, panel, measure, base_year, policy_years, large)
        _scale(axes, panel, limits, 5 if large else 3)
    first_year = min([base_year, *(int(p.past.years[0]) for p in panels if p.past is not None)])
    _finish_axes(figure, measure, limits is not None, first_year, base_year, last)
    _legend(figure, panels, base_year, policy_years, baseline)
    return figure


def _panels(
    rows: pd.DataFrame,
    scenario: str,
    baseline: str | None,
    kpi: Kpi,
    places: Sequence[str],
    region: Region | None,
    effects: pd.DataFrame | None,
) -> list[_Panel]:
    names = place_names(places, region)
    change = None
    if effects is not None:
        kept = (effects["kpi"] == kpi.id) & (effects["scenario"] == scenario)
        change = effects[kept & (effects["year"] == rows["year"].max())].set_index("economy")
    found = []
    for place in places:
        here = rows[rows["economy"] == place].sort_values("year")
        effect = change.loc[place] if change is not None and place in change.index else None
        found.append(
            _Panel(
                place,
                names[place],
                here[here["scenario"] == scenario],
                None if baseline is None else here[here["scenario"] == baseline],
                history(region, kpi.id, place),
                effect,
            )
        )
    return found


def _subtitle(
    scenario: str, baseline: str | None, last: int, kpi: Kpi, panels: list[_Panel]
) -> str:
    text = shortened(scenario, 60)
    if baseline is not None:
        text += f" against {shortened(baseline, 60)}"
    text += f", to {last}"
    if any(panel.effect is not None for panel in panels):
        unit = {"pp": "percentage points", "%": "% of the baseline"}.get(
            effect_unit(kpi), effect_unit(kpi)
        )
        text += f". In blue: median effect in {last}, {unit} (90 % band)"
    return text


def _footer(region: Region | None, kpi: str, members: int | None, parameters: str) -> str:
    source = history_source(region, kpi)
    text = "Source: digiregion" + (f"; history: {source}" if source else "")
    return f"{text}. {band_words(members, parameters).capitalize()}."


def _grid(figure: Figure, count: int, shared: bool) -> list[Any]:
    """Axes in reading order: the first takes two rows and two columns where there are many."""
    big = 2 if count > 3 else 1
    cells = count - 1 + big * big
    left, right, bottom, top = _PANELS
    width, height = figure.get_size_inches()
    wide = (right - left) * width / ((top - bottom) * height)
    best = min(
        range(big, cells + 1),
        key=lambda rows: _misfit(rows, math.ceil(cells / rows), cells, wide),
    )
    columns = max(math.ceil(cells / best), big)
    grid = figure.add_gridspec(
        best, columns, left=left, right=right, bottom=bottom, top=top,
        wspace=(0.16 if shared else 0.26) * (1.0 if columns < 6 else 1.3),
        hspace=0.42 if best > 2 else 0.26,
    )  # fmt: skip
    axes = [figure.add_subplot(grid[:big, :big])]
    free = [(row, column) for row in range(best) for column in range(columns)
            if row >= big or column >= big]  # fmt: skip
    axes += [figure.add_subplot(grid[row, column]) for row, column in free[: count - 1]]
    return axes


def _misfit(rows: int, columns: int, cells: int, wide: float) -> float:
    """How far a grid is from panels of a pleasing shape without empty cells."""
    shape = wide * rows / columns
    return abs(math.log(shape / _SHAPE)) + 0.08 * (rows * columns - cells)


def _draw(
    axes: Any,
    panel: _Panel,
    kpi: Kpi,
    base_year: int,
    policy_years: tuple[int, int] | None,
    banded: bool,
) -> None:
    if policy_years is not None:
        start, end = policy_years
        axes.axvspan(start - 0.5, end + 0.5, 0.0, 0.035, color=ORANGE, lw=0, zorder=7)
    axes.axvline(base_year, color=GREY, lw=0.8, ls=":", zorder=1)
    if panel.baseline is not None and len(panel.baseline):
        _fan(axes, panel.baseline, "baseline")
    if len(panel.policy):
        _fan(axes, panel.policy, "policy")
    if panel.past is not None:
        axes.plot(panel.past.years, panel.past.values, ls="", marker="o", ms=2.6, color=INK,
                  zorder=6, gid="history")  # fmt: skip
    axes.set_title(panel.name, loc="left", fontsize=9.5, fontweight="bold", pad=3)
    if panel.effect is not None:
        text = _effect(kpi, panel.effect, banded)
        axes.set_title(text, loc="right", fontsize=9.5, color=BLUE, fontweight="bold", pad=3)


def _effect(kpi: Kpi, effect: pd.Series, banded: bool) -> str:
    """The median effect, with its 90 % band where there is room for it."""
    middle, low, high = (effect_text(kpi, effect[q], MINUS) for q in ("median", "q05", "q95"))
    return f"{middle} ({low} to {high})" if banded else middle


def _fan(axes: Any, rows: pd.DataFrame, kind: str) -> None:
    """Bands and median of one scenario; each line carries a name by which it can be found."""
    years = rows["year"].to_numpy()
    q = {name: rows[name].to_numpy() for name in ("q05", "q25", "median", "q75", "q95")}
    if kind == "policy":
        axes.fill_between(years, q["q05"], q["q95"], color=BLUE, alpha=0.18, lw=0, zorder=2)
        axes.fill_between(years, q["q25"], q["q75"], color=BLUE, alpha=0.32, lw=0, zorder=3)
        axes.plot(years, q["median"], color=BLUE, lw=1.8, zorder=5, gid="policy median")
        return
    for name in ("q05", "q95"):
        axes.plot(years, q[name], color=GREY, lw=0.9, ls=(0, (2, 2)), zorder=4,
                  gid=f"baseline {name}")  # fmt: skip
    axes.plot(years, q["median"], color="#333333", lw=1.4, ls=(0, (4, 2)), zorder=5.5,
              gid="baseline median")  # fmt: skip


def _shared_limits(kpi: Kpi, panels: list[_Panel]) -> tuple[float, float] | None:
    """Limits that all panels share; None for money, where economies differ a thousandfold."""
    if is_bounded(kpi):
        return 0.0, 100.0
    if kpi.effect == "percent":
        return None
    return _limits(panels)


def _limits(panels: list[_Panel]) -> tuple[float, float]:
    values = [np.zeros(1)]
    for panel in panels:
        for frame in (panel.policy, panel.baseline):
            if frame is not None:
                values += [frame["q05"].to_numpy(), frame["q95"].to_numpy()]
        if panel.past is not None:
            values.append(panel.past.values)
    every = np.concatenate(values)
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    room = 0.06 * (high - low) or 1.0
    return low - room if low < 0 else 0.0, high + room


def _scale(axes: Any, panel: _Panel, limits: tuple[float, float] | None, ticks: int) -> None:
    low, high = limits or _limits([panel])
    axes.set_ylim(low, high + (0.02 * (high - low) if high == 100 else 0.0))
    if (low, high) == (0.0, 100.0):
        axes.set_yticks([0, 50, 100])
        axes.set_yticks([25, 75], minor=True)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(axis="y", which="both", color="#e4e4e4", lw=0.6)
    axes.set_axisbelow(True)


def _finish_axes(
    figure: Figure, kpi: Kpi, shared: bool, first: int, base_year: int, last: int
) -> None:
    """Labels at the outer edges only, where all panels share their scale."""
    edge = min(axes.get_subplotspec().colspan.start for axes in figure.axes)
    small = figure.axes[-1].get_subplotspec().get_gridspec().ncols > 4 and len(figure.axes) > 4
    few_years = figure.axes[-1].get_subplotspec().get_gridspec().ncols > 5
    bottom: dict[int, Any] = {}
    for axes in figure.axes:
        for column in axes.get_subplotspec().colspan:
            lower = bottom.get(column)
            row = axes.get_subplotspec().rowspan.stop
            if lower is None or row > lower.get_subplotspec().rowspan.stop:
                bottom[column] = axes
    for axes in figure.axes:
        axes.set_xlim(first - 0.7, last + 0.4)
        narrow = small and axes is not figure.axes[0]
        axes.set_xticks([base_year, last] if narrow and few_years else _years(first, base_year, last))
        axes.yaxis.set_major_formatter(FuncFormatter(_short_tick if narrow else _tick))
        axes.tick_params(length=2.5, pad=2)
        if axes not in bottom.values() and axes is not figure.axes[0]:
            axes.tick_params(labelbottom=False)
        if shared and axes.get_subplotspec().colspan.start != edge:
            axes.tick_params(labelleft=False)
    unit = kpi.unit or kpi.title
    note = "" if shared else " (own scale in each panel)"
    figure.supylabel(shortened(unit + note, 70), x=0.008, fontsize=10.5)


def _years(first: int, base_year: int, last: int) -> list[int]:
    """A year every five or ten, with the base year and the last."""
    step = 5 if last - base_year <= 15 else 10
    between = [year for year in range(first, last) if year % step == 0]
    ends = (base_year, last)
    return sorted({*ends, *(y for y in between if min(abs(y - end) for end in ends) > 3)})


def _tick(value: float, _: Any) -> str:
    return f"{value:,.6g}".replace("-", MINUS)


def _short_tick(value: float, _: Any) -> str:
    """Thousands as k, where panels are narrow."""
    thousands = abs(value) >= 1000
    return (f"{value / 1000:,.6g}k" if thousands else f"{value:,.6g}").replace("-", MINUS)


def _legend(
    figure: Figure,
    panels: list[_Panel],
    base_year: int,
    policy_years: tuple[int, int] | None,
    baseline: str | None,
) -> None:
    handles: list[Any] = [
        Line2D([], [], color=BLUE, lw=1.8, label="Policy median"),
        Patch(color=BLUE, alpha=0.45, lw=0, label="50 % band"),
        Patch(color=BLUE, alpha=0.18, lw=0, label="90 % band"),
    ]
    if baseline is not None:
        grey = Line2D([], [], color="#333333", lw=1.4, ls=(0, (4, 2)), label="Baseline median")
        edge = Line2D([], [], color=GREY, lw=0.9, ls=(0, (2, 2)), label="90 % band")
        handles += [grey, edge]
    if any(panel.past is not None for panel in panels):
        handles.append(Line2D([], [], color=INK, ls="", marker="o", ms=3, label="Published"))
    handles.append(Line2D([], [], color=GREY, lw=0.8, ls=":", label=f"Base year {base_year}"))
    if policy_years is not None:
        years = f"Programmes {policy_years[0]}-{policy_years[1]}"
        handles.append(Line2D([], [], color=ORANGE, lw=4, label=years))
    figure.legend(handles=handles, loc="upper left", bbox_to_anchor=(0.029, 0.885), ncols=8,
                  columnspacing=1.2, handlelength=1.7, borderaxespad=0.0)  # fmt: skip
