"""The one list of KPIs, in the order of tables and figures, and of the columns of members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.errors import InputError, Problem, nearest_name
from sim.kpi.access import ACCESS
from sim.kpi.agreements import AGREEMENTS
from sim.kpi.core import CORE
from sim.kpi.deciding import DECIDING
from sim.kpi.ecommerce import ECOMMERCE
from sim.kpi.emissions import EMISSIONS
from sim.kpi.fibre import FIBRE
from sim.kpi.firms import FIRMS
from sim.kpi.indices import INDICES
from sim.kpi.institutions import INSTITUTIONS
from sim.kpi.kinds import (
    BY_EXPORTS,
    BY_GDP,
    BY_POPULATION,
    BY_SERVICES,
    DATA,
    EFFECTS_EVIDENCE,
    EVIDENCE,
    JUDGEMENT,
    LITERATURE,
    SUM,
    Formula,
    Kpi,
)
from sim.kpi.services_trade import SERVICES_TRADE
from sim.kpi.talent import TALENT
from sim.model.quantities import LEVERS, PAYERS, Array, State

__all__ = [
    "BY_EXPORTS", "BY_GDP", "BY_POPULATION", "BY_SERVICES", "DATA", "EFFECTS_EVIDENCE", "EVIDENCE",
    "JUDGEMENT", "LITERATURE", "SUM",
]  # fmt: skip

#: KPIs of CORE by part of the world; the others come in lists of their own.
_CORE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Connectivity": (
        "internet_users", "fixed_broadband", "coverage", "rural_coverage", "broadband_price",
    ),
    "Divides": ("urban_rural_gap", "income_gap", "leader_gap"),
    "Skills": ("basic_skills", "talent"),
    "Rules": ("provisions", "regulatory_distance", "paperless_trade"),
    "Economy": ("gdp", "gdp_per_person", "gdp_growth", "digital_value_added", "digital_share"),
    "Trade": ("goods_exports", "regional_trade_share", "trade_gains"),
    "Money": ("plan_funded", "programme_cost"),
}  # fmt: skip
#: The lists of parts of the world, by the name under which tables and figures show them.
_LISTS: Mapping[str, tuple[Kpi, ...]] = {
    **{group: tuple(kpi for kpi in CORE if kpi.id in ids) for group, ids in _CORE_GROUPS.items()},
    "Access": ACCESS,
    "Agreements": AGREEMENTS,
    "Institutions": INSTITUTIONS,
    "Firms": FIRMS,
    "Digital economy": ECOMMERCE,
    "Environment": EMISSIONS,
    "Talent": TALENT,
    "Cooperation": DECIDING,
    "Cables": FIBRE,
    "Indices": INDICES,
    "Services trade": SERVICES_TRADE,
}

#: Every KPI, by part of the world.
KPIS: tuple[Kpi, ...] = tuple(
    replace(kpi, group=group) for group, kpis in _LISTS.items() for kpi in kpis
)

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

_ROWS = {column.id: row for row, column in enumerate(COLUMNS)}


def row_of(name: str) -> int:
    """The row of a column in what is measured. Raises InputError."""
    if name not in _ROWS:
        raise InputError([Problem("no such KPI", field="kpi", value=name,
                                  nearest=nearest_name(name, _ROWS))])  # fmt: skip
    return _ROWS[name]


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
        BY_SERVICES: "digital_services_exports",
    }
    return columns[kpi.aggregation]


def aggregate(kpi: Kpi, values: Array, weights: Array | None) -> Array:
    """A region's figure from its economies', over the last axis (economy), by the KPI's rule."""
    if weights is None:
        return values.sum(axis=-1)
    return (values * weights).sum(axis=-1) / weights.sum(axis=-1)
