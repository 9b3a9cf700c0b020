"""Costs added up: by lever and payer, the years of the programmes, and the GDP to compare with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def cost_table(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """USD mn by year (rows) and lever or payer (columns), without those that cost nothing."""
    part = rows[rows["kind"] == kind]
    table = part.pivot_table(
        index="year", columns="name", values="usd_mn_2015", aggfunc="sum", sort=False
    ).sort_index()
    paid = table.columns[(table.abs() > 1e-9).any()]
    return table[paid]


def programme_years(costs: pd.DataFrame, scenario: str) -> tuple[int, int] | None:
    """The first and the last year in which a policy costs something."""
    rows = costs[(costs["scenario"] == scenario) & (costs["usd_mn_2015"] > 1e-9)]
    return (int(rows["year"].min()), int(rows["year"].max())) if len(rows) else None


def public_costs(costs: pd.DataFrame, scenario: str) -> dict[str, float]:
    """USD mn of public money in all by economy that has any, the largest first."""
    rows = costs[(costs["scenario"] == scenario) & (costs["kind"] == "lever")]
    total = rows.groupby("economy")["usd_mn_2015"].sum().sort_values(ascending=False, kind="stable")
    return {str(code): float(money) for code, money in total.items() if money > 1e-9}


def share_of_gdp(yearly: pd.Series, gdp: Mapping[int, float]) -> float | None:
    """Cost in percent of GDP, the mean of the years that cost something; None without GDP."""
    paid = yearly[yearly > 1e-9]
    if paid.empty or not all(int(year) in gdp for year in paid.index):
        return None
    return float((100.0 * paid / paid.index.map(gdp).to_numpy()).mean())


def economies_gdp(
    projections: pd.DataFrame, scenario: str, economies: Sequence[str]
) -> dict[int, float]:
    """Mean GDP of some economies together by year, USD mn of 2015."""
    kept = (projections["scenario"] == scenario) & (projections["kpi"] == "gdp")
    rows = projections[kept & projections["economy"].isin(economies)]
    return {int(year): 1e3 * gdp for year, gdp in rows.groupby("year")["mean"].sum().items()}
