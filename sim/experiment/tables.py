"""The tables of a batch: projections, effects, costs, lever paths, resolved scenarios."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np
import pandas as pd

from sim.experiment import posteriors, store, summary
from sim.experiment.engine import Case
from sim.experiment.plan import MONEY, Plan
from sim.files import atomic, write_text
from sim.kpi.registry import BY_ID
from sim.model.parameters import parameter_table
from sim.model.quantities import (
    PLATFORMS,
    PROVISIONS,
    SECTORS,
    Array,
    Levers,
    Shocks,
    quantities,
)
from sim.policy.writing import scenario_yaml
from sim.processes import run_each
from sim.spreadsheets import harmless_text, restored

if TYPE_CHECKING:
    from sim.region.region import Region

#: Significant digits of the tables: more than any use, fewer than platforms differ in.
DIGITS = "%.12g"
#: KPIs of a scenario that one worker sums up in a go.
KPIS_PER_JOB = 6


def layout(folder: Path, case: Case, members: int) -> summary.Layout:
    """How the members of a case are laid out, with the regions that are added up."""
    return summary.Layout(
        folder, members, case.region.economies, years_of(case), added_regions(case.region)
    )


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


@dataclass(frozen=True)
class Job:
    """Some rows of the tables: KPIs of a scenario (against its baseline, if it has one)."""

    scenario: str
    baseline: str | None
    layout: summary.Layout
    kpi_ids: tuple[str, ...]
    money: bool
    years: tuple[int, ...] | None

    def texts(self) -> dict[str, str]:
        """The rows as CSV, by the name of their table."""
        frames: dict[str, pd.DataFrame] = {}
        kpis = [BY_ID[kpi] for kpi in self.kpi_ids]
        if self.baseline is None:
            frames["projections"] = summary.projections(self.layout, self.scenario, kpis)
        else:
            frames["projections"], frames["effects"] = summary.both(
                self.layout, self.scenario, self.baseline, kpis
            )
            if self.money:
                frames["costs"] = summary.costs(self.layout, self.scenario)
        return {name: csv_rows(self._shown(frame)) for name, frame in frames.items()}

    def _shown(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame if self.years is None else frame[frame["year"].isin(self.years)]


#: Headers of the tables that are written from the members, in the order of their columns.
HEADERS = {
    "projections": ("scenario", "kpi", "unit", "economy", "year", *summary.LEVELS),
    "effects": ("scenario", "baseline", "kpi", "unit", "economy", "year", *summary.CHANGES),
    "costs": ("scenario", "economy", "year", "kind", "name", "usd_mn_2015", "percent_of_gdp"),
}


def table_jobs(folder: Path, plan: Plan, complete: Collection[str]) -> list[Job]:
    """The rows to write, in the order of the tables; of scenarios whose members are complete."""
    kpis = plan.selection.chosen
    jobs = []
    for entry in plan.batch:
        if entry.name not in complete:
            continue
        paired = not entry.is_baseline and entry.baseline in complete
        made = layout(folder, plan.cases[entry.name], plan.members)
        for first in range(0, len(kpis), KPIS_PER_JOB):
            chosen = kpis[first : first + KPIS_PER_JOB]
            ids = tuple(kpi.id for kpi in chosen)
            baseline = entry.baseline if paired else None
            jobs.append(Job(entry.name, baseline, made, ids, MONEY in ids, plan.selection.years))
    return jobs


def write_tables(
    folder: Path, plan: Plan, complete: Collection[str], workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:  # fmt: skip
    """Write every table of a batch from its members, each whole or not at all. Raises OSError."""
    jobs = table_jobs(folder, plan, complete)
    with ExitStack() as open_tables:
        streams: dict[str, TextIO] = {}
        for count, texts in enumerate(_in_order(jobs, workers), start=1):
            for name, text in texts.items():
                if name not in streams:
                    draft = open_tables.enter_context(atomic(folder / f"{name}.csv"))
                    file = draft.open("w", encoding="utf-8", newline="")
                    streams[name] = open_tables.enter_context(file)
                    streams[name].write(",".join(HEADERS[name]) + "\n")
                streams[name].write(text)
            if progress:
                progress(count, len(jobs))
    names = [entry.name for entry in plan.batch]
    for table, rows_of in (("lever_paths", lever_rows), ("shocks", shock_rows)):
        rows = pd.concat([rows_of(name, plan.cases[name]) for name in names], ignore_index=True)
        if plan.selection.years is not None:
            rows = rows[rows["year"].isin(plan.selection.years)]
        if len(rows) or table != "shocks":
            write_csv(folder / f"{table}.csv", rows)
    write_csv(folder / "parameters.csv", pd.DataFrame(parameter_table(plan.fitted)))
    _write_scenarios(folder, plan)
    _write_posteriors(folder, plan)


def _write_scenarios(folder: Path, plan: Plan) -> None:
    """Each scenario as resolved, and the tables of a region of one's own: all to run it again."""
    (folder / "scenarios").mkdir(exist_ok=True)
    for entry in plan.batch:
        region, own = entry.scenario.world, None
        if not region.is_shipped:
            own = f"../regions/{region.name}"
            (folder / "regions" / region.name).mkdir(parents=True, exist_ok=True)
            for source in sorted(region.folder.glob("*.csv")):
                target = folder / "regions" / region.name / source.name
                write_text(target, source.read_text(encoding="utf-8-sig"))
        path = folder / "scenarios" / f"{store.slug(entry.name)}.yaml"
        write_text(path, scenario_yaml(entry.scenario, own))


def _write_posteriors(folder: Path, plan: Plan) -> None:
    """Fitted ensembles that do not ship with the package, by name of region."""
    for region, chosen in plan.chosen.items():
        if chosen.folder is not None and chosen.folder != posteriors.SHIPPED:
            held = folder / "posteriors" / region
            held.mkdir(parents=True, exist_ok=True)
            for name in posteriors.FILES:
                with atomic(held / name) as draft:
                    shutil.copyfile(chosen.folder / name, draft)


def _in_order(jobs: Sequence[Job], workers: int) -> Iterator[dict[str, str]]:
    """The rows of each job, in the order of the jobs; those that are early wait."""
    early: dict[int, dict[str, str]] = {}
    wanted = 0
    given = (list(jobs),)
    with closing(run_each(_work, len(jobs), workers, _prepare, given)) as done:
        for number, texts in done:
            early[number] = texts
            while wanted in early:
                yield early.pop(wanted)
                wanted += 1


_prepared: list[Job] = []


def _prepare(jobs: list[Job]) -> None:
    _prepared[:] = jobs


def _work(number: int) -> dict[str, str]:
    return _prepared[number].texts()


def lever_rows(name: str, case: Case) -> pd.DataFrame:
    """What is planned by economy and year, in model units, without the rows that are zero."""
    years = range(case.world.base_year + 1, case.world.base_year + len(case.world.population))
    frames = [
        _lever_frame(name, case, list(years), field, unit, values)
        for field, unit, values in _lever_columns(case.levers, case.region.instruments)
    ]
    rows = pd.concat(frames, ignore_index=True)
    return rows[rows["value"] != 0.0]


def shock_rows(name: str, case: Case) -> pd.DataFrame:
    """What disturbs a scenario by year and economy, or by cable, without the rows that are zero."""
    shocks, first = case.levers.shocks, case.world.base_year + 1
    rows = []
    for item in quantities(Shocks):
        values = getattr(shocks, item.name)
        places = case.world.systems if "system" in item.axes else case.world.economies
        for year, at in np.argwhere(values):
            value = float(values[year, at])
            rows.append((name, places[at], first + int(year), item.name, item.unit, value))
    return pd.DataFrame(rows, columns=["scenario", "place", "year", "shock", "unit", "value"])


#: Short axes of paths, and what stands along each.
NAMED_AXES = {"provision": PROVISIONS, "platform": PLATFORMS, "sector": SECTORS}


def _lever_columns(levers: Levers, instruments: Sequence[str]) -> list[tuple[str, str, Array]]:
    """Name, unit and values (year, economy); options of a lever that is not used are left out."""
    named = {**NAMED_AXES, "instrument": tuple(instruments)}
    used_with = {
        "rural_share": levers.broadband_investment > 0.0,
        "private_leverage": levers.broadband_investment > 0.0,
        "alignment_target": levers.alignment_pace > 0.0,
        "governance_target": levers.governance_pace > 0.0,
    }
    found = []
    for item in quantities(Levers):
        values, used = getattr(levers, item.name), used_with.get(item.name)
        if item.axes == ("year", "economy"):
            shown = values if used is None else np.where(used, values, 0.0)
            found.append((item.name, item.unit, shown))
        elif item.axes[:2] == ("year", "economy") and item.axes[-1] in named:
            for k, name in enumerate(named[item.axes[-1]]):
                shown = values[..., k] if used is None else np.where(used, values[..., k], 0.0)
                found.append((f"{item.name}[{name}]", item.unit, shown))
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


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table, all or nothing, in the form of all tables of a batch. Raises OSError."""
    write_text(path, ",".join(frame.columns) + "\n" + csv_rows(frame))


def read_csv(path: Path) -> pd.DataFrame:
    """Read a table of a batch: blank is what is not known, and a name may be NA. Raises OSError."""
    return restored(pd.read_csv(path, keep_default_na=False, na_values=[""]))


def csv_rows(frame: pd.DataFrame) -> str:
    """The rows of a table as CSV: text harmless in spreadsheets, blanks for what is not known.

    Row by row with one format, which takes a fifth of the time of pandas.
    """
    columns, formats = [], []
    for name in frame.columns:
        column = frame[name]
        number = column.dtype.kind in "iuf"
        whole = number and not (column.dtype.kind == "f" and column.isna().any())
        formats.append((DIGITS if column.dtype.kind == "f" else "%d") if whole else "%s")
        columns.append(column.tolist() if whole else _texts(column))
    line = ",".join(formats) + "\n"
    return "".join([line % row for row in zip(*columns, strict=True)])


def _texts(column: pd.Series) -> list[str]:
    """A column as cells of a CSV, each different value made once."""
    made = {value: _cell(value) for value in column.unique()}
    blank = _cell(None)
    return [made.get(value, blank) for value in column.tolist()]


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return DIGITS % value
    text = harmless_text(str(value))
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',"\r\n') else text
