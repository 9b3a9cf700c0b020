"""KPIs of emissions."""

from __future__ import annotations

from sim.kpi.kinds import BY_GDP, JUDGEMENT, SUM, Kpi

EMISSIONS: tuple[Kpi, ...] = (
    Kpi(
        "emissions", "Carbon dioxide", "Mt CO2", -1, SUM, lambda s: s.emissions, "K32",
        "From fossil fuels and cement", effect="percent",
        evidence=JUDGEMENT,
        evidence_note="Recalled figures of 2022, GDP, which is tested, and a pooled trend, a guess",
    ),
    Kpi(
        "co2_intensity", "Carbon dioxide per unit of output", "kg per USD of 2015", -1, BY_GDP,
        lambda s: 1e9 * s.emissions / s.gdp, "K32", effect="percent", decimals=3,
        evidence=JUDGEMENT, evidence_note="As carbon dioxide",
    ),
)  # fmt: skip
