"""Small multiples: how many rows and columns, and which panel is large."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

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
