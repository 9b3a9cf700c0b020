"""KPIs of international capacity, outages and resilience."""

from __future__ import annotations

import numpy as np

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, LITERATURE, SUM, Kpi
from sim.model.fibre import FASTEST_REPAIR
from sim.model.quantities import Array, State

_NETWORK = "Published cable lists; capacities are mostly estimates by kind and generation"
_FAULTS = "Published fault rates and repair times; capacities and spare capacity are estimates"


def _bandwidth(state: State) -> Array:
    """Gbit/s per person online, as kbit/s."""
    return 1e6 * state.international_capacity / (state.population * state.internet_users)


def _recovery(state: State) -> Array:
    usual = state.repair_days
    return np.maximum(usual - state.repair_days_saved, FASTEST_REPAIR * usual)


FIBRE: tuple[Kpi, ...] = (
    Kpi(
        "international_capacity", "Usable international capacity", "Gbit/s", 1, BY_POPULATION,
        lambda s: s.international_capacity, "K07",
        "Maximum flow to the outside over cables that work, passed on by transit neighbours; what "
        "neighbours pass on counts for each of them",
        effect="percent", decimals=0, evidence=JUDGEMENT, evidence_note=_NETWORK,
    ),
    Kpi(
        "bandwidth_per_user", "International bandwidth per user", "kbit/s", 1, BY_POPULATION,
        _bandwidth, "K07", "Usable international capacity per person online", effect="percent",
        decimals=0, evidence=JUDGEMENT, evidence_note=_NETWORK,
    ),
    Kpi(
        "outage_hours", "Outages of international service", "hours a year", -1, BY_POPULATION,
        lambda s: 8760.0 * s.outage_share, "K28",
        "Share of service that finds no room when cables are cut, as hours of a full outage",
        decimals=2, evidence=LITERATURE, evidence_note=_FAULTS,
    ),
    Kpi(
        "service_availability", "Availability of international service", "% of the year", 1,
        BY_POPULATION, lambda s: 100.0 * (1.0 - s.outage_share), "K28", decimals=3,
        evidence=LITERATURE, evidence_note=_FAULTS,
    ),
    Kpi(
        "recovery_time", "Time to recover from a cut", "days", -1, BY_POPULATION, _recovery, "K28",
        "Expected time to repair the cables that an economy depends on",
        evidence=LITERATURE, evidence_note=_FAULTS,
    ),
    Kpi(
        "single_cut_resilience", "Capacity left after the worst single cut", "% of capacity", 1,
        BY_GDP, lambda s: 100.0 * s.single_cut_left, "K28", "Worst cut of one cable system",
        evidence=JUDGEMENT, evidence_note=_NETWORK,
    ),
    Kpi(
        "transit_resilience", "Capacity left without the worst neighbour", "% of capacity", 1,
        BY_GDP, lambda s: 100.0 * s.transit_left, "K28",
        "Loss of the transit neighbour whose failure takes most capacity",
        evidence=JUDGEMENT, evidence_note=_NETWORK,
    ),
    Kpi(
        "international_routes", "Independent international routes", "routes", 1, BY_POPULATION,
        lambda s: s.route_count, "K28", "Routes to the outside that share no border crossing",
        evidence=JUDGEMENT, evidence_note="Published cable lists; links to Iran are not recorded",
    ),
    Kpi(
        "link_investment", "Private investment in new links", "USD mn of 2015", 0, SUM,
        lambda s: s.link_investment / 1e6, "K07",
        "Links on which two economies decided this year, without what the regional fund gives",
        evidence=JUDGEMENT, evidence_note="When builders expect a link to pay is our guess",
    ),
)  # fmt: skip
