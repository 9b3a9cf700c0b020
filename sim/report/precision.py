"""How sure an ensemble is of its own medians: simulation error, and the members that cut it."""

from __future__ import annotations

import functools
import math
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.kpi.registry import Kpi
from sim.model.quantities import Array

#: The confidence of the intervals.
CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2.0)


def median_interval(values: Array) -> tuple[float, float]:
    """A 95 % confidence interval of the median of ``values`` (one axis), whatever their law.

    From the order statistic of rank r to that of rank n + 1 - r, where r is the largest rank that
    a binomial of n trials at one half falls below with a probability of at most 2.5 % (Conover
    1999, section 3.2; Hahn and Meeker 1991, section 5.2). Blank for fewer than six values: no two
    of them hold the median with that confidence.
    """
    rank = _rank(len(values))
    if rank == 0:
        return math.nan, math.nan
    ordered = np.sort(values)
    return float(ordered[rank - 1]), float(ordered[len(values) - rank])


@functools.lru_cache
def _rank(count: int) -> int:
    """The largest r with P(B < r) <= 2.5 %, B binomial of ``count`` at one half; 0 if none."""
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    chances = log_factorial[count] - log_factorial - log_factorial[::-1] - count * math.log(2.0)
    below = np.cumsum(np.exp(chances))  # P(B <= k) = P(B < k + 1)
    return int(np.searchsorted(below, (1.0 - CONFIDENCE) / 2.0, side="right"))


def members_for(members: int, ratio: float) -> float:
    """Members at which the interval of a median is ``ratio`` times as wide as at ``members``.

    The interval spans about z √n + 1 ranks of n (the 1 is for rounding outwards to whole ranks),
    hence a share (z √n + 1) / n of the distribution, to which its width is proportional where the
    density changes little across it. Solved for n; in large samples n / ratio², so that half the
    width takes three times as many members more.
    """
    share = ratio * (_Z * math.sqrt(members) + 1.0) / members
    if not share > 0.0:
        return math.inf
    root = (_Z + math.sqrt(_Z**2 + 4.0 * share)) / (2.0 * share)
    return float(math.ceil(root**2))


def precision_row(
    kpi: Kpi, policy: Array, base: Array, effect: Array, half_width: float | None
) -> dict[str, Any]:
    """Band, interval and further members for one effect; arrays by member, in its unit."""
    members = len(effect)
    low, high = median_interval(effect)
    half = (high - low) / 2.0
    spread = float(effect.std(ddof=1)) if members > 1 else math.nan
    found = {
        "members": members,
        "median": float(np.median(effect)),
        "q05": float(np.quantile(effect, 0.05)),
        "q95": float(np.quantile(effect, 0.95)),
        "median_low": low,
        "median_high": high,
        "half_width": half,
        "more_members": _more(members, half, half / 2.0),
    }
    if half_width is not None:
        found["more_members_wanted"] = _more(members, half, half_width)
    return found | {
        "mean": float(effect.mean()),
        "mean_half_width": _Z * spread / math.sqrt(members),
        "pairing_gain": pairing_gain(kpi, policy, base),
    }


def _more(members: int, half: float, wanted: float) -> float:
    """How many members more bring the half-width to ``wanted``; none if it is there."""
    if math.isnan(half):
        return math.nan
    return 0.0 if half <= wanted else members_for(members, wanted / half) - members


def pairing_gain(kpi: Kpi, policy: Array, base: Array) -> float:
    """How many times the variance of a difference would be what it is, were members not paired.

    Without common random numbers it is Var(policy) + Var(base), with them Var(policy - base) (Law
    2015, section 11.2). For effects in % of the baseline, of the logarithms. Blank where nothing
    varies.
    """
    if len(policy) < 2:
        return math.nan
    if kpi.effect == "percent":
        policy, base = np.log(policy), np.log(base)
    apart = float(policy.var() + base.var())
    together = float((policy - base).var())
    if together <= 1e-15 * apart:
        return math.inf if apart > 0.0 else math.nan
    return apart / together
