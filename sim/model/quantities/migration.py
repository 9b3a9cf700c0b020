"""Talent on the move: who left, who came, who lives abroad."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Migration:
    """Part of ``State``. Talent are workers with advanced ICT skills."""

    talent_abroad: Array = quantity(
        "member economy", "persons", 0, INF, "Talent from here who live in the rest of the world",
        "estimate: what emigration of 5-10 % of the skilled keeps up (E08)",
    )  # fmt: skip
    reference_abroad: Array = quantity(
        "member economy", "persons", 0, INF, "The same without programmes and shocks"
    )
    talent_departures: Array = quantity(
        "member economy", "persons a year", 0, INF, "Talent that left in the year"
    )
    talent_arrivals: Array = quantity(
        "member economy", "persons a year", 0, INF, "Talent that came or came back in the year"
    )
    talent_renewal: Array = quantity(
        "member economy", "persons a year", -INF, INF, "Talent that entered work less that retired"
    )
