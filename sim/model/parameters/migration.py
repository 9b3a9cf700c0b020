"""Talent on the move."""

from __future__ import annotations

from dataclasses import dataclass

from sim.model.priors import JUDGEMENT, Array, between, fixed


@dataclass(kw_only=True)
class Migration:
    """Part of ``Parameters``."""

    emigration_rate: Array = between(
        0.05, 0.075, 0.10, "share of skilled natives",
        "Talent from the middle economy of the region that lives in the rest of the world",
        "Docquier (2006): 5-10 % is compatible with a net gain at the origin", "E08",
        bounds=(0, 0.3), channel="talent",
    )  # fmt: skip
    talent_wage_response: Array = between(
        0.3, 0.6, 1.0, "elasticity", "Migration of talent and the ratio of wages (beta)",
        "Ortega and Peri (2013), Migration Studies 1, recalled; range judgement", "",
        bounds=(0, 3),
    )  # fmt: skip
    emigration_by_size: Array = fixed(
        0.2, "elasticity", "Fall of emigration with the size of the labour force",
        "Docquier and Marfouk (2006): small states lose most, recalled; size is judgement",
    )  # fmt: skip
    talent_regional_share: Array = between(
        0.10, 0.25, 0.40, "share of leavers", "Talent that moves within the region, base year",
        JUDGEMENT, "", bounds=(0, 0.8),
    )  # fmt: skip
    return_migration: Array = between(
        0.015, 0.03, 0.05, "per year", "Talent abroad that comes back", JUDGEMENT, "",
        bounds=(0, 0.2),
    )  # fmt: skip
    retention_keeps: Array = between(
        0.10, 0.25, 0.40, "share of leavers", "Leavers whom full incentives to stay would keep",
        JUDGEMENT, "", bounds=(0, 1), channel="talent",
    )  # fmt: skip
    retention_returns: Array = between(
        0.0, 0.4, 0.8, "share", "Rise of return migration under full incentives to come back",
        "Del Carpio, Ozden, Testaverde and Wagner (2016): 40 % among applicants with a job offer "
        "in Malaysia's Returning Expert Programme, recalled; range judgement", "",
        bounds=(0, 3), channel="talent",
    )  # fmt: skip
    outside_income: Array = between(
        30e3, 38e3, 46e3, "USD of 2015 per person", "Income where talent goes outside the region",
        "World Bank NY.GDP.PCAP.KD, high-income economies, recalled; range judgement",
        bounds=(1e3, 2e5),
    )  # fmt: skip
    outside_income_growth: Array = fixed(
        0.012, "per year", "Growth of that income", JUDGEMENT,
    )  # fmt: skip
