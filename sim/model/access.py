"""Access: telecom reform, vouchers for those left out, data centres at home.

Shapes: m members, e economies, z zones (urban, rural), q fifths by income.
"""

from __future__ import annotations

import numpy as np

from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import QUINTILES, Array, State, stacked
from sim.model.setup import Setup

#: How much of the help for target groups reaches each fifth of a zone by income, the poorest
#: first, and the two zones, urban first (judgement).
REACH_BY_QUINTILE = (1.0, 0.5, 0.0, 0.0, 0.0)
REACH_BY_ZONE = (0.0, 0.5)


def reform(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """Telecom reform becomes practice: it closes the planned part of the gap to the best score."""
    p, planned = setup.parameters, decision.plan.telecom_competition_and_spectrum
    new.telecom_regulation = old.telecom_regulation
    if planned.any():
        aim = regulation_aim(planned, old.telecom_regulation_base)
        step = p.reform_pace * decision.delivered * np.maximum(aim - old.telecom_regulation, 0.0)
        new.telecom_regulation = old.telecom_regulation + step


def regulation_aim(planned: Array, base: Array) -> Array:
    """Score of telecom regulation that is aimed at, (m, e): the planned part of the gap to 1."""
    return base + planned * (1.0 - base)


def reform_price(risen: Array, p: Parameters) -> Array:
    """Price of broadband against that without reform, (m, e), from the rise of regulation."""
    return 1.0 - p.reform_price * risen


def reform_gain(risen: Array, p: Parameters) -> Array:
    """Network per USD of programmes against that without reform, (m, e)."""
    return 1.0 / (1.0 - p.reform_saving * risen)


def target_shift(targeting: Array, p: Parameters) -> Array:
    """Log-odds that vouchers add to the ceiling of those whom they reach fully, (m, e).

    The response to price times the log of the discount: -pi ln(1 - d t).
    """
    return -p.price_response * np.log1p(-p.voucher_discount * targeting)


def divide(help_: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """What moves ceilings of rural and poor cohorts, by zone (m, e, z) and by fifth (m, e, q)."""
    zones = stacked([np.broadcast_to(reach * help_, shape) for reach in REACH_BY_ZONE])
    fifths = stacked([np.broadcast_to(reach * help_, shape) for reach in REACH_BY_QUINTILE])
    assert fifths.shape[-1] == len(QUINTILES)
    return zones, fifths


def data_centres(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """Data centres are built, wear out, and earn.

    B' = (1 - w) B + delivered MW; log GDP rises by M (1 - exp(-v B / (M Y))), with Y of last year:
    by v for each megawatt at first, and by M, the market, at most.
    """
    p, planned = setup.parameters, decision.plan.cloud_and_data_centres
    new.data_centres = old.data_centres
    if planned.any() or old.data_centres.any():
        new.data_centres = (1.0 - p.cloud_wear) * old.data_centres + decision.delivered * planned
        earned = p.cloud_value * new.data_centres / old.gdp
        new.cloud_returns = -p.cloud_market * np.expm1(-earned / p.cloud_market)


def people_trained(old: State, enrolled: Array, graduates: Array, p: Parameters) -> Array:
    """People who complete a basic course or an advanced degree in the year, (m, e) persons."""
    adults = old.population * old.working_age_share
    return adults * (enrolled * p.training_completion + graduates)
