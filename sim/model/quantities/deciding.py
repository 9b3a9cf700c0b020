"""What member states and their regional body keep in mind from year to year, and the fund."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, USD, Array, quantity


@dataclass(kw_only=True)
class Deciding:
    """Part of ``State``."""

    targets: Array = quantity(
        "member economy goal",
        "unit of the goal",
        0,
        1,
        "Level of each goal that an economy aims at: the region's leaders, raised by upgrades",
    )
    progress: Array = quantity(
        "member economy",
        "index points a year",
        -1,
        1,
        "Recent yearly rise of the mean of all goals against their targets",
    )
    lever_yield: Array = quantity(
        "member economy lever",
        "index points per % of GDP",
        0,
        INF,
        "What recent spending on a lever brought towards its goal's target",
    )
    review_clock: Array = quantity("member", "years", 0, INF, "Years since the body's last review")
    upgrade_clock: Array = quantity(
        "member", "years", 0, INF, "Years since the body's last upgrade of targets"
    )
    review_gain: Array = quantity(
        "member economy", "share", 0, 1, "Part of under-delivery that reviews have corrected"
    )
    delivery_quality: Array = quantity(
        "member economy", "share", 0, 1, "Part of public investment that becomes assets"
    )
    fund_balance: Array = quantity("member", USD, 0, INF, "What the regional fund has in hand")
    fund_contributions: Array = quantity(
        "member economy", USD, 0, INF, "Paid into the regional fund this year"
    )
    fund_private: Array = quantity(
        "member", USD, 0, INF, "Private money that came into the regional fund this year"
    )
    fund_transfers: Array = quantity(
        "member economy", USD, 0, INF, "Paid by the regional fund for programmes this year"
    )
    fund_admin: Array = quantity("member", USD, 0, INF, "What running the fund cost this year")
    initiatives: Array = quantity(
        "member economy", "count", 0, INF, "Regional initiatives in which an economy takes part"
    )
    partnerships: Array = quantity(
        "member economy", "count", 0, INF, "Partners in them, summed over initiatives"
    )
