"""Tables like those of a batch, made of plain numbers, for the tests of the report."""

import numpy as np
import pandas as pd

from sim.experiment.summary import QUANTILES
from sim.kpi.registry import KPIS
from sim.region import Region

BASE, POLICY = "baseline", "policy"
BANDS = {"q05": -1.0, "q25": -0.4, "median": 0.0, "q75": 0.5, "q95": 1.2}


def make_tables(region, scenarios=None, horizon=2035):
    """Projections, effects and costs of policies and their baselines."""
    scenarios = scenarios or {POLICY: BASE}
    everyone = list(dict.fromkeys([*scenarios, *scenarios.values()]))
    projections = [_projections(region, name, horizon) for name in everyone]
    effects = [_effects(region, name, base, horizon) for name, base in scenarios.items()]
    costs = [_costs(region, name, horizon) for name in scenarios]
    return pd.concat(projections), pd.concat(effects), pd.concat(costs)


def _places(region):
    parts = [part for part in region.name.split("+") if part != region.name]
    return [*region.economies, *parts, region.name]


def _rows(region, horizon):
    for number, kpi in enumerate(KPIS):
        for place, code in enumerate(_places(region)):
            for year in range(region.base_year, horizon + 1):
                yield number, kpi, place, code, year


def _projections(region, scenario, horizon):
    rows = []
    lift = 2.0 * (scenario not in (BASE, "there-base"))
    for number, kpi, place, code, year in _rows(region, horizon):
        step = year - region.base_year
        middle = 30.0 + number + place + (2.0 + 0.1 * lift) * step
        middle *= 100.0 if kpi.id == "gdp_per_person" else 1.0
        # A region is larger than each of its economies, and the whole larger than its parts.
        if kpi.id == "gdp" and code not in region.economies:
            middle *= 30.0 + 20.0 * (code == region.name) - 3.0 * (code == "carec")
        row = {"scenario": scenario, "kpi": kpi.id, "unit": kpi.unit, "economy": code, "year": year}
        row |= {name: middle + width * step for name, width in BANDS.items()}
        rows.append(row | {"mean": middle})
    return pd.DataFrame(rows)


def _effects(region, scenario, base, horizon):
    rows = []
    for number, kpi, place, code, year in _rows(region, horizon):
        step = year - region.base_year
        middle = 0.1 * step * (place - 4) + 0.013 * number
        row = {"scenario": scenario, "baseline": base, "kpi": kpi.id, "unit": kpi.unit,
               "economy": code, "year": year}  # fmt: skip
        row |= {name: middle + 0.1 * width * step for name, width in BANDS.items()}
        row |= {"mean": middle, "probability_better": 0.8 if kpi.better else np.nan}
        rows.append(row)
    return pd.DataFrame(rows)


def _costs(region, scenario, horizon):
    kinds = {
        "lever": {"broadband_investment": 20.0, "basic_skills_programme": 5.0, "unused": 0.0},
        "payer": {"national": 20.0, "regional_fund": 5.0, "private": 7.5, "partner": 0.0},
    }
    rows = [
        {"scenario": scenario, "economy": code, "year": year, "kind": kind, "name": name,
         "usd_mn_2015": money * (2026 <= year <= 2032), "percent_of_gdp": 0.1}
        for kind, names in kinds.items()
        for name, money in names.items()
        for code in region.economies
        for year in range(region.base_year, horizon + 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_tables_have_the_quantiles_of_a_batch():
    projections, effects, costs = make_tables(Region.load("asean"), horizon=2025)
    for table in (projections, effects):
        assert set(QUANTILES) <= set(table.columns)
        assert not table.duplicated(["scenario", "kpi", "economy", "year"]).any()
    assert not costs.duplicated(["scenario", "economy", "year", "kind", "name"]).any()
