"""Shocks of health, nature and networks: pandemic, cut cables, climate and food, divides."""

from __future__ import annotations

from sim.model.priors import JUDGEMENT
from sim.policy.shocks.kinds import Effect, Event, Shock, hits

CAREC, ASEAN, CHINA = (
    "CAREC Digital Strategy 2030", "ASEAN 4IR paper", "China–ASEAN industry cooperation paper",
)  # fmt: skip
UNIDO = "UNIDO report GC.19"

SHOCKS = (
    Shock("S01", "pandemic", "Pandemic", ("E001", "E002", "E003", "E004")),
    Shock("S02", "cable_cut", "Cut of a cable or link", ("E006",)),
    Shock("S16", "climate_and_food_stress", "Stress of climate, food and environment",
          ("E007", "E042", "E043")),
    Shock("S20", "social_divide", "Widening divides, migration to towns", ("E035", "E045")),
)  # fmt: skip

EVENTS = (
    Event(
        "E001", "pandemic_rush_online", "S01",
        "Work and lessons move online at once; data traffic jumps, schools stay closed for months",
        f"{CAREC}, executive summary, §1",
        (
            Effect("adoption_push", 0.18, "document: traffic up by a fifth or more; ln 1.2"),
            Effect("schooling_loss", 0.3, "several months of closed schools; part " + JUDGEMENT),
        ),
        months=18.0,
    ),
    Event(
        "E002", "pandemic_cyber_attacks", "S01",
        "Attacks on hospitals and mobile networks surge while everything moves online",
        f"{CAREC}, §1",
        (Effect("cyber_attacks", 1.5, "document: +150 %"),),
    ),
    Event(
        "E003", "pandemic_standstill", "S01",
        "Lockdowns stop tourism and travel, break supply chains and slow trade",
        f"{CAREC}, §1",
        (
            Effect("output_loss", 0.06, "growth of 2020 against the years before, recalled"),
            Effect("goods_trade_cost", 0.04, JUDGEMENT),
        ),
        fade=2,
    ),
    Event(
        "E004", "pandemic_social_impact", "S01",
        "Overwhelmed health care, unemployment, worry about food, interrupted schooling, unrest",
        f"{CAREC}, Annex E",
        (
            Effect("social_divide", 0.1, JUDGEMENT),
            Effect("trust_loss", 0.01, JUDGEMENT),
        ),
        months=24.0,
    ),
    Event(
        "E005", "pandemic_acceleration", "S01",
        "Demand for digital content and services speeds up what was under way",
        f"{ASEAN}, §1, §4.2, Table 6 SP3",
        (Effect("adoption_push", 0.1, JUDGEMENT),),
        who=hits(asean=1.0), months=24.0,
    ),
    Event(
        "E006", "earthquake_or_flood_cuts_fibre", "S02",
        "An earthquake, flood, landslide or anchor cuts a cable; traffic has to go other ways, "
        "where there are any",
        f"{CAREC}, §5.3.2 (classes of risk)",
        (Effect("outage", 1.0, "the system is away for the whole time; repair: evidence G03"),),
        who=hits(UZB=1.0, TKM=1.0, AZE=0.5, KGZ=0.5, TJK=0.5), months=0.7,
    ),
    Event(
        "E007", "climate_disasters", "S16",
        "Disasters and a changing climate take a part of output every year",
        f"{CAREC}, §5.1.5, §6.6",
        (Effect("output_loss", 0.003, JUDGEMENT),),
        months=None,
    ),
    Event(
        "E042", "environmental_stress", "S16",
        "Warming, sprawling cities, lost forests, scarce water and overfishing in ASEAN",
        f"{ASEAN}, §3.3 (4)",
        (
            Effect("emissions", 0.03, JUDGEMENT),
            Effect("output_loss", 0.002, JUDGEMENT),
        ),
        who=hits(asean=1.0), months=None,
    ),
    Event(
        "E043", "food_insecurity", "S16",
        "Pandemic and climate together make food insecure, most of all for the poor",
        f"{CAREC}, §6.6",
        (
            Effect("output_loss", 0.003, JUDGEMENT),
            Effect("social_divide", 0.03, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E046", "business_interruption", "S01",
        "Firms without good infrastructure stand still in the next interruption",
        f"{UNIDO}, para. 10",
        (
            Effect("output_loss", 0.02, JUDGEMENT),
            Effect("goods_trade_cost", 0.02, JUDGEMENT),
        ),
        months=6.0,
    ),
    Event(
        "E047", "emergency_technology", "S01",
        "Driverless vehicles and other new means are put to use in an emergency",
        f"{UNIDO}, para. 16",
        (
            Effect("technology_access", -0.05, JUDGEMENT),
            Effect("adoption_push", 0.05, JUDGEMENT),
        ),
        who=hits(CHN=1.0),
    ),
    Event(
        "E035", "rural_urban_divide", "S20",
        "Terrain, age, income, gender and minority status leave more people behind",
        f"{CAREC}, Annex E",
        (Effect("social_divide", 0.15, JUDGEMENT),),
        who=hits(carec=1.0), months=None,
    ),
    Event(
        "E037", "urban_migration", "S20",
        "Migration to towns and refugees press on the services of cities",
        f"{CAREC}, §6.5",
        (
            Effect("social_divide", 0.1, JUDGEMENT),
            Effect("output_loss", 0.002, JUDGEMENT),
        ),
        who=hits(carec=1.0), months=36.0,
    ),
    Event(
        "E045", "groups_left_out", "S20",
        "Women, young people and migrants gain least from technology",
        f"{UNIDO}, para. 5",
        (Effect("social_divide", 0.08, JUDGEMENT),),
        months=None,
    ),
)  # fmt: skip
