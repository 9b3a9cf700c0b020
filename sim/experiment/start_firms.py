"""The base year of firms, electronic commerce and emissions: estimates where figures lack."""

from __future__ import annotations

import numpy as np

from sim.model import adoption, ecommerce, firms
from sim.model.parameters import Parameters
from sim.model.quantities import State, stacked
from sim.model.world import World
from sim.region.region import Region

#: Least share of a sector in value added, so that every segment has a weight.
LEAST_SHARE = 1e-4
#: Bounds of the share of firms in the base year: nobody is at none or at all.
NOT_QUITE = 0.005
#: Years from the anchor of orders online, 2020, to the base year.
SINCE_ANCHOR = 3


def settle(state: State, region: Region, world: World, p: Parameters) -> None:
    """Firms' adoption, orders online, jobs and emissions of the base year, (member, economy, ...).

    There are no comparable figures of firms' adoption for most economies: the share of the ceiling
    that firms have reached (parameter ``start_headway``), with an error by economy. Orders
    online follow from a rule, with an error. It needs the users, lines, skills, institutions and
    digital share of ``state``.
    """
    sectors = [region.base(f"{name}_share") for name in ("agriculture", "industry", "services")]
    shares = stacked([np.maximum(share, LEAST_SHARE) for share in sectors])
    state.segment_weights = firms.segment_weights(shares, p)
    odds = firms.threshold_odds(firms.readiness(state, p), region.base_year, p)
    reached = np.clip(p.start_headway[..., None] * adoption.logistic(odds), NOT_QUITE, 0.95)
    drawn = adoption.logistic(adoption.logit(reached) + p.start_firms_error[..., None])
    state.firm_adoption = drawn
    state.firm_adoption_reference = drawn.copy("K")
    state.carbon_intensity = (
        region.base("co2_per_person") * 1000.0 * region.base("population") / state.gdp
    )
    state.emissions = state.carbon_intensity * state.gdp * 1e-9
    _orders(state, p)
    state.digital_jobs = ecommerce.digital_jobs(state, world, p)


def _orders(state: State, p: Parameters) -> None:
    """Orders online as a share of GDP: the rule, three years of habit since then, an error."""
    users, finance, trust = (
        np.maximum(share, ecommerce.LEAST)
        for share in (state.internet_users, state.digital_finance, state.trust)
    )
    level = ecommerce.ecommerce_level(users, finance, trust, p)
    grown = level * np.exp(SINCE_ANCHOR * p.ecommerce_habit + p.start_ecommerce_error)
    state.ecommerce_share = np.minimum(grown, 0.95 * p.ecommerce_ceiling)
