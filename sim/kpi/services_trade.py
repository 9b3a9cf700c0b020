"""KPIs of digital services trade."""

from __future__ import annotations

import numpy as np

from sim.kpi.kinds import BY_GDP, BY_SERVICES, JUDGEMENT, LITERATURE, SUM, Kpi

_FLOWS = "Who sells to whom is an estimate by gravity; the literature's trade elasticities"

SERVICES_TRADE: tuple[Kpi, ...] = (
    Kpi(
        "digital_services_exports", "Digital services exports", "USD bn at base prices", 1, SUM,
        lambda s: s.services_exports / 1e9, "K19",
        "Computer, communications and information services, to all partners, in USD of 2023",
        effect="percent", decimals=2,
        evidence=LITERATURE,
        evidence_note="Published totals for most; the literature's trade elasticities; no test",
    ),
    Kpi(
        "services_balance", "Balance of digital services trade", "USD bn at base prices", 0, SUM,
        lambda s: (s.services_exports - s.services_imports) / 1e9, "K19",
        "Exports less imports, in USD of 2023", decimals=2,
        evidence=JUDGEMENT, evidence_note="Totals of imports follow a rule of our own",
    ),
    Kpi(
        "services_regional_share", "Regional share of digital services exports",
        "% of digital services exports", 0, BY_SERVICES,
        lambda s: 100.0 * s.services_regional_exports / s.services_exports, "K19",
        evidence=JUDGEMENT, evidence_note=_FLOWS,
    ),
    Kpi(
        "services_trade_gains", "Gains from digital services trade by policy", "% of GDP", 1,
        BY_GDP, lambda s: 100.0 * np.expm1(s.services_trade_gains), "K19",
        "Against the same connectivity with the rules of the base year, no taxes and no shocks",
        decimals=3,
        evidence=JUDGEMENT, evidence_note=_FLOWS,
    ),
)  # fmt: skip
