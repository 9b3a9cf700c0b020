"""Cyber incidents and trust: how often, how costly, and what they do to going online."""

from __future__ import annotations

import numpy as np

from sim.model.learning import network_effect
from sim.model.parameters import Parameters
from sim.model.quantities import Array, Levers

#: The most that cyber losses take of a year's GDP (judgement; ten times Costa Rica's in 2022).
LARGEST_LOSS = 0.25
#: The most major incidents of a year that are counted.
MOST_INCIDENTS = 60


def threat(step: int, p: Parameters) -> Array:
    """How much more attackers do than in the base year, (m, 1).

    (1 + g)(1 + g f)(1 + g f^2)...: growth g (G06) that fades, as disclosure inflates it.
    """
    pace = p.threat_growth * p.threat_fade ** np.arange(step)
    return np.asarray(np.prod(1.0 + pace, axis=1, keepdims=True))


def exposure(users: Array, cybersecurity: Array, threat: Array, p: Parameters) -> Array:
    """Exposure to cyber losses against the world's of 2023, (m, e).

    threat * (x / x_world) * (1 - protection * c) / (1 - protection * c_world): losses rise with
    digitalisation and fall with commitment (G05-G07), which never prevents all of them.
    """
    open_part = 1.0 - p.cyber_protection * p.cyber_anchor_score
    factor = threat / (p.cyber_anchor_users * open_part)
    return factor * users * (1.0 - p.cyber_protection * cybersecurity)


def expected_loss(exposed: Array, p: Parameters) -> Array:
    """Mean cyber loss at an exposure without shocks, share of GDP, (m, e)."""
    return p.cyber_cost_share * exposed


def incident_count(rate: Array, uniform: Array) -> Array:
    """Major incidents of the year, (m, e): Poisson at ``rate``, by the inverse of uniforms."""
    chance = np.exp(-rate)
    below = chance.copy()
    count = np.zeros_like(rate)
    for number in range(1, MOST_INCIDENTS + 1):
        above = uniform >= below
        if not above.any():
            break
        count += above
        chance *= rate / number
        below += chance
    return count


def incident_loss(count: Array, mean: Array, normal: Array, p: Parameters) -> Array:
    """Loss by ``count`` incidents of one ``mean`` size, share of GDP, (m, e).

    A sum of lognormals is taken as lognormal with its mean and variance (Fenton 1960): for n of
    them s_n^2 = ln(1 + (e^(s^2) - 1) / n), so that the mean is exact and one draw is enough.
    """
    variance = np.log1p(np.expm1(p.cyber_tail**2) / np.maximum(count, 1.0))
    return count * mean * np.exp(np.sqrt(variance) * normal - 0.5 * variance)


def joint_action(part: Array) -> Array:
    """What joint action is worth, (..., e): half by itself, half as the others take part."""
    return 0.5 * part + 0.5 * network_effect(part)


def yearly_loss(
    exposed: Array, plan: Levers, funded: Array, normal: Array, uniform: Array, p: Parameters
) -> tuple[Array, Array]:
    """Major incidents of the year and all cyber losses, share of GDP, each (m, e).

    Everyday crime costs its share of the expected loss, less what joint action against fraud
    prevents; major incidents come at a rate, each with a size that shared response lowers.
    """
    shocks = plan.shocks
    cost = expected_loss(exposed, p)
    everyday = (1.0 - p.cyber_major_share) * cost
    if plan.anti_fraud.any():
        everyday = everyday * (1.0 - p.fraud_effect * joint_action(plan.anti_fraud * funded))
    size = p.cyber_major_share * p.cyber_cost_share / p.cyber_rate
    if plan.regional_cert.any():
        size = size * (1.0 - p.cert_effect * network_effect(plan.regional_cert * funded))
    if shocks.cyber_severity.any():
        size = size * np.exp(shocks.cyber_severity)
    count = incident_count(p.cyber_rate * exposed * (1.0 + shocks.cyber_attacks), uniform)
    loss = everyday + incident_loss(count, size, normal, p)
    return count, np.minimum(loss, LARGEST_LOSS)


def trust_step(
    trust: Array, reference: Array, surprise: Array, plan: Levers, funded: Array, p: Parameters
) -> Array:
    """Trust after a year, (m, e), 0 to 1.

    t' = t + recovery (reference - t) - fall * surprise - shock + (campaigns + joint action against
    fraud)(1 - t). ``surprise`` is the cyber loss above the expected, share of GDP, so that in
    expectation trust stays at its reference.
    """
    after = trust + p.trust_recovery * (reference - trust) - p.trust_fall * surprise
    after = after - plan.shocks.trust_loss
    if plan.awareness_and_trust.any() or plan.anti_fraud.any():
        gain = p.campaign_effect * plan.awareness_and_trust
        gain = gain + p.anti_fraud_trust * joint_action(plan.anti_fraud)
        after = after + gain * funded * (1.0 - trust)
    return np.clip(after, 0.0, 1.0)


def trust_gate(trust: Array, reference: Array, p: Parameters) -> Array:
    """Use of online services against that at the reference of trust, (m, e); 1 there.

    1 + response (t - reference): it multiplies e-commerce, digital finance, services of government
    and services across borders.
    """
    return 1.0 + p.trust_response * (trust - reference)
