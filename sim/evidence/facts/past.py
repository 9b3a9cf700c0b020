"""Evidence: what the checks of the past read: the fitted history, and forecasts of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.errors import InputError
from sim.evidence import benchmarks
from sim.evidence.fit import Fit, carried_to, fit
from sim.evidence.known import LAST_YEAR, Known, held_out, known_at
from sim.model.quantities import Array
from sim.region.region import Region

#: Rolling origins of the evidence, how many years ahead are forecast, and the rule to beat.
ORIGINS = tuple(range(2008, 2019))
LONGEST = 5
RULE = "pooled_logit"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Forecasts of one origin with what was published after: share online, lines per person.

    ``users`` and ``lines`` are (economy, horizon, member); ``rule`` that of the benchmark for
    users; ``published`` (economy, horizon), NaN where nothing was published.
    """

    users: Array
    lines: Array
    rule: Array
    published: Array


@dataclass(frozen=True, eq=False)
class Past:
    """What the checks read: ``known`` and fitted ``users`` (member, economy, year) to its origin,
    and forecasts by origin. ``why`` says why there is no history, "" if there is."""

    region: Region
    known: Known | None
    users: Array
    forecasts: Mapping[int, Forecast]
    why: str = ""


def read_past(region: Region, seed: int, members: int, progress: Progress | None = None) -> Past:
    """Fit at the year before the last, and at every origin whose figures allow it."""
    forecasts: dict[int, Forecast] = {}
    why, known, users = "", None, np.empty((0, len(region.economies), 0))
    for count, origin in enumerate((*ORIGINS, LAST_YEAR - 1)):
        if progress:
            progress("fits", count, len(ORIGINS) + 1)
        try:
            at = known_at(region, origin, min(origin + LONGEST, LAST_YEAR))
            fitted = fit(at, members, seed, carried=carried_to(region, at.origin))
            if origin in ORIGINS:
                forecasts[origin] = _forecast(region, fitted, members, seed)
            else:
                known, users = at, fitted.history().users
        except InputError as problem:
            why = f"the tables do not allow a fit in {origin}: {problem.problems[0]}"
    if progress:
        progress("fits", len(ORIGINS) + 1, len(ORIGINS) + 1)
    return Past(region, known, users, forecasts, why)


def _forecast(region: Region, fitted: Fit, members: int, seed: int) -> Forecast:
    known = fitted.known
    model = fitted.forecasts()
    rule = benchmarks.forecast(RULE, known, "internet_users", members=members, seed=seed)
    begun = known.published("internet_users").any(axis=1, keepdims=True)
    after = held_out(region, known.origin, known.last)["internet_users"]
    published = np.where(after.seen & begun & np.isfinite(rule).all(axis=-1), after.values, np.nan)
    return Forecast(model["internet_users"], model["fixed_broadband"], rule, published)
