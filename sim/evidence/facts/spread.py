"""Evidence: stylised facts about economies beside each other: convergence and leapfrog."""

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
    correlation,
    middle,
    range_over_economies,
)
from sim.evidence.known import Known
from sim.model.adoption import logit
from sim.model.quantities import Array
from sim.region.region import Region

CONVERGENCE = Fact(3, "Divergence, then convergence")
LEAPFROG = Fact(4, "Leapfrog")

#: A cross-section uses economies with a figure at most this many years away.
NEAREST = 2
FIXED = "fixed_broadband"


def spread_rows(past: Past, seed: int) -> Iterator[Row]:
    """The checks of facts 3 and 4."""
    yield from convergence_rows(past, seed)
    yield from leapfrog_rows(past, seed)


def convergence_rows(past: Past, seed: int) -> Iterator[Row]:
    """Fact 3: spread across economies over time, and whether those behind grew faster."""
    known = past.known
    if known is None:
        yield CONVERGENCE.untested("Spread of internet users across economies", past.why)
        return
    if len(known.economies) < FEWEST:
        why = f"fewer than {FEWEST} economies say nothing about spread"
        yield CONVERGENCE.untested("Spread of internet users across economies", why)
        return
    for year in (known.first, 2015, known.origin):
        yield from _spread_rows(past, known, year, seed)
    for year in (2015, known.origin):
        yield _forecast_spread_row(past, known, year, seed)
    yield from _catching_up_rows(past, known, seed)


def _spread(shares: Array) -> float:
    return 100.0 * float(shares.std(ddof=1)) if len(shares) > 1 else math.nan


def _variation(shares: Array) -> float:
    return _spread(shares) / (100.0 * float(shares.mean())) if len(shares) else math.nan


def _near(known: Known, year: int) -> NDArray[np.intp]:
    """Positions of the economies with a figure of users at most two years from ``year``."""
    column = year - known.first
    window = known.published("internet_users")[:, max(column - NEAREST, 0) : column + NEAREST + 1]
    return np.flatnonzero(window.any(axis=1))


def _spread_rows(past: Past, known: Known, year: int, seed: int) -> Iterator[Row]:
    column, here = year - known.first, _near(known, year)
    kinds = (
        ("Standard deviation", _spread, "percentage points"),
        ("Coefficient of variation", _variation, "ratio"),
    )
    for name, statistic, unit in kinds:
        statement = f"{name} of internet users across economies, {year}, as fitted"
        if len(here) < FEWEST:
            yield CONVERGENCE.untested(statement, f"fewer than {FEWEST} figures around {year}")
            continue
        told = known.filled("internet_users")[here, column]
        ours = [statistic(member[here, column]) for member in past.users]
        yield CONVERGENCE.compare(
            statement, float(np.mean(ours)), statistic(told), unit,
            _over(told, statistic, seed),
            f"{len(here)} economies; the fit saw these figures (found before, ASEAN and CAREC: "
            "spread 9, 24, 20 points in 2000, 2015, 2022; coefficient of variation 2.1 to 0.26). "
            "Range: 90 % of draws of economies.", OWN_TABLES + ": internet_users",
        )  # fmt: skip


def _over(values: Array, statistic: Callable[[Array], float], seed: int) -> tuple[float, float]:
    return range_over_economies(lambda rows: statistic(values[rows]), len(values), seed)


def _forecast_spread_row(past: Past, known: Known, year: int, seed: int) -> Row:
    statement = f"Standard deviation of internet users across economies, {year}, five years before"
    found = past.forecasts.get(year - LONGEST)
    here = np.empty(0, dtype=int)
    if found is not None and found.published.shape[1] == LONGEST:
        here = np.flatnonzero(np.isfinite(found.published[:, -1]))
    if found is None or len(here) < FEWEST:
        why = f"fewer than {FEWEST} figures of {year} that a forecast of {year - LONGEST} can meet"
        return CONVERGENCE.untested(statement, why)
    told = found.published[here, -1]
    ours = [_spread(member) for member in found.users[here, -1].T]
    return CONVERGENCE.compare(
        statement, float(np.mean(ours)), _spread(told), "percentage points",
        _over(told, _spread, seed),
        f"Forecast from {year - LONGEST}, {len(here)} economies with a figure. Range: 90 % of "
        "draws of economies.", OWN_TABLES + ": internet_users",
    )  # fmt: skip


def _catching_up_rows(past: Past, known: Known, seed: int) -> Iterator[Row]:
    columns = [2010 - known.first, 2020 - known.first]
    both = np.intersect1d(_near(known, 2010), _near(known, 2020))
    scales: tuple[tuple[str, Callable[[Array], Array]], ...] = (
        ("points", lambda shares: shares),
        ("log-odds", lambda shares: logit(np.clip(shares, 0.005, 0.995))),
    )
    for name, scale in scales:
        statement = f"Correlation over economies of use in 2010 with its rise to 2020, in {name}"
        if len(both) < FEWEST:
            yield CONVERGENCE.untested(statement, f"fewer than {FEWEST} economies with figures")
            continue

        def caught(shares: Array, scale: Callable[[Array], Array] = scale) -> float:
            before, after = scale(shares[:, columns]).T
            return correlation(before, after - before)

        told = known.filled("internet_users")[both]
        yield CONVERGENCE.compare(
            statement, float(np.mean([caught(member[both]) for member in past.users])),
            caught(told), "correlation", _over(told, caught, seed),
            f"{len(both)} economies, as fitted (found before, ASEAN and CAREC: -0.08 in points; "
            "who is behind catches up in log-odds only). Range: 90 % of draws of economies.",
            OWN_TABLES + ": internet_users",
        )  # fmt: skip


def leapfrog_rows(past: Past, seed: int) -> Iterator[Row]:
    """Fact 4: people come online by mobile, and fixed lines differ by an order of magnitude."""
    region, year = past.region, 2020
    mobile, fixed = (_published(region, name, year) for name in ("mobile_cellular", FIXED))
    ratio = mobile / np.where(fixed > 0.0, fixed, np.nan)
    yield LEAPFROG.untested(
        f"Mobile subscriptions per fixed line, median, {year}",
        "the model has no mobile subscriptions yet: it has people online and fixed lines",
        data=middle(ratio), unit="ratio",
        source=OWN_TABLES + ": mobile_cellular, fixed_broadband",
    )  # fmt: skip
    found = past.forecasts.get(year - LONGEST)
    statements = (
        f"People online per fixed line, median, {year}, five years before",
        f"Fixed lines per person, 90 % against 10 % of economies, {year}, five years before",
    )
    enough = np.zeros(len(fixed), dtype=bool)
    if found is not None:
        enough = np.isfinite(fixed) & (fixed > 0.0) & np.isfinite(found.published[:, -1])
    if found is None or enough.sum() < FEWEST:
        for statement in statements:
            yield LEAPFROG.untested(statement, f"fewer than {FEWEST} economies with both figures")
        return
    users, lines = found.users[enough, -1], np.maximum(found.lines[enough, -1], 1e-6)
    told = found.published[enough, -1] / fixed[enough]
    source = OWN_TABLES + ": internet_users, fixed_broadband"
    note = f"Forecast from {year - LONGEST}, {enough.sum()} economies. {{}}Range: 90 % of draws."
    yield LEAPFROG.compare(
        statements[0], float(np.median(np.median(users / lines, axis=0))), middle(told), "ratio",
        _over(told, middle, seed),
        note.format("Most people come online without a fixed line. "), source,
    )  # fmt: skip
    yield LEAPFROG.compare(
        statements[1], float(np.median([_ratio(member) for member in lines.T])),
        _ratio(fixed[enough]), "ratio", _over(fixed[enough], _ratio, seed),
        note.format("Ceilings of lines differ by an order of magnitude. "), source,
    )  # fmt: skip


def _published(region: Region, name: str, year: int) -> Array:
    """An indicator where it was published in a year, NaN elsewhere, (economy,)."""
    if name not in region.indicators:
        return np.full(len(region.economies), np.nan)
    seen = region.series_observed(name, year, year)
    return np.where(seen, region.series(name, year, year), np.nan)[:, 0]


def _ratio(lines: Array) -> float:
    low, high = np.quantile(lines, [0.1, 0.9])
    return float(high / low)
