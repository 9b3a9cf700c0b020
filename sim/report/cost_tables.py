"""Costs added up: by lever and payer, the years of the programmes, and the GDP to compare with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.words import split_places

if TYPE_CHECKING:
    import pandas as pd

    from sim.region.region import Region


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


def region_gdp(
    projections: pd.DataFrame,
    scenario: str,
    region: Region | None = None,
    names: Mapping[str, str] | None = None,
) -> dict[int, float]:
    """Mean GDP of the whole region by year, USD mn of 2015: of its row, or of its economies."""
    kept = (projections["scenario"] == scenario) & (projections["kpi"] == "gdp")
    rows = projections[kept]
    economies, regions = split_places(rows, region, names)
    whole = rows[rows["economy"].isin(regions[:1] or economies)]
    return {int(year): 1e3 * gdp for year, gdp in whole.groupby("year")["mean"].sum().items()}


def economies_gdp(
    projections: pd.DataFrame, scenario: str, economies: Sequence[str]
) -> dict[int, float]:
    """Mean GDP of some economies together by year, USD mn of 2015."""
    kept = (projections["scenario"] == scenario) & (projections["kpi"] == "gdp")
    rows = projections[kept & projections["economy"].isin(economies)]
    return {int(year): 1e3 * gdp for year, gdp in rows.groupby("year")["mean"].sum().items()}
