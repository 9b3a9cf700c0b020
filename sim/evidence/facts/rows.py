"""Evidence: one check of a stylised fact as a row, the figures it cites, and ranges for them."""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import Array

#: Tables of cited figures and of published projections, each row with its source. Their columns:
#: ``cited.csv``: id, quantity, low, central, high (blank: none), unit, source, how_known;
#: ``projections.csv``: see ``projections.py``.
TABLES = Path(__file__).parent.parent / "tables"
COLUMNS = (
    "fact", "number", "statement", "model", "data", "unit", "low", "high", "agrees", "kind",
    "note", "source",
)  # fmt: skip
YES, NO, UNTESTED = "yes", "no", "not tested"
#: What a range asks: to be near a figure; or only to keep under a cap or on one side of a value,
#: which is easy, and is counted apart.
FIGURE, CAP = "figure", "cap"
OWN_TABLES = "the region's own tables"
#: Draws of economies for a range, and its share of them.
RESAMPLES = 400
BAND = (0.05, 0.95)
#: Fewer economies than this say nothing about differences between economies.
FEWEST = 5

Row = dict[str, object]


@dataclass(frozen=True)
class Fact:
    """One of the stylised facts: its number and short name."""

    number: int
    name: str

    def compare(
        self,
        statement: str,
        model: float,
        data: float,
        unit: str,
        between: tuple[float, float],
        note: str,
        source: str,
        kind: str = FIGURE,
    ) -> Row:
        """A row with the model's figure beside the data's.

        They agree if the model's lies in ``between`` (NaN: no bound), ends included; a model's
        figure that is NaN is not tested, and ``note`` says why. ``kind`` is what the range asks:
        FIGURE or CAP.
        """
        model, data, low, high = (round(float(value), 9) for value in (model, data, *between))
        if not math.isfinite(model):
            agrees = UNTESTED
        else:
            agrees = NO if model < low or model > high else YES
        values = (
            self.name, self.number, statement, model, data, unit, low, high, agrees, kind, note,
            source,
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    def untested(
        self, statement: str, why: str, *, data: float = math.nan, unit: str = "", source: str = ""
    ) -> Row:
        """A row that says why nothing can be compared, with the data's figure if there is one."""
        return self.compare(statement, math.nan, data, unit, (math.nan, math.nan), why, source)


@dataclass(frozen=True)
class Cited:
    """A figure of the literature: ``low`` and ``high`` are NaN where the source gives none."""

    low: float
    central: float
    high: float
    unit: str
    source: str
    how_known: str

    @property
    def between(self) -> tuple[float, float]:
        """Its range."""
        return self.low, self.high

    @property
    def told(self) -> str:
        """Its source, and whether that was read, remembered or computed from."""
        return f"{self.source} ({self.how_known})"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of this package."""
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(cell: str) -> float:
    """A cell as a number, NaN if it is blank."""
    return float(cell) if cell else math.nan


@functools.cache
def cited() -> Mapping[str, Cited]:
    """The figures of ``cited.csv`` by id."""
    found = {
        row["id"]: Cited(
            number(row["low"]), number(row["central"]), number(row["high"]), row["unit"],
            row["source"], row["how_known"],
        )
        for row in table("cited.csv")
    }  # fmt: skip
    return MappingProxyType(found)


def range_over_economies(
    statistic: Callable[[NDArray[np.intp]], float], economies: int, seed: int
) -> tuple[float, float]:
    """5 % and 95 % quantiles of a statistic over economies drawn with replacement.

    ``statistic`` takes positions of economies (Efron and Tibshirani 1993). NaN where it is never
    defined.
    """
    random = np.random.Generator(np.random.Philox(seed))
    drawn = random.integers(economies, size=(RESAMPLES, economies))
    values = np.array([statistic(positions) for positions in drawn])
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan
    low, high = np.quantile(values, BAND)
    return float(low), float(high)


def middle(values: Array) -> float:
    """The median of the numbers that are known, NaN without any."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else math.nan


def correlation(one: Array, other: Array) -> float:
    """Pearson's correlation; NaN for fewer than three pairs or without variation."""
    if len(one) < 3 or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return math.nan
    return float(np.corrcoef(one, other)[0, 1])


def ranks(values: Array) -> Array:
    """Ranks from 0, ties at their mean (Spearman's correlation is that of ranks)."""
    return np.array([(values < v).sum() + 0.5 * ((values == v).sum() - 1) for v in values])
