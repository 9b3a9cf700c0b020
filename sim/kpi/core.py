"""KPIs of connectivity, skills, rules, output and programmes."""

from __future__ import annotations

import numpy as np

from sim.kpi.kinds import (
    BY_EXPORTS,
    BY_GDP,
    BY_POPULATION,
    DATA,
    JUDGEMENT,
    LITERATURE,
    SUM,
    Kpi,
)
from sim.model.quantities import QUINTILES, Array, State, mean, total

_FITTED = "Fitted to published figures since 2000 and scored on years held out"
_CODED = "Our own coding of laws and agreements; rises as agreements in force are carried out"


def _online_by_zone(state: State) -> tuple[Array, Array]:
    """People online in town and country, each (m, e, quintile)."""
    return state.online[..., : len(QUINTILES)], state.online[..., len(QUINTILES) :]


def _urban_rural_gap(state: State) -> Array:
    urban, rural = _online_by_zone(state)
    return 100.0 * (mean(urban) - mean(rural))


def _income_gap(state: State) -> Array:
    urban, rural = _online_by_zone(state)
    town = state.urban_share
    rich = town * urban[..., -1] + (1.0 - town) * rural[..., -1]
    poor = town * urban[..., 0] + (1.0 - town) * rural[..., 0]
    return 100.0 * (rich - poor)


def _mean_coverage(state: State) -> Array:
    town = state.urban_share
    return 100.0 * (town * state.coverage[..., 0] + (1.0 - town) * state.coverage[..., 1])


def _mean_distance(state: State) -> Array:
    economies = state.rule_distance.shape[1]
    return np.einsum("mij->mi", state.rule_distance) / max(economies - 1, 1)


def _leader_gap(state: State) -> Array:
    users = state.internet_users
    return 100.0 * (users.max(axis=-1, keepdims=True) - users)


def _cost_share(state: State) -> Array:
    return 100.0 * total(state.programme_cost) / state.gdp


CORE: tuple[Kpi, ...] = (
    Kpi(
        "internet_users", "Internet users", "% of population", 1, BY_POPULATION,
        lambda s: 100.0 * s.internet_users, "K04", "Individuals using the internet (ITU)",
        headline=True,
        evidence=DATA, evidence_note=f"{_FITTED}, at several origins",
    ),
    Kpi(
        "fixed_broadband", "Fixed broadband", "subscriptions per 100 people", 1, BY_POPULATION,
        lambda s: 100.0 * s.fixed_broadband, "K05", "Fixed-broadband subscriptions (ITU)",
        headline=True,
        evidence=DATA, evidence_note=f"{_FITTED}, at several origins",
    ),
    Kpi(
        "coverage", "Mobile-broadband coverage", "% of population", 1, BY_POPULATION,
        _mean_coverage, "K06", "People within reach of a mobile-broadband signal",
        evidence=JUDGEMENT,
        evidence_note=(
            "Starts at published 3G cover; that the cost of cover falls by 5 % a year is our "
            "guess"
        ),
    ),
    Kpi(
        "rural_coverage", "Rural mobile-broadband coverage", "% of rural population", 1,
        BY_POPULATION, lambda s: 100.0 * s.coverage[..., 1], "K26",
        evidence=JUDGEMENT,
        evidence_note=(
            "Town and country are told apart by two cost figures; no series of rural cover is "
            "used"
        ),
    ),
    Kpi(
        "broadband_price", "Entry price of broadband", "% of monthly GNI per person", -1,
        BY_POPULATION, lambda s: s.broadband_price, "K38", "Data-only mobile basket of 2 GB (ITU)",
        effect="percent", decimals=2,
        evidence=LITERATURE,
        evidence_note=(
            "Starts at the published price; falls as the ITU basket did in 22 economies, "
            "2021-2024"
        ),
    ),
    Kpi(
        "urban_rural_gap", "Urban-rural gap in internet use", "percentage points", -1,
        BY_POPULATION, _urban_rural_gap, "K26",
        evidence=JUDGEMENT,
        evidence_note=(
            "The total is fitted; its split follows from an assumed urban-rural ratio of "
            "incomes"
        ),
    ),
    Kpi(
        "income_gap", "Income gap in internet use", "percentage points", -1, BY_POPULATION,
        _income_gap, "K26", "Richest less poorest fifth of people, within town and country",
        evidence=JUDGEMENT,
        evidence_note=(
            "The total is fitted; its split follows from Gini coefficients and one income "
            "elasticity"
        ),
    ),
    Kpi(
        "leader_gap", "Gap to the region's leader in internet use", "percentage points", -1,
        BY_POPULATION, _leader_gap, "K26",
        evidence=DATA,
        evidence_note=(
            "Follows from internet users alone, which are tested; the gap is not scored by "
            "itself"
        ),
    ),
    Kpi(
        "basic_skills", "Basic digital skills", "% of adults", 1, BY_POPULATION,
        lambda s: 100.0 * s.basic_skills, "K08", "SDG 4.4.1: copying or moving a file or folder",
        headline=True,
        evidence=JUDGEMENT,
        evidence_note=(
            "Learning by use and forgetting are our guesses; most base figures are estimates"
        ),
    ),
    Kpi(
        "talent", "Advanced ICT talent", "% of labour force", 1, BY_POPULATION,
        lambda s: 100.0 * s.talent, "K09", decimals=2,
        evidence=JUDGEMENT,
        evidence_note="Entry and loss of talent are our guesses; no comparable base figure exists",
    ),
    Kpi(
        "provisions", "Digital provisions in law", "score 0-100", 1, BY_GDP,
        lambda s: 100.0 * mean(s.provisions), "K27", "Mean of six scores",
        evidence=JUDGEMENT, evidence_note=_CODED,
    ),
    Kpi(
        "regulatory_distance", "Regulatory distance to the region", "score 0-100", -1, BY_GDP,
        lambda s: 100.0 * _mean_distance(s), "K27",
        "Mean absolute difference of the six scores to the other economies", headline=True,
        evidence=JUDGEMENT, evidence_note=_CODED,
    ),
    Kpi(
        "paperless_trade", "Cross-border paperless trade", "index 0-100", 1, BY_GDP,
        lambda s: 100.0 * s.facilitation, "K18",
        "Customs and tax systems (World Bank GTMI) and exchange of documents across borders",
        evidence=LITERATURE,
        evidence_note=(
            "Published lists of systems; rises in parties to agreements at the pace of a United "
            "Nations survey"
        ),
    ),
    Kpi(
        "gdp", "GDP", "USD bn of 2015", 1, SUM, lambda s: s.gdp / 1e9, "K01", effect="percent",
        evidence=DATA, evidence_note=f"{_FITTED}, at several origins",
    ),
    Kpi(
        "gdp_per_person", "GDP per person", "USD of 2015", 1, BY_POPULATION,
        lambda s: s.gdp / s.population, "K01", effect="percent", decimals=0, headline=True,
        evidence=DATA,
        evidence_note="Follows from GDP, which is tested, and from trends of population",
    ),
    Kpi(
        "gdp_growth", "GDP growth", "% a year", 1, BY_GDP,
        lambda s: 100.0 * np.expm1(s.gdp_growth), "K01",
        evidence=DATA,
        evidence_note="Follows from GDP, whose levels are tested up to eight years ahead",
    ),
    Kpi(
        "goods_exports", "Goods exports", "USD bn at base prices", 1, SUM,
        lambda s: s.goods_exports / 1e9, "K19", effect="percent", headline=True,
        evidence=LITERATURE,
        evidence_note=(
            "Published flows of 2015-2019; trade elasticities of the literature; no test on "
            "later flows"
        ),
    ),
    Kpi(
        "regional_trade_share", "Regional share of goods exports", "% of goods exports", 0,
        BY_EXPORTS,
        lambda s: 100.0 * s.regional_exports / s.goods_exports, "K19",
        evidence=LITERATURE, evidence_note="As goods exports",
    ),
    Kpi(
        "trade_gains", "Gains from goods trade", "% of GDP since the base year", 1, BY_GDP,
        lambda s: 100.0 * np.expm1(s.trade_gains), "K19", decimals=2,
        evidence=LITERATURE,
        evidence_note=(
            "A formula of the literature (Arkolakis and others 2012), in gross flows: an upper "
            "end"
        ),
    ),
    Kpi(
        "digital_value_added", "Digital value added", "USD bn of 2015", 1, SUM,
        lambda s: s.digital_share * s.gdp / 1e9, "K01",
        "Core ICT concept: goods and services of the ICT sector and of digital platforms",
        effect="percent", headline=True,
        evidence=JUDGEMENT,
        evidence_note=(
            "Base shares scaled from one satellite account; growth after one study; the rest is "
            "guessed"
        ),
    ),
    Kpi(
        "digital_share", "Digital economy", "% of GDP", 1, BY_GDP,
        lambda s: 100.0 * s.digital_share, "K01", "Core ICT concept",
        evidence=JUDGEMENT, evidence_note="As digital value added",
    ),
    Kpi(
        "plan_funded", "Plan that budgets could bear", "% of plan", 1, BY_GDP,
        lambda s: 100.0 * s.funded, "K30", "100 where nothing is planned",
        evidence=LITERATURE,
        evidence_note=(
            "Arithmetic of plan and budget, at unit costs of the literature; some are our "
            "guesses"
        ),
    ),
    Kpi(
        "programme_cost", "Public cost of programmes", "% of GDP", 0, BY_GDP, _cost_share, "K30",
        decimals=3, headline=True,
        evidence=LITERATURE,
        evidence_note=(
            "What the scenario spends, and unit costs of the literature; some are our guesses"
        ),
    ),
)  # fmt: skip
