"""KPIs of electronic commerce and digital jobs."""

from __future__ import annotations

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, SUM, Kpi
from sim.model.quantities import Array, State


def _index(state: State) -> Array:
    parts = state.internet_users + state.digital_finance + state.trust + state.facilitation
    return 25.0 * parts


ECOMMERCE: tuple[Kpi, ...] = (
    Kpi(
        "ecommerce_gmv", "Electronic commerce", "USD bn of 2015", 1, SUM,
        lambda s: s.ecommerce_share * s.gdp / 1e9, "K19",
        "Gross value of goods and services ordered online", effect="percent",
        evidence=JUDGEMENT,
        evidence_note=(
            "A rule anchored on 3 % of GDP in South-East Asia in 2020; checked against China; "
            "too high for Central Asia"
        ),
    ),
    Kpi(
        "ecommerce_share", "Electronic commerce against GDP", "% of GDP", 1, BY_GDP,
        lambda s: 100.0 * s.ecommerce_share, "K19", evidence=JUDGEMENT,
        evidence_note="As electronic commerce",
    ),
    Kpi(
        "ecommerce_index", "Readiness for electronic commerce", "index 0-100", 1, BY_POPULATION,
        _index, "K17",
        "Counterpart of UNCTAD's B2C index: mean of users, accounts, trust and paperless trade",
        evidence=JUDGEMENT,
        evidence_note="Two of UNCTAD's four parts; trust and paperless trade stand for the others",
    ),
    Kpi(
        "digital_jobs", "Digital jobs", "persons", 1, SUM, lambda s: s.digital_jobs, "K02",
        "Workers who make core digital value added", effect="percent", decimals=0,
        evidence=JUDGEMENT,
        evidence_note="Digital value added over an assumed productivity, by recalled accounts",
    ),
)  # fmt: skip
