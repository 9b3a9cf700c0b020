"""A table of a batch as an Excel workbook: the table, and a sheet that says how to read it."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.kpi.registry import BY_ID, EFFECTS_EVIDENCE, EVIDENCE, kpi_table
from sim.report.exported import COLUMNS, NO_DATE, Export
from sim.spreadsheets import harmless_text

#: What an Excel sheet holds, with the row of names.
EXCEL_ROWS = 1_048_576


def write_excel(export: Export, draft: Path) -> None:
    """Write a workbook with the table and a sheet ``read me``."""
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
    for letter, width in zip("ABCDEFGH", (26, 70, 30, 16, 30, 60, 12, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    facts = {name.replace("_", " "): str(value) for name, value in export.provenance.items()}
    scenarios = export.runs.scenarios.items()
    shown = (
        "kpi", "title", "unit", "direction", "region", "definition", "evidence", "evidence_note",
    )  # fmt: skip
    sections: list[list[tuple[str, ...]]] = [
        list(facts.items()),
        [("scenario", "baseline"), *scenarios],
        [("column", "what it is"), *((name, COLUMNS.get(name, "")) for name in export.frame)],
        [shown, *(tuple(row[name] for name in shown) for row in kpi_table())],
        [
            ("evidence", "what a KPI's level and path rest on"),
            *EVIDENCE.items(),
            ("effects", EFFECTS_EVIDENCE),
        ],
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
