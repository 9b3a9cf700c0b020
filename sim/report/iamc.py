"""Projections in the format of the Integrated Assessment Modeling Consortium (IAMC)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow.parquet as parquet

from sim.experiment.store import slug
from sim.experiment.summary import QUANTILES
from sim.kpi.registry import COLUMNS, KPIS, Kpi
from sim.report.shown import Shown


@dataclass(frozen=True)
class Variable:
    """What a KPI is called in the IAMC format. ``factor`` turns its unit into ``unit``."""

    name: str
    unit: str
    factor: float = 1.0


def _share(name: str, whole: str) -> Variable:
    return Variable(f"Digital Economy|{name} [share of {whole}]", "%")


#: Variables with a name of their own, by KPI id. Names outside ``Digital Economy|`` are those of
#: the IAMC's common definitions, and stand only where the definition is theirs; brackets say what
#: a variable is a share or rate of.
_OWN: dict[str, Variable] = {
    "population": Variable("Population", "million", 1e-6),
    "gdp": Variable("GDP|MER", "billion USD_2015/yr"),
    "gdp_per_person": Variable("GDP|MER [per capita]", "USD_2015/yr"),
    "gdp_growth": Variable("GDP|MER [growth rate]", "%/yr"),
    "internet_users": _share("Internet Users", "population"),
    "fixed_broadband": Variable(
        "Digital Economy|Fixed Broadband Subscriptions", "subscriptions/100 people"
    ),
    "coverage": _share("Mobile Broadband Coverage", "population"),
    "rural_coverage": _share("Mobile Broadband Coverage|Rural", "rural population"),
    "broadband_price": _share("Price|Broadband", "monthly GNI per capita"),
    "urban_rural_gap": Variable(
        "Digital Economy|Internet Use Gap|Urban-Rural", "percentage points"
    ),
    "income_gap": Variable("Digital Economy|Internet Use Gap|Income", "percentage points"),
    "leader_gap": Variable("Digital Economy|Internet Use Gap|Regional Leader", "percentage points"),
    "basic_skills": _share("Skills|Basic", "adults"),
    "talent": _share("Skills|Advanced ICT", "labour force"),
    "provisions": Variable("Digital Economy|Regulation|Provisions in Law", "score (0-100)"),
    "regulatory_distance": Variable("Digital Economy|Regulation|Distance", "score (0-100)"),
    "paperless_trade": Variable("Digital Economy|Trade|Paperless", "index (0-100)"),
    "goods_exports": Variable(
        "Digital Economy|Trade|Goods Exports [base-year prices]", "billion USD/yr"
    ),
    "regional_trade_share": _share("Trade|Goods Exports|Region", "goods exports"),
    "trade_gains": _share("Trade|Gains from Goods Trade", "GDP"),
    "digital_value_added": Variable("Digital Economy|Value Added", "billion USD_2015/yr"),
    "digital_share": _share("Value Added", "GDP"),
    "plan_funded": _share("Programmes|Plan Funded", "plan"),
    "programme_cost": _share("Programmes|Public Cost", "GDP"),
}


def _variable(kpi: Kpi) -> Variable:
    """A KPI under the name of its group and its title, in its own unit."""
    title = " ".join(word[:1].upper() + word[1:] for word in kpi.title.split())
    return Variable(f"Digital Economy|{kpi.group}|{title}", kpi.unit)


#: What every KPI, and the population, is called.
VARIABLES: dict[str, Variable] = {kpi.id: _variable(kpi) for kpi in KPIS} | _OWN

#: What follows a variable's name, by column of the projections; the bare name is the median.
SUFFIXES = {
    "median": "",
    **{
        column: f"|{100 * share:.1f}th Percentile"
        for column, share in QUANTILES.items()
        if column != "median"
    },
    "mean": "|Mean",
}
KEYS = ["Model", "Scenario", "Region", "Variable", "Unit"]


def iamc(runs: Shown) -> pd.DataFrame:
    """The projections, wide: Model, Scenario, Region, Variable, Unit, then a column a year.

    A row is one quantile of one KPI (or of the population) in one economy or region.
    """
    table = pd.concat([runs.projections, _population(runs)], ignore_index=True)
    long = table.melt(
        id_vars=["scenario", "economy", "kpi", "year"], value_vars=list(SUFFIXES), var_name="column"
    )
    names = {kpi: variable.name for kpi, variable in VARIABLES.items()}
    units = {kpi: variable.unit for kpi, variable in VARIABLES.items()}
    factors = {kpi: variable.factor for kpi, variable in VARIABLES.items()}
    rows = pd.DataFrame(
        {
            "Model": f"digiregion {runs.manifest['inputs']['version']}",
            "Scenario": long["scenario"],
            "Region": long["economy"],
            "Variable": long["kpi"].map(names) + long["column"].map(SUFFIXES),
            "Unit": long["kpi"].map(units),
            "year": long["year"],
            "value": long["value"] * long["kpi"].map(factors),
        }
    )
    rows = rows.dropna(subset="value")
    wide = rows.pivot_table(index=KEYS, columns="year", values="value", sort=False)
    return wide.sort_index(axis=1).reset_index().rename_axis(columns=None)


def variables_markdown() -> str:
    """The table of variables of ``docs/exports.md``."""
    lines = ["| KPI | Variable | Unit | Unit of the KPI |", "|:---|:---|:---|:---|"]
    kpi_units = {column.id: column.unit for column in COLUMNS}
    for kpi, variable in VARIABLES.items():
        name = variable.name.replace("|", "\\|")  # else it ends the cell
        lines.append(f"| {kpi} | `{name}` | {variable.unit} | {kpi_units[kpi]} |")
    return "\n".join(lines)


def _population(runs: Shown) -> pd.DataFrame:
    """The population in persons, with the columns of the projections.

    It is the same in every member: one is read, and there are no quantiles. Empty where only some
    KPIs are shown, and where the batch keeps no members, or not their population.
    """
    frames = []
    for name in runs.scenarios if runs.kpis == runs.held_kpis else ():
        layout = runs.layout(name)
        part = runs.folder / "members" / slug(name) / "part-00000.parquet"
        if not (layout.places and layout.years and part.exists()):
            continue
        if "population" not in parquet.read_schema(part).names:
            continue
        rows = pd.read_parquet(
            part, columns=["year", "economy", "population"],
            filters=[("member", "==", 0), ("year", "in", layout.years)],
        )  # fmt: skip
        wide = rows.astype({"economy": str}).pivot_table("population", "year", "economy")
        for region, codes in layout.regions.items():
            wide[region] = wide[list(codes)].sum(axis=1)
        long = wide[list(layout.places)].melt(
            ignore_index=False, var_name="economy", value_name="median"
        )
        frames.append(long.reset_index().assign(scenario=name, kpi="population"))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
