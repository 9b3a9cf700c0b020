"""Cables: faults, repair, what outages cost, what capacity is worth, what links cost."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed

_CABLES = "cables"


@dataclass(kw_only=True)
class Fibre:
    """Part of ``Parameters``."""

    submarine_fault_rate: Array = between(
        0.088, 0.103, 0.118, "faults per 1000 km a year", "Faults of submarine cables",
        "computed from ICPC (2025): 150-200 faults on 1.7 million km", "G02", bounds=(0, 1),
    )  # fmt: skip
    land_fault_rate: Array = between(
        0.5, 1.5, 2.7, "faults per 1000 km a year", "Faults of cables by land, moderate hazard",
        "Crawford (1993), 4.39 per 1000 sheath miles, recalled, as the upper end; else judgement",
        "", bounds=(0, 10),
    )  # fmt: skip
    hazard_step: Array = between(
        1.2, 1.5, 2.0, "ratio", "Rise of the fault rate by one class of hazard", JUDGEMENT,
        bounds=(1, 4),
    )  # fmt: skip
    fault_share: Array = between(
        0.25, 0.4, 0.6, "share of system",
        "Part of a system of three or more landings that one fault takes", JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    submarine_repair: Array = between(
        17.0, 21.0, 26.0, "days", "Median time to repair a submarine fault",
        "AAG 1-2 weeks, Taiwan 2006 7 weeks, India 5 weeks; range of the median: judgement", "G03",
        bounds=(1, 100),
    )  # fmt: skip
    land_repair: Array = between(
        0.5, 1.5, 4.0, "days", "Median time to repair a fault by land", JUDGEMENT, bounds=(0.1, 60)
    )
    repair_spread: Array = fixed(
        0.59, "log", "Standard deviation of the log of repair time: 7 to 49 days (G03)"
    )
    peak_utilisation: Array = between(
        0.5, 0.65, 0.8, "share of capacity", "Use at the busy hour; the rest is spare", JUDGEMENT,
        bounds=(0.3, 0.9),
    )  # fmt: skip
    outage_cost: Array = between(
        0.015, 0.021, 0.027, "share of daily GDP per day, per unit of use",
        "Output lost in a total outage: 0.4, 1.0, 1.9 % at 20, 50, 90 % of people online",
        "Deloitte (2016), The economic impact of disruptions to Internet connectivity", "G04",
        bounds=(0, 0.1), channel=_CABLES,
    )  # fmt: skip
    redundancy_effect: Array = between(
        0.5, 0.7, 0.9, "share", "Part of a cut's loss that a doubled route avoids", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    redundancy_wear: Array = fixed(0.05, "per year", "Fall of redundancy without upkeep", JUDGEMENT)
    cable_price_share: Array = between(
        0.04, 0.10, 0.20, "share of price", "International capacity in the price of broadband",
        JUDGEMENT, bounds=(0, 0.5), channel=_CABLES,
    )  # fmt: skip
    capacity_price_response: Array = between(
        0.25, 0.5, 0.75, "elasticity", "Fall of the cost of capacity as it grows", JUDGEMENT,
        bounds=(0, 2),
    )  # fmt: skip
    lit_share: Array = between(
        0.06, 0.12, 0.25, "share of design capacity", "Capacity that is equipped in the base year",
        "judgement; checked against Uzbekistan, 1.2 Tbit/s in 2019", "", bounds=(0.01, 1),
    )  # fmt: skip
    lit_growth: Array = between(
        0.15, 0.22, 0.30, "per year", "Growth of equipped capacity, common to all cables",
        "judgement, after ITU figures of international bandwidth, recalled", "", bounds=(0, 0.6),
    )  # fmt: skip
    land_link_cost: Array = between(
        10_000.0, 13_000.0, 25_000.0, "USD per km", "New link by land",
        "ESCAP (2018), Cost-benefit analysis of fibre co-deployment (Myanmar)", "C07",
    )  # fmt: skip
    submarine_link_cost: Array = between(
        20_000.0, 30_000.0, 45_000.0, "USD per km", "New submarine link", JUDGEMENT
    )
    codeployment_saving: Array = between(
        0.4, 0.568, 0.8, "share of cost", "Saving on links that are laid with roads or rails",
        "ESCAP (2018)", "C08", bounds=(0, 0.95),
    )  # fmt: skip
    link_annuity: Array = fixed(
        0.12, "per year", "Yearly cost of a link: 20 years at 8 %, and upkeep", JUDGEMENT
    )
    telecom_share: Array = fixed(
        0.02, "share of GDP", "What people and firms spend on telecommunications", JUDGEMENT
    )
    link_gain_collected: Array = between(
        0.05, 0.10, 0.2, "share of gain", "What builders of a link collect of its users' gain",
        JUDGEMENT, bounds=(0, 1), channel=_CABLES,
    )  # fmt: skip
    link_hurdle: Array = between(
        3.0, 4.0, 6.0, "ratio", "Growth of gain after which a link is built that was not, unaided",
        JUDGEMENT, bounds=(2.5, 100),
    )  # fmt: skip
    fund_link_share: Array = fixed(
        0.3, "share of balance", "Most that a regional fund gives to links a year", JUDGEMENT
    )
