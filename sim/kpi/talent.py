"""KPIs of talent on the move."""

from __future__ import annotations

from sim.kpi.kinds import JUDGEMENT, SUM, Kpi

_ESTIMATE = "No figures of flows of talent exist: gravity, at emigration of 5-10 % of the skilled"

TALENT: tuple[Kpi, ...] = (
    Kpi(
        "net_talent_flow", "Net inflow of advanced ICT talent", "persons a year", 1, SUM,
        lambda s: s.talent_arrivals - s.talent_departures, "K34",
        "Talent that came or came back less talent that left, to all the world", decimals=0,
        evidence=JUDGEMENT, evidence_note=_ESTIMATE,
    ),
    Kpi(
        "talent_emigration", "Emigration of advanced ICT talent", "persons a year", -1, SUM,
        lambda s: s.talent_departures, "K34", "Talent that left for any other economy",
        effect="percent", decimals=0,
        evidence=JUDGEMENT, evidence_note=_ESTIMATE,
    ),
    Kpi(
        "talent_abroad", "Talent in the rest of the world", "persons", 0, SUM,
        lambda s: s.talent_abroad, "K09", "Those who left the region and did not come back",
        effect="percent", decimals=0,
        evidence=JUDGEMENT, evidence_note=_ESTIMATE,
    ),
)  # fmt: skip
