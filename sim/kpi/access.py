"""KPIs of telecom reform, data centres and training."""

from __future__ import annotations

from sim.kpi.kinds import BY_POPULATION, LITERATURE, SUM, Kpi

ACCESS: tuple[Kpi, ...] = (
    Kpi(
        "telecom_regulation", "Telecom regulation and competition", "score 0-100", 1,
        BY_POPULATION, lambda s: 100.0 * s.telecom_regulation, "K06", "ITU ICT Regulatory Tracker",
        evidence=LITERATURE,
        evidence_note="Published scores of 2022; stays as it is in the baseline",
    ),
    Kpi(
        "data_centres", "Data centres added by programmes", "MW", 1, SUM,
        lambda s: s.data_centres, "K36",
        "Power of computing equipment; what exists already is not counted: no comparable figures",
        evidence=LITERATURE,
        evidence_note="Arithmetic of the plan; what a megawatt earns is recalled from the trade",
    ),
    Kpi(
        "people_trained", "People trained in the year", "persons", 1, SUM,
        lambda s: s.people_trained, "K10", "Completed basic courses and added advanced degrees",
        effect="points", decimals=0,
        evidence=LITERATURE, evidence_note="Arithmetic of the plan; completion as in India",
    ),
)  # fmt: skip
