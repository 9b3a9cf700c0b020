"""Carbon dioxide: what output emits, and what digital means change of it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Emissions:
    """Part of ``State``."""

    carbon_intensity: Array = quantity(
        "member economy",
        "kg CO2 per USD of 2015",
        0,
        INF,
        "Carbon dioxide per unit of output, without programmes' data centres and passing shocks",
        "Global Carbon Budget, recalled",
    )
    emissions: Array = quantity(
        "member economy",
        "Mt CO2 a year",
        0,
        INF,
        "Carbon dioxide from fossil fuels and cement",
        "Global Carbon Budget, recalled",
    )
    green_means: Array = quantity(
        "member economy",
        "share of a year's GDP",
        0,
        INF,
        "Public money for digital means against emissions that still works",
    )
    grid_data_centres: Array = quantity(
        "member economy",
        "MW",
        0,
        INF,
        "Programmes' data centres that run on the mix of the grid and not on renewable power",
    )
