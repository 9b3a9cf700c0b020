"""Joining agreements and carrying them out."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between

CHANNEL = "rules and agreements"


@dataclass(kw_only=True)
class Agreements:
    """Part of ``Parameters``."""

    open_rate: Array = between(
        0.028, 0.057, 0.103, "per year",
        "Hazard of joining an open agreement, for a state in the middle of those that might",
        "UN Treaty Collection X-20: 8 accessions in 140.6 country-years, exact Poisson interval",
        "F01", bounds=(0, 5),
    )  # fmt: skip
    club_rate: Array = between(
        1.0, 1.45, 2.1, "per year",
        "Hazard of ratifying what one's own group has negotiated and signed",
        "ASEAN Agreement on Electronic Commerce: ten states in 2.9 years (2.9 is the expected "
        "largest of ten times at one a year); range judgement", "F03", bounds=(0, 20),
    )  # fmt: skip
    law_rate: Array = between(
        0.05, 0.08, 0.11, "per year", "Hazard of passing a law that other states have",
        "data-protection laws of the world, 2010-2020", "F04", bounds=(0, 5),
    )  # fmt: skip
    joining_peers: Array = between(
        0.0, 1.0, 2.5, "log hazard per share", "Share of peers that have joined",
        "own computation from F01: the rate was 0.03 a year with few inside, 0.10 in the three "
        "years after entry into force, 0.03 in 2024-25; range judgement", "F01", bounds=(-2, 10),
        channel="peers' example",
    )  # fmt: skip
    joining_gain: Array = between(
        0.0, 0.3, 0.6, "log hazard per % of GDP", "Trade to be gained with those already in",
        JUDGEMENT, bounds=(-2, 5),
    )  # fmt: skip
    joining_capacity: Array = between(
        0.0, 0.25, 0.5, "log hazard per unit", "Government effectiveness (WGI units)",
        "judgement; those who joined first in F01 were not the most capable", bounds=(-2, 5),
    )  # fmt: skip
    joining_sovereignty: Array = between(
        0.5, 1.5, 2.5, "log hazard", "Localising state asked for a binding full flow of data",
        JUDGEMENT, bounds=(0, 20),
    )  # fmt: skip
    joining_work: Array = between(
        0.0, 1.0, 2.0, "log hazard per share", "What is asked and is not yet law at home",
        JUDGEMENT, bounds=(0, 20),
    )  # fmt: skip
    negotiation_years: Array = between(
        2.0, 2.7, 4.0, "years", "Negotiation of a proposal that all who may join drive",
        "ASEAN digital framework agreement September 2023 to May 2026, ASEAN-China upgrade "
        "November 2022 to May 2025; range judgement", bounds=(0.5, 20),
    )  # fmt: skip
    rules_pace: Array = between(
        0.05, 0.10, 0.15, "score a year",
        "Rise of a provision under an agreement in force, at average capacity",
        JUDGEMENT, "", bounds=(0, 1), channel=CHANNEL,
    )  # fmt: skip
    facilitation_pace: Array = between(
        0.015, 0.02, 0.03, "index a year",
        "Rise of paperless trade under an agreement in force, at average capacity",
        "UN Global Survey on Digital and Sustainable Trade Facilitation (2023)", "D17",
        bounds=(0, 1), channel=CHANNEL,
    )  # fmt: skip
    voluntary_compliance: Array = between(
        0.5, 0.7, 0.85, "share", "Part of what is asked that is carried out: voluntary", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    endeavour_compliance: Array = between(
        0.7, 0.85, 0.95, "share", "Part of what is asked that is carried out: best endeavour",
        JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    binding_compliance: Array = between(
        0.85, 0.95, 1.0, "share", "Part of what is asked that is carried out: binding", JUDGEMENT,
        bounds=(0, 1),
    )  # fmt: skip
    review_effect: Array = between(
        0.25, 0.5, 0.75, "share",
        "Missing compliance that a binding mode of alignment closes, and its gain of pace; peer "
        "review does half", JUDGEMENT, bounds=(0, 1),
    )  # fmt: skip
    standards_bridge: Array = between(
        0.1, 0.25, 0.4, "share", "Distance between rules that full common standards bridge",
        JUDGEMENT, "", bounds=(0, 1), channel="common standards",
    )  # fmt: skip
    accession_cost: Array = between(
        1e5, 3e5, 1e6, "USD a year per unit of log-odds", "Delegations, drafting, ratification",
        JUDGEMENT,
    )  # fmt: skip
