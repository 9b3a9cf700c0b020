"""From ensemble members to projections, paired effects and costs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment.store import read_column
from sim.kpi.registry import KPIS, Kpi, aggregate, weight_column
from sim.model.quantities import LEVERS, PAYERS, Array

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
#: Differences smaller than this (in the KPI's unit) are no difference: rounding, not policy.
NO_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class Layout:
    """What a scenario's members hold: its economies, years, and groups to add up."""

    folder: Path
    economies: tuple[str, ...]
    years: tuple[int, ...]
    regions: dict[str, tuple[str, ...]]

    @property
    def places(self) -> tuple[str, ...]:
        """Economies, then regions."""
        return (*self.economies, *self.regions)

    def column(self, scenario: str, column: str) -> Array:
        """All members of one column, (member, year, economy)."""
        return read_column(self.folder, scenario, column, len(self.economies), len(self.years))

    def kpi(self, scenario: str, kpi: Kpi) -> Array:
        """All members of a KPI, (member, year, place): economies and regions."""
        values = self.column(scenario, kpi.id)
        weight = weight_column(kpi)
        weights = None if weight is None else self.column(scenario, weight)
        added = []
        for members in self.regions.values():
            chosen = [self.economies.index(code) for code in members]
            part = None if weights is None else weights[..., chosen]
            added.append(aggregate(kpi, values[..., chosen], part))
        return np.concatenate([values, np.stack(added, axis=-1)], axis=-1)


def projections(layout: Layout, scenario: str) -> pd.DataFrame:
    """Quantiles over members by KPI, place and year, in the KPI's unit."""
    frames = [_table(layout, scenario, kpi, _quantiles(layout.kpi(scenario, kpi))) for kpi in KPIS]
    return pd.concat(frames, ignore_index=True)


def effects(layout: Layout, scenario: str, baseline: str) -> pd.DataFrame:
    """Paired differences from the baseline, member by member, by KPI, place and year.

    The unit is the KPI's (``points``) or percent of the baseline (``percent``).
    ``probability_better`` is the share of members in which the policy improves the KPI; it is
    blank where no member moves, and for KPIs that have no better direction.
    """
    frames = []
    for kpi in KPIS:
        change = effect(layout, scenario, baseline, kpi)
        columns = _quantiles(change)
        better = kpi.better * change > NO_DIFFERENCE
        moved = (np.abs(change) > NO_DIFFERENCE).any(axis=0)
        meaningful = moved & (kpi.better != 0)
        columns["probability_better"] = np.where(meaningful, better.mean(axis=0), np.nan)
        frame = _table(layout, scenario, kpi, columns)
        frame["unit"] = "% of baseline" if kpi.effect == "percent" else kpi.unit
        frame.insert(1, "baseline", baseline)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def effect(layout: Layout, scenario: str, baseline: str, kpi: Kpi) -> Array:
    """Effect of a policy in every member, (member, year, place)."""
    policy, without = layout.kpi(scenario, kpi), layout.kpi(baseline, kpi)
    if kpi.effect == "percent":
        return 100.0 * (policy / without - 1.0)
    return policy - without


def costs(layout: Layout, scenario: str) -> pd.DataFrame:
    """Mean cost over members by economy, year, lever and payer, in USD mn and % of GDP."""
    rows = []
    gdp = 1e3 * layout.column(scenario, "gdp")
    for kind, names in (("lever", LEVERS), ("payer", PAYERS)):
        for name in names:
            money = layout.column(scenario, f"cost_{kind}_{name}")
            rows.append(_cost_rows(layout, scenario, kind, name, money, gdp))
    return pd.concat(rows, ignore_index=True)


def _cost_rows(
    layout: Layout, scenario: str, kind: str, name: str, money: Array, gdp: Array
) -> pd.DataFrame:
    years, economies = np.meshgrid(layout.years, layout.economies, indexing="ij")
    return pd.DataFrame(
        {
            "scenario": scenario,
            "economy": economies.ravel(),
            "year": years.ravel(),
            "kind": kind,
            "name": name,
            "usd_mn_2015": money.mean(axis=0).ravel(),
            "percent_of_gdp": (100.0 * money / gdp).mean(axis=0).ravel(),
        }
    )


def _quantiles(values: Array) -> dict[str, Array]:
    found = np.quantile(values, list(QUANTILES.values()), axis=0)
    columns = dict(zip(QUANTILES, found, strict=True))
    columns["mean"] = values.mean(axis=0)
    return columns


def _table(layout: Layout, scenario: str, kpi: Kpi, columns: dict[str, Array]) -> pd.DataFrame:
    years, places = np.meshgrid(layout.years, layout.places, indexing="ij")
    frame = pd.DataFrame(
        {
            "scenario": scenario,
            "kpi": kpi.id,
            "unit": kpi.unit,
            "economy": places.ravel(),
            "year": years.ravel(),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )
    return frame.sort_values(["economy", "year"], kind="stable", ignore_index=True)
