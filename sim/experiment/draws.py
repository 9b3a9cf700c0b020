"""Random numbers: one stream a member and purpose, the same whatever the scenario or the worker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.model.quantities import PROVISIONS, Array, Draws

PARAMETERS, YEARS_NORMAL, YEARS_UNIFORM, START = range(4)
NORMAL_STREAMS = ("adoption", "broadband", "lines", "growth")
UNIFORM_STREAMS = ("crisis", "crisis_size", "region_crisis_size")


def generator(seed: int, member: int, purpose: int) -> np.random.Generator:
    """The stream of one ensemble member and purpose.

    Philox with key (seed, member) and the purpose in the counter (Salmon et al. 2011): streams
    never overlap, and do not depend on order, parts or workers.
    """
    counter = np.array([0, 0, 0, purpose], dtype=np.uint64)
    key = np.array([seed, member], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def parameter_normals(seed: int, members: range, count: int) -> Array:
    """Standard normals of the parameters, (member, count)."""
    drawn = np.empty((len(members), count))
    for row, member in enumerate(members):
        generator(seed, member, PARAMETERS).standard_normal(out=drawn[row])
    return drawn


def start_normals(seed: int, members: range, economies: int) -> Array:
    """Standard normals of the base year's legal scores, (member, economy, provision)."""
    drawn = np.empty((len(members), economies, len(PROVISIONS)))
    for row, member in enumerate(members):
        generator(seed, member, START).standard_normal(out=drawn[row])
    return drawn


def year_draws(seed: int, members: range, years: int, economies: int) -> Iterator[Draws]:
    """The luck of each year in turn.

    Drawn year by year, so that a longer horizon leaves the first years as they were.
    """
    normals = np.empty((len(members), years, len(NORMAL_STREAMS) * economies + 1))
    uniforms = np.empty((len(members), years, len(UNIFORM_STREAMS) * economies + 1))
    for row, member in enumerate(members):
        generator(seed, member, YEARS_NORMAL).standard_normal(out=normals[row])
        generator(seed, member, YEARS_UNIFORM).random(out=uniforms[row])
    for year in range(years):
        streams = {
            **_split(normals[:, year], NORMAL_STREAMS, economies),
            **_split(uniforms[:, year], UNIFORM_STREAMS, economies),
        }
        yield Draws(
            region_growth=normals[:, year, -1], region_crisis=uniforms[:, year, -1], **streams
        )


def _split(drawn: Array, names: tuple[str, ...], economies: int) -> dict[str, Array]:
    return {
        name: np.ascontiguousarray(drawn[:, k * economies : (k + 1) * economies])
        for k, name in enumerate(names)
    }
