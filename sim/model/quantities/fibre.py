"""Cable systems: what they carry, what breaks, what reaches an economy."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, USD, Array, quantity


@dataclass(kw_only=True)
class Fibre:
    """Part of ``State``."""

    system_capacity: Array = quantity(
        "member system", "Gbit/s by design", 0, INF, "Capacity of cable systems in service"
    )
    system_pipeline: Array = quantity(
        "member system", "Gbit/s by design", 0, INF, "Systems decided this year, in service next"
    )
    redundancy: Array = quantity(
        "member economy", "share of routes", 0, 1, "International routes that are doubled"
    )
    maximum_flow: Array = quantity(
        "member economy",
        "Gbit/s by design",
        0,
        INF,
        "Maximum flow to the outside, passed on hop by hop, when all systems work",
    )
    international_capacity: Array = quantity(
        "member economy",
        "Gbit/s",
        0,
        INF,
        "Equipped capacity to the outside over what works, mean of the year",
    )
    capacity_ratio: Array = quantity(
        "member economy",
        "ratio",
        0,
        INF,
        "Maximum flow against that of the network without new links of programmes and decisions",
    )
    outage_share: Array = quantity(
        "member economy", "share of the year", 0, 1, "Service lost as cables were cut"
    )
    expected_outage: Array = quantity(
        "member economy",
        "share of the year",
        0,
        INF,
        "Service that the network without programmes is expected to lose",
    )
    worst_cut: Array = quantity(
        "member economy",
        "share of capacity",
        0,
        1,
        "Lost by the worst cut of one system without redundancy",
    )
    single_cut_left: Array = quantity(
        "member economy", "share of capacity", 0, 1, "Left after the worst cut of one system"
    )
    transit_left: Array = quantity(
        "member economy", "share of capacity", 0, 1, "Left after the loss of the worst neighbour"
    )
    route_count: Array = quantity(
        "member economy", "routes", 0, INF, "Routes to the outside without a common border crossing"
    )
    repair_days: Array = quantity(
        "member economy", "days", 0, INF, "Expected time to repair what an economy depends on"
    )
    repair_days_saved: Array = quantity(
        "member economy", "days", 0, INF, "Days by which programmes shorten repairs"
    )
    outage_loss: Array = quantity(
        "member economy",
        "log points",
        -INF,
        INF,
        "Output lost by outages beyond the expected loss of the base network (negative)",
    )
    link_investment: Array = quantity(
        "member economy", USD, 0, INF, "Private money for links that economies decided on this year"
    )
