"""How arrays lie in memory, and sums over their last, short axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.model.quantities.declare import Array


def planes(values: Array) -> Array:
    """The same numbers with the last, short axis first in memory.

    Zones, cohorts, provisions, levers and payers are a handful of numbers an economy. Kept apart as
    planes of members by economies they are added and multiplied twice as fast as side by side.
    NumPy passes the order on from arrays to what is computed of them, unless one of them differs.
    """
    return _first_last(np.ascontiguousarray(np.moveaxis(values, -1, 0)))


def stacked(parts: Sequence[Array]) -> Array:
    """Arrays of one shape along a new last, short axis, as ``planes``."""
    return _first_last(np.stack(parts))


def blank_planes(shape: tuple[int, ...], length: int) -> Array:
    """Zeros with a last, short axis after those of ``shape``, as ``planes``."""
    return _first_last(np.zeros((length, *shape)))


def _first_last(values: Array) -> Array:
    """A view with the first axis as the last."""
    return values.transpose(*range(1, values.ndim), 0)


def total(values: Array) -> Array:
    """Sum over the last, short axis."""
    return np.asarray(values.sum(axis=-1))


def mean(values: Array) -> Array:
    """Mean over the last, short axis."""
    return total(values) / values.shape[-1]
