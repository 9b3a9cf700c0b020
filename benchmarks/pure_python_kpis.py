"""The KPIs and cost columns of the pure-Python model, in the units of ``sim.kpi.registry``."""

from __future__ import annotations

from collections.abc import Callable
from math import expm1
from typing import TYPE_CHECKING

from sim.kpi.registry import COLUMNS
from sim.model.quantities import LEVERS, PAYERS

if TYPE_CHECKING:
    from pure_python_mesa import Economy

Report = Callable[["Economy"], float]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _by_town(one: Economy, urban: float, rural: float) -> float:
    return one.urban_share * urban + (1.0 - one.urban_share) * rural


def _income_gap(one: Economy) -> float:
    rich = _by_town(one, one.online[4], one.online[9])
    poor = _by_town(one, one.online[0], one.online[5])
    return 100.0 * (rich - poor)


def _mean_distance(one: Economy) -> float:
    return 100.0 * sum(one.rule_distance) / max(len(one.rule_distance) - 1, 1)


def _leader_gap(one: Economy) -> float:
    best = max(other.internet_users for other in one.model.economies)
    return 100.0 * (best - one.internet_users)


def _cost(kind: str, index: int) -> Report:
    if kind == "lever":
        return lambda one: one.programme_cost[index] / 1e6
    return lambda one: one.cost_by_payer[index] / 1e6


_REPORTS: dict[str, Report] = {
    "internet_users": lambda one: 100.0 * one.internet_users,
    "fixed_broadband": lambda one: 100.0 * one.fixed_broadband,
    "coverage": lambda one: 100.0 * _by_town(one, *one.coverage),
    "rural_coverage": lambda one: 100.0 * one.coverage[1],
    "broadband_price": lambda one: one.broadband_price,
    "urban_rural_gap": lambda one: 100.0 * (_mean(one.online[:5]) - _mean(one.online[5:])),
    "income_gap": _income_gap,
    "leader_gap": _leader_gap,
    "basic_skills": lambda one: 100.0 * one.basic_skills,
    "talent": lambda one: 100.0 * one.talent,
    "provisions": lambda one: 100.0 * _mean(one.provisions),
    "regulatory_distance": _mean_distance,
    "paperless_trade": lambda one: 100.0 * one.facilitation,
    "gdp": lambda one: one.gdp / 1e9,
    "gdp_per_person": lambda one: one.gdp / one.population,
    "gdp_growth": lambda one: 100.0 * expm1(one.gdp_growth),
    "goods_exports": lambda one: one.goods_exports / 1e9,
    "regional_trade_share": lambda one: 100.0 * one.regional_exports / one.goods_exports,
    "trade_gains": lambda one: 100.0 * expm1(one.trade_gains),
    "digital_value_added": lambda one: one.digital_share * one.gdp / 1e9,
    "digital_share": lambda one: 100.0 * one.digital_share,
    "plan_funded": lambda one: 100.0 * one.funded,
    "programme_cost": lambda one: 100.0 * sum(one.programme_cost) / one.gdp,
    "population": lambda one: one.population,
    **{f"cost_lever_{name}": _cost("lever", index) for index, name in enumerate(LEVERS)},
    **{f"cost_payer_{name}": _cost("payer", index) for index, name in enumerate(PAYERS)},
}

#: What is recorded of each economy: the columns of the core, in the order of the batch's.
REPORTERS: dict[str, Report] = {
    column.id: _REPORTS[column.id] for column in COLUMNS if column.id in _REPORTS
}
