"""The base year of firms and emissions: estimates where there are no figures."""

from __future__ import annotations

import numpy as np

from sim.model import adoption, firms
from sim.model.parameters import Parameters
from sim.model.quantities import State, stacked
from sim.region.region import Region

#: Least share of a sector in value added, so that every segment has a weight.
LEAST_SHARE = 1e-4
#: Bounds of the share of firms in the base year: nobody is at none or at all.
NOT_QUITE = 0.005


def settle(state: State, region: Region, p: Parameters) -> None:
    """Firms' adoption and emissions of the base year, (member, economy, ...).

    There are no comparable figures of firms' adoption for most economies: the share of the ceiling
    that firms have reached (parameter ``start_headway``), with an error by economy. It needs users,
    lines and skills of ``state``.
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
