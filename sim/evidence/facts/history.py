"""Evidence: stylised facts about the past of internet use: forecast accuracy and S-curves."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sim.evidence.facts.past import LONGEST, Past
from sim.evidence.facts.rows import (
    FEWEST,
    OWN_TABLES,
    Fact,
    Row,
    cited,
    middle,
    range_over_economies,
)
from sim.model.adoption import logit
from sim.model.quantities import Array

FORECASTS = Fact(1, "Forecast accuracy")
CURVES = Fact(2, "S-curves")

#: Years ahead that are scored.
HORIZONS = (1, 3, 5)
#: Origins whose five years follow each other: yearly changes are counted once.
CHAINED = (2008, 2013, 2018)
#: Log-odds are compared between these shares: outside, rounding of figures moves them most.
COMPARED = (0.01, 0.95)
#: Shares of figures that a 90 % band may hold and still count as kept.
KEPT = (0.85, 0.95)
#: Times from 10 to 90 % are 2 ln 9 = 4.39 over the yearly change of the log-odds.
TEN_TO_NINETY = 2.0 * math.log(9.0)


def history_rows(past: Past, seed: int) -> Iterator[Row]:
    """The checks of facts 1 and 2."""
    yield from accuracy_rows(past)
    yield from curve_rows(past, seed)


def accuracy_rows(past: Past) -> Iterator[Row]:
    """Fact 1: errors one, three and five years ahead against a simple rule; bands that cover."""
    said = "Internet users: mean absolute error of median forecasts, {} ahead"
    for years in HORIZONS:
        words = "one year" if years == 1 else f"{years} years"
        truth, model, rule = _ahead(past, years)
        if not len(truth):
            yield FORECASTS.untested(said.format(words), _no_forecast(past))
            continue
        ours = 100.0 * float(np.abs(np.median(model, axis=-1) - truth).mean())
        rules = 100.0 * float(np.abs(np.median(rule, axis=-1) - truth).mean())
        yield FORECASTS.compare(
            said.format(words), ours, rules, "percentage points", (0.0, rules),
            f"{len(truth)} figures that the fits had not seen, origins {min(past.forecasts)}-"
            f"{max(past.forecasts)}; data: the rule to beat (the region's median yearly change of "
            "the log-odds goes on) on the same figures. Agrees if the error is no larger.",
            OWN_TABLES + ": internet_users",
        )  # fmt: skip
    yield from _band_rows(past)


def _band_rows(past: Past) -> Iterator[Row]:
    width = "Internet users: half-width of the 90 % band five years ahead"
    cover = "Internet users: figures inside the 90 % band five years ahead"
    truth, model, rule = _ahead(past, LONGEST)
    if not len(truth):
        yield FORECASTS.untested(width, _no_forecast(past))
        yield FORECASTS.untested(cover, _no_forecast(past))
        return
    low, high = np.quantile(model, [0.05, 0.95], axis=-1)
    ours = 50.0 * float((high - low).mean())
    least, most = _widths_that_hold(truth, np.median(model, axis=-1), low, high)
    rules = 50.0 * float(np.ptp(np.quantile(rule, [0.05, 0.95], axis=-1), axis=0).mean())
    # Forecasts without any spread have no band that a factor could widen.
    between = (ours * least if ours > 0.0 else math.inf, min(rules, ours * most))
    inside = 100.0 * float(((low <= truth) & (truth <= high)).mean())
    source = OWN_TABLES + ": internet_users"
    yield FORECASTS.compare(
        width, ours, rules, "percentage points", between,
        "Data: the rule's own band (about 18 points over 22 economies of ASEAN and CAREC). Agrees "
        "if no wider, and no narrower than it must be to hold what the next row asks: a narrow "
        "band that does not hold is no merit.", source,
    )  # fmt: skip
    yield FORECASTS.compare(
        cover, inside, 90.0, "% of figures", (100.0 * KEPT[0], 100.0 * KEPT[1]),
        f"{len(truth)} figures. Data: what a 90 % band promises; 85-95 % counts as kept.", source,
    )  # fmt: skip


def _widths_that_hold(truth: Array, middle: Array, low: Array, high: Array) -> tuple[float, float]:
    """Least and largest factor by which bands may be stretched about their medians and be kept.

    All (figure,). Kept: they hold a share of the figures within ``KEPT``. Infinite where no factor
    is too large, or none is large enough.
    """
    above = truth > middle
    miss, reach = np.abs(truth - middle), np.where(above, high - middle, middle - low)
    needed = np.full(len(truth), np.inf)
    np.divide(miss, reach, out=needed, where=reach > 0.0)
    needed = np.sort(np.where(miss == 0.0, 0.0, needed))
    within = math.floor(KEPT[1] * len(needed) + 1e-9)
    most = needed[within] if within < len(needed) else math.inf
    return float(needed[math.ceil(KEPT[0] * len(needed) - 1e-9) - 1]), float(most)


def _ahead(past: Past, years: int) -> tuple[Array, Array, Array]:
    """Figures published so many years ahead, (figure,), and both forecasts, (figure, member)."""
    truths, models, rules = [np.empty(0)], [], []
    for found in past.forecasts.values():
        if found.published.shape[1] < years:
            continue
        seen = np.isfinite(found.published[:, years - 1])
        truths.append(found.published[seen, years - 1])
        models.append(found.users[seen, years - 1])
        rules.append(found.rule[seen, years - 1])
    truth = np.concatenate(truths)
    if not len(truth):
        return truth, np.empty((0, 1)), np.empty((0, 1))
    return truth, np.concatenate(models), np.concatenate(rules)


def curve_rows(past: Past, seed: int) -> Iterator[Row]:
    """Fact 2: drift, noise and jumps of the log-odds as forecast, and time from 10 to 90 %."""
    ours, published = _changes(past)
    noise = cited()["B03"]
    origins = ", ".join(str(origin) for origin in CHAINED if origin in past.forecasts) or "any year"
    kinds: tuple[tuple[str, Callable[[Array], float], str], ...] = (
        ("Drift: median yearly change of the log-odds", middle, "0.18 in 22 economies"),
        ("Noise: standard deviation of that change", _deviation, f"{noise.central:g} in 2005-2020"),
        ("Jumps: 95 % quantile of that change", _jump, f"{noise.high:g} in 2005-2020"),
    )
    for said, statistic, before in kinds:
        statement = f"{said}, five years after {origins}"
        if np.isfinite(published).any(axis=1).sum() < FEWEST:
            yield CURVES.untested(statement, _few("yearly changes"))
            continue

        def of(rows: NDArray[np.intp], statistic: Callable[[Array], float] = statistic) -> float:
            return statistic(published[rows])

        found = [statistic(member) for member in np.moveaxis(ours, -1, 0)]
        yield CURVES.compare(
            statement, float(np.nanmean(found)), statistic(published), "log-odds a year",
            range_over_economies(of, len(published), seed),
            "Model: forecasts from those years, as figures would be published; data: the same "
            f"economies and years, shares of 1-95 % (found before, ASEAN and CAREC: {before}). "
            "Range: 90 % of draws of economies.", OWN_TABLES + ": internet_users; " + noise.told,
        )  # fmt: skip
    yield _duration_row(past, seed)


def _changes(past: Past) -> tuple[Array, Array]:
    """Yearly changes of log-odds after the chained origins: model (e, y, m) and published (e, y).

    NaN where a figure was not published, or one of the two shares is outside ``COMPARED``; for a
    member also where its own share is.
    """
    chain = [past.forecasts[origin] for origin in CHAINED if origin in past.forecasts]
    if not chain:
        economies = len(past.region.economies)
        return np.empty((economies, 0, 1)), np.empty((economies, 0))
    published = np.concatenate([np.diff(_odds(one.published), axis=1) for one in chain], axis=1)
    ours = np.concatenate([np.diff(_odds(one.users), axis=1) for one in chain], axis=1)
    return np.where(np.isfinite(published)[..., None], ours, np.nan), published


def _odds(shares: Array) -> Array:
    """Log-odds of shares within ``COMPARED``, NaN elsewhere."""
    with np.errstate(invalid="ignore"):
        inside = (shares >= COMPARED[0]) & (shares <= COMPARED[1])
    return logit(np.where(inside, shares, np.nan))


def _deviation(changes: Array) -> float:
    known = changes[np.isfinite(changes)]
    return float(known.std(ddof=1)) if len(known) > 1 else math.nan


def _jump(changes: Array) -> float:
    known = changes[np.isfinite(changes)]
    return float(np.quantile(known, 0.95)) if len(known) else math.nan


def _duration_row(past: Past, seed: int) -> Row:
    """Years from 10 to 90 % at each economy's own mean speed since the first year."""
    statement = "Median time from 10 to 90 % online, at each economy's own speed"
    if past.known is None:
        return CURVES.untested(statement, past.why)
    published = np.array(past.known.figures["internet_users"])
    seen = np.isfinite(published)
    speeds = _speeds(published)
    usable = np.isfinite(speeds) & (speeds > 0.0)
    if usable.sum() < FEWEST:
        return CURVES.untested(statement, _few("three figures between 1 and 95 %"))
    fitted = np.where(seen, past.users, np.nan)
    ours = [TEN_TO_NINETY / np.nanmedian(_speeds(member)[usable]) for member in fitted]
    typical = float(TEN_TO_NINETY / np.median(speeds[usable]))
    between = range_over_economies(
        lambda rows: float(TEN_TO_NINETY / np.nanmedian(np.where(usable, speeds, np.nan)[rows])),
        len(speeds), seed,
    )  # fmt: skip
    return CURVES.compare(
        statement, float(np.mean(ours)), typical, "years", between,
        f"Fitted history to {past.known.origin} against published figures of the same years, both "
        "by least squares on the log-odds (found before, ASEAN and CAREC: about 18 years). Range: "
        "90 % of draws of economies.", OWN_TABLES + ": internet_users",
    )  # fmt: skip


def _speeds(shares: Array) -> Array:
    """Least-squares slope of the log-odds on the year, (economy,); NaN below three figures."""
    odds = _odds(shares)
    years = np.arange(shares.shape[1], dtype=float)
    slopes = np.full(len(odds), np.nan)
    for economy, row in enumerate(odds):
        known = np.isfinite(row)
        if known.sum() >= 3:
            slopes[economy] = np.polyfit(years[known], row[known], 1)[0]
    return slopes


def _no_forecast(past: Past) -> str:
    return past.why or "no figure was published that many years after an origin"


def _few(what: str) -> str:
    return f"fewer than {FEWEST} economies have {what} of internet users: too few for a range"
