"""The one list of KPIs: what each measures, its unit, its direction, how a region adds it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.model.quantities import LEVERS, PAYERS, QUINTILES, Array, State, mean, total

Formula = Callable[[State], Array]

#: How a region's figure follows from its economies' (``weight`` is a KPI id, or ``population``).
SUM, BY_POPULATION, BY_GDP = "sum", "mean weighted by population", "mean weighted by GDP"
BY_EXPORTS = "mean weighted by goods exports"

#: What a KPI's level and path rest on, without any policy.
DATA, LITERATURE, JUDGEMENT = "data", "literature", "judgement"
EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        DATA: "fitted to published figures and tested on years held out (digiregion validate)",
        LITERATURE: "moves by published estimates, which are not tested here",
        JUDGEMENT: "our own, informed by reading",
    }
)
#: What the grades leave out: said wherever a report explains them.
EFFECTS_EVIDENCE = (
    "Effects of policies rest on literature or judgement for every KPI: there were too few "
    "programmes in the past to fit them to."
)
_FITTED = "Fitted to published figures since 2000 and scored on years held out"
_CODED = "Our own coding of laws and agreements; in the baseline it stays as it is"


@dataclass(frozen=True)
class Kpi:
    """One indicator. ``formula`` gives (member, economy) from a state, in ``unit``.

    ``better`` is 1 when more is better, -1 when less is, 0 when neither; ``catalogue`` is its code
    in the catalogue of the strategies; ``aggregation`` one of SUM, BY_POPULATION, BY_GDP;
    ``effect`` says whether a policy's effect is a difference (``points``) or a ratio (``percent``).
    ``evidence`` is DATA, LITERATURE or JUDGEMENT: what its level and path rest on without policy;
    ``evidence_note`` says why. Both are empty for a KPI that the registry does not know.
    """

    id: str
    title: str
    unit: str
    better: int
    aggregation: str
    formula: Formula
    catalogue: str = ""
    definition: str = ""
    effect: str = "points"
    decimals: int = 1
    headline: bool = False
    evidence: str = ""
    evidence_note: str = ""

    @property
    def mark(self) -> str:
        """The grade's first letter, D, L or J, as reports show it beside the KPI."""
        return self.evidence[:1].upper()


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


KPIS: tuple[Kpi, ...] = (
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
            "Published lists of systems and a United Nations survey; stays as it is in the "
            "baseline"
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

BY_ID = {kpi.id: kpi for kpi in KPIS}


@dataclass(frozen=True)
class Column:
    """One column of the members' tables besides the KPIs."""

    id: str
    unit: str
    meaning: str
    formula: Formula


def _cost_column(kind: str, names: tuple[str, ...], index: int) -> Column:
    def formula(state: State) -> Array:
        money = state.programme_cost if kind == "lever" else state.cost_by_payer
        return money[..., index] / 1e6

    word = "Public cost of" if kind == "lever" else "Paid by"
    return Column(
        f"cost_{kind}_{names[index]}", "USD mn of 2015", f"{word} {names[index]}", formula
    )


#: Written beside the KPIs, so that regions add up and costs can be traced.
EXTRA_COLUMNS: tuple[Column, ...] = (
    Column("population", "persons", "Total population", lambda s: s.population + 0.0 * s.gdp),
    *(_cost_column("lever", LEVERS, index) for index in range(len(LEVERS))),
    *(_cost_column("payer", PAYERS, index) for index in range(len(PAYERS))),
)

#: Every column of the members' tables, in order.
COLUMNS: tuple[Kpi | Column, ...] = (*KPIS, *EXTRA_COLUMNS)
COLUMN_BY_ID = {column.id: column for column in COLUMNS}


def kpi_table() -> list[dict[str, str]]:
    """The registry as rows, for the command line and the documentation."""
    direction = {1: "more is better", -1: "less is better", 0: ""}
    return [
        {
            "kpi": kpi.id,
            "title": kpi.title,
            "unit": kpi.unit,
            "direction": direction[kpi.better],
            "region": kpi.aggregation,
            "effect": "% of baseline" if kpi.effect == "percent" else "difference",
            "catalogue": kpi.catalogue,
            "definition": kpi.definition,
            "evidence": kpi.evidence,
            "evidence_note": kpi.evidence_note,
        }
        for kpi in KPIS
    ]


def measure(
    state: State, out: Array, kept: slice = slice(None),
    columns: Sequence[Kpi | Column] = COLUMNS,
) -> None:  # fmt: skip
    """Write columns of a year into ``out``, (column, member, economy), of ``kept`` members."""
    for row, column in enumerate(columns):
        out[row] = column.formula(state)[kept]


def weight_column(kpi: Kpi) -> str | None:
    """The column that weights a region's mean, or None for a sum."""
    columns = {
        SUM: None,
        BY_POPULATION: "population",
        BY_GDP: "gdp",
        BY_EXPORTS: "goods_exports",
    }
    return columns[kpi.aggregation]


def aggregate(kpi: Kpi, values: Array, weights: Array | None) -> Array:
    """A region's figure from its economies', over the last axis (economy), by the KPI's rule."""
    if weights is None:
        return values.sum(axis=-1)
    return (values * weights).sum(axis=-1) / weights.sum(axis=-1)
