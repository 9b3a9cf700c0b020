"""Networks and prices."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed


@dataclass(kw_only=True)
class Connectivity:
    """Part of ``Parameters``."""

    operator_investment: Array = fixed(0.01, "share of GDP a year", "Operators' investment")
    network_depreciation: Array = fixed(0.10, "per year", "Depreciation of networks (C12)")
    operator_stock_ratio: Array = fixed(
        0.07, "share of GDP per head", "Network that operators keep up, in the base year"
    )
    rural_stock_ratio: Array = fixed(0.45, "ratio", "Rural network per person against urban")
    urban_cost: Array = fixed(60.0, "USD per person", "Cost scale of urban coverage in 2010")
    rural_cost: Array = fixed(150.0, "USD per person", "Cost scale of rural coverage in 2010")
    network_cost_decline: Array = fixed(0.15, "per year", "Fall of that cost to 2023")
    later_cost_decline: Array = fixed(
        0.05, "per year", "Fall of that cost after 2023, net of rising targets", JUDGEMENT
    )
    sharing_saving: Array = between(
        0.16, 0.25, 0.35, "share of cost", "Saving by passive infrastructure sharing",
        "BEREC (2018), BoR (18) 116, recalled", "C15", bounds=(0, 0.9),
    )  # fmt: skip
    sharing_reinvested: Array = between(
        0.25, 0.5, 0.75, "share", "Operators' savings that go back into networks", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    sharing_pass_through: Array = between(
        0.25, 0.5, 0.75, "share", "Operators' savings passed on in prices", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    price_decline: Array = between(
        0.01, 0.04, 0.08, "per year", "Fall of the entry price besides the growth of incomes",
        "own computation: ITU 2 GB basket of 22 economies, 2021-2024", "", bounds=(-0.05, 0.3),
    )  # fmt: skip
    delivery_level: Array = between(
        0.6, 0.7, 0.8, "share", "Public investment that becomes assets at average government",
        "IMF (2015), Making Public Investment More Efficient, recalled", "", bounds=(0.1, 1),
    )  # fmt: skip
    delivery_slope: Array = between(
        0.05, 0.10, 0.15, "share per unit", "Delivery and government effectiveness (WGI units)",
        JUDGEMENT,
    )  # fmt: skip
