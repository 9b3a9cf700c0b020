"""Unit costs of programmes on data centres, institutions, firms, places and cooperation."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between


@dataclass(kw_only=True)
class ProgrammeCosts:
    """Part of ``Parameters``. Levers that are a strength cost a share of GDP where it is full."""

    programme_office: Array = between(
        1e5, 3e5, 1e6, "USD a year",
        "Office that runs a programme at full strength: staff, travel, meetings", JUDGEMENT,
    )  # fmt: skip
    reform_cost: Array = between(
        1e-5, 3e-5, 1e-4, "share of GDP a year",
        "Regulator, auctions and refarming of spectrum at full reform", JUDGEMENT,
    )  # fmt: skip
    data_centre_cost: Array = between(
        1.6e6, 2.0e6, 2.4e6, "USD per MW",
        "Public fifth (land, power, guarantees) of the USD 8-12 million that a MW costs",
        "Industry cost surveys of USD 8-12 million per MW, recalled; public part judgement",
    )  # fmt: skip
    platform_cost: Array = between(
        2e-6, 5e-6, 1.5e-5, "share of GDP a year per platform",
        "Taking part in one regional platform in full", JUDGEMENT,
    )  # fmt: skip
    retention_cost: Array = between(
        5e-5, 1.5e-4, 4e-4, "share of GDP a year",
        "Grants, tax relief and recognition for talent at full strength", JUDGEMENT,
    )  # fmt: skip
    response_team_cost: Array = between(
        2e-6, 5e-6, 1.5e-5, "share of GDP a year", "Part in a regional response team and drills",
        JUDGEMENT,
    )  # fmt: skip
    anti_fraud_cost: Array = between(
        5e-6, 2e-5, 5e-5, "share of GDP a year", "Joint action against fraud at full strength",
        JUDGEMENT,
    )  # fmt: skip
    redundancy_cost: Array = between(
        5e-5, 1.5e-4, 4e-4, "share of GDP a year",
        "Reserved capacity and second routes for all that an economy uses abroad", JUDGEMENT,
    )  # fmt: skip
    repair_day_cost: Array = between(
        5e-7, 2e-6, 5e-6, "share of GDP a year per day",
        "Ships, crews and permits on call, for each day by which repairs are shorter", JUDGEMENT,
    )  # fmt: skip
    zone_revenue: Array = between(
        0.002, 0.005, 0.01, "share of GDP", "Profits of firms in zones, on which relief is given",
        JUDGEMENT,
    )  # fmt: skip
    msmes_per_person: Array = between(
        0.04, 0.07, 0.12, "firms per person", "Micro, small and medium firms, informal included",
        "IFC MSME Finance Gap and national counts, recalled",
    )  # fmt: skip
    msme_cost: Array = between(
        0.05, 0.15, 0.4, "GDP per head per firm", "Advice, voucher and credit for a firm reached",
        JUDGEMENT,
    )  # fmt: skip
    payments_cost: Array = between(
        1e-5, 3e-5, 1e-4, "share of GDP a year", "Switches, links and identity at full strength",
        JUDGEMENT,
    )  # fmt: skip
    barrier_cost: Array = between(
        5e-5, 2e-4, 5e-4, "share of GDP per unit of tariff or tax",
        "Administering a change of tariffs or taxes up or down; revenue is not counted", JUDGEMENT,
    )  # fmt: skip
    control_cost: Array = between(
        5e-6, 2e-5, 1e-4, "share of GDP a year", "Licensing of exports at full control", JUDGEMENT
    )
    place_cost: Array = between(
        30.0, 100.0, 400.0, "GDP per head per place",
        "Centre, network and services of one town or village that joins", JUDGEMENT,
    )  # fmt: skip
    targeting_surcharge: Array = between(
        0.05, 0.15, 0.3, "share of the spending directed",
        "Finding and reaching those who are behind", JUDGEMENT,
    )  # fmt: skip
    renewable_surcharge: Array = between(
        0.02, 0.08, 0.15, "share of public cost",
        "Renewable power for all new data centres", JUDGEMENT,
    )  # fmt: skip
    exchange_cost: Array = between(
        2e-6, 5e-6, 1e-5, "share of GDP a year", "Exchange with leaders at full strength", JUDGEMENT
    )
    body_cost: Array = between(
        2e-6, 5e-6, 1e-5, "share of GDP a year", "Part in a regional body that works well",
        JUDGEMENT,
    )  # fmt: skip
    campaign_cost: Array = between(
        5e-6, 2e-5, 5e-5, "share of GDP a year", "Campaigns at full strength", JUDGEMENT
    )
    standards_cost: Array = between(
        5e-6, 2e-5, 5e-5, "share of GDP a year", "Making, testing and adopting common standards",
        JUDGEMENT,
    )  # fmt: skip
