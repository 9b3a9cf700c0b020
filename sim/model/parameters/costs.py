"""Unit costs of programmes."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between


@dataclass(kw_only=True)
class Costs:
    """Part of ``Parameters``."""

    course_cost: Array = between(
        0.0024, 0.0040, 0.0079, "GDP per head per certified person",
        "Basic course: USD 4.5-7.6-15 against India's 1,900 a head",
        "PMGDISHA budget, India", "E04",
    )  # fmt: skip
    graduate_cost: Array = between(
        1.0, 1.5, 2.5, "GDP per head per graduate", "Four years of tertiary study",
        "UNESCO UIS spending per tertiary student, recalled; range judgement",
    )  # fmt: skip
    law_cost: Array = between(
        3e5, 1e6, 3e6, "USD per full provision", "Drafting, authority, systems", JUDGEMENT
    )
    law_cost_share: Array = between(
        1e-5, 2e-5, 5e-5, "share of GDP per full provision", "The part that grows with size",
        JUDGEMENT,
    )  # fmt: skip
    facilitation_cost: Array = between(
        5e6, 2e7, 5e7, "USD per full step", "Single window and exchange of documents",
        "ESCAP, single windows cost USD 1-70 million, recalled",
    )  # fmt: skip
    running_cost: Array = between(
        0.1, 0.2, 0.3, "share of building cost a year",
        "Upkeep of the authorities and systems that programmes built", JUDGEMENT,
    )  # fmt: skip
    sharing_cost: Array = between(
        2e-5, 5e-5, 1e-4, "share of GDP a year", "Regulator, ducts, mapping at full sharing",
        JUDGEMENT,
    )  # fmt: skip
