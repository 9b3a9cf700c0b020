"""Telecom reform, vouchers for those left out, data centres."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between


@dataclass(kw_only=True)
class Access:
    """Part of ``Parameters``."""

    reform_price: Array = between(
        0.05, 0.15, 0.30, "share of price",
        "Fall of the price of broadband over the whole range of telecom regulation",
        "Katz and Callorda (2018): ecosystem index up 3.5 % for 10 % of the tracker; judgement",
        "H08", bounds=(0, 0.6), channel="prices",
    )  # fmt: skip
    reform_saving: Array = between(
        0.10, 0.25, 0.40, "share of cost",
        "Saving on new networks over the whole range: fees, permits, spectrum",
        "Oughton, Comini, Foster and Hall (2022): 40 % under a favourable regime", "C01",
        bounds=(0, 0.9), channel="networks",
    )  # fmt: skip
    reform_pace: Array = between(
        0.15, 0.25, 0.40, "share of gap a year", "Reform that becomes practice in a year",
        "ITU Regulatory Tracker 2007-2022: the fastest rose by 40 points in five years", "",
        bounds=(0, 1),
    )  # fmt: skip
    voucher_discount: Array = between(
        0.15, 0.30, 0.45, "share of price",
        "Discount on device and service for target groups, at full targeting", JUDGEMENT,
        bounds=(0, 0.9), channel="inclusion",
    )  # fmt: skip
    cloud_value: Array = between(
        0.5e6, 1.0e6, 2.0e6, "USD a year per MW", "Value added by data centres, net of power",
        "wholesale colocation of USD 1.5-2.5 million per MW and year, half of it value added; "
        "recalled", "", channel="data centres",
    )  # fmt: skip
    cloud_market: Array = between(
        0.002, 0.005, 0.010, "share of GDP", "Most that data centres add to an economy",
        "Singapore's 1,000-1,400 MW earn about 0.3 % of GDP, recalled; range judgement", "",
        bounds=(1e-4, 0.05),
    )  # fmt: skip
    cloud_wear: Array = between(
        0.04, 0.07, 0.10, "per year", "Data centres that wear out", JUDGEMENT, bounds=(0, 1)
    )
