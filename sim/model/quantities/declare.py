"""How a quantity is declared: once, with its axes, unit, range, meaning and source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

INF = float("inf")
USD = "USD, constant 2015 prices"


@dataclass(frozen=True)
class Quantity:
    """What one array means: ``axes`` in order, ``unit``, closed range, meaning and source."""

    name: str
    axes: tuple[str, ...]
    unit: str
    low: float
    high: float
    meaning: str
    source: str


def quantity(
    axes: str, unit: str, low: float, high: float, meaning: str, source: str = "model"
) -> Any:
    """Declare a field of State, Levers or Draws (axes separated by blanks)."""
    return field(
        metadata={
            "axes": tuple(axes.split()),
            "unit": unit,
            "low": low,
            "high": high,
            "meaning": meaning,
            "source": source,
        }
    )


def quantities(kind: Any) -> Iterator[Quantity]:
    """Every quantity that a class of this module declares, in order."""
    for item in fields(kind):
        if "axes" in item.metadata:
            yield Quantity(name=item.name, **item.metadata)
