"""Digital services trade and its gains. Money in USD of the base year."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity

_MONEY = "USD of the base year"
_FLOWS = "estimate: gravity from totals of ICT service exports (World Bank BX.GSR.CCIS.CD)"


@dataclass(kw_only=True)
class ServicesTrade:
    """Part of ``State``."""

    services_exports: Array = quantity(
        "member economy", _MONEY, 0, INF, "Exports of digital services to all partners", _FLOWS
    )
    services_imports: Array = quantity(
        "member economy", _MONEY, 0, INF, "Imports of digital services from all partners", _FLOWS
    )
    services_regional_exports: Array = quantity(
        "member economy", _MONEY, 0, INF, "Digital services sold in the region", _FLOWS
    )
    services_outside_sales: Array = quantity(
        "member", _MONEY, 0, INF, "Digital services that the rest of the world sells to the region"
    )
    services_outside_purchases: Array = quantity(
        "member", _MONEY, 0, INF, "Digital services that the rest of the world buys in the region"
    )
    services_domestic_share: Array = quantity(
        "member economy", "share of digital services bought", 0, 1, "Digital services from home"
    )
    services_trade_gains: Array = quantity(
        "member economy", "log points", -INF, INF,
        "Gains from digital services trade by rules, taxes and shocks, at given connectivity",
    )  # fmt: skip
    services_import_cost: Array = quantity(
        "member economy", "log", -INF, INF, "Cost added to digital services bought abroad"
    )
    services_export_cost: Array = quantity(
        "member economy", "log", -INF, INF, "Cost added to digital services sold abroad"
    )
