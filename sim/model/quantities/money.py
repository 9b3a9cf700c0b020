"""What programmes cost, and who pays."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, USD, Array, quantity


@dataclass(kw_only=True)
class Money:
    """Part of ``State``."""

    funded: Array = quantity(
        "member economy", "share of plan", 0, 1, "Part of the year's plan that budgets could bear"
    )
    programme_cost: Array = quantity(
        "member economy lever", USD, 0, INF, "Cost of this year's programmes by lever"
    )
    cost_by_payer: Array = quantity(
        "member economy payer", USD, 0, INF, "Cost of this year's programmes by payer"
    )
