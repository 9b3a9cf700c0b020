"""Electronic commerce and digital jobs."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, effect, fixed

OWN_MEAN = "own mean over the six economies of South-East Asia, weighted by GDP"


@dataclass(kw_only=True)
class Ecommerce:
    """Part of ``Parameters``."""

    ecommerce_anchor: Array = between(
        0.025, 0.030, 0.035, "share of GDP", "Goods and services ordered online, SEA-6 in 2020",
        "Google, Temasek and Bain (2020): 3 % of GDP", "",
    )  # fmt: skip
    ecommerce_anchor_users: Array = fixed(
        0.683, "share of population", "Internet users there in 2020", OWN_MEAN
    )
    ecommerce_anchor_finance: Array = fixed(
        0.665, "share of adults", "Adults with an account there in 2020", OWN_MEAN
    )
    ecommerce_anchor_trust: Array = fixed(
        0.52, "index 0-1", "Trust there, as estimated for the base year", OWN_MEAN
    )
    ecommerce_users: Array = between(
        0.8, 1.2, 1.6, "elasticity", "Orders and internet use: early users buy little online",
        "GMV against users in the past of SEA-6 (e-Conomy 2016-2023) gives 2.2 with all else; "
        "judgement",
    )  # fmt: skip
    ecommerce_finance: Array = between(
        0.5, 0.8, 1.1, "elasticity", "Orders and accounts: most buyers pay from one", JUDGEMENT
    )
    ecommerce_trust: Array = between(
        0.2, 0.5, 0.8, "elasticity", "Orders and trust", JUDGEMENT, channel="trust in trade online"
    )
    ecommerce_habit: Array = between(
        0.02, 0.06, 0.10, "log per year", "Growth of orders as users get used to them", JUDGEMENT
    )
    ecommerce_links: Array = between(
        0.02, 0.06, 0.12, "log", "Gain of orders where all partners' payment systems are linked",
        JUDGEMENT, channel="payment links",
    )  # fmt: skip
    ecommerce_supply: Array = between(
        0.2, 0.5, 1.0, "log per share of firms",
        "Orders and service firms' adoption beyond the reference", JUDGEMENT, channel="firms",
    )  # fmt: skip
    ecommerce_push: Array = between(
        0.05, 0.15, 0.30, "log per log", "Orders gained by a push of people online, besides users",
        "GMV of SEA-6 rose by two thirds from 2020 to 2021 (e-Conomy, recalled); judgement",
    )  # fmt: skip
    ecommerce_ceiling: Array = between(
        0.12, 0.16, 0.20, "share of GDP", "Where orders saturate",
        "China's online retail sales are about 12 % of GDP (National Bureau of Statistics 2023, "
        "recalled); range judgement", bounds=(0.05, 0.6),
    )  # fmt: skip
    start_ecommerce_error: Array = effect(
        0.5, "log", "Error of orders online in the base year", JUDGEMENT
    )

    digital_firms: Array = between(
        0.1, 0.3, 0.6, "log per share of firms",
        "Digital share of GDP and firms' adoption beyond the reference", JUDGEMENT, channel="firms",
    )  # fmt: skip
    digital_productivity: Array = between(
        1.5, 2.0, 3.0, "ratio", "Value added by a digital worker against the mean of all workers",
        "Malaysia 2022: 13 % of GDP by 8 % of workers; China: 10 % by 4 %; both recalled",
        bounds=(1, 20),
    )  # fmt: skip
    displaced_return: Array = between(
        0.15, 0.25, 0.40, "share a year", "Displaced digital workers who find such work again",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
