"""Carbon dioxide: the trend, and what digital means change."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed


@dataclass(kw_only=True)
class Emissions:
    """Part of ``Parameters``."""

    carbon_trend: Array = between(
        0.005, 0.017, 0.030, "log per year", "Fall of carbon dioxide per unit of output",
        "the world fell by about 1.9 % a year in 2010-2022 (Global Carbon Budget and World Bank, "
        "recalled); range judgement", bounds=(-0.05, 0.1),
    )  # fmt: skip
    carbon_adoption: Array = between(
        0.02, 0.08, 0.20, "log per share of firms",
        "Fall with the adoption of firms in industry and agriculture beyond the reference",
        JUDGEMENT, channel="emissions",
    )  # fmt: skip
    green_cut: Array = between(
        0.02, 0.06, 0.12, "log", "Fall by digital means against emissions at most",
        "GeSI SMARTer2030 (2015) claims 20 % of emissions; an industry body's figure, cut to less "
        "than a third; recalled", channel="emissions",
    )  # fmt: skip
    green_half: Array = between(
        0.005, 0.01, 0.02, "share of a year's GDP", "Money that still works for half of that",
        JUDGEMENT, bounds=(1e-4, 1),
    )  # fmt: skip
    green_wear: Array = fixed(0.10, "per year", "Such means that wear out", JUDGEMENT)
    data_centre_load: Array = between(
        0.4, 0.6, 0.8, "share", "Power drawn over the year against what is installed",
        "Uptime Institute surveys, recalled; range judgement", bounds=(0, 1.5),
    )  # fmt: skip
    grid_carbon: Array = between(
        0.4, 0.55, 0.7, "t CO2 per MWh", "Carbon of the mix of the grid in the region",
        "Ember, Asian grids 2022, recalled; range judgement",
    )  # fmt: skip
