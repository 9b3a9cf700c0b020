"""Random numbers: one stream a member and purpose, the same whatever the scenario or the worker."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.model.quantities import PROVISIONS, Array, Draws
from sim.model.world import World

PARAMETERS, YEARS_NORMAL, YEARS_UNIFORM, START, POSTERIOR, EVENTS_NORMAL, EVENTS_UNIFORM = range(7)
NORMAL_STREAMS = ("adoption", "broadband", "lines", "growth")
UNIFORM_STREAMS = ("crisis", "crisis_size", "region_crisis_size")
#: Streams of their own, after which come those of cable systems and agreements: who wants no
#: events (a fit, a forecast from the past) keeps the luck of the others.
EVENT_NORMALS = ("egovernment", "cybersecurity", "finance", "incident_size")
EVENT_UNIFORMS = ("incidents",)


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


def year_draws(
    seed: int, members: range, years: int, economies: int, systems: int = 0, instruments: int = 0
) -> Iterator[Draws]:
    """The luck of each year in turn.

    Drawn year by year, so that a longer horizon leaves the first years as they were.
    """
    pairs = economies * instruments
    normal_events = _years(seed, EVENTS_NORMAL, members, years,
                           len(EVENT_NORMALS) * economies + systems)  # fmt: skip
    uniform_events = _years(seed, EVENTS_UNIFORM, members, years,
                            len(EVENT_UNIFORMS) * economies + systems + pairs)  # fmt: skip
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
        events = _split(normal_events[:, year], EVENT_NORMALS, economies)
        chances = _split(uniform_events[:, year], EVENT_UNIFORMS, economies)
        rest = uniform_events[:, year, len(EVENT_UNIFORMS) * economies :]
        yield Draws(
            region_growth=normals[:, year, -1],
            region_crisis=uniforms[:, year, -1],
            repair=normal_events[:, year, len(EVENT_NORMALS) * economies :],
            faults=rest[:, :systems],
            accession=rest[:, systems:].reshape(len(members), economies, instruments),
            **streams,
            **events,
            **chances,
        )


def world_draws(seed: int, members: range, world: World) -> Iterator[Draws]:
    """The luck of each year of a run of that world."""
    return year_draws(
        seed, members, len(world.population) - 1, len(world.economies),
        len(world.systems), len(world.instruments),
    )  # fmt: skip


def _years(seed: int, purpose: int, members: range, years: int, count: int) -> Array:
    """Numbers of one purpose by year, (member, year, count): normals or uniforms."""
    drawn, streams = np.empty((len(members), years, count)), Streams(seed, purpose)
    for row, member in enumerate(members):
        stream = streams.of(member)
        if purpose == EVENTS_NORMAL:
            stream.standard_normal(out=drawn[row])
        else:
            stream.random(out=drawn[row])
    return drawn


def _split(drawn: Array, names: tuple[str, ...], economies: int) -> dict[str, Array]:
    return {
        name: np.ascontiguousarray(drawn[:, k * economies : (k + 1) * economies])
        for k, name in enumerate(names)
    }
