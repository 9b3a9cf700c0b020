"""Rules for data and trade: six provisions, how far apart they are, paperless trade."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from sim.model.parameters import Parameters
from sim.model.quantities import Array, mean


def provisions_step(
    provisions: Array, step: Array, delivered: Array, due: Array | float = 0.0
) -> Array:
    """Scores after a year, (m, e, provision): the planned rise as delivered, or what is due.

    The larger of the two counts: both work on the same law.
    """
    rise = np.maximum(delivered[..., None] * step, due)
    return np.minimum(provisions + rise, 1.0)


def regulatory_distance(provisions: Array) -> Array:
    """Mean absolute difference of the six scores, (m, e, e): symmetric, zero on the diagonal."""
    members, economies, count = provisions.shape
    one, other = pairs(economies)
    # Members last, so that picking one of a pair copies a whole row. The last pair is an economy
    # and itself.
    apart = np.zeros((len(one) + 1, members))
    for score in np.ascontiguousarray(provisions.transpose(2, 1, 0)):
        difference = score[one]
        difference -= score[other]
        apart[:-1] += np.abs(difference, out=difference)
    apart /= count
    return apart.T.take(pair_table(economies), axis=1)


def rule_distance(provisions: Array, standards: Array, p: Parameters) -> Array:
    """Regulatory distance that common standards leave, (m, e, e): H_ij (1 - bridge s_i s_j).

    Recognition needs both sides: the product of their adoption of standards, (m, e), counts (D09
    for distance; that standards bridge a part of it is judgement).
    """
    apart = regulatory_distance(provisions)
    if not standards.any():
        return apart
    both = standards[:, :, None] * standards[:, None, :]
    return apart * (1.0 - p.standards_bridge[..., None] * both)


def regulation_quality(provisions: Array, median: Array, best: Array) -> Array:
    """Where mean scores stand between the region's median (0) and best (1), clipped, (m, e)."""
    score = mean(provisions)
    return np.clip((score - median) / np.maximum(best - median, 1e-6), 0.0, 1.0)


@functools.cache
def pairs(economies: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The two partners of each pair of economies, each pair once."""
    return np.triu_indices(economies, 1)


@functools.cache
def pair_table(economies: int) -> NDArray[np.intp]:
    """The number of each two economies' pair, (e, e); on the diagonal, the number of pairs."""
    one, other = pairs(economies)
    table = np.full((economies, economies), len(one))
    table[one, other] = table[other, one] = np.arange(len(one))
    return table


def weaker_partner(values: Array) -> Array:
    """The lower of two economies' values, (m, pair)."""
    one, other = pairs(values.shape[1])
    return np.minimum(values.take(one, axis=1), values.take(other, axis=1))
