"""Rules for data and trade: six provisions, how far apart they are, paperless trade."""

from __future__ import annotations

import numpy as np

from sim.model.quantities import Array


def provisions_step(provisions: Array, step: Array, delivered: Array) -> Array:
    """Scores after a year, (m, e, provision): the planned rise, as far as it is delivered."""
    return np.minimum(provisions + delivered[..., None] * step, 1.0)


def regulatory_distance(provisions: Array) -> Array:
    """Mean absolute difference of the six scores, (m, e, e): symmetric, zero on the diagonal."""
    members, economies, count = provisions.shape
    total = np.zeros((members, economies, economies))
    for score in np.moveaxis(provisions, -1, 0):
        total += np.abs(score[:, :, None] - score[:, None, :])
    return total / count


def weaker_regulation(provisions: Array) -> Array:
    """Mean score of the weaker partner, (m, e, e)."""
    score = provisions.mean(axis=-1)
    return np.minimum(score[:, :, None], score[:, None, :])


def regulation_quality(score: Array, median: Array, best: Array) -> Array:
    """Where a score stands between the region's median (0) and best (1), clipped."""
    return np.clip((score - median) / np.maximum(best - median, 1e-6), 0.0, 1.0)
