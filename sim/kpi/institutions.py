"""KPIs of institutions: e-government, cybersecurity, finance, innovation, trust, cyber losses."""

from __future__ import annotations

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, LITERATURE, Kpi
from sim.model.quantities import Array, State

_START = (
    "Published figures since 2003 teach its drift, as weak evidence; not scored on held-out years"
)


def _services_used(state: State) -> Array:
    return 100.0 * state.egovernment * state.internet_users


INSTITUTIONS: tuple[Kpi, ...] = (
    Kpi(
        "services_online", "Public services online and in reach", "index 0-100", 1, BY_POPULATION,
        _services_used, "K03", "E-government times the share of people who are online",
        evidence=JUDGEMENT,
        evidence_note="A stand-in for the Online Service Index, which the data do not hold",
    ),
    Kpi(
        "egovernment", "E-government", "EGDI 0-100", 1, BY_POPULATION,
        lambda s: 100.0 * s.egovernment, "K12", "E-Government Development Index (UN DESA) x 100",
        headline=True,
        evidence=JUDGEMENT, evidence_note=_START,
    ),
    Kpi(
        "e_participation", "E-participation", "index 0-100", 1, BY_POPULATION,
        lambda s: 100.0 * s.e_participation, "K13", "E-Participation Index (UN DESA) x 100",
        evidence=JUDGEMENT,
        evidence_note="Starts at the published figure; moves with e-government as in the past",
    ),
    Kpi(
        "cybersecurity", "Cybersecurity commitment", "GCI 0-100", 1, BY_GDP,
        lambda s: 100.0 * s.cybersecurity, "K11", "Global Cybersecurity Index (ITU)",
        evidence=JUDGEMENT, evidence_note="Two editions teach its drift, weakly; not scored",
    ),
    Kpi(
        "digital_finance", "Adults with an account", "% of adults", 1, BY_POPULATION,
        lambda s: 100.0 * s.digital_finance, "K22", "Bank or mobile money (Global Findex)",
        evidence=JUDGEMENT, evidence_note="Four surveys teach its drift, weakly; not scored",
    ),
    Kpi(
        "payment_links", "Partners reached by linked payments", "% of regional trade", 1, BY_GDP,
        lambda s: 100.0 * s.payment_links, "K22", "0 where no programme links payment systems",
        evidence=JUDGEMENT, evidence_note="Links that exist today are not counted",
    ),
    Kpi(
        "innovation", "Innovation", "index 0-100", 1, BY_GDP,
        lambda s: 100.0 * s.innovation, "K14",
        "Counterpart of the Global Innovation Index, from research, enrolment and regulation",
        evidence=JUDGEMENT, evidence_note="Base and drift are our estimates: there are no scores",
    ),
    Kpi(
        "startup_investment", "Investment in start-ups", "% of GDP", 1, BY_GDP,
        lambda s: 100.0 * s.startup_investment, "K29", "Venture money and innovation funds",
        decimals=2,
        evidence=JUDGEMENT, evidence_note="By a cubic rule in innovation, after a few figures",
    ),
    Kpi(
        "trust", "Trust in going online", "index 0-100", 1, BY_POPULATION,
        lambda s: 100.0 * s.trust, "K11", "An estimate from the rule of law; moved by incidents",
        evidence=JUDGEMENT, evidence_note="No comparable survey covers most economies",
    ),
    Kpi(
        "cyber_cost", "Losses by cybercrime and incidents", "% of GDP", -1, BY_GDP,
        lambda s: 100.0 * s.cyber_cost, "K11", "Everyday crime and major incidents of the year",
        decimals=2,
        evidence=LITERATURE,
        evidence_note="World estimates of one vendor study, lowered; by use and commitment",
    ),
    Kpi(
        "cyber_incidents", "Major cyber incidents", "a year and economy", -1, BY_POPULATION,
        lambda s: s.cyber_incidents, "K11", "Incidents that cost on average 0.2 % of GDP",
        decimals=2,
        evidence=JUDGEMENT, evidence_note="How often major ones come is our guess",
    ),
)  # fmt: skip
