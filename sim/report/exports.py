"""A batch's tables as files for the tools of economists: CSV, Excel, Stata, netCDF and IAMC."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import InputError, Problem, nearest_name
from sim.experiment.tables import DIGITS
from sim.files import atomic
from sim.report.comparison import Comparison
from sim.report.excel import EXCEL_ROWS, write_excel
from sim.report.exported import COLUMNS, NO_DATE, TABLES, Export
from sim.report.iamc import iamc
from sim.report.netcdf import write_netcdf
from sim.report.shown import Shown
from sim.spreadsheets import harmless


@dataclass(frozen=True)
class Format:
    """How a format is written: the end of a file's name, the writer, and what it imports."""

    suffix: str
    write: Callable[[Export, Path], None]
    needs: tuple[str, ...] = ()
    tables: tuple[str, ...] = tuple(TABLES)


def export(runs: Shown, path: str | Path | None, format: str, table: str) -> Path:
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


def _frame(runs: Shown, table: str) -> pd.DataFrame:
    if table == "projections":
        return runs.projections
    if not runs.own_pairs:
        raise _wrong("this batch has none: no scenario with a policy", "table", table)
    if table == "effects":
        return Comparison(runs, runs.own_pairs).effects
    if runs.costs.empty:
        raise _wrong("nothing of it is shown: costs are by economy", "table", table)
    return runs.costs


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


def _check_target(runs: Shown, target: Path, name: str) -> None:
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


FORMATS = {
    "csv": Format(".csv", _csv),
    "xlsx": Format(".xlsx", write_excel, ("openpyxl",)),
    "dta": Format(".dta", _dta),
    "netcdf": Format(".nc", write_netcdf, ("xarray", "h5netcdf", "h5py")),
    "iamc": Format(".iamc.csv", _iamc, tables=("projections",)),
}
