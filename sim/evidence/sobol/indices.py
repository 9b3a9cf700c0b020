"""Evidence: Sobol indices of a simulator that has luck in it, with what luck leaves in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.evidence.scores import library
from sim.model.quantities import Array

#: Resamples of the bootstrap, and the share of them within an interval.
RESAMPLES = 200
LEVEL = 0.90
#: Values that differ by less than this, relative to their size, do not vary: rounding.
NO_SPREAD = 1e-9
#: A sub-stream of the seed.
CHANCE = 102


@dataclass(frozen=True, eq=False, kw_only=True)
class Indices:
    """Shares of the variance of the mean over replicates, by factor, (factor,) each.

    ``first`` is what a factor explains alone, ``total`` what it explains alone and with others;
    ``low`` and ``high`` are ends of 90 % intervals. ``noise`` is the part of ``total`` that is
    luck. ``chance`` is the share of luck in the variance of a single run, with its interval, and
    ``left`` its share in that of the mean over replicates.
    ``mean`` and ``deviation`` describe the mean over replicates, in the unit of the values. All but
    ``mean`` are NaN for values that do not vary.
    """

    first: Array
    first_low: Array
    first_high: Array
    total: Array
    total_low: Array
    total_high: Array
    noise: Array
    chance: tuple[float, float, float]
    left: float
    mean: float
    deviation: float


def sobol_indices(values: Array, seed: int) -> Indices:
    """First and total indices of each factor from values at the points of a design.

    ``values`` (row, column, replicate) are outputs at the points of ``factors.design``:
    columns are A, A with each factor as in B, and B. Replicates of the columns of a row share their
    luck (common random numbers), but for B and the last factor, which draws it anew. Indices are
    SALib's: first by Saltelli et al. (2010), total by Jansen (1999), intervals by bootstrap over
    rows. The luck in the total index of a factor is the variance over replicates of the change that
    it makes, over twice the replicates and the variance: it is nil for what does nothing, and the
    last factor's is all that luck leaves in a mean. Raises ``ValueError`` for other shapes.
    """
    rows, columns, replicates = values.shape
    if columns < 3 or rows < 2 or replicates < 2:
        raise ValueError(f"no design with replicates has the shape {values.shape}")
    mean = values.mean(axis=-1)
    ends = mean[:, [0, -1]]
    if float(np.ptp(values)) <= NO_SPREAD * max(1.0, float(np.abs(values).max())):
        return _nothing(columns - 2, float(ends.mean()))
    within = values[:, [0, -1]].var(axis=-1, ddof=1)
    variance = float(ends.var())
    found = _salib(mean, seed)
    changes = values[:, 1:-1] - values[:, :1]
    noise = changes.var(axis=-1, ddof=1).mean(axis=0) / (2.0 * replicates * variance)
    low, high = (1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0
    bounds = {
        f"{name}_{end}": np.quantile(found[f"{key}_conf_all"], share, axis=0)
        for name, key in (("first", "S1"), ("total", "ST"))
        for end, share in (("low", low), ("high", high))
    }
    return Indices(
        first=found["S1"],
        total=found["ST"],
        **bounds,
        noise=noise,
        chance=_chance(ends, within, replicates, seed),
        left=min(float(within.mean()) / replicates / variance, 1.0),
        mean=float(ends.mean()),
        deviation=variance**0.5,
    )


def _salib(mean: Array, seed: int) -> dict[str, Array]:
    """SALib's indices of means over replicates, (row, column), with every resample."""
    factors = mean.shape[1] - 2
    problem = {"num_vars": factors, "names": [str(number) for number in range(factors)]}
    found: dict[str, Array] = library("SALib.analyze.sobol").analyze(
        problem,
        mean.ravel(),
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        keep_resamples=True,
        seed=seed + 1,  # SALib takes 0 for none
    )
    return found


def _chance(ends: Array, within: Array, replicates: int, seed: int) -> tuple[float, float, float]:
    """Share of luck in the variance of a single run, with its interval by bootstrap over rows.

    The variance of means over replicates is that of the expected value, and luck over replicates.
    """

    def share(chosen: Array, inside: Array) -> Array:
        luck = inside.mean(axis=(-2, -1))
        expected = chosen.var(axis=(-2, -1)) - luck / replicates
        return np.asarray(luck / (luck + np.maximum(expected, 0.0)))

    random = np.random.Generator(np.random.Philox(key=[seed, CHANCE]))
    drawn = random.integers(len(ends), size=(RESAMPLES, len(ends)))
    low, high = np.quantile(
        share(ends[drawn], within[drawn]), [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0]
    )
    return float(share(ends, within)), float(low), float(high)


def _nothing(factors: int, mean: float) -> Indices:
    """Indices of what does not vary: there is no variance to share out."""
    blank = np.full(factors, np.nan)
    return Indices(
        first=blank, first_low=blank, first_high=blank, total=blank, total_low=blank,
        total_high=blank, noise=blank, chance=(np.nan, np.nan, np.nan), left=np.nan, mean=mean,
        deviation=0.0,
    )  # fmt: skip
