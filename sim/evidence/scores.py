"""Evidence: how well forecasts did: CRPS, errors, bands, ranks, and skill with its interval."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.evidence.known import Array, Flags

#: Share of the members in each band.
BANDS = (0.5, 0.9)
PIT_BINS = 10
#: A CRPS below this, in the unit of the series, is rounding: the forecast was exact.
EXACT = 1e-9
#: Economies with scored figures that an interval over economies needs.
LEAST_ECONOMIES = 2


@dataclass(frozen=True)
class Unit:
    """What a series is called, and the unit in which it is scored: figure x ``factor``."""

    factor: float
    words: str
    title: str


#: Units of scores by series.
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "internet_users": Unit(100.0, "percentage points", "Internet users"),
        "fixed_broadband": Unit(100.0, "subscriptions per 100 people", "Fixed broadband"),
        "gdp": Unit(1.0, "log points", "Log GDP"),
    }
)


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of the forecasts from one origin, (economy, horizon); NaN where nothing was observed.

    ``crps`` and ``error`` (of the median, absolute) are in the unit of the series; ``inside_50``
    and ``inside_90`` are 1 where the central band holds the figure, else 0; ``pit`` is the
    figure's place among the members, 0 to 1.
    """

    crps: Array
    error: Array
    inside_50: Array
    inside_90: Array
    pit: Array

    @property
    def counted(self) -> Flags:
        """Which pairs of economy and horizon are scored."""
        return np.isfinite(self.crps)


@dataclass(frozen=True, eq=False)
class Summary:
    """Scores over origins: each origin's mean over its pairs, and the mean of these over origins.

    ``by_origin`` holds the mean CRPS of each; ``pit`` the counts of all pairs in ten equal bins
    (flat where forecasts are calibrated); ``pairs`` how many figures were scored.
    """

    crps: float
    mae: float
    inside_50: float
    inside_90: float
    by_origin: tuple[float, ...]
    pit: NDArray[np.int64]
    pairs: int


@dataclass(frozen=True)
class Skill:
    """1 - CRPS / CRPS of the benchmark: 0 is no better, 1 perfect; with an interval.

    All are NaN where the benchmark was exact; the interval is where one economy alone was scored.
    """

    skill: float
    low: float
    high: float


def library(name: str) -> Any:
    """A library of the extra ``evidence``. Raises ``InputError`` where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        remedy = "pip install 'digiregion[evidence]'"
        problem = Problem("is needed for this and not installed", name.split(".")[0], remedy=remedy)
        raise InputError([problem]) from None


def score(
    ensemble: Array, observed: Array, counted: Flags, *, factor: float = 1.0, seed: int = 1
) -> Scores:
    """Score forecasts from one origin.

    ``ensemble`` (economy, horizon, member); ``observed`` and ``counted`` (economy, horizon): the
    figures, and which of them count. All are multiplied by ``factor`` (see ``UNITS``). CRPS is the
    unbiased estimate for members that are draws (probability-weighted moments, Zamo and Naveau
    2018). PIT is the rank among the members with ties and the inside of a step drawn at random by
    ``seed`` (Czado, Gneiting and Held 2009). Raises ``InputError`` if shapes differ, there are
    fewer than two members, or a pair that counts has no figure or no forecast.
    """
    _check(ensemble, observed, counted)
    members, figures = ensemble[counted] * factor, observed[counted] * factor

    def spread(values: Array) -> Array:
        table = np.full(counted.shape, np.nan)
        table[counted] = values
        table.setflags(write=False)
        return table

    crps = library("scoringrules").crps_ensemble(figures, members, estimator="pwm")
    crps = np.where(np.abs(crps) < EXACT, 0.0, crps)
    inside = []
    for band in BANDS:
        low, high = np.quantile(members, [(1.0 - band) / 2.0, (1.0 + band) / 2.0], axis=-1)
        inside.append(spread((low <= figures) & (figures <= high)))
    return Scores(
        crps=spread(crps),
        error=spread(np.abs(np.median(members, axis=-1) - figures)),
        inside_50=inside[0],
        inside_90=inside[1],
        pit=spread(_pit(members, figures, seed)),
    )


def summarise(scores: Sequence[Scores]) -> Summary:
    """The mean over origins of the means over pairs of economy and horizon.

    Raises ``InputError`` without any origin, or for an origin at which nothing was observed.
    """
    if not scores or not all(one.counted.any() for one in scores):
        raise InputError([Problem("no figure to score at some origin", field="scores")])

    def means(name: str) -> list[float]:
        return [float(np.nanmean(getattr(one, name))) for one in scores]

    ranks = np.concatenate([one.pit[one.counted] for one in scores])
    counts = np.histogram(ranks, bins=PIT_BINS, range=(0.0, 1.0))[0]
    return Summary(
        crps=float(np.mean(means("crps"))),
        mae=float(np.mean(means("error"))),
        inside_50=float(np.mean(means("inside_50"))),
        inside_90=float(np.mean(means("inside_90"))),
        by_origin=tuple(means("crps")),
        pit=counts.astype(np.int64),
        pairs=len(ranks),
    )


def best(benchmarks: Mapping[str, Sequence[Scores]]) -> str:
    """The name of the benchmark with the lowest mean CRPS (the first of equals)."""
    if not benchmarks:
        raise InputError([Problem("no benchmark to choose from", field="benchmarks")])
    return min(benchmarks, key=lambda name: summarise(benchmarks[name]).crps)


def skill(
    model: Sequence[Scores],
    benchmark: Sequence[Scores],
    *,
    level: float = 0.9,
    resamples: int = 4000,
    seed: int = 1,
) -> Skill:
    """Skill in CRPS against a benchmark, with a percentile interval of the bootstrap.

    Economies are drawn with replacement, each with all its origins and horizons and for both
    forecasts alike (paired; Efron and Tibshirani 1993): shocks that hit the whole region are not
    resampled, so the interval is too narrow for another region or time. Raises ``InputError``
    unless both score the same figures.
    """
    same = len(model) == len(benchmark) and all(
        np.array_equal(a.counted, b.counted) for a, b in zip(model, benchmark, strict=True)
    )
    if not same:
        raise InputError([Problem("both must score the same figures", field="skill")])
    told, rival = summarise(model).crps, summarise(benchmark).crps
    whole = 1.0 - told / rival if rival > EXACT else np.nan
    scored = np.any([one.counted.any(axis=1) for one in model], axis=0)
    if scored.sum() < LEAST_ECONOMIES or np.isnan(whole):
        return Skill(skill=float(whole), low=np.nan, high=np.nan)
    economies = model[0].crps.shape[0]
    draws = np.random.Generator(np.random.Philox(seed))
    weights = draws.multinomial(economies, np.full(economies, 1.0 / economies), size=resamples)
    ours, theirs = _means(model, weights), _means(benchmark, weights)
    usable = theirs > EXACT  # NaN is not: a resample may miss all figures of an origin
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(1.0 - ours[usable] / theirs[usable], [tail, 1.0 - tail])
    return Skill(skill=float(whole), low=float(low), high=float(high))


def _means(scores: Sequence[Scores], weights: NDArray[np.int64]) -> Array:
    """Mean CRPS of each resample, (resample,), from weights (resample, economy)."""
    sums = np.array([np.nansum(one.crps, axis=1) for one in scores])
    pairs = np.array([one.counted.sum(axis=1) for one in scores])
    with np.errstate(invalid="ignore"):  # a resample may miss all figures of an origin
        by_origin = (weights @ sums.T) / (weights @ pairs.T)
    return np.asarray(by_origin.mean(axis=1))


def _pit(members: Array, figures: Array, seed: int) -> Array:
    below = (members < figures[:, None]).sum(axis=-1)
    ties = (members == figures[:, None]).sum(axis=-1)
    inside = np.random.Generator(np.random.Philox(seed)).random(len(figures))
    return np.asarray((below + inside * (ties + 1)) / (members.shape[-1] + 1))


def _check(ensemble: Array, observed: Array, counted: Flags) -> None:
    problems = []
    if ensemble.ndim != 3 or not ensemble.shape[:2] == observed.shape == counted.shape:
        shapes = (ensemble.shape, observed.shape, counted.shape)
        problems.append(Problem("shapes do not fit", field="ensemble", value=shapes))
    elif ensemble.shape[2] < 2:
        problems.append(Problem("needs two members or more", field="ensemble"))
    elif not np.isfinite(observed[counted]).all():
        problems.append(Problem("a pair that counts has no figure", field="observed"))
    elif not np.isfinite(ensemble[counted]).all():
        message = "a pair that counts has no forecast"
        remedy = "leave out economies without a figure up to the origin"
        problems.append(Problem(message, field="ensemble", remedy=remedy))
    if problems:
        raise InputError(problems)
