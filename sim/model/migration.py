"""Talent on the move: what people do in a year.

Talent leaves for other economies or the rest of the world, and comes back from there. Everything is
in persons, and nobody is lost: what leaves one place arrives in another.
Shapes: m members, e economies.
"""

from __future__ import annotations

import numpy as np

from sim.model import skills
from sim.model.behaviour import Decision
from sim.model.quantities import Array, State
from sim.model.setup import Setup
from sim.model.talent_flows import NOTHING, Pushes, abroad_step, appeal, flows, labour_force

#: No labour force is without any talent, share (judgement; growth rates are taken of it).
LEAST_TALENT = 1e-9


def advance(old: State, new: State, decision: Decision, setup: Setup, step: int) -> None:
    """6. Talent moves; what a programme taught, or keeps, goes and comes with it.

    ``new.talent`` holds what entry, degrees and retirement leave; moves are added to it.
    ``programme_talent`` is the difference from the same economies without programmes and shocks,
    at the same wages.
    """
    p, world, plan, ties = setup.parameters, setup.world, decision.plan, setup.talent_ties
    before, now = labour_force(old, world), labour_force(new, world)
    draw = appeal(old.gdp / old.population, step - 1.0, p)
    pushes = Pushes(plan.talent_retention * decision.delivered, plan.shocks.talent_pull)
    reference = old.talent - old.programme_talent
    replaced = ties.replacement * reference * before
    moves = flows(old.talent * before, old.talent_abroad, draw, pushes, ties, p)
    stay = new.talent * now + replaced
    taught = new.talent
    there = stay + moves.arrivals - moves.departures
    new.talent = np.clip(there / now, LEAST_TALENT, 1.0)
    new.talent_abroad = abroad_step(old.talent_abroad, moves, p)
    new.talent_departures, new.talent_arrivals = moves.departures, moves.arrivals
    # Who would be more than the labour force finds no such work: none, but in an odd region.
    beyond = there - new.talent * now
    new.talent_renewal = stay - old.talent * before - beyond

    untaught = skills.talent_step(reference, world.tertiary_enrolment, np.zeros_like(reference), p)
    if _undisturbed(old, taught, untaught, pushes):
        new.reference_abroad = new.talent_abroad
        return
    moves = flows(reference * before, old.reference_abroad, draw, NOTHING, ties, p)
    stay = untaught * now + replaced
    reference = np.clip((stay + moves.arrivals - moves.departures) / now, LEAST_TALENT, 1.0)
    new.programme_talent = new.talent - reference
    new.reference_abroad = abroad_step(old.reference_abroad, moves, p)


def _undisturbed(old: State, taught: Array, untaught: Array, pushes: Pushes) -> bool:
    """Whether nothing tells this year from one without programmes and shocks."""
    return (
        old.talent_abroad is old.reference_abroad
        and not pushes.retention.any()
        and not pushes.pull.any()
        and np.array_equal(taught, untaught)
    )
