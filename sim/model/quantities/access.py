"""What opens access besides networks: telecom reform, vouchers, data centres, people trained."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Access:
    """Part of ``State``."""

    telecom_regulation: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Regulation of telecoms and competition in them",
        "ITU ICT Regulatory Tracker, score/100",
    )  # fmt: skip
    telecom_regulation_base: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Regulation of telecoms in the base year"
    )
    data_centres: Array = quantity(
        "member economy", "MW", 0, INF, "Power of data centres that programmes added"
    )
    cloud_returns: Array = quantity(
        "member economy", "log points", 0, INF, "Value added by data centres that programmes added"
    )
    people_trained: Array = quantity(
        "member economy", "persons a year", 0, INF, "People who complete a course or degree"
    )
