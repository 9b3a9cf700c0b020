"""Output and what makes it grow; the digital economy within it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.quantities.declare import INF, USD, Array, quantity


@dataclass(kw_only=True)
class Output:
    """Part of ``State``."""

    gdp: Array = quantity(
        "member economy", USD, 0, INF, "Gross domestic product", "World Bank NY.GDP.MKTP.KD"
    )
    gdp_growth: Array = quantity(
        "member economy", "log points a year", -INF, INF, "Growth of GDP in the year"
    )
    capital: Array = quantity(
        "member economy", USD, 0, INF, "Capital stock, perpetual inventory at 5 % depreciation"
    )
    log_productivity: Array = quantity(
        "member economy",
        "log",
        -INF,
        INF,
        "Log of productivity A, without the digital, skills and trade terms",
    )
    growth_shock: Array = quantity(
        "member economy", "log points", -INF, INF, "Own AR(1) shock to productivity growth"
    )
    region_shock: Array = quantity(
        "member", "log points", -INF, INF, "Regional AR(1) shock to productivity growth"
    )
    crisis_loss: Array = quantity(
        "member economy", "log points", 0, INF, "Loss by a crisis of this year"
    )
    digital_returns: Array = quantity(
        "member economy", "log points", -INF, INF, "Returns to internet use since the base year"
    )
    skill_returns: Array = quantity(
        "member economy", "log points", -INF, INF, "Returns to skills that programmes added"
    )
    digital_share: Array = quantity("member economy", "share of GDP", 0, 1, "Core ICT value added")
