"""Institutions: how they learn, what programmes add, what they return; cyber losses and trust."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import INF, JUDGEMENT, Array, between, effect, fixed, normal

PANEL = "own reading of the region's figures; spread judgement"


@dataclass(kw_only=True)
class Institutions:
    """Part of ``Parameters``. Log-odds are of indices on 0-1."""

    # E-government: median drift of the EGDI's log-odds 0.08 a year 2003-2024, 0.11 since 2014.
    egovernment_drift: Array = normal(0.09, 0.04, "log-odds a year", "Drift of the EGDI", PANEL)
    egovernment_effect: Array = effect(0.03, "log-odds a year", "Drift of one economy", PANEL)
    egovernment_learning: Array = normal(
        0.02, 0.02, "per year", "Part of the gap to the best peer that is learnt", JUDGEMENT,
        bounds=(0, 0.5),
    )  # fmt: skip
    egovernment_noise_sd: Array = normal(
        0.10, 0.04, "log-odds", "Yearly noise of the EGDI", PANEL, bounds=(0, INF)
    )
    egovernment_response: Array = between(
        0.02, 0.05, 0.09, "log-odds a year per log",
        "E-government and spending, ln(1 + spending / scale)",
        "judgement: at 0.2 % of GDP the pace is half as fast again, as in Kazakhstan 2008-2018",
    )  # fmt: skip
    egovernment_scale: Array = fixed(
        0.001, "share of GDP a year", "Spending at which returns diminish", JUDGEMENT
    )
    participation_response: Array = between(
        0.8, 1.1, 1.4, "ratio", "Log-odds of e-participation per log-odds of e-government",
        "own regression on the region's figures: 1.2 across, 0.9 within economies",
    )  # fmt: skip
    egovernment_return: Array = between(
        0.001, 0.0025, 0.010, "log GDP", "Gain from mature digital services that all use",
        "Estonian claim of 2 % as the ceiling (New Yorker 2017), halved; range judgement", "H06",
        channel="e-government",
    )  # fmt: skip
    egovernment_lag: Array = fixed(
        0.2, "per year", "Pace at which better services save money (five years, H06)", JUDGEMENT
    )
    start_egovernment_error: Array = effect(
        1.0, "standard deviations", "Error of e-government in the base year", JUDGEMENT
    )

    # Cybersecurity: the GCI's log-odds rose by 0.24 a year 2020-2024, in part by a new method.
    cybersecurity_drift: Array = normal(0.12, 0.08, "log-odds a year", "Drift of the GCI", PANEL)
    cybersecurity_effect: Array = effect(0.05, "log-odds a year", "Drift of one economy", PANEL)
    cybersecurity_learning: Array = normal(
        0.03, 0.03, "per year", "Part of the gap to the best peer that is learnt", JUDGEMENT,
        bounds=(0, 0.5),
    )  # fmt: skip
    cybersecurity_noise_sd: Array = normal(
        0.12, 0.05, "log-odds", "Yearly noise of the GCI", PANEL, bounds=(0, INF)
    )
    cybersecurity_response: Array = between(
        0.04, 0.10, 0.20, "log-odds a year per log",
        "Cybersecurity and spending, ln(1 + spending / scale)",
        "judgement: fast risers (Pakistan, Myanmar) gained 0.4 a year more than others 2020-2024",
    )  # fmt: skip
    cybersecurity_scale: Array = fixed(
        0.0003, "share of GDP a year", "Spending at which returns diminish", JUDGEMENT
    )
    cybersecurity_law: Array = between(
        0.5, 0.9, 1.3, "log-odds per score 0-1", "Cybersecurity and the law on it",
        "one of the five equal pillars of the Global Cybersecurity Index; range judgement",
    )  # fmt: skip
    start_cybersecurity_error: Array = effect(
        1.0, "standard deviations", "Error of cybersecurity in the base year", JUDGEMENT
    )

    # Digital finance: median drift of account ownership's log-odds 0.15 a year 2011-2021.
    finance_drift: Array = normal(0.12, 0.05, "log-odds a year", "Drift of accounts", PANEL)
    finance_effect: Array = effect(0.05, "log-odds a year", "Drift of one economy", PANEL)
    finance_learning: Array = normal(
        0.02, 0.02, "per year", "Part of the gap to the best peer that is learnt", JUDGEMENT,
        bounds=(0, 0.5),
    )  # fmt: skip
    finance_noise_sd: Array = normal(
        0.12, 0.05, "log-odds", "Yearly noise of accounts", PANEL, bounds=(0, INF)
    )
    finance_response: Array = between(
        0.04, 0.10, 0.20, "log-odds a year",
        "Accounts and payment systems that work together in full, under complete law",
        "judgement: half of India's lead 2011-2017 (Global Findex 2017, recalled)",
    )  # fmt: skip
    payment_link_speed: Array = fixed(
        0.25, "per year", "Pace at which payment systems are linked across borders", JUDGEMENT
    )
    finance_return: Array = between(
        0.005, 0.015, 0.03, "log GDP over the S-curve", "Level effect of digital finance",
        "McKinsey Global Institute (2016), 1 / 3 / 6 %, halved", "H04", channel="digital finance",
    )  # fmt: skip
    start_finance_error: Array = effect(
        1.0, "standard deviations", "Error of account ownership in the base year", JUDGEMENT
    )

    # Innovation: an estimate; the published index is relative, so that its mean hardly drifts.
    innovation_drift: Array = normal(
        0.02, 0.02, "log-odds a year", "Drift of innovation", JUDGEMENT
    )
    innovation_effect: Array = effect(0.02, "log-odds a year", "Drift of one economy", JUDGEMENT)
    innovation_learning: Array = normal(
        0.02, 0.02, "per year", "Part of the gap to the best peer that is learnt", JUDGEMENT,
        bounds=(0, 0.5),
    )  # fmt: skip
    innovation_response: Array = between(
        0.01, 0.03, 0.06, "log-odds a year per log",
        "Innovation and funds, ln(1 + spending / scale)", JUDGEMENT,
    )  # fmt: skip
    innovation_scale: Array = fixed(
        0.001, "share of GDP a year", "Spending at which returns diminish", JUDGEMENT
    )
    innovation_retreat: Array = between(
        0.02, 0.05, 0.10, "log-odds a year", "Innovation lost when all venture money stays away",
        JUDGEMENT,
    )  # fmt: skip
    innovation_return: Array = between(
        0.01, 0.05, 0.10, "log GDP per index 0-1", "Level effect of innovation on productivity",
        "judgement, from returns to research of 10-30 % (Hall, Mairesse and Mohnen 2010), "
        "halved",
        channel="innovation",
    )  # fmt: skip
    venture_level: Array = between(
        0.01, 0.03, 0.06, "share of GDP", "Venture money at full innovation; falls with its cube",
        "judgement, from venture money of 2021-2023 in five economies, recalled",
    )  # fmt: skip
    start_innovation_error: Array = effect(
        0.2, "log-odds", "Error of innovation in the base year", JUDGEMENT
    )

    # Learning
    absorptive_slope: Array = between(
        0.5, 1.0, 1.5, "log-odds per WGI unit", "Absorptive capacity and government effectiveness",
        "Cohen and Levinthal (1990) for the idea; judgement",
    )  # fmt: skip
    exchange_gain: Array = between(
        0.5, 1.0, 2.0, "ratio", "Faster learning with full exchange, against none", JUDGEMENT
    )
    platform_courses: Array = between(
        0.001, 0.003, 0.006, "share of adults a year",
        "Adults who take a course of a skills platform in which all take part", JUDGEMENT,
    )  # fmt: skip
    institution_fade: Array = fixed(
        0.05, "per year", "Fading of what programmes gave an institution", JUDGEMENT
    )

    # Cyber
    cyber_cost_share: Array = between(
        0.003, 0.005, 0.009, "share of GDP a year", "Cost of cybercrime at the world's exposure",
        "Lewis (2018), CSIS and McAfee, 0.8 % of world GDP; central lowered by judgement", "G05",
        channel="cyber incidents",
    )  # fmt: skip
    cyber_major_share: Array = fixed(
        0.2, "share", "Part of that cost that comes in major incidents", JUDGEMENT
    )
    cyber_rate: Array = between(
        0.25, 0.5, 1.0, "per year", "Major incidents of an economy at the world's exposure",
        JUDGEMENT, bounds=(0.01, INF),
    )  # fmt: skip
    cyber_tail: Array = fixed(
        1.3, "log", "SD of the log of an incident's size: one in 90 takes 2.4 % of GDP, as in "
        "Costa Rica 2022 (Vergara Cobos 2024)", JUDGEMENT,
    )  # fmt: skip
    cyber_protection: Array = between(
        0.2, 0.5, 0.8, "share", "Part of the loss that full commitment prevents",
        "judgement: gains stay below those of Vergara Cobos (2024) for the World Bank", "G07",
        bounds=(0, 0.95),
    )  # fmt: skip
    threat_growth: Array = between(
        0.04, 0.07, 0.12, "per year", "Growth of the threat in the first year",
        "Vergara Cobos (2024): disclosed incidents grow 15 / 21 / 37 % a year; a third", "G06",
    )  # fmt: skip
    threat_fade: Array = fixed(
        0.85, "ratio", "What the growth of the threat keeps each year", JUDGEMENT
    )
    cyber_anchor_users: Array = fixed(0.67, "share", "Internet users of the world, 2023", "ITU")
    cyber_anchor_score: Array = fixed(
        0.65, "index 0-1", "Mean Global Cybersecurity Index of the world, 2024", "ITU, recalled"
    )
    cert_effect: Array = between(
        0.05, 0.15, 0.30, "share", "Part of an incident's size that shared response saves",
        "judgement, from tested response teams' third in IBM (2023), halved, recalled",
    )  # fmt: skip
    fraud_effect: Array = between(
        0.05, 0.15, 0.30, "share", "Part of everyday crime that joint action prevents", JUDGEMENT
    )

    # Trust
    trust_fall: Array = between(
        2.0, 5.0, 8.0, "index per share of GDP", "Fall of trust with a loss above the expected",
        "judgement: an incident of 2.4 % of GDP takes an eighth of the scale",
    )  # fmt: skip
    trust_recovery: Array = between(
        0.2, 0.3, 0.5, "per year", "Return of trust to its reference", JUDGEMENT, bounds=(0.05, 1)
    )
    campaign_effect: Array = between(
        0.03, 0.06, 0.10, "index a year", "Trust gained by full campaigns where there was none",
        JUDGEMENT,
    )  # fmt: skip
    anti_fraud_trust: Array = between(
        0.01, 0.03, 0.05, "index a year", "Trust gained by full joint action against fraud",
        JUDGEMENT,
    )  # fmt: skip
    trust_response: Array = between(
        0.2, 0.5, 0.8, "per index 0-1", "Online services used, and trust above its reference",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    trust_adoption: Array = between(
        0.0, 0.5, 1.0, "log-odds per index 0-1", "Ceiling of users, and trust above its reference",
        JUDGEMENT, channel="trust",
    )  # fmt: skip
    start_trust_error: Array = effect(
        0.05, "index 0-1", "Error of trust in the base year", JUDGEMENT
    )
