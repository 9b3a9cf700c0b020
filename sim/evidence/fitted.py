"""Evidence: what is fitted to history, as one vector of standard normals a member."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.model import parameters
from sim.model.parameters import Parameters
from sim.model.priors import PROTOTYPE, Prior
from sim.model.quantities import Array

Flags = NDArray[np.bool_]

#: The three blocks of history, in the order in which they are run.
BLOCKS = ("growth", "users", "lines")
#: Parameters of the registry that are fitted, by block; their priors say which differ by economy.
FITTED = {
    "growth": (
        "capital_share", "trend_growth", "catching_up", "growth_effect", "start_capital_error",
    ),
    "users": (
        "ceiling_level", "ceiling_trend", "ceiling_income", "speed_level", "log_imitation",
        "ceiling_effect", "speed_effect",
    ),
    "lines": (
        "lines_level", "lines_trend", "lines_income", "log_rollout", "log_contagion",
        "lines_effect", "rollout_effect", "lines_per_household",
    ),
}  # fmt: skip
#: Yearly noise that is fitted, and the block it moves. The names are those of ``Draws``.
STREAMS = {"growth": "growth", "adoption": "users", "broadband": "lines", "lines": "lines"}


def _start(name: str, mean: float, deviation: float, unit: str, meaning: str) -> Prior:
    edges = (-float("inf"), float("inf"))
    return Prior(name, "normal", (mean, deviation), "economy", unit, meaning, "", PROTOTYPE, edges)


#: Where an economy is in the first year, by block; runs from the base year have no use for it.
STARTS = {
    "users": _start("first_users_error", 0.0, 0.7, "log-odds", "Error of the first users figure"),
    "lines": _start("first_lines", float(np.log(1e-5)), 1.0, "log", "Lines in the first year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What one vector of normals stands for, for each member.

    ``first_users_error`` (log-odds) and ``first_lines`` (log of lines per person) are (member,
    economy). ``innovations`` are standard normals by stream, (member, economy, year), from the year
    after the first.
    """

    parameters: Parameters
    first_users_error: Array
    first_lines: Array
    innovations: dict[str, Array]


@dataclass(frozen=True)
class Layout:
    """Which place of the vector is what. It depends on economies and years only.

    Globals come first; then, economy after economy, its effects, its start values and its
    innovations by stream and year. So what one scope owns is one slice.
    """

    economies: int
    first_year: int
    last_year: int

    def __post_init__(self) -> None:
        if self.economies < 1 or self.last_year <= self.first_year:
            raise ValueError("a layout needs an economy, and a year after the first")

    @property
    def years(self) -> int:
        """Years with innovations: those after the first."""
        return self.last_year - self.first_year

    @property
    def size(self) -> int:
        """Length of the vector."""
        return len(self._global_priors) + self.economies * self._width

    @property
    def globals(self) -> slice:
        """Where the parameters are that all economies share."""
        return slice(0, len(self._global_priors))

    def economy(self, position: int) -> slice:
        """Where everything is that belongs to one economy. Raises ``IndexError``."""
        if not 0 <= position < self.economies:
            raise IndexError(f"there is no economy {position} among {self.economies}")
        first = self.globals.stop + position * self._width
        return slice(first, first + self._width)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each place: a parameter, a start value, or "... innovation" of a stream."""
        own = [prior.name for _, prior in self._economy_priors]
        own += [f"{stream} innovation" for stream in STREAMS for _ in range(self.years)]
        return (*(prior.name for _, prior in self._global_priors), *(own * self.economies))

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """Block of each place: growth, users or lines."""
        own = [block for block, _ in self._economy_priors]
        own += [block for block in STREAMS.values() for _ in range(self.years)]
        return (*(block for block, _ in self._global_priors), *(own * self.economies))

    @cached_property
    def innovation_years(self) -> NDArray[np.int64]:
        """Calendar year of each place, (size,); 0 for what is not an innovation."""
        own = np.zeros(self._width, dtype=np.int64)
        own[len(self._economy_priors) :] = np.tile(
            np.arange(self.first_year + 1, self.last_year + 1), len(STREAMS)
        )
        shared = np.zeros(self.globals.stop, dtype=np.int64)
        return np.concatenate([shared, np.tile(own, self.economies)])

    def known_by(self, origin: int) -> Flags:
        """Places that figures up to ``origin`` may move, (size,): all but later innovations.

        Chance correlations with later innovations would shrink the noise of the future (Core
        prototype).
        """
        known: Flags = self.innovation_years <= origin
        return known

    def of_block(self, block: str) -> Flags:
        """Places that move a block, (size,). Raises ``ValueError`` for a block that is none."""
        if block not in BLOCKS:
            raise ValueError(f"no block {block!r}: they are {', '.join(BLOCKS)}")
        return np.array([name == block for name in self.blocks])

    def groups(self, origin: int, block: str | None = None) -> list[NDArray[np.int64]]:
        """Positions that are fitted together: the globals, each economy's own, and all the rest.

        The rest, which stays as drawn, is later innovations and, if a ``block`` is given, what
        does not move it. Every position is in exactly one group; the globals and the rest may be
        empty. Raises ``ValueError`` for a block that is none.
        """
        fitted = self.known_by(origin)
        if block is not None:
            fitted = fitted & self.of_block(block)
        scopes = [self.globals, *(self.economy(place) for place in range(self.economies))]
        groups = [np.flatnonzero(fitted[scope]) + scope.start for scope in scopes]
        return [*groups, np.flatnonzero(~fitted)]

    def draw(self, normals: Array, others: Parameters | None = None) -> Drawn:
        """What standard normals (member, size) stand for; zeros are the medians of the priors.

        Parameters that are not fitted are those of ``others``, or the medians of their priors.
        Raises ``ValueError`` for vectors of another length.
        """
        if normals.ndim != 2 or normals.shape[1] != self.size:
            raise ValueError(f"normals have shape {normals.shape}, not (members, {self.size})")
        members, width = len(normals), len(self._economy_priors)
        own = normals[:, self.globals.stop :].reshape(members, self.economies, self._width)
        values = {
            prior.name: prior.sample(normals[:, [place]])
            for place, (_, prior) in enumerate(self._global_priors)
        }
        for place, (_, prior) in enumerate(self._economy_priors):
            values[prior.name] = prior.sample(own[:, :, place])
        noise = own[:, :, width:].reshape(members, self.economies, len(STREAMS), self.years)
        starts = {prior.name: values.pop(prior.name) for prior in STARTS.values()}
        return Drawn(
            parameters=self._complete(values, members, others),
            innovations={name: noise[:, :, place] for place, name in enumerate(STREAMS)},
            **starts,
        )

    def _complete(
        self, values: dict[str, Array], members: int, others: Parameters | None
    ) -> Parameters:
        if others is None:
            others = parameters.central(self.economies)
        for prior in parameters.priors():
            if prior.name not in values:
                rest: Array = getattr(others, prior.name)
                values[prior.name] = np.broadcast_to(rest, (members, rest.shape[1]))
        return Parameters(**values)

    @property
    def _width(self) -> int:
        """Places that belong to one economy."""
        return len(self._economy_priors) + len(STREAMS) * self.years

    @property
    def _global_priors(self) -> list[tuple[str, Prior]]:
        return [pair for pair in _fitted_priors() if pair[1].scope == "global"]

    @property
    def _economy_priors(self) -> list[tuple[str, Prior]]:
        return [pair for pair in _fitted_priors() if pair[1].scope == "economy"]


def _fitted_priors() -> list[tuple[str, Prior]]:
    """Block and prior of everything that is fitted but innovations, in the order of the vector."""
    registry = {prior.name: prior for prior in parameters.priors()}
    pairs = [(block, registry[name]) for block in BLOCKS for name in FITTED[block]]
    return pairs + list(STARTS.items())
