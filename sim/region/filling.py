"""Completing the indicators: interpolation, extrapolation and estimates, each figure marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.region.indicators import INDICATORS, Indicator
from sim.region.layout import FIRST_YEAR
from sim.region.reading import Table

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

#: How a figure came about; arrays hold the position in this list.
STATUSES = ("observed", "interpolated", "carried", "extrapolated", "estimated")
OBSERVED, INTERPOLATED, CARRIED, EXTRAPOLATED, ESTIMATED = range(5)

#: Arrays reach at least to this year.
LAST_FILLED_YEAR = 2024
#: Window of the pooled drift, in years, and number of figures behind an own rate of growth.
DRIFT_YEARS = 8
GROWTH_FIGURES = 5
#: Shares are kept this far from 0 and 1 before the logit is taken.
_EDGE = 1e-6


@dataclass(frozen=True)
class Filled:
    """One indicator, complete: arrays of shape (economy, year) in model units.

    ``values`` are never NaN; ``status`` holds positions in ``STATUSES``; ``source`` the row of
    indicators.csv that the figure rests on (-1 for an estimate).
    """

    values: Array
    status: Codes
    source: NDArray[np.int64]


@dataclass(frozen=True)
class Panel:
    """Every indicator for which there is a figure, completed for all member economies."""

    economies: tuple[str, ...]
    years: NDArray[np.int64]
    filled: dict[str, Filled]


def complete(
    table: Table, economies: tuple[str, ...], base_year: int, last_year: int = LAST_FILLED_YEAR
) -> Panel:
    """Complete every indicator of the table for the economies, in the order of the registry.

    All economies given take part in pooled drifts and regressions. The years reach to the last
    figure, or to ``last_year`` if that is later.
    """
    year_column = np.array(table["year"], dtype=np.int64)
    last = max(last_year, int(year_column.max(initial=LAST_FILLED_YEAR)))
    years = np.arange(FIRST_YEAR, last + 1)
    position = {code: i for i, code in enumerate(economies)}
    rows_of: dict[str, list[int]] = {name: [] for name in INDICATORS}
    for row, (code, name) in enumerate(zip(table["iso3"], table["indicator"], strict=True)):
        if code in position:
            rows_of[name].append(row)
    values = table.numbers("value")
    filled: dict[str, Filled] = {}
    for name, indicator in INDICATORS.items():
        raw = np.full((len(economies), len(years)), np.nan)
        source = np.full(raw.shape, -1, dtype=np.int64)
        for row in rows_of[name]:
            place = position[table["iso3"][row]], int(year_column[row]) - FIRST_YEAR
            raw[place] = values[row] * indicator.scale
            source[place] = row
        if rows_of[name] or indicator.constant is not None:
            filled[name] = _fill(indicator, raw, source, filled, base_year - FIRST_YEAR)
    return Panel(economies, years, filled)


def _fill(
    indicator: Indicator,
    raw: Array,
    source: NDArray[np.int64],
    filled: dict[str, Filled],
    base: int,
) -> Filled:
    """Complete one indicator. ``raw`` is NaN where nothing was observed."""
    observed = np.isfinite(raw)
    scaled = _forward(indicator, raw)
    status = np.where(observed, OBSERVED, ESTIMATED).astype(np.int8)
    drift = _pooled_drift(scaled, observed) if indicator.after == "pooled_logit_drift" else 0.0
    known: Flags = np.asarray(observed.any(axis=1))
    for i in np.flatnonzero(known):
        _fill_economy(indicator, scaled[i], status[i], source[i], observed[i], drift)
    if not known.all():
        scaled[~known] = _estimates(indicator, scaled[:, base], known, filled, base)[:, None]
    values = np.where(observed, raw, _backward(indicator, scaled))
    values.setflags(write=False)
    return Filled(values, status, source)


def _fill_economy(
    indicator: Indicator,
    scaled: Array,
    status: Codes,
    source: NDArray[np.int64],
    observed: Flags,
    drift: float,
) -> None:
    """Complete one economy's path in place, on the scale of the indicator; shapes (year,)."""
    at = np.flatnonzero(observed)
    first, last = at[0], at[-1]
    years = np.arange(len(scaled))
    scaled[:] = np.interp(years, at, scaled[at])
    # A figure between two others, or after the last, rests on the one before it.
    source[:] = source[at[np.clip(np.searchsorted(at, years, side="right") - 1, 0, None)]]
    between = ~observed & (years > first) & (years < last)
    before, after = years < first, years > last
    status[between] = INTERPOLATED
    status[before] = CARRIED
    status[after] = CARRIED if indicator.after == "carry" else EXTRAPOLATED
    if indicator.after == "pooled_logit_drift":
        scaled[after] += drift * (years[after] - last)
    elif indicator.after == "own_growth":
        recent = at[-(GROWTH_FIGURES + 1) :]
        if len(recent) > 1:
            rate = float(np.median(np.diff(scaled[recent]) / np.diff(recent)))
            scaled[after] += rate * (years[after] - last)


def _pooled_drift(scaled: Array, observed: Flags) -> float:
    """The median over economies of the mean yearly change in the last eight years with figures.

    ``scaled`` and ``observed`` have the shape (economy, year).
    """
    end = int(np.flatnonzero(observed.any(axis=0))[-1])
    changes = []
    for path, seen in zip(scaled, observed, strict=True):
        at = np.flatnonzero(seen)
        at = at[at >= end - DRIFT_YEARS]
        if len(at) > 1:
            changes.append((path[at[-1]] - path[at[0]]) / (at[-1] - at[0]))
    return float(np.median(changes)) if changes else 0.0


def _estimates(
    indicator: Indicator, scaled: Array, known: Flags, filled: dict[str, Filled], base: int
) -> Array:
    """Figures for economies without any, on the scale of the indicator.

    ``scaled`` and ``known`` have the shape (economy,), at the base year. Ordinary least squares on
    the predictors at the base year; never beyond the range of the economies that have figures. With
    fewer than three economies more than coefficients, the median; without any, the typical value.
    """
    missing = int((~known).sum())
    if indicator.constant is not None and (indicator.missing == "constant" or not known.any()):
        typical = np.array([indicator.constant * indicator.scale])
        return np.full(missing, _forward(indicator, typical)[0])
    seen = scaled[known]
    columns = [np.ones(len(known))]
    for name in indicator.predictors:
        if name in filled:
            columns.append(_forward(INDICATORS[name], filled[name].values[:, base]))
    if len(seen) < len(columns) + 3:
        return np.full(missing, np.median(seen))
    design = np.column_stack(columns)
    coefficients = np.linalg.lstsq(design[known], seen, rcond=None)[0]
    fitted: Array = np.clip(design[~known] @ coefficients, seen.min(), seen.max())
    return fitted


def _forward(indicator: Indicator, values: Array) -> Array:
    """Model units to the scale on which the indicator is completed."""
    if indicator.between == "log":
        return np.log(values)
    if indicator.between == "logit":
        share = np.clip(values, _EDGE, 1 - _EDGE)
        return np.log(share / (1 - share))
    return values.copy()


def _backward(indicator: Indicator, scaled: Array) -> Array:
    """The scale back to model units, within the indicator's range."""
    low, high = indicator.low * indicator.scale, indicator.high * indicator.scale
    if indicator.between == "log":
        return np.exp(np.clip(scaled, np.log(low), np.log(high)))
    if indicator.between == "logit":
        return 1 / (1 + np.exp(-np.clip(scaled, -50, 50)))
    return np.clip(scaled, low, high)
