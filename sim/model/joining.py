"""Regulation as a game of joining: states ratify agreements, and carry out what they ask.

All of a year is decided on last year's state. Shapes: m members, e economies, i agreements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import regulation
from sim.model.agreements import Agreements
from sim.model.behaviour import UNDECIDED, Decision, drives
from sim.model.parameters import Parameters
from sim.model.quantities import (
    PROVISIONS,
    Array,
    Draws,
    Levers,
    State,
    blank_planes,
    planes,
    stacked,
    total,
)

if TYPE_CHECKING:
    from sim.model.setup import Setup

#: Log of a rate beyond which joining is certain.
LARGEST_LOG_RATE = 20.0
DATA_FLOWS = PROVISIONS.index("data_flows")
#: The state in the middle of those that might join, at which the rates of joining are those of the
#: evidence. By kind of agreement: the share of peers that have joined (of F01 and F03 on the way,
#: of F04 between 81 and 147 of 195 states), and what is missing of what is asked (nearly all of it
#: in states without the law). The others are means of those at risk in F01.
MIDDLE_PEERS, MIDDLE_WORK = np.array([0.15, 0.5, 0.57]), np.array([0.18, 0.18, 0.7])
MIDDLE_GAIN, MIDDLE_CAPACITY = 0.1, -0.1
#: How much of sovereignty is at stake in a voluntary, a best-endeavour and a binding agreement
#: (judgement).
STAKE = np.array([0.25, 0.5, 1.0])
#: Part of the gap to the plan by which the adoption of common standards grows in a year: they take
#: three years (judgement).
STANDARDS_PACE = 1.0 / 3.0


def advance(
    old: State, new: State, decision: Decision, luck: Draws, setup: Setup, step: int
) -> None:
    """3 and 7. States join; rules and paperless trade rise as planned and as agreed."""
    year = setup.world.base_year + step
    rules_rise(old, new, decision, setup.parameters)
    if len(setup.world.instruments):
        states_join(old, new, decision.plan, luck, setup, year, decision.ratifies)
        measure(new, setup, decision.plan.alignment_mode)


def start(base: State, setup: Setup) -> None:
    """Complete the base year: who is in, what parties have carried out, what is due next."""
    world = setup.world
    if len(world.instruments):
        pacts = world.agreements
        parties = np.broadcast_to(pacts.parties(world.base_year), base.ratified.shape)
        base.ratified = planes(parties)
        signed = (pacts.opens > 0) & (pacts.opens <= world.base_year)
        base.negotiated = np.tile(signed.astype(float), (len(base.gdp), 1))
        base.in_force = _in_force(base.ratified, pacts, world.base_year)
        measure(base, setup, np.zeros(len(world.economies)))


# Joining


def states_join(
    old: State,
    new: State,
    plan: Levers,
    luck: Draws,
    setup: Setup,
    year: int,
    own: Array | None = None,
) -> None:
    """Who joins this year, decided on last year's state, and what enters into force.

    Data on who joined after the base year go before chance. ``own`` are choices of agents,
    (..., e, instrument): 1 joins as soon as it may, 0 stays out, UNDECIDED is left to chance.
    """
    pacts = setup.world.agreements
    push = _push(plan, old)
    new.ratified = old.ratified.copy(order="K")
    if (pacts.joined == year).any():
        new.ratified = np.maximum(new.ratified, pacts.parties(year))
    new.negotiated = negotiation(
        old.negotiated, push, pacts, year, setup.parameters.negotiation_years
    )
    will = 1.0 - plan.shocks.cooperation_loss
    openness = 200.0 * old.regional_exports / old.gdp
    drawn = np.moveaxis(luck.accession, -1, 0)
    contested = old.ratified.sum(axis=(0, 1)) < pacts.may_join.sum(axis=0) * len(old.gdp)
    for number in np.flatnonzero(contested).tolist():
        is_open = new.negotiated[:, number, None] >= 1.0
        if is_open.any():
            rate = joining_rate(old, push[..., number], openness, setup, number)
            rate *= (will * pacts.may_join[:, number]) * is_open
            joins = np.exp(-rate) < 1.0 - drawn[number]
            if own is not None:
                may = (pacts.may_join[:, number] > 0.0) & is_open
                chosen = own[..., number]
                joins = np.where(chosen == UNDECIDED, joins, (chosen == 1.0) & may)
            parties = new.ratified[..., number]  # a view
            np.maximum(parties, joins, out=parties)
    new.in_force = np.maximum(old.in_force, _in_force(new.ratified, pacts, year))


def joining_rate(old: State, push: Array, openness: Array, setup: Setup, number: int) -> Array:
    """Rate at which states join an agreement, a year, (m, e).

    The log is ln(rate of the kind) + peers + gain + capacity - sovereignty - work + push, each
    against the state in the middle of those that might join. The chance of joining in a year is
    1 - exp(-rate): a discrete-time hazard with complementary log-log link (Prentice and Gloeckler
    1978). ``push`` is (..., e) in log-odds, which for small chances are log rates; ``openness`` is
    trade within the region, % of GDP.
    """
    p, world, pacts = setup.parameters, setup.world, setup.world.agreements
    inside = old.ratified[..., number]
    missing = 1.0 - old.implementation[..., number]
    partners = np.matmul(world.trade_weights, inside[:, :, None])[:, :, 0]
    share = inside.sum(axis=1, keepdims=True) / pacts.may_join[:, number].sum()
    log_rate = standing(setup, number) + push
    log_rate += 0.5 * p.joining_peers * (partners + share)
    gain = trade_gain(old, missing, setup, number)
    log_rate += p.joining_gain * openness * partners * gain
    log_rate -= p.joining_work * missing
    return np.exp(np.minimum(log_rate, LARGEST_LOG_RATE))


def standing(setup: Setup, number: int) -> Array:
    """The part of the log of the rate of joining that stays the same in a run, (m, e)."""
    p, world, pacts = setup.parameters, setup.world, setup.world.agreements
    kind = int(pacts.kind[number])
    rate = (p.open_rate, p.club_rate, p.law_rate)[kind]
    stake = STAKE[int(pacts.binding[number])] * pacts.asked[number, DATA_FLOWS]
    middle = (
        p.joining_peers * MIDDLE_PEERS[kind]
        + p.joining_gain * MIDDLE_GAIN
        - p.joining_work * MIDDLE_WORK[kind]
    )
    return (
        np.log(np.maximum(rate, 1e-12))
        - middle
        + p.joining_capacity * (world.government_effectiveness - MIDDLE_CAPACITY)
        - p.joining_sovereignty * (stake * pacts.sovereignty)
    )


def trade_gain(old: State, missing: Array, setup: Setup, number: int) -> Array:
    """Rise of the log of trade with a party that a state expects of joining, (m, e).

    theta * distance between rules that goes + epsilon * saving * cost * paperless trade added *
    partners' paperless trade: it reckons that it will do all that is asked, and that parties do.
    """
    p, pacts = setup.parameters, setup.world.agreements
    gain = p.regulatory_distance * (pacts.asked[number].mean() * missing)
    if pacts.paperless[number]:
        saving = p.trade_elasticity * p.paperless_saving * p.transaction_cost
        others = saving * old.facilitation.mean(axis=1, keepdims=True)
        gain += others * np.maximum(pacts.paperless[number] - old.facilitation, 0.0)
    return gain


def _in_force(ratified: Array, pacts: Agreements, year: int) -> Array:
    """What is in force by the record or by the number of its parties, (m, i): 0 or 1."""
    recorded = (pacts.in_force > 0) & (pacts.in_force <= year)
    return np.asarray(recorded | (ratified.sum(axis=1) >= pacts.needed), dtype=float)


def _push(plan: Levers, old: State) -> Array:
    """The drive to join of a plan, (..., e, i); none in a plan that knows no agreements."""
    if plan.accession_push.shape[-1] != old.ratified.shape[-1]:
        return np.zeros(old.ratified.shape[1:])
    return plan.accession_push


def negotiation(
    negotiated: Array, push: Array, pacts: Agreements, year: int, years: Array
) -> Array:
    """How far agreements are negotiated after a year, (m, i); those signed are.

    A proposal advances by the share of those who might join that drive it, over the ``years`` that
    it takes if all do.
    """
    drive = ((push > 0.0) * pacts.may_join).sum(axis=-2) / pacts.may_join.sum(axis=0)
    open_by_date = (pacts.opens > 0) & (pacts.opens < year)
    proposed = pacts.opens == 0
    further = negotiated + proposed * drive / years
    return np.asarray(np.maximum(np.minimum(further, 1.0), open_by_date))


# Carrying out


def rules_rise(old: State, new: State, decision: Decision, p: Parameters) -> None:
    """Provisions and paperless trade rise: what is planned or what is due, whichever is more.

    What is due in the year of a programme that drives an agreement is part of that programme, and
    is done as far as it is funded. Data flows may fall by a turn to localisation.
    """
    plan, delivered = decision.plan, decision.delivered
    driven = drives(plan)
    kept = 1.0 - plan.shocks.rules_lag
    share = np.where(driven, decision.funded, 1.0) * kept
    due = np.maximum(old.due_paperless * share, 0.0)
    built = delivered * decision.paperless_step
    new.facilitation = np.minimum(old.facilitation + np.maximum(built, due), 1.0)
    risen = new.facilitation - old.facilitation
    new.systems_built = np.minimum(
        old.systems_built + np.where(driven, risen, np.minimum(built, risen)), 1.0
    )
    new.standards = standards_step(old.standards, plan.common_standards * delivered)
    steps = (decision.law_step, decision.own_step, old.due_rules, plan.shocks.rules_fall)
    moves = any(step.any() for step in steps)
    if moves:
        _provisions_rise(old, new, decision, share, kept)
    if moves or new.standards is not old.standards:  # else rules stay as they are
        new.rule_distance = regulation.rule_distance(new.provisions, new.standards, p)


def _provisions_rise(old: State, new: State, decision: Decision, share: Array, kept: Array) -> None:
    """The six provisions after a year."""
    plan, driven = decision.plan, drives(decision.plan)
    work = decision.delivered * kept
    planned = decision.law_step + decision.own_step
    due = old.due_rules * share[..., None]
    new.provisions = regulation.provisions_step(old.provisions, planned, work, due)
    if driven.any() or planned.any():
        _work_is_shared(old, new, decision, work)
    if plan.shocks.rules_fall.any():
        parts = [new.provisions[..., k] for k in range(len(PROVISIONS))]
        parts[DATA_FLOWS] = np.maximum(parts[DATA_FLOWS] - plan.shocks.rules_fall, 0.0)
        new.provisions = stacked(parts)


def _work_is_shared(old: State, new: State, decision: Decision, work: Array) -> None:
    """Whose work the year's rise of provisions is: that of own aims, or that of agreements."""
    most = float(len(PROVISIONS))
    driven = drives(decision.plan)
    risen = new.provisions - old.provisions
    own = np.minimum(decision.own_step * work[..., None], risen)
    law = np.minimum(decision.law_step * work[..., None], risen - own)
    law = np.where(driven[..., None], risen - own, law)
    new.own_laws_raised = np.minimum(old.own_laws_raised + total(own), most)
    new.laws_raised = np.minimum(old.laws_raised + total(law), most)


def standards_step(adopted: Array, planned: Array) -> Array:
    """Common standards after a year, (m, e): towards the plan in about three years, never back."""
    if not planned.any():
        return adopted
    return adopted + STANDARDS_PACE * np.maximum(planned - adopted, 0.0)


def measure(state: State, setup: Setup, mode: Array) -> None:
    """What of each agreement is carried out, and what is due next year, under a plan's mode."""
    p, pacts = setup.parameters, setup.world.agreements
    state.implementation = implementation(state.provisions, state.facilitation, pacts)
    pace = setup.delivery / p.delivery_level * (1.0 + 0.5 * p.review_effect * mode)
    bound = np.moveaxis(state.ratified, -1, 0) * np.ascontiguousarray(state.in_force.T)[..., None]
    levels, paperless = agreed_levels(bound, compliance(pacts, mode, p), pacts)
    state.due_paperless = np.clip(paperless - state.facilitation, 0.0, p.facilitation_pace * pace)
    missing = np.maximum(levels - state.provisions, 0.0)
    state.due_rules = np.minimum(missing, (p.rules_pace * pace)[..., None])


def compliance(pacts: Agreements, mode: Array, p: Parameters) -> list[Array]:
    """Part of what each agreement asks that parties end up doing: a list of (m, e) or (m, 1)."""
    by_kind = (p.voluntary_compliance, p.endeavour_compliance, p.binding_compliance)
    closed = 0.5 * p.review_effect * mode if mode.any() else 0.0
    shares = [share + (1.0 - share) * closed for share in by_kind]
    return [shares[int(kind)] for kind in pacts.binding]


def agreed_levels(bound: Array, shares: list[Array], pacts: Agreements) -> tuple[Array, Array]:
    """The most that any agreement in force holds its parties to: provisions, paperless trade.

    ``bound`` is (i, m, e): 1 for parties of agreements in force. Returns (m, e, provision), (m, e).
    """
    levels = blank_planes(bound.shape[1:], len(PROVISIONS))
    paperless = np.zeros(bound.shape[1:])
    for number, parties in enumerate(bound):
        if not parties.any():
            continue
        held = parties * shares[number]
        for place in np.flatnonzero(pacts.asked[number]):
            level = levels[..., place]
            np.maximum(level, held * pacts.asked[number, place], out=level)
        if pacts.paperless[number]:
            np.maximum(paperless, held * pacts.paperless[number], out=paperless)
    return levels, paperless


def implementation(provisions: Array, facilitation: Array, pacts: Agreements) -> Array:
    """Part of what each agreement asks that is law and practice, (m, e, i).

    One less what is missing of the levels asked, as a share of these; paperless trade counts as one
    more provision.
    """
    done = blank_planes(facilitation.shape, len(pacts.needed))
    gaps: dict[tuple[int, float], Array] = {}
    for number, asked in enumerate(pacts.asked):
        share = done[..., number]  # a view
        for place in np.flatnonzero(asked):
            key = int(place), float(asked[place])
            if key not in gaps:
                gaps[key] = np.maximum(asked[place] - provisions[..., place], 0.0)
            share += gaps[key]
        paperless = pacts.paperless[number]
        if paperless:
            share += np.maximum(paperless - facilitation, 0.0)
        share *= -1.0 / max(asked.sum() + paperless, 1e-9)
        share += 1.0
    return done
