"""Institutions: e-government, cybersecurity, digital finance, innovation, trust, their returns.

Each institution moves on the log-odds of its index: by its own drift, by learning from the best of
its peers, by programmes, and by luck. Beside it runs its reference, the same economy with the same
luck but no programme, shock or choice of teachers; what acts on output is the difference.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.model import cyber, learning, output
from sim.model.adoption import logistic, logit
from sim.model.behaviour import Decision
from sim.model.budget_rules import chosen_teachers
from sim.model.parameters import Parameters
from sim.model.quantities import PROVISIONS, Array, Draws, State
from sim.model.setup import Setup

CYBER_LAW, PAYMENTS_LAW = (
    PROVISIONS.index(name) for name in ("cybersecurity_law", "digital_id_payments")
)
#: Nothing, in a shape that adds to everything.
NOTHING = np.zeros(1)


class Motion(NamedTuple):
    """What moves an institution in a year; arrays (m, e) or what broadcasts to it.

    ``drift`` is its own drift with the year's luck, ``learning`` the part of a gap that is learnt;
    ``gain`` the log-odds that programmes and shocks add, ``open_to`` how far one looks beyond
    similar peers.
    """

    drift: Array
    learning: Array
    gain: Array
    open_to: Array


def advance(
    old: State, new: State, decision: Decision, luck: Draws, setup: Setup, step: int
) -> None:
    """7. E-government, cybersecurity, finance and innovation; incidents and trust; returns."""
    p, plan = setup.parameters, decision.plan
    fund = plan.innovation_fund * decision.delivered * (1.0 - plan.shocks.investment_retreat)
    moves = {
        "egovernment": egovernment_motion(decision, luck, p),
        "cybersecurity": cybersecurity_motion(decision, luck, p),
        "digital_finance": finance_motion(old, decision, luck, p),
        "innovation": innovation_motion(decision, fund, p),
    }
    risen = {
        name: institution_moves(old, new, name, motion, decision, setup)
        for name, motion in moves.items()
    }
    new.e_participation = participation(old.e_participation, risen["egovernment"], p)
    new.startup_investment = fund + venture_money(new.innovation, plan.shocks.investment_retreat, p)
    if plan.digital_finance_interoperability.any() or old.payment_links.any():
        joined = plan.digital_finance_interoperability * decision.delivered
        new.payment_links = payment_links_step(
            old.payment_links, joined, setup.world.trade_weights, p
        )
    incidents_strike(old, new, decision, luck, setup, step)
    returns_accrue(old, new, p)


def egovernment_motion(decision: Decision, luck: Draws, p: Parameters) -> Motion:
    """E-government: spending that is delivered, and the platform for procurement."""
    plan = decision.plan
    return Motion(
        p.egovernment_drift + p.egovernment_effect + p.egovernment_noise_sd * luck.egovernment,
        p.egovernment_learning,
        _spending(
            plan.egovernment_and_open_data, decision, p.egovernment_response, p.egovernment_scale
        ),
        learning.openness(plan, _platform(decision, "procurement")),
    )


def cybersecurity_motion(decision: Decision, luck: Draws, p: Parameters) -> Motion:
    """Cybersecurity: spending that is delivered, planned law on it, the regional response team.

    Law that comes with agreements without a programme is in the drift.
    """
    plan = decision.plan
    noise = p.cybersecurity_noise_sd * luck.cybersecurity
    team = NOTHING
    if plan.regional_cert.any():
        team = learning.network_effect(plan.regional_cert * (1.0 - plan.shocks.cooperation_loss))
    gain = _spending(
        plan.cybersecurity_programme, decision, p.cybersecurity_response, p.cybersecurity_scale
    )
    law = decision.law_step[..., CYBER_LAW] + decision.own_step[..., CYBER_LAW]
    if law.any():
        gain = gain + p.cybersecurity_law * law * decision.delivered
    return Motion(
        p.cybersecurity_drift + p.cybersecurity_effect + noise,
        p.cybersecurity_learning,
        gain,
        learning.openness(plan, team),
    )


def finance_motion(old: State, decision: Decision, luck: Draws, p: Parameters) -> Motion:
    """Digital finance: payment systems that work together, as far as law and trust allow.

    Half of what they bring needs the law on identity and payments; all of it is used as far as
    people trust it.
    """
    plan = decision.plan
    gain = NOTHING
    if plan.digital_finance_interoperability.any():
        joined = plan.digital_finance_interoperability * decision.delivered
        allowed = 0.5 + 0.5 * old.provisions[..., PAYMENTS_LAW]
        trusted = cyber.trust_gate(old.trust, old.trust_reference, p)
        gain = p.finance_response * joined * allowed * trusted
    return Motion(
        p.finance_drift + p.finance_effect + p.finance_noise_sd * luck.finance,
        p.finance_learning,
        gain,
        learning.openness(plan, NOTHING),
    )


def innovation_motion(decision: Decision, fund: Array, p: Parameters) -> Motion:
    """Innovation: the ``fund`` (share of GDP), the platform, venture money, technology.

    A blockade of technology takes its part of the year's own drift and of what the fund gives.
    """
    shocks = decision.plan.shocks
    drift, gain = p.innovation_drift + p.innovation_effect, NOTHING
    if fund.any():
        gain = learning.spending_gain(fund, p.innovation_response, p.innovation_scale)
    if shocks.technology_access.any():
        lost = shocks.technology_access
        gain = gain * (1.0 - lost) - lost * np.maximum(drift, 0.0)
    if shocks.investment_retreat.any():
        gain = gain - p.innovation_retreat * shocks.investment_retreat
    open_to = learning.openness(decision.plan, _platform(decision, "innovation"))
    return Motion(drift, p.innovation_learning, gain, open_to)


def _spending(plan: Array, decision: Decision, response: Array, scale: Array) -> Array:
    if not plan.any():
        return NOTHING
    return learning.spending_gain(plan * decision.delivered, response, scale)


def _platform(decision: Decision, name: str) -> Array:
    if not decision.plan.regional_platforms.any():
        return NOTHING
    return learning.platform_use(decision.plan, name)


def institution_moves(
    old: State, new: State, name: str, motion: Motion, decision: Decision, setup: Setup
) -> Array:
    """Set an institution and its reference after a year; return the rise of its log-odds, (m, e).

    Without programmes the two are the same numbers, and are worked out once. What programmes and
    shocks changed fades.
    """
    p, lost = setup.parameters, decision.plan.shocks.cooperation_loss
    own, reference = getattr(old, name), getattr(old, f"{name}_reference")
    level = logit(own)
    same = own is reference or np.array_equal(own, reference)  # mostly the same array
    base = level if same else logit(reference)
    peers = learning.best_practice(base, setup.teachers)
    after = learning.institution_step(base, peers, setup.absorptive, motion.drift, motion.learning)
    setattr(new, f"{name}_reference", logistic(after))
    if same and not (
        decision.teachers is not None or motion.gain.any() or motion.open_to.any() or lost.any()
    ):
        setattr(new, name, getattr(new, f"{name}_reference"))
        return after - level
    teachers = setup.teachers
    if decision.teachers is not None and teachers.shape[-1]:
        teachers = chosen_teachers(decision.teachers, teachers)
    best = learning.best_practice(level, teachers)
    best = learning.widened(best, level, motion.open_to)
    rate = motion.learning * (1.0 + p.exchange_gain * motion.open_to) * (1.0 - lost)
    gain = motion.gain - p.institution_fade * (level - base)
    after = learning.institution_step(level, best, setup.absorptive, motion.drift, rate, gain)
    setattr(new, name, logistic(after))
    return after - level


def participation(before: Array, risen: Array, p: Parameters) -> Array:
    """E-participation, (m, e): its log-odds move in proportion to those of e-government."""
    odds = logit(before) + p.participation_response * risen
    return logistic(np.clip(odds, -learning.LOG_ODDS_BOUND, learning.LOG_ODDS_BOUND))


def venture_money(innovation: Array, retreat: Array, p: Parameters) -> Array:
    """Private money for start-ups, share of GDP, (m, e): level * innovation^3 * (1 - retreat)."""
    return p.venture_level * innovation**3 * (1.0 - retreat)


def payment_links_step(links: Array, joined: Array, weights: Array, p: Parameters) -> Array:
    """Part of partners reached by linked payment systems after a year, (m, e), 0 to 1.

    Links move by a quarter of the way a year to own joining times the partners', weighted by trade:
    a system that no partner joins links nobody. ``joined`` (m, e), ``weights`` (e, partner).
    """
    partners = np.zeros_like(links)
    for partner, weight in enumerate(weights.T):
        partners += weight * joined[..., partner : partner + 1]
    return links + p.payment_link_speed * (joined * np.minimum(partners, 1.0) - links)


def incidents_strike(
    old: State, new: State, decision: Decision, luck: Draws, setup: Setup, step: int
) -> None:
    """Cyber losses of the year, against those expected without programmes; trust.

    The expected loss is that of the same connectivity: what rising use costs is in the trend.
    """
    p, plan = setup.parameters, decision.plan
    attack = cyber.threat(step, p)
    exposed = cyber.exposure(new.internet_users, new.cybersecurity, attack, p)
    usual = exposed
    if new.cybersecurity is not new.cybersecurity_reference:
        usual = cyber.exposure(new.internet_users, new.cybersecurity_reference, attack, p)
    new.cyber_incidents, new.cyber_cost = cyber.yearly_loss(
        exposed, plan, decision.funded, luck.incident_size, luck.incidents, p
    )
    surprise = new.cyber_cost - cyber.expected_loss(usual, p)
    new.cyber_loss = -surprise
    new.trust = cyber.trust_step(old.trust, old.trust_reference, surprise, plan, decision.funded, p)


def returns_accrue(old: State, new: State, p: Parameters) -> None:
    """Returns of institutions above their reference paths, log points."""
    gate = cyber.trust_gate(new.trust, new.trust_reference, p)
    used = new.egovernment * gate - new.egovernment_reference
    new.egovernment_returns = egovernment_returns_step(
        old.egovernment_returns, used * new.internet_users, p
    )
    new.finance_returns = finance_returns(
        new.digital_finance, new.digital_finance_reference, gate, p
    )
    new.innovation_returns = p.innovation_return * (new.innovation - new.innovation_reference)


def egovernment_returns_step(returns: Array, used: Array, p: Parameters) -> Array:
    """Log GDP gained by services of government used online above the reference, (m, e).

    r' = r + lag (ceiling * quality * take-up - r): a ceiling (H06), reached over years.
    """
    return returns + p.egovernment_lag * (p.egovernment_return * used - returns)


def finance_returns(accounts: Array, reference: Array, gate: Array, p: Parameters) -> Array:
    """Log GDP gained by digital finance above the reference, (m, e).

    level (gate * S(a) - S(a_reference)): S the S-curve of returns, the level effect of H04.
    """
    if accounts is reference:
        return p.finance_return * (gate - 1.0) * output.s_curve(accounts)
    return p.finance_return * (gate * output.s_curve(accounts) - output.s_curve(reference))
