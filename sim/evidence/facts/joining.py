"""Evidence: agreements of the past played again by the model, from the day they could be joined."""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields, replace

import numpy as np

from sim.model import joining
from sim.model.quantities import Array, Draws, blank_planes
from sim.model.setup import Setup
from sim.policy.paths import empty_paths

#: Years that are played.
YEARS = 15


@dataclass(frozen=True)
class Played:
    """An agreement played from the first year: ``parties`` (year, member, economy), 0 or 1.

    Row 0 is the start, when nobody has joined. ``may_join`` is (economy,).
    """

    parties: Array
    may_join: Array

    def rate(self, years: float) -> float:
        """Joinings over country-years at risk in the first years, all members together.

        A part of a year counts as that part of its joinings and of its country-years.
        """
        counted = np.clip(years - np.arange(len(self.parties) - 1.0), 0.0, 1.0)
        joins = np.diff(self.parties.sum(axis=(1, 2))) @ counted
        at_risk = (self.may_join - self.parties[:-1]).clip(0.0).sum(axis=(1, 2)) @ counted
        return float(joins / at_risk)

    def years_until(self, number: int) -> Array:
        """Years until a number of economies have joined, (member,): in the middle of the year.

        One more than was played where it never came to that.
        """
        reached = self.parties.sum(axis=2) >= number
        first = np.where(reached.any(axis=0), reached.argmax(axis=0) - 0.5, len(self.parties))
        return np.asarray(first)


def play(setup: Setup, name: str, luck: Array, without: tuple[str, ...] = ()) -> Played:
    """Play one agreement of a setup from the start, as if nobody had joined.

    ``luck`` are uniforms (year, member, economy); rules, trade and incomes stay as in the base
    year. ``without`` are economies that cannot join.
    """
    alone = _alone(setup, name, without)
    world = alone.world
    plan = empty_paths(1, len(world.economies), instruments=1).at(0)
    state, seen = alone.base, [alone.base.ratified[..., 0]]
    for year, draws in enumerate(luck, start=world.base_year + 1):
        new = copy.copy(state)
        joining.states_join(state, new, plan, _draws(draws[..., None]), alone, year)
        state = new
        seen.append(state.ratified[..., 0])
    return Played(np.stack(seen), world.agreements.may_join[:, 0])


def _alone(setup: Setup, name: str, without: tuple[str, ...]) -> Setup:
    """The setup of a world with one agreement, open and without parties."""
    world, base = setup.world, copy.copy(setup.base)
    place = [world.instruments.index(name)]
    known = world.agreements
    may_join = known.may_join[:, place].copy()
    may_join[[world.economies.index(code) for code in without]] = 0.0
    pacts = replace(
        known, asked=known.asked[place], paperless=known.paperless[place], kind=known.kind[place],
        binding=known.binding[place], needed=known.needed[place], opens=np.ones(1),
        in_force=np.zeros(1), may_join=may_join, joined=np.zeros_like(may_join),
    )  # fmt: skip
    base.ratified = blank_planes(base.gdp.shape, 1)
    base.in_force = np.zeros((len(base.gdp), 1))
    base.negotiated = np.ones((len(base.gdp), 1))
    base.implementation = setup.base.implementation[..., place]
    return replace(setup, world=replace(world, instruments=(name,), agreements=pacts), base=base)


def _draws(accession: Array) -> Draws:
    """A year's luck in joining, and none in anything else."""
    none = np.zeros(0)
    values = {item.name: none for item in fields(Draws)}
    return Draws(**{**values, "accession": accession})
