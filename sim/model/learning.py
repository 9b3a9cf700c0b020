"""Learning from peers: whom one learns from, how much one can take in, a step of an institution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.adoption import logistic
from sim.model.parameters import Parameters
from sim.model.quantities import PLATFORMS, Array, Levers

#: How many peers an economy looks to without exchange programmes (judgement).
PEERS = 5
#: Log-odds of an institution stay within these bounds: 0.02 % and 99.98 %.
LOG_ODDS_BOUND = 8.5
#: Numbers of economies.
Teachers = NDArray[np.intp]


def similar_peers(income: Array, trade_weights: Array, count: int = PEERS) -> Teachers:
    """The ``count`` closest economies of each, (economy, peer): whom it learns from by default.

    Closeness is (trade share + 1 / economies) * exp(-|difference of log income|): partners in
    trade, and economies of like income (judgement). ``income`` (e,), ``trade_weights`` (e, e).
    """
    economies = len(income)
    apart = np.abs(np.log(income)[:, None] - np.log(income))
    closeness = (trade_weights + 1.0 / economies) * np.exp(-apart)
    np.fill_diagonal(closeness, -1.0)
    order = np.argsort(-closeness, axis=1, kind="stable")
    return order[:, : min(count, economies - 1)]


def best_practice(values: Array, teachers: Teachers) -> Array:
    """The best among those one learns from, (m, e); one's own value where there is nobody.

    ``teachers`` holds numbers of economies, (e, k), or (m, e, k) where members differ.
    """
    if teachers.shape[-1] == 0:
        return values
    if teachers.ndim == 3:
        return np.take_along_axis(values[:, None, :], teachers, axis=2).max(axis=-1)
    best = values.take(teachers[:, 0], axis=1)
    for peer in teachers.T[1:]:
        np.maximum(best, values.take(peer, axis=1), out=best)
    return best


def mean_of_others(values: Array) -> Array:
    """The mean over the other economies, (..., e); 0 for an economy alone."""
    others = max(values.shape[-1] - 1, 1)
    return np.asarray((values.sum(axis=-1, keepdims=True) - values) / others)


def network_effect(participation: Array) -> Array:
    """What a platform is worth to each, (..., e): own part times the mean part of the others.

    A platform that nobody else joins is worth nothing; one that all join is worth 1.
    """
    return participation * mean_of_others(participation)


def platform_use(plan: Levers, name: str) -> Array:
    """What a regional platform of ``PLATFORMS`` is worth to each economy, (..., e), 0 to 1.

    Cooperation that is lost to conflicts counts as not taking part.
    """
    part = plan.regional_platforms[..., PLATFORMS.index(name)]
    return network_effect(part * (1.0 - plan.shocks.cooperation_loss))


def shared_courses(plan: Levers, funded: Array, p: Parameters) -> Array:
    """Adults who take a basic course of the regional skills platform, share of adults a year."""
    return p.platform_courses * platform_use(plan, "skills") * funded


def openness(plan: Levers, use: Array) -> Array:
    """How far one looks beyond similar peers to the region's best, (..., e), 0 to 1.

    1 - (1 - sharing)(1 - use): exchange of best practice, and the ``use`` of a platform.
    """
    sharing = plan.best_practice_sharing * (1.0 - plan.shocks.cooperation_loss)
    return 1.0 - (1.0 - sharing) * (1.0 - use)


def widened(best: Array, values: Array, open_to: Array) -> Array:
    """The best practice in sight, (m, e): from similar peers' to the region's, by openness."""
    return best + open_to * (values.max(axis=-1, keepdims=True) - best)


def absorptive_capacity(government_effectiveness: Array, p: Parameters) -> Array:
    """Part of what could be learnt that an economy takes in, (m, e), 0 to 1 (a half at WGI 0).

    Cohen and Levinthal (1990): what one can learn depends on what one can do.
    """
    return logistic(p.absorptive_slope * government_effectiveness)


def institution_step(
    level: Array,
    best: Array,
    absorptive: Array,
    drift: Array,
    learning: Array,
    gain: Array | float = 0.0,
) -> Array:
    """Log-odds of an institution after a year, (m, e).

    l' = l + drift + learning * absorptive * (best - l)+ + gain. ``drift`` holds the pooled drift,
    the economy's effect and the year's noise; ``gain`` what programmes add and what fades of it.
    """
    gap = best - level
    np.maximum(gap, 0.0, out=gap)
    gap *= learning * absorptive
    gap += level
    gap += drift
    gap += gain
    return np.clip(gap, -LOG_ODDS_BOUND, LOG_ODDS_BOUND, out=gap)


def spending_gain(spent: Array, response: Array, scale: Array) -> Array:
    """Log-odds a year that a programme adds, (m, e): response * ln(1 + spent / scale).

    ``spent`` is a share of GDP; each further unit adds less.
    """
    return response * np.log1p(spent / scale)
