"""Carbon dioxide: output times an intensity that falls; data centres add. Shapes (m, e)."""

from __future__ import annotations

import numpy as np

from sim.model import firms
from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import SEGMENTS, Array, State
from sim.model.setup import Setup

HOURS = 8760.0
#: Segments whose technology saves energy and materials.
SAVING_SEGMENTS = tuple(
    index for index, name in enumerate(SEGMENTS) if not name.startswith("services")
)


def advance(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """Intensity falls, and emissions follow from this year's output."""
    p, plan = setup.parameters, decision.plan
    new.green_means, new.grid_data_centres = old.green_means, old.grid_data_centres
    if plan.green_digital.any() or old.green_means.any():
        spent = plan.green_digital * decision.delivered
        new.green_means = (1.0 - p.green_wear) * old.green_means + spent
    if new.data_centres.any() or old.grid_data_centres.any():
        kept = 1.0 - p.cloud_wear
        added = np.maximum(new.data_centres - kept * old.data_centres, 0.0)
        grid = kept * old.grid_data_centres + added * (1.0 - plan.renewable_share)
        new.grid_data_centres = np.minimum(grid, new.data_centres)
    fall = p.carbon_trend + saved(new, p) - saved(old, p)
    new.carbon_intensity = old.carbon_intensity * np.exp(-fall)
    new.emissions = emissions(new, plan.shocks.emissions, p)


def saved(state: State, p: Parameters) -> Array:
    """Fall of intensity by programmes against that without, log, (m, e).

    With firms' adoption beyond the reference in agriculture and industry, and with money for
    digital means against emissions, at a decreasing rate.
    """
    gap = state.firm_adoption - state.firm_adoption_reference
    cut = p.green_cut * state.green_means / (state.green_means + p.green_half)
    if not gap.any():
        return cut
    return cut + p.carbon_adoption * firms.weighted_mean(
        gap, state.segment_weights, SAVING_SEGMENTS
    )


def emissions(state: State, shock: Array, p: Parameters) -> Array:
    """Carbon dioxide of the year, Mt, (m, e): intensity e^shock Y, and programmes' data centres.

    Data centres that exist already are in the intensity. Power: MW times hours times load; carbon
    by the mix of the grid, nil for what runs on renewable power.
    """
    of_output = state.carbon_intensity * np.exp(shock) * state.gdp * 1e-9
    return of_output + state.grid_data_centres * power_carbon(p)


def power_carbon(p: Parameters) -> Array:
    """Mt CO2 a year per MW of data centres on the grid, (m, 1)."""
    return HOURS * p.data_centre_load * p.grid_carbon * 1e-6
