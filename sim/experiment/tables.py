"""The tables of a batch: projections, effects, costs, lever paths, resolved scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.experiment import store, summary
from sim.experiment.engine import Case
from sim.experiment.entries import Entry
from sim.files import atomic, write_text
from sim.model.quantities import PROVISIONS, Array, Levers, quantities

if TYPE_CHECKING:
    from sim.region.region import Region

#: Significant digits of the tables: more than any use, fewer than platforms differ in.
DIGITS = "%.10g"


def layout(folder: Path, case: Case) -> summary.Layout:
    """How the members of a case are laid out, with the regions that are added up."""
    return summary.Layout(folder, case.region.economies, years_of(case), added_regions(case.region))


def years_of(case: Case) -> tuple[int, ...]:
    """The base year and the years of the run."""
    first = case.world.base_year
    return tuple(range(first, first + len(case.world.population)))


def added_regions(region: Region) -> dict[str, tuple[str, ...]]:
    """The regions that are added up, by name: the whole, and the regions that it joins.

    Where one economy makes more than half of the whole's GDP, it is added up without it too: else
    the region's figures would be that economy's.
    """
    regions: dict[str, tuple[str, ...]] = {}
    for group in region.name.split("+"):
        if group != region.name and group in region.groups:
            regions[group] = region.groups[group]
    regions[region.name] = region.economies
    gdp = region.base("gdp")
    if gdp.max() > 0.5 * gdp.sum():
        giant = region.economies[int(gdp.argmax())]
        others = tuple(code for code in region.economies if code != giant)
        regions[f"{region.name} without {giant}"] = others
    return regions


def write_tables(folder: Path, batch: Sequence[Entry], cases: Mapping[str, Case]) -> None:
    """Write every table of a batch from its members, each whole or not at all."""
    layouts = {name: layout(folder, case) for name, case in cases.items()}
    names = [entry.name for entry in batch]
    _write(folder / "projections.csv", [summary.projections(layouts[n], n) for n in names])
    policies = [(e.name, e.baseline) for e in batch if not e.is_baseline]
    if policies:
        _write(
            folder / "effects.csv", [summary.effects(layouts[n], n, base) for n, base in policies]
        )
        _write(folder / "costs.csv", [summary.costs(layouts[n], n) for n, _ in policies])
    _write(folder / "lever_paths.csv", [lever_rows(name, cases[name]) for name in names])
    (folder / "scenarios").mkdir(exist_ok=True)
    for entry in batch:
        write_text(
            folder / "scenarios" / f"{store.slug(entry.name)}.yaml", entry.scenario.to_yaml()
        )


def lever_rows(name: str, case: Case) -> pd.DataFrame:
    """What is planned by economy and year, in model units, without the rows that are zero."""
    years = range(case.world.base_year + 1, case.world.base_year + len(case.world.population))
    frames = [
        _lever_frame(name, case, list(years), field, unit, values)
        for field, unit, values in _lever_columns(case.levers)
    ]
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows["value"] != 0.0]


def _lever_columns(levers: Levers) -> list[tuple[str, str, Array]]:
    """Name, unit and values (year, economy); options of a lever that is not used are left out."""
    money = levers.broadband_investment > 0.0
    aligned = levers.alignment_pace > 0.0
    found = []
    for item in quantities(Levers):
        values = getattr(levers, item.name)
        if item.name in ("rural_share", "private_leverage"):
            values = np.where(money, values, 0.0)
        if item.axes == ("year", "economy"):
            found.append((item.name, item.unit, values))
        elif item.axes[-1] == "provision":
            found += [
                (f"{item.name}[{name}]", item.unit, np.where(aligned, values[..., k], 0.0))
                for k, name in enumerate(PROVISIONS)
            ]
    return found


def _lever_frame(
    name: str, case: Case, years: list[int], field: str, unit: str, values: Array
) -> pd.DataFrame:
    year, economy = np.meshgrid(years, case.world.economies, indexing="ij")
    columns = {
        "scenario": name,
        "economy": economy.ravel(),
        "year": year.ravel(),
        "lever": field,
        "unit": unit,
        "value": np.where(np.isfinite(values), values, 0.0).ravel(),
    }
    return pd.DataFrame(columns)


def _write(path: Path, frames: list[pd.DataFrame]) -> None:
    frame = pd.concat(frames, ignore_index=True)
    with atomic(path) as draft:
        frame.to_csv(draft, index=False, float_format=DIGITS, lineterminator="\n")
