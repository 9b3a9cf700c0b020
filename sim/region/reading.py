"""Reading a region's folder: CSV files into columns of text, each row with its line in the file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, nearest_name
from sim.region.layout import LAYOUTS, Layout


@dataclass(frozen=True)
class Table:
    """The cells of one table as text (stripped), by column, and the line of each row."""

    layout: Layout
    file: str
    columns: dict[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, column: str) -> list[str]:
        return self.columns[column]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column of numbers, shape (row,); a blank cell is NaN. Only for checked tables."""
        return np.array([float(cell) if cell else np.nan for cell in self.columns[column]])

    def rows(self) -> list[dict[str, str]]:
        """The rows as dictionaries."""
        names = list(self.columns)
        return [
            dict(zip(names, cells, strict=True))
            for cells in zip(*self.columns.values(), strict=True)
        ]


Tables = dict[str, Table]


def read_tables(folder: Path) -> tuple[Tables, list[str]]:
    """Read every table of a folder.

    Returns the tables by name, and warnings on columns that are not used. Raises ``InputError``
    with every file that is missing, is no CSV in UTF-8, or lacks a column.
    """
    if not folder.is_dir():
        raise InputError([Problem("there is no such folder of tables", file=str(folder))])
    tables: Tables = {}
    problems: list[Problem] = []
    warnings: list[str] = []
    for layout in LAYOUTS:
        path = folder / layout.file
        if not path.is_file():
            if layout.required:
                columns = ",".join(column.name for column in layout.columns)
                remedy = f"write it with the columns {columns}"
                problems.append(Problem("the table is missing", file=str(path), remedy=remedy))
            else:
                tables[layout.name] = _empty(layout, str(path))
            continue
        table, found = read_table(path, layout, warnings)
        problems.extend(found)
        if table is not None:
            tables[layout.name] = table
    if problems:
        raise InputError(problems)
    return tables, warnings


def read_table(
    path: Path, layout: Layout, warnings: list[str]
) -> tuple[Table | None, list[Problem]]:
    """Read one table: the table (None if it cannot be read) and the problems found."""
    file = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return None, [Problem(f"the file cannot be read ({error.strerror})", file=file)]
    except UnicodeDecodeError as error:
        message = f"the file is not in UTF-8 (byte {error.start + 1})"
        return None, [Problem(message, file=file, remedy="save it as CSV UTF-8")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    first_line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((first_line, [cell.strip() for cell in cells]))
            first_line = reader.line_num + 1
    except csv.Error as error:
        return None, [Problem(f"the file is not CSV: {error}", file=file, line=reader.line_num)]
    if not rows:
        return None, [Problem("the file is empty", file=file)]
    return _arrange(rows, file, layout, warnings)


def _arrange(
    rows: list[tuple[int, list[str]]], file: str, layout: Layout, warnings: list[str]
) -> tuple[Table | None, list[Problem]]:
    """Rows into the columns of the layout."""
    header = rows[0][1]
    wanted = [column.name for column in layout.columns]
    problems = _header_problems(header, wanted, file)
    if problems:
        return None, problems
    for name in header:
        if name not in wanted:
            near = nearest_name(name, wanted)
            hint = f" (did you mean {near}?)" if near else ""
            warnings.append(f"{file}: the column {name!r} is not used{hint}")
    places = [header.index(name) for name in wanted]
    lines: list[int] = []
    cells_of: list[list[str]] = []
    for line, cells in rows[1:]:
        if len(cells) == len(header):
            lines.append(line)
            cells_of.append([cells[place] for place in places])
        else:
            message = f"the row has {len(cells)} cells and the table has {len(header)} columns"
            problems.append(Problem(message, file=file, line=line))
    columns = {name: [cells[i] for cells in cells_of] for i, name in enumerate(wanted)}
    return Table(layout, file, columns, lines), shortened(problems)


def _header_problems(header: list[str], wanted: list[str], file: str) -> list[Problem]:
    problems = []
    missing = [name for name in wanted if name not in header]
    others = [other for other in header if other and other not in wanted]
    for name in wanted:
        if name in missing:
            near = nearest_name(name, others)
            meant = near and nearest_name(near, missing) == name
            remedy = f"rename {near!r} to {name!r}; " if meant else ""
            problems.append(
                Problem(
                    f"the column {name!r} is missing",
                    file=file,
                    line=1,
                    remedy=remedy + "the columns are " + ",".join(wanted),
                )
            )
        elif header.count(name) > 1:
            problems.append(Problem(f"the column {name!r} occurs twice", file=file, line=1))
    return problems


def shortened(problems: Iterable[Problem], most: int = 20) -> list[Problem]:
    """The problems, with at most ``most`` of the same kind in the same column of a file."""
    counts: dict[tuple[str, str, str], int] = {}
    last: dict[tuple[str, str, str], Problem] = {}
    kept = []
    for problem in problems:
        kind = (problem.file, problem.field, problem.allowed)
        counts[kind] = counts.get(kind, 0) + 1
        last[kind] = problem
        if counts[kind] <= most:
            kept.append(problem)
    for kind, count in counts.items():
        if count > most:
            message = f"and {count - most} more problems like the last one"
            kept.append(Problem(message, file=kind[0], line=last[kind].line, field=kind[1]))
    return kept


def digest(tables: Tables, economies: Iterable[str]) -> str:
    """SHA-256 over the cells of the tables and the economies selected.

    It does not depend on where the files lie, on line ends, on blanks around cells, or on columns
    that are not used.
    """
    content = hashlib.sha256()
    for layout in LAYOUTS:
        table = tables[layout.name]
        content.update(f"\x1d{layout.name}\x1e".encode())
        for cells in zip(*table.columns.values(), strict=True):
            content.update(("\x1f".join(cells) + "\x1e").encode())
    content.update(("\x1d" + "\x1f".join(economies)).encode())
    return content.hexdigest()


def _empty(layout: Layout, file: str) -> Table:
    return Table(layout, file, {column.name: [] for column in layout.columns}, [])
