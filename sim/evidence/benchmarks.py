"""Evidence: the simple forecasts that the model has to beat, as ensembles."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, nearest_name
from sim.evidence.known import SERIES, Array, Known
from sim.evidence.scores import library

#: Years of the past that drifts and growth are taken from (own drift: ``OWN_YEARS``).
RECENT_YEARS = 8
OWN_YEARS = 5
#: Shares are kept this far from 0 and 1 before the logit: half a point is below what surveys see.
EDGE = 0.005
#: The smoothing is fitted to hundredths: on log GDP itself the optimiser stops at its start.
ETS_FACTOR = 100.0
#: Smoothing, initial level and trend, and damping: five parameters; an own drift below six figures.
ETS_PARAMETERS = 5
ETS_FIGURES = 6
#: Persistence of growth stays below this.
LARGEST_PERSISTENCE = 0.95


@dataclass(frozen=True, eq=False)
class _Past:
    """The figures of a series up to the origin on the scale of a benchmark, (economy, year).

    ``rates`` are yearly changes since the figure before, at the year of the later figure, and
    ``spans`` the years between the two; NaN elsewhere. ``last`` (economy,) are the last figures
    (NaN without any) and ``gap`` the years from them to the origin.
    """

    figures: Array
    rates: Array
    spans: Array
    last: Array
    gap: NDArray[np.int64]


Forecaster = Callable[[Known, str, Array], Array]


def forecast(name: str, known: Known, series: str, *, members: int = 1000, seed: int = 1) -> Array:
    """The forecast of a benchmark, (economy, horizon, member): years origin + 1 to ``known.last``.

    Units as in ``known.figures``. NaN for an economy without a figure up to the origin. Draws
    depend on ``seed`` alone, so that all benchmarks share them and a forecast for a year does not
    depend on how many years follow. Raises ``InputError`` for names that are unknown, or where no
    economy has two figures up to the origin.
    """
    choices = names(series)
    if name not in choices:
        near, allowed = nearest_name(name, choices), ", ".join(choices)
        message = f"no such benchmark of {series}"
        problem = Problem(message, field="benchmark", value=name, allowed=allowed, nearest=near)
        raise InputError([problem])
    if members < 2:
        raise InputError([Problem("too few", field="members", value=members, allowed="2 or more")])
    past = _past(known.figures[series])
    if not np.isfinite(past.rates).any():
        message = (
            f"no economy has two figures up to {known.origin}, so that benchmarks have no past"
        )
        remedy = "add earlier figures, or choose a later origin"
        raise InputError([Problem(message, field=series, remedy=remedy)])
    longest = int(past.gap.max(initial=0)) + known.horizons
    shape = (1 + longest, len(known.economies), members)
    draws = np.random.Generator(np.random.Philox(seed)).standard_normal(shape)
    return FORECASTERS[name](known, series, draws)


def names(series: str) -> tuple[str, ...]:
    """The benchmarks of a series, simplest first. Raises ``InputError`` for no such series."""
    if series not in SERIES:
        allowed = ", ".join(SERIES)
        raise InputError([Problem("no such series", field="series", value=series, allowed=allowed)])
    return tuple(name for name in FORECASTERS if series == "gdp" or name != "pooled_ar1")


def _random_walk(known: Known, series: str, draws: Array) -> Array:
    """The last figure; spread by the root mean square of own changes."""
    past = _past(known.figures[series])
    still = np.zeros(len(past.last))
    deviation = _own_deviation(past, still, RECENT_YEARS, parameters=0)
    return _bounded(series, _walk(past, still, deviation, known.horizons, draws))


def _own_drift(known: Known, series: str, draws: Array) -> Array:
    """Random walk with the own mean change of the last five years (Hyndman and Athanasopoulos
    2021, 5.2): variance s2 h (1 + h / n)."""
    past = _past(known.figures[series])
    return _bounded(series, _drifting(past, OWN_YEARS, known.horizons, draws))


def _own_logit(known: Known, series: str, draws: Array) -> Array:
    """The own mean change of the logit (log, for GDP) in the last eight years, as own drift."""
    past = _past(_forward(series, known.figures[series]))
    return _backward(series, _drifting(past, RECENT_YEARS, known.horizons, draws))


def _half_pooled_logit(known: Known, series: str, draws: Array) -> Array:
    """Half the own drift of the logit and half the region's; spread as ``pooled_logit``."""
    past = _past(_forward(series, known.figures[series]))
    drift = 0.5 * _own_mean(past, RECENT_YEARS) + 0.5 * _regional_change(past)
    return _pooled(past, drift, known, series, draws)


def _pooled_logit(known: Known, series: str, draws: Array) -> Array:
    """The median of all yearly changes of the logit (log, for GDP) in the last eight years.

    Spread by the root mean square of all changes about it, which accumulates as in a random walk.
    """
    past = _past(_forward(series, known.figures[series]))
    drift = np.full(len(past.last), _regional_change(past))
    return _pooled(past, drift, known, series, draws)


def _pooled_means(known: Known, series: str, draws: Array) -> Array:
    """As ``pooled_logit``, with the median over economies of own mean changes: the rule by which
    the tables' missing internet users are filled."""
    past = _past(_forward(series, known.figures[series]))
    typical = float(np.median(_own_mean(past, RECENT_YEARS)))
    return _pooled(past, np.full(len(past.last), typical), known, series, draws)


def _pooled_ar1(known: Known, series: str, draws: Array) -> Array:
    """AR(1) of the yearly growth of GDP, in logs.

    Mean growth is half the own mean and half the regional median of the last eight years (shrunk);
    persistence (least squares) and the variance of residuals are the region's over all years.
    """
    past = _past(known.figures[series])
    growth = np.diff(_joined(past.figures), axis=1)
    mean = 0.5 * _own_mean(past, RECENT_YEARS) + 0.5 * _regional_change(past)
    apart = growth - mean[:, None]
    before, after = apart[:, :-1], apart[:, 1:]
    both = np.isfinite(before) & np.isfinite(after)
    if not both.any():
        return _drifting(past, RECENT_YEARS, known.horizons, draws)
    persistence = (before[both] * after[both]).sum() / max((before[both] ** 2).sum(), 1e-12)
    persistence = float(np.clip(persistence, 0.0, LARGEST_PERSISTENCE))
    deviation = float(np.sqrt(np.mean((after[both] - persistence * before[both]) ** 2)))
    latest = np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else 0 for row in apart])
    level, state, path = past.last[:, None], latest[:, None], []
    for normal in draws[1:]:
        state = persistence * state + deviation * normal
        level = level + mean[:, None] + state
        path.append(level)
    return _after_origin(np.array(path), past.gap, known.horizons)


def _damped_ets(known: Known, series: str, draws: Array) -> Array:
    """Damped trend with additive errors, ETS(A,Ad,N) (Hyndman, Koehler, Ord and Snyder 2008).

    Fitted to each economy by maximum likelihood; the variance of errors is the sum of squares over
    figures less parameters. Economies with too few figures, or where the fit fails, take the own
    drift.
    """
    past = _past(known.figures[series])
    paths = _drifting(past, OWN_YEARS, known.horizons, draws)
    for i, row in enumerate(_joined(past.figures)):
        figures = row[np.isfinite(row)] * ETS_FACTOR
        if np.isfinite(past.figures[i]).sum() < ETS_FIGURES or np.ptp(figures) == 0.0:
            continue
        simulated = _smoothed(figures, draws[1:, i]) / ETS_FACTOR
        if np.isfinite(simulated).all():
            paths[i] = simulated[past.gap[i] : past.gap[i] + known.horizons]
    return _bounded(series, paths)


def _smoothed(figures: Array, normals: Array) -> Array:
    """Paths after the last of ``figures``, (year, member); NaN where the fit fails."""
    model = library("statsmodels.tsa.exponential_smoothing.ets").ETSModel
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that stops early still is a forecast
        try:
            fit = model(figures, error="add", trend="add", damped_trend=True).fit(disp=False)
            deviation = np.sqrt(fit.sse / (len(figures) - ETS_PARAMETERS))
            years, members = normals.shape
            paths = fit.simulate(
                years, anchor="end", repetitions=members, random_errors=deviation * normals
            )
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return np.full(normals.shape, np.nan)
    return np.asarray(paths, dtype=float).reshape(normals.shape)


#: Every benchmark by name.
FORECASTERS: dict[str, Forecaster] = {
    "random_walk": _random_walk,
    "own_drift": _own_drift,
    "own_logit": _own_logit,
    "half_pooled_logit": _half_pooled_logit,
    "pooled_logit": _pooled_logit,
    "pooled_means": _pooled_means,
    "damped_ets": _damped_ets,
    "pooled_ar1": _pooled_ar1,
}


def _past(figures: Array) -> _Past:
    """Changes between successive figures. ``figures`` are NaN where nothing was published."""
    rates, spans = np.full(figures.shape, np.nan), np.full(figures.shape, np.nan)
    last, gap = np.full(len(figures), np.nan), np.zeros(len(figures), dtype=np.int64)
    for i, row in enumerate(figures):
        at = np.flatnonzero(np.isfinite(row))
        if len(at):
            last[i], gap[i] = row[at[-1]], len(row) - 1 - at[-1]
            spans[i, at[1:]] = np.diff(at)
            rates[i, at[1:]] = np.diff(row[at]) / np.diff(at)
    return _Past(figures, rates, spans, last, gap)


def _regional_change(past: _Past) -> float:
    """The median of all economies' yearly changes in the last eight years, or in all years."""
    recent = past.rates[:, -RECENT_YEARS:]
    return float(np.nanmedian(recent if np.isfinite(recent).any() else past.rates))


def _own_mean(past: _Past, years: int) -> Array:
    """Own mean yearly change in the last years, (economy,); the regional one without any."""
    rates, spans = past.rates[:, -years:], past.spans[:, -years:]
    length = np.nansum(spans, axis=1)
    mean = np.nansum(rates * spans, axis=1) / np.maximum(length, 1.0)
    return np.where(length > 0, mean, _regional_change(past))


def _own_deviation(past: _Past, drift: Array, years: int, parameters: int = 1) -> Array:
    """Standard deviation of own yearly changes about the drift, (economy,).

    The median of the others' where there are fewer than three changes, or none of any size.
    """
    errors = _errors(past, drift, years)
    count = np.isfinite(errors).sum(axis=1)
    variance = np.nansum(errors**2, axis=1) / np.maximum(count - parameters, 1)
    usable = (count >= 3) & (variance > 0.0)
    if not usable.any():
        return np.full(len(drift), _pooled_deviation(past, drift))
    return np.sqrt(np.where(usable, variance, np.median(variance[usable])))


def _pooled_deviation(past: _Past, drift: Array) -> float:
    """Root mean square of all economies' changes about their drift in the last eight years."""
    errors = _errors(past, drift, RECENT_YEARS)
    if not np.isfinite(errors).any():
        errors = _errors(past, drift, past.rates.shape[1])
    return float(np.sqrt(np.nanmean(errors**2)))


def _errors(past: _Past, drift: Array, years: int) -> Array:
    """Changes less the drift, per root of the years between figures, (economy, year)."""
    return (past.rates[:, -years:] - drift[:, None]) * np.sqrt(past.spans[:, -years:])


def _drifting(past: _Past, years: int, horizons: int, draws: Array) -> Array:
    """A walk with the own drift of the last years and its standard error."""
    drift = _own_mean(past, years)
    deviation = _own_deviation(past, drift, years)
    count = np.maximum(np.nansum(past.spans[:, -years:], axis=1), 1.0)
    return _walk(past, drift, deviation, horizons, draws, deviation / np.sqrt(count))


def _pooled(past: _Past, drift: Array, known: Known, series: str, draws: Array) -> Array:
    deviation = np.full(len(drift), _pooled_deviation(past, drift))
    return _backward(series, _walk(past, drift, deviation, known.horizons, draws))


def _walk(
    past: _Past,
    drift: Array,
    deviation: Array,
    horizons: int,
    draws: Array,
    drift_error: Array | float = 0.0,
) -> Array:
    """Last figure + drift h + accumulated errors, (economy, horizon, member).

    ``draws`` (1 + year, economy, member) are standard normal: the first for the error of the
    drift. Years count from the last figure, so that an old one is less sure.
    """
    steps = np.arange(1, len(draws))[:, None, None]
    path = past.last[:, None] + drift[:, None] * steps
    path = path + deviation[:, None] * np.cumsum(draws[1:], axis=0)
    path = path + np.asarray(drift_error)[..., None] * steps * draws[0]
    return _after_origin(path, past.gap, horizons)


def _after_origin(path: Array, gap: NDArray[np.int64], horizons: int) -> Array:
    """The years after the origin of paths (year since the last figure, economy, member)."""
    chosen = gap[:, None] + np.arange(horizons)
    return np.moveaxis(path, 0, 1)[np.arange(len(gap))[:, None], chosen]


def _joined(figures: Array) -> Array:
    """Linear between figures; NaN before the first and after the last."""
    joined = figures.copy()
    for row in joined:
        at = np.flatnonzero(np.isfinite(row))
        if len(at):
            inside = np.arange(at[0], at[-1] + 1)
            row[inside] = np.interp(inside, at, row[at])
    return joined


def _forward(series: str, figures: Array) -> Array:
    """Shares to their logit; log GDP as it is."""
    if series == "gdp":
        return np.array(figures)
    share = np.clip(figures, EDGE, 1.0 - EDGE)
    return np.log(share / (1.0 - share))


def _backward(series: str, paths: Array) -> Array:
    return paths if series == "gdp" else 1.0 / (1.0 + np.exp(-np.clip(paths, -50.0, 50.0)))


def _bounded(series: str, paths: Array) -> Array:
    """Shares and lines per person within 0 and 1."""
    return paths if series == "gdp" else np.clip(paths, 0.0, 1.0)
