"""A batch's tables as files for the tools of economists: CSV, Excel, Stata, netCDF and IAMC."""

from __future__ import annotations

import importlib
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem, nearest_name
from sim.experiment.summary import QUANTILES
from sim.experiment.tables import DIGITS
from sim.files import atomic
from sim.kpi.registry import BY_ID, kpi_table
from sim.report.iamc import iamc
from sim.spreadsheets import harmless, harmless_text

if TYPE_CHECKING:
    from sim.report.runs import Runs

#: What each table of a batch holds.
TABLES = {
    "projections": "quantiles over members by scenario, KPI, economy or region, and year",
    "effects": "paired differences from the baseline, member by member, in the KPI's unit or in % "
    "of the baseline: quantiles by scenario, KPI, economy or region, and year",
    "costs": "mean cost over members by scenario, economy and year, for each lever and each payer",
}
#: What an Excel sheet holds, with the row of names.
EXCEL_ROWS = 1_048_576
#: The date in files whose format wants one: the same results give the same bytes.
NO_DATE = datetime(1980, 1, 1)
#: What each column of the tables is, with its unit.
COLUMNS = {
    "scenario": "Scenario",
    "baseline": "Baseline that the scenario is compared with",
    "kpi": "Indicator (KPI)",
    "unit": "Unit of the figures of the row",
    "economy": "Economy (ISO 3166-1 alpha-3) or region",
    "year": "Year",
    **{
        name: f"{'Median' if share == 0.5 else f'{100 * share:.0f} % quantile'} over members, "
        "in the row's unit"
        for name, share in QUANTILES.items()
    },
    "mean": "Mean over members, in the row's unit",
    "probability_better": "Share of members in which the policy improves the KPI, 0-1",
    "kind": "Whether the cost is by lever or by payer",
    "name": "Lever or payer",
    "usd_mn_2015": "Mean cost over members, USD mn of 2015",
    "percent_of_gdp": "Mean cost over members, % of GDP",
}
HOW_TO_READ = (
    "A run has many members, each with its own parameters and its own luck. q05 to q95 holds 90 % "
    "of the members, q25 to q75 the middle half; half of them lie above the median. Scenario and "
    "baseline of a member share all that is uncertain: take the effect of a policy from the table "
    "of effects, where it is measured within each member, not from the difference of two medians. "
    "The bands tell what the model makes of its parameters, not what it leaves out."
)


@dataclass(frozen=True)
class Export:
    """One table of a batch, to be written."""

    runs: Runs
    table: str
    frame: pd.DataFrame

    @property
    def provenance(self) -> dict[str, str | int]:
        """Where the figures come from, for whoever meets the file alone."""
        held = self.runs.manifest
        inputs = held["inputs"]
        version, batch, digest = inputs["version"], held["batch"], held["digest"]
        return {
            "title": f"Digital economy of a region: {self.table}",
            "summary": f"{self.table}: {TABLES[self.table]}",
            "source": f"digiregion {version}, agent-based simulation of a digital economy",
            "version": version,
            "batch": batch,
            "digest": digest,
            "seed": int(inputs["seed"]),
            "members": int(inputs["members"]),
            "how_to_read": HOW_TO_READ,
            "how_to_cite": f"digiregion, version {version}: {self.table} of batch {batch} "
            f"({inputs['members']} members, seed {inputs['seed']}, SHA-256 of inputs {digest}).",
        }


@dataclass(frozen=True)
class Format:
    """How a format is written: the end of a file's name, the writer, and what it imports."""

    suffix: str
    write: Callable[[Export, Path], None]
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = tuple(TABLES)


def export(runs: Runs, path: str | Path | None, format: str, table: str) -> Path:
    """Write a table of a batch to a file, whole or not at all; return the file.

    Without a path: ``exports/<table>.<suffix>`` in the folder of the batch. Raises InputError for
    an unknown format or table, a table that the batch or the format does not have, a format whose
    libraries are not installed, and a path that cannot be meant.
    """
    chosen = _known("format", format, FORMATS)
    _known("table", table, TABLES)
    if table not in chosen.tables:
        allowed = ", ".join(name for name, held in FORMATS.items() if table in held.tables)
        raise _wrong(f"{table} cannot be written so", "format", format, allowed=allowed)
    _check_installed(format, chosen)
    target = Path(path or runs.folder / "exports" / f"{table}{chosen.suffix}")
    _check_target(runs, target, format)
    held = Export(runs, table, _frame(runs, table))
    if format == "xlsx" and len(held.frame) >= EXCEL_ROWS:
        raise _wrong(
            f"Excel holds {EXCEL_ROWS:,} rows, the table has {len(held.frame) + 1:,} with its head",
            "format", format, remedy="export it as csv, dta or netcdf",
        )  # fmt: skip
    target.parent.mkdir(parents=True, exist_ok=True)
    with atomic(target) as draft:
        chosen.write(held, draft)
    return target


def _frame(runs: Runs, table: str) -> pd.DataFrame:
    if table == "projections":
        return runs.projections
    if not runs.own_pairs or (table == "costs" and runs.costs.empty):
        raise _wrong("this batch has none: no scenario with a policy", "table", table)
    return runs.costs if table == "costs" else runs.compare().effects


def _known(field: str, name: str, names: dict[str, Any]) -> Any:
    if name not in names:
        near = nearest_name(name, names)
        raise _wrong(f"unknown {field}", field, name, allowed=", ".join(names), nearest=near)
    return names[name]


def _check_installed(name: str, chosen: Format) -> None:
    for library in chosen.needs:
        try:
            importlib.import_module(library)
        except ImportError:
            remedy = "pip install 'digiregion[export]'"
            raise _wrong(f"needs {library}", "format", name, remedy=remedy) from None


def _check_target(runs: Runs, target: Path, name: str) -> None:
    if target.is_dir():
        raise _wrong("is a folder; name a file", "out", str(target))
    ends = {held.suffix: key for key, held in FORMATS.items()}
    if target.suffix in ends and not FORMATS[name].suffix.endswith(target.suffix):
        remedy = f"ask for {ends[target.suffix]}, or end the name with {FORMATS[name].suffix}"
        raise _wrong(f"is no name for a file of {name}", "out", str(target), remedy=remedy)
    written = {runs.folder / file for file in ("manifest.json", *runs.manifest["files"])}
    if target.resolve() in {file.resolve() for file in written}:
        raise _wrong("is a file of the batch itself", "out", str(target), remedy="name another")


def _wrong(message: str, field: str, value: str, **more: Any) -> InputError:
    return InputError([Problem(message, field=field, value=value, **more)])


def _csv(export: Export, draft: Path) -> None:
    _write_csv(export.frame, draft)


def _iamc(export: Export, draft: Path) -> None:
    _write_csv(iamc(export.runs), draft)


def _write_csv(frame: pd.DataFrame, draft: Path) -> None:
    harmless(frame).to_csv(draft, index=False, lineterminator="\n", float_format=DIGITS)


def _dta(export: Export, draft: Path) -> None:
    frame, facts = export.frame, export.provenance
    if "year" in frame:
        frame = frame.astype({"year": "int16"})
    label = (
        f"digiregion {facts['version']} {export.table}, {str(facts['digest'])[:8]}, "
        f"seed {facts['seed']}, {facts['members']} members"
    )
    frame.to_stata(
        draft, version=118, write_index=False, byteorder="little", time_stamp=NO_DATE,
        data_label=label[:80],
        variable_labels={name: COLUMNS.get(name, name)[:80] for name in frame},
    )  # fmt: skip


def _netcdf(export: Export, draft: Path) -> None:
    import xarray

    make = _cost_variables if export.table == "costs" else _kpi_variables
    data = xarray.Dataset(make(export), _coordinates(export), export.provenance)
    # Strings of any length cannot be compressed; numbers can, and mostly are alike.
    packed = {name: {"zlib": True, "complevel": 4} for name in data.data_vars}
    data.to_netcdf(draft, engine="h5netcdf", format="NETCDF4", encoding=packed)


def _coordinates(export: Export) -> dict[str, Any]:
    frame, runs = export.frame, export.runs
    scenarios, places = frame["scenario"].unique(), frame["economy"].unique()
    layouts = runs.manifest["layout"]
    regions = {region for name in scenarios for region in layouts[name]["regions"]}
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
        facts = {"long_name": title, "units": unit}
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


def _xlsx(export: Export, draft: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    book = Workbook(write_only=True)
    book.properties.creator = "digiregion"
    book.properties.title = str(export.provenance["title"])
    book.properties.created = book.properties.modified = NO_DATE
    _table_sheet(book.create_sheet(export.table), export.frame)
    _read_me_sheet(book.create_sheet("read me"), export)
    # Not book.save: it writes the time of day.
    ExcelWriter(book, _Undated(draft, "w", zipfile.ZIP_DEFLATED)).save()


class _Undated(zipfile.ZipFile):
    """A zip file whose members have no date of their own."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        member = zipfile.ZipInfo(str(zinfo_or_arcname), NO_DATE.timetuple()[:6])
        super().writestr(member, data, zipfile.ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *_: Any) -> None:
        member = zipfile.ZipInfo(str(arcname), NO_DATE.timetuple()[:6])
        member.compress_type = zipfile.ZIP_DEFLATED
        with open(filename, "rb") as source, self.open(member, "w", force_zip64=True) as stream:
            shutil.copyfileobj(source, stream)


def _table_sheet(sheet: Any, frame: pd.DataFrame) -> None:
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(frame.shape[1])}{len(frame) + 1}"
    columns: list[Iterator[Any]] = []
    for position, name in enumerate(frame, start=1):
        values, width = frame[name], 10
        if pd.api.types.is_numeric_dtype(values):
            columns.append(_number_cells(sheet, values, _number_formats(frame, name)))
        else:
            texts = values.unique()
            made = {text: _text_cell(sheet, text) for text in texts}
            width = min(max([10, *map(len, texts)]), 40)
            columns.append(iter([made[text] for text in values]))
        # Room for the arrow of the filter beside the name.
        sheet.column_dimensions[get_column_letter(position)].width = max(width, len(name) + 2) + 2
    sheet.append([_text_cell(sheet, name, bold=True) for name in frame])
    for row in zip(*columns, strict=True):
        sheet.append(row)


def _text_cell(sheet: Any, text: str, bold: bool = False, wrap: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(sheet, text)
    # "=1+1" and "#N/A" are text too, and stay so when edited.
    cell.quotePrefix = cell.data_type != "s" or harmless_text(text) != text
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell if cell.has_style else text  # openpyxl reuses a cell without style for the next


def _number_cells(sheet: Any, values: pd.Series, formats: list[str]) -> Iterator[Any]:
    """A cell a row; the same one serves again, since a row is written before the next is asked."""
    from openpyxl.cell import WriteOnlyCell

    held = {style: WriteOnlyCell(sheet) for style in dict.fromkeys(formats)}
    for style, cell in held.items():
        cell.number_format = style
    for value, style in zip(values.tolist(), formats, strict=True):
        held[style].value = value
        yield (held[style] if held[style].has_style else value) if np.isfinite(value) else None


def _number_formats(frame: pd.DataFrame, name: str) -> list[str]:
    fixed = {
        "year": "0", "probability_better": "0%", "usd_mn_2015": "#,##0.0",
        "percent_of_gdp": "0.000",
    }  # fmt: skip
    if name in fixed or "kpi" not in frame:
        return [fixed.get(name, "General")] * len(frame)
    finer = 1 if "baseline" in frame else 0  # effects are smaller than levels
    places = {kpi: BY_ID[kpi].decimals + finer for kpi in frame["kpi"].unique()}
    return [f"#,##0.{'0' * places[kpi]}".rstrip(".") for kpi in frame["kpi"]]


def _read_me_sheet(sheet: Any, export: Export) -> None:
    for letter, width in zip("ABCDEF", (26, 70, 30, 16, 30, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    facts = {name.replace("_", " "): str(value) for name, value in export.provenance.items()}
    scenarios = export.runs.scenarios.items()
    shown = ("kpi", "title", "unit", "direction", "region", "definition")
    sections: list[list[tuple[str, ...]]] = [
        list(facts.items()),
        [("scenario", "baseline"), *scenarios],
        [("column", "what it is"), *((name, COLUMNS.get(name, "")) for name in export.frame)],
        [shown, *(tuple(row[name] for name in shown) for row in kpi_table())],
    ]
    for number, rows in enumerate(sections):
        for line, row in enumerate(rows):
            head = number > 0 and line == 0
            cells = [
                _text_cell(sheet, text, bold=head or (number == 0 and place == 0), wrap=True)
                for place, text in enumerate(row)
            ]
            sheet.append(cells)
        sheet.append([])


FORMATS = {
    "csv": Format(".csv", _csv),
    "xlsx": Format(".xlsx", _xlsx, ("openpyxl",)),
    "dta": Format(".dta", _dta),
    "netcdf": Format(".nc", _netcdf, ("xarray", "h5netcdf", "h5py")),
    "iamc": Format(".iamc.csv", _iamc, tables=("projections",)),
}
