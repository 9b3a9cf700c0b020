"""KPIs that sum up several: counterparts of the published indices that the strategies cite."""

from __future__ import annotations

import numpy as np

from sim.kpi.kinds import BY_GDP, BY_POPULATION, JUDGEMENT, Kpi
from sim.model.quantities import PROVISIONS, Array, State

#: Where a part of an index is full: talent (share of the labour force), fixed lines per person,
#: years of schooling, and the price of broadband (% of monthly income per person) at which it is
#: empty (judgement: about the best and the dearest of the 22 economies).
FULL_TALENT, FULL_LINES, FULL_SCHOOLING, DEAREST = 0.06, 0.40, 13.0, 10.0
#: Income per person (USD of 2015) at the two ends of the scale of competitiveness.
INCOMES = (500.0, 70_000.0)


def _law(state: State, provision: str) -> Array:
    return state.provisions[..., PROVISIONS.index(provision)]


def _talent(state: State) -> Array:
    return np.minimum(state.talent / FULL_TALENT, 1.0)


def _access(state: State) -> Array:
    """Internet users, lines and price, 0-1."""
    lines = np.minimum(state.fixed_broadband / FULL_LINES, 1.0)
    cheap = np.clip(1.0 - state.broadband_price / DEAREST, 0.0, 1.0)
    return (state.internet_users + lines + cheap) / 3.0


def _human_capital(state: State) -> Array:
    schooling = np.minimum(state.years_of_schooling / FULL_SCHOOLING, 1.0)
    return (schooling + state.basic_skills + _talent(state)) / 3.0


def pillars(state: State) -> tuple[Array, ...]:
    """The six pillars of the ASEAN Digital Integration Index, rebuilt from the model, 0-1 each.

    Digital trade and logistics; data protection and cybersecurity; digital payments and identities;
    digital skills and talent; innovation and entrepreneurship; institutions and infrastructure
    (ASEAN Secretariat, 2021, ASEAN Digital Integration Index, for the pillars).
    """
    return (
        (state.facilitation + _law(state, "e_transactions")) / 2.0,
        (_law(state, "data_protection") + state.cybersecurity) / 2.0,
        (state.digital_finance + _law(state, "digital_id_payments")) / 2.0,
        (state.basic_skills + _talent(state)) / 2.0,
        state.innovation,
        (state.egovernment + _access(state)) / 2.0,
    )


def integration(state: State) -> Array:
    """Mean of the six pillars, 0-1, (m, e)."""
    return np.asarray(sum(pillars(state)) / 6.0)


def rank(values: Array) -> Array:
    """Place among the economies of the region, (m, e): 1 is the highest; equals share a place."""
    return 1.0 + (values[:, None, :] > values[:, :, None]).sum(axis=-1)


def _readiness(state: State) -> Array:
    governance = (state.trust + state.cybersecurity + _law(state, "data_protection")) / 3.0
    people = (state.internet_users + state.egovernment + state.basic_skills) / 3.0
    impact = (state.digital_finance + _talent(state)) / 2.0
    return (_access(state) + people + governance + impact) / 4.0


def _competitiveness(state: State) -> Array:
    low, high = np.log(INCOMES)
    market = np.clip((np.log(state.gdp / state.population) - low) / (high - low), 0.0, 1.0)
    parts = (_access(state), _human_capital(state), state.egovernment, state.innovation, market)
    return np.asarray(sum(parts) / len(parts))


def concentration(state: State) -> Array:
    """Herfindahl index of digital value added among economies, (m, e), the same for all, 0-1."""
    value = state.digital_share * state.gdp
    shares = value / value.sum(axis=-1, keepdims=True)
    return np.broadcast_to((shares**2).sum(axis=-1, keepdims=True), value.shape)


_NOTE = "Weights are equal and ours; levels are not those of the published index"

INDICES: tuple[Kpi, ...] = (
    Kpi(
        "digital_integration", "Digital integration", "index 0-100", 1, BY_GDP,
        lambda s: 100.0 * integration(s), "K15",
        "Mean of six pillars as in the ASEAN Digital Integration Index: trade, protection, "
        "payments, skills, innovation, infrastructure",
        headline=True, evidence=JUDGEMENT, evidence_note=_NOTE,
    ),
    Kpi(
        "digital_integration_rank", "Rank in digital integration", "place in the region", -1,
        BY_POPULATION, lambda s: rank(integration(s)), "K15", "1 is the highest",
        evidence=JUDGEMENT, evidence_note=_NOTE,
    ),
    Kpi(
        "network_readiness", "Network readiness", "index 0-100", 1, BY_POPULATION,
        lambda s: 100.0 * _readiness(s), "K15",
        "Counterpart of the Network Readiness Index: technology, people, governance, impact",
        evidence=JUDGEMENT, evidence_note=_NOTE,
    ),
    Kpi(
        "human_capital", "Human capital", "index 0-100", 1, BY_POPULATION,
        lambda s: 100.0 * _human_capital(s), "K20",
        "Schooling, basic digital skills and advanced talent",
        evidence=JUDGEMENT, evidence_note=_NOTE,
    ),
    Kpi(
        "competitiveness", "Competitiveness", "index 0-100", 1, BY_GDP,
        lambda s: 100.0 * _competitiveness(s), "K16",
        "Counterpart of the Global Competitiveness Index: access, human capital, institutions, "
        "innovation, income",
        evidence=JUDGEMENT, evidence_note=_NOTE,
    ),
    Kpi(
        "concentration", "Concentration of digital value added", "index 0-100", -1, BY_GDP,
        lambda s: 100.0 * concentration(s), "K37",
        "Herfindahl index among the region's economies: 100 if one has it all",
        evidence=JUDGEMENT, evidence_note="Follows from digital value added",
    ),
)  # fmt: skip
