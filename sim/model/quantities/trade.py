"""Goods trade and its gains."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, USD, Array, quantity


@dataclass(kw_only=True)
class Trade:
    """Part of ``State``."""

    producer_price: Array = quantity(
        "member node", "ratio to base", 0, INF, "Price of a node's goods at the factory gate"
    )
    domestic_share: Array = quantity(
        "member economy", "share of goods bought", 0, 1, "Goods bought at home"
    )
    goods_exports: Array = quantity(
        "member economy", USD, 0, INF, "Goods exports to all partners", "CEPII BACI base flows"
    )
    goods_imports: Array = quantity(
        "member economy", USD, 0, INF, "Goods imports from all partners", "CEPII BACI base flows"
    )
    regional_exports: Array = quantity(
        "member economy", USD, 0, INF, "Goods exports to the economies of the region"
    )
    goods_import_cost: Array = quantity(
        "member economy", "log", -INF, INF, "Cost added to goods bought abroad"
    )
    goods_export_cost: Array = quantity(
        "member economy", "log", -INF, INF, "Cost added to goods sold abroad"
    )
    technology_denied: Array = quantity(
        "member economy", "share", 0, 1, "Part of the speed of firms that others' controls take"
    )
    trade_gains: Array = quantity(
        "member economy", "log points", -INF, INF, "Gains from trade since the base year"
    )
