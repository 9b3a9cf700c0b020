"""Evidence: the scenarios on which stylised facts are checked, and what is measured of them."""

from __future__ import annotations

import numpy as np

from sim.evidence.facts.runs import COVER_COLUMNS, LAST, READ, START
from sim.policy import Scenario, lever
from sim.policy.entries import LeverEntry
from sim.policy.levers import REGISTRY, Lever
from sim.policy.projects import needed_options
from sim.region.region import Region

#: The programme whose benefits are set against its cost: % of GDP a year, five years.
PROGRAMME = 0.3
#: Years in which its benefits are counted (evidence A13: 2015-2030).
COUNTED = 15
#: Levers in absolute units, and the least that an economy gets of one, in its unit.
ABSOLUTE = ("cloud_and_data_centres", "smart_cities_and_villages")
LEAST = 0.01
BROADBAND, TRAINING = "broadband_investment", "basic_skills_programme"
BOTH, MONEY = "both together", "broadband programme"
#: Columns that the checks read.
COLUMNS = (
    *COVER_COLUMNS, "internet_users", "urban_rural_gap", "paperless_trade",
    "digital_value_added", "msme_adoption", "size_gap", "cost_lever_broadband_investment",
    "international_routes", "single_cut_resilience", "transit_resilience",
)  # fmt: skip


def policy_scenarios(region: Region) -> list[Scenario]:
    """Each lever alone at the upper end of its usual range for five years; two together."""
    base = Scenario.baseline(region, region.base_year + LAST)
    years = (region.base_year + START, region.base_year + READ)
    alone = {name: full_strength(known, region, years) for name, known in REGISTRY.items()}
    found = [base.plus(*entries, name=name) for name, entries in alone.items()]
    return [*found, base.plus(*alone[BROADBAND], *alone[TRAINING], name=BOTH)]


def full_strength(known: Lever, region: Region, years: tuple[int, int]) -> tuple[LeverEntry, ...]:
    """A lever at the upper end of its usual range in every economy.

    What is in absolute units is what a whole region plans, and is shared out by GDP.
    """
    high = known.scale.usual_high
    if known.name not in ABSOLUTE:
        return (lever(known.name, high, years=years, **needed_options(known, region)),)
    gdp = region.base("gdp")
    amounts = np.maximum(high * gdp / gdp.sum(), LEAST)
    return tuple(
        lever(known.name, float(f"{amount:.3g}"), code, years=years)
        for code, amount in zip(region.economies, amounts, strict=True)
    )


def money_scenario(region: Region) -> Scenario:
    """A broadband programme of five years, run on for as long as its benefits are counted."""
    first = region.base_year + START
    base = Scenario.baseline(region, first + COUNTED - 1)
    years = (first, first + READ - START)
    return base.plus(lever(BROADBAND, PROGRAMME, years=years), name=MONEY)
