"""Networks at home, what they cost, and who is online."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Connectivity:
    """Part of ``State``."""

    operator_stock: Array = quantity(
        "member economy zone", "USD per person", 0, INF, "Network that operators keep up"
    )
    programme_stock: Array = quantity(
        "member economy zone", "USD per person", 0, INF, "Network laid by programmes"
    )
    programme_pipeline: Array = quantity(
        "member economy zone",
        "USD per person",
        0,
        INF,
        "Network paid for this year and delivered next year",
    )
    shared_network: Array = quantity(
        "member economy", "share of network", 0, 1, "Network built with shared structures"
    )
    coverage: Array = quantity(
        "member economy zone", "share of people", 0, 1, "People within reach of mobile broadband"
    )
    broadband_price: Array = quantity(
        "member economy",
        "% of monthly GNI per person",
        0,
        INF,
        "Entry-level broadband: data-only mobile basket of 2 GB",
        "ITU ICT price baskets",
    )
    relative_price: Array = quantity(
        "member economy", "ratio", 0, INF, "Price against its path without programmes"
    )
    online: Array = quantity(
        "member economy cohort", "share of cohort", 0, 1, "People who use the internet"
    )
    internet_users: Array = quantity(
        "member economy",
        "share of population",
        0,
        1,
        "Individuals using the internet",
        "ITU via World Bank IT.NET.USER.ZS",
    )
    adoption_noise: Array = quantity(
        "member economy", "log", -INF, INF, "AR(1) noise in the speed of adoption"
    )
    fixed_broadband: Array = quantity(
        "member economy",
        "subscriptions per person",
        0,
        1,
        "Fixed-broadband subscriptions",
        "ITU via World Bank IT.NET.BBND.P2",
    )
    broadband_noise: Array = quantity(
        "member economy", "log", -INF, INF, "AR(1) noise in the speed of broadband roll-out"
    )
