"""Many years, many ensemble members: a run is a pure function of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sim.model import behaviour
from sim.model.quantities import Draws, Levers, State
from sim.model.setup import Setup
from sim.model.year import Decide, next_year

#: Called with each state and its calendar year, the base year first.
Observe = Callable[[State, int], None]


def run(
    setup: Setup,
    levers: Levers,
    luck: Iterable[Draws],
    observe: Observe,
    decide: Decide = behaviour.decide,
) -> State:
    """Run from the base year through every year of ``levers``; return the last state.

    ``luck`` holds one Draws a year. ``observe`` sees every year's state, and keeps what it needs:
    no history is kept here, so memory does not grow with the horizon.
    """
    state = setup.base
    observe(state, setup.world.base_year)
    for step, draws in enumerate(luck, start=1):
        if step > len(levers.broadband_investment):
            break
        state = next_year(state, levers.at(step - 1), draws, setup, step, decide)
        observe(state, setup.world.base_year + step)
    return state
