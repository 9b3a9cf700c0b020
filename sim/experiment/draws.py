"""Random numbers: one stream a member and purpose, the same whatever the scenario or the worker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.model.quantities import PROVISIONS, Array, Draws

PARAMETERS, YEARS_NORMAL, YEARS_UNIFORM, START, POSTERIOR = range(5)
NORMAL_STREAMS = ("adoption", "broadband", "lines", "growth")
UNIFORM_STREAMS = ("crisis", "crisis_size", "region_crisis_size")


class Streams:
    """The streams of one purpose, one an ensemble member.

    Philox with key (seed, member) and the purpose in the counter (Salmon et al. 2011): streams
    never overlap, and do not depend on order, parts or workers.
    """

    def __init__(self, seed: int, purpose: int) -> None:
        self._source = np.random.Philox(
            key=np.array([seed, 0], dtype=np.uint64),
            counter=np.array([0, 0, 0, purpose], dtype=np.uint64),
        )
        self._start = self._source.state
        self._generator = np.random.Generator(self._source)

    def of(self, member: int) -> np.random.Generator:
        """The stream of a member, at its beginning; valid until the next call."""
        self._start["state"]["key"][1] = member
        self._source.state = self._start  # cheaper than a new generator
        return self._generator


def parameter_normals(seed: int, members: range, count: int) -> Array:
    """Standard normals of the parameters, (member, count)."""
    drawn, streams = np.empty((len(members), count)), Streams(seed, PARAMETERS)
    for row, member in enumerate(members):
        streams.of(member).standard_normal(out=drawn[row])
    return drawn


def start_normals(seed: int, members: range, economies: int) -> Array:
    """Standard normals of the base year's legal scores, (member, economy, provision)."""
    drawn = np.empty((len(members), economies, len(PROVISIONS)))
    streams = Streams(seed, START)
    for row, member in enumerate(members):
        streams.of(member).standard_normal(out=drawn[row])
    return drawn


def year_draws(seed: int, members: range, years: int, economies: int) -> Iterator[Draws]:
    """The luck of each year in turn.

    Drawn year by year, so that a longer horizon leaves the first years as they were.
    """
    normals = np.empty((len(members), years, len(NORMAL_STREAMS) * economies + 1))
    uniforms = np.empty((len(members), years, len(UNIFORM_STREAMS) * economies + 1))
    normal, uniform = Streams(seed, YEARS_NORMAL), Streams(seed, YEARS_UNIFORM)
    for row, member in enumerate(members):
        normal.of(member).standard_normal(out=normals[row])
        uniform.of(member).random(out=uniforms[row])
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
