"""Electronic commerce, what firms add to the digital economy, and digital jobs. Shapes (m, e)."""

from __future__ import annotations

import numpy as np

from sim.model import firms
from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import SEGMENTS, Array, State
from sim.model.setup import Setup
from sim.model.talent_flows import labour_force
from sim.model.world import World

#: Firms that sell online: services by both sizes of firm.
SELLING_SEGMENTS = tuple(i for i, name in enumerate(SEGMENTS) if name.startswith("services"))

#: The least that a share which carries orders counts: nobody is at none.
LEAST = 0.01


def advance(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """Orders online, what firms add to the digital share, and digital jobs."""
    p, shocks = setup.parameters, decision.plan.shocks
    risen = programmes_rise(old, new, ())
    if risen.any():
        new.digital_share = digital_share_gain(new.digital_share, risen, p)
    drive = ecommerce_drive(old, new, p) + p.ecommerce_push * shocks.adoption_push
    drive = drive - shocks.ecommerce_saturation * np.maximum(drive, 0.0)
    new.ecommerce_share = ecommerce_step(old.ecommerce_share, drive, p)
    new.displaced_jobs = displaced_step(old.displaced_jobs, shocks.job_displacement, p)
    new.digital_jobs = digital_jobs(new, setup.world, p)


def programmes_rise(old: State, new: State, segments: tuple[int, ...]) -> Array:
    """Rise in the year of adoption beyond the reference, over segments by value added, (m, e)."""
    before = old.firm_adoption - old.firm_adoption_reference
    now = new.firm_adoption - new.firm_adoption_reference
    if not (before.any() or now.any()):
        return np.zeros_like(new.gdp)
    return firms.weighted_mean(now - before, new.segment_weights, segments)


def digital_share_gain(share: Array, risen: Array, p: Parameters) -> Array:
    """Digital share of GDP with what firms' programmes add, (m, e).

    share e^((1 - share/ceiling) k da): it saturates like the share itself.
    """
    room = np.maximum(1.0 - share / p.digital_share_ceiling, 0.0)
    return np.minimum(share * np.exp(room * p.digital_firms * risen), 1.0)


def ecommerce_level(users: Array, finance: Array, trust: Array, p: Parameters) -> Array:
    """Orders online as a share of GDP, (m, e), by a rule: anchor times powers of what carries them.

    anchor (x/x0)^a (F/F0)^b (T/T0)^c, with South-East Asia in 2020 as anchor. Income acts through
    GDP itself: beyond users, accounts and trust the rich do not spend a larger part online.
    """
    return (
        p.ecommerce_anchor
        * (users / p.ecommerce_anchor_users) ** p.ecommerce_users
        * (finance / p.ecommerce_anchor_finance) ** p.ecommerce_finance
        * (trust / p.ecommerce_anchor_trust) ** p.ecommerce_trust
    )


def ecommerce_drive(old: State, new: State, p: Parameters) -> Array:
    """What would make orders grow faster than GDP if there were room, log a year, (m, e)."""
    return (
        p.ecommerce_habit
        + p.ecommerce_users * growth(new.internet_users, old.internet_users)
        + p.ecommerce_finance * growth(new.digital_finance, old.digital_finance)
        + p.ecommerce_trust * growth(new.trust, old.trust)
        + p.ecommerce_links * (new.payment_links - old.payment_links)
        + p.ecommerce_supply * programmes_rise(old, new, SELLING_SEGMENTS)
    )


def growth(now: Array, before: Array) -> Array:
    """Growth of a share, log; below 1 % a share counts as 1 %."""
    return np.asarray(np.log(np.maximum(now, LEAST) / np.maximum(before, LEAST)))


def ecommerce_step(share: Array, drive: Array, p: Parameters) -> Array:
    """Orders online as a share of GDP after a year, (m, e): d ln s = (1 - s/ceiling) drive."""
    room = np.maximum(1.0 - share / p.ecommerce_ceiling, 0.0)
    return np.minimum(share * np.exp(room * drive), 1.0)


def displaced_step(displaced: Array, shock: Array, p: Parameters) -> Array:
    """Digital jobs lost to a shock and not back, share, (m, e): D' = k D + (1 - k D) shock."""
    kept = (1.0 - p.displaced_return) * displaced
    return kept + (1.0 - kept) * shock


def digital_jobs(state: State, world: World, p: Parameters) -> Array:
    """Workers who make digital value added, persons, (m, e).

    Digital share of GDP times the labour force over what such a worker makes against the mean, less
    those displaced.
    """
    working = labour_force(state, world) / p.digital_productivity
    return state.digital_share * working * (1.0 - state.displaced_jobs)
