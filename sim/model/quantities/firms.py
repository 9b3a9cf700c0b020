"""Firms: which use digital technology, what helps them, what it pays."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, Array, quantity


@dataclass(kw_only=True)
class Firms:
    """Part of ``State``. Segments are sectors by size of firm."""

    segment_weights: Array = quantity(
        "economy segment",
        "share of value added",
        0,
        1,
        "Value added by sector and size of firm in the base year",
        "World Bank NV.*.TOTL.ZS; small firms' part: ADB Asia SME Monitor 2020, recalled",
    )
    firm_adoption: Array = quantity(
        "member economy segment",
        "share of firms",
        0,
        1,
        "Firms that use digital technology in their main business",
        "estimate from connectivity and skills",
    )
    firm_adoption_reference: Array = quantity(
        "member economy segment",
        "share of firms",
        0,
        1,
        "The same without programmes for firms and shocks to them, but with the same connectivity",
    )
    firm_returning: Array = quantity(
        "member economy segment",
        "share of firms",
        -1,
        1,
        "Adoption beyond the reference that has had the time to pay",
    )
    firm_returns: Array = quantity(
        "member economy",
        "log points",
        -INF,
        INF,
        "Returns to firms' adoption beyond the reference",
    )
    supported_msmes: Array = quantity(
        "member economy", "share of small firms", 0, 1, "Small firms within reach of recent support"
    )
    sector_support: Array = quantity(
        "member economy sector",
        "share of a year's value added of the sector",
        0,
        INF,
        "Public money for the digitalisation of a sector that still works",
    )
    smart_places: Array = quantity(
        "member economy",
        "share of population",
        0,
        1,
        "People in towns and villages that joined a smart-city or smart-village programme",
    )
