"""A table of a batch as a netCDF file: arrays over scenarios, places, years and quantiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.summary import QUANTILES
from sim.kpi.registry import BY_ID
from sim.report.exported import COLUMNS, Export


def write_netcdf(export: Export, draft: Path) -> None:
    """Write a variable a KPI, or a variable a kind of cost, with their coordinates."""
    import xarray

    make = _cost_variables if export.table == "costs" else _kpi_variables
    data = xarray.Dataset(make(export), _coordinates(export), export.provenance)
    # Strings of any length cannot be compressed; numbers can, and mostly are alike.
    packed = {name: {"zlib": True, "complevel": 4} for name in data.data_vars}
    data.to_netcdf(draft, engine="h5netcdf", format="NETCDF4", encoding=packed)


def _coordinates(export: Export) -> dict[str, Any]:
    frame, runs = export.frame, export.runs
    scenarios, places = frame["scenario"].unique(), frame["economy"].unique()
    regions = {region for name in scenarios for region in runs.layout(name).regions}
    kinds = ["region" if place in regions else "economy" for place in places]
    baselines = [runs.scenarios[name] for name in scenarios]
    found = {
        "scenario": ("scenario", _texts(scenarios), {"long_name": "scenario"}),
        "baseline": ("scenario", _texts(baselines), {"long_name": "baseline of the scenario"}),
        "place": ("place", _texts(places), {"long_name": COLUMNS["economy"].lower()}),
        "place_kind": ("place", _texts(kinds), {"long_name": "economy or region"}),
        "year": ("year", np.unique(frame["year"]), {"long_name": "calendar year", "units": "1"}),
    }
    if export.table != "costs":
        facts = {"long_name": "quantile over members", "units": "1"}
        found["quantile"] = ("quantile", np.array(list(QUANTILES.values())), facts)
    else:
        for kind in ("lever", "payer"):
            names = frame.loc[frame["kind"] == kind, "name"].unique()
            found[kind] = (kind, _texts(names), {"long_name": kind})
    return found


def _texts(values: Any) -> Any:
    return np.array(list(values), dtype=object)


def _kpi_variables(export: Export) -> dict[str, Any]:
    """By KPI, (scenario, place, year, quantile), and its mean and probability without quantile."""
    change = "effect on " if export.table == "effects" else ""
    found: dict[str, Any] = {}
    for kpi, rows in export.frame.groupby("kpi", sort=False):
        # Readers take "since" in a unit for a date.
        unit = rows["unit"].iloc[0].replace(" since ", " from ")
        title = f"{change}{BY_ID[str(kpi)].title}"
        facts = {
            "long_name": title, "units": unit, "evidence": BY_ID[str(kpi)].evidence,
            "evidence_note": BY_ID[str(kpi)].evidence_note,
        }  # fmt: skip
        dims, values = _array(export.frame, rows, list(QUANTILES))
        found[str(kpi)] = ((*dims, "quantile"), values, facts)
        more = {"mean": (f"{title}, mean over members", unit)}
        more["probability_better"] = (COLUMNS["probability_better"], "1")
        for column, (words, measure) in more.items():
            if column in rows:
                _, values = _array(export.frame, rows, [column])
                facts = {"long_name": words, "units": measure}
                found[f"{kpi}_{column}"] = (dims, values[..., 0], facts)
    return found


def _cost_variables(export: Export) -> dict[str, Any]:
    """Costs and their shares of GDP, each by lever and by payer, over (scenario, place, year)."""
    found: dict[str, Any] = {}
    units = {"usd_mn_2015": "USD mn of 2015", "percent_of_gdp": "% of GDP"}
    for kind, rows in export.frame.groupby("kind", sort=False):
        for column, unit in units.items():
            by_name = [
                _array(export.frame, part, [column]) for _, part in rows.groupby("name", sort=False)
            ]
            values = np.concatenate([held for _, held in by_name], axis=-1)
            facts = {"long_name": f"mean cost over members by {kind}", "units": unit}
            found[f"{column}_by_{kind}"] = ((*by_name[0][0], str(kind)), values, facts)
    return found


def _array(
    frame: pd.DataFrame, rows: pd.DataFrame, columns: list[str]
) -> tuple[tuple[str, ...], np.ndarray]:
    """Columns of ``rows`` over the scenarios, places and years of ``frame``; gaps are missing."""
    dims = {"scenario": "scenario", "economy": "place", "year": "year"}
    known = [np.unique(frame[k]) if k == "year" else frame[k].unique() for k in dims]
    where = tuple(
        pd.Index(names).get_indexer(rows[key]) for key, names in zip(dims, known, strict=True)
    )
    values = np.full((*(len(names) for names in known), len(columns)), np.nan)
    values[where] = rows[columns].to_numpy()
    return tuple(dims.values()), values
