"""Electronic commerce and digital jobs."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Ecommerce:
    """Part of ``State``."""

    ecommerce_share: Array = quantity(
        "member economy",
        "share of GDP",
        0,
        1,
        "Goods and services ordered online, gross merchandise value",
        "estimate from users, accounts and trust; anchored on South-East Asia 2020",
    )
    digital_jobs: Array = quantity(
        "member economy",
        "persons",
        0,
        INF,
        "Workers who make digital value added",
        "estimate from digital value added and what a worker makes",
    )
    displaced_jobs: Array = quantity(
        "member economy", "share of digital jobs", 0, 1, "Digital jobs lost to a shock and not back"
    )
