"""Small multiples: how many rows and columns, which panel is large, and labels at the edges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import FuncFormatter

from sim.report.style import cell
from sim.report.words import MINUS, shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Where the panels are on a slide, as shares of it: left, right, bottom, top.
_PANELS = (0.062, 0.985, 0.105, 0.80)
_SHAPE = 1.45


def panel_grid(figure: Figure, count: int, shared: bool) -> list[Any]:
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
        wspace=(0.16 if shared else 0.26) * (1.0 if columns < 6 else 1.15),
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
    return abs(math.log(shape / _SHAPE)) + 0.2 * (rows * columns - cells)


def finish_axes(
    figure: Figure, unit: str, shared: bool, first: int, base_year: int, last: int
) -> None:
    """Labels at the outer edges only, where all panels share their scale."""
    edge = min(cell(axes).colspan.start for axes in figure.axes)
    small = cell(figure.axes[-1]).get_gridspec().ncols > 4 and len(figure.axes) > 4
    few_years = cell(figure.axes[-1]).get_gridspec().ncols > 5
    bottom: dict[int, Any] = {}
    for axes in figure.axes:
        for column in cell(axes).colspan:
            lower = bottom.get(column)
            row = cell(axes).rowspan.stop
            if lower is None or row > cell(lower).rowspan.stop:
                bottom[column] = axes
    for axes in figure.axes:
        axes.set_xlim(first - 0.7, last + 0.4)
        narrow = small and axes is not figure.axes[0]
        axes.set_xticks(
            [base_year, last] if narrow and few_years else _years(first, base_year, last)
        )
        axes.yaxis.set_major_formatter(FuncFormatter(_short_tick if narrow else _tick))
        axes.tick_params(length=2.5, pad=2)
        if axes not in bottom.values() and axes is not figure.axes[0]:
            axes.tick_params(labelbottom=False)
        if shared and cell(axes).colspan.start != edge:
            axes.tick_params(labelleft=False)
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
