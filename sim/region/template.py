"""A region of one's own: the tables of shipped economies as a start."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sim.errors import InputError, Problem
from sim.files import write_text
from sim.region.region import TABLES, Region

#: Columns that hold codes of economies, in any table.
CODE_COLUMNS = ("iso3", "exporter", "importer", "a", "b")


def copy_tables(like: str, folder: Path) -> list[Path]:
    """Write the tables of a shipped region to ``folder``; return the paths.

    Only rows of its economies and of the hubs are kept. Raises InputError if ``like`` is no shipped
    region or the folder exists and is not empty.
    """
    region = Region.load(like)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            [
                Problem(
                    "is there already and not empty",
                    file=str(folder),
                    remedy="name a new folder; nothing is overwritten",
                )
            ]
        )
    with (TABLES / "economies.csv").open(encoding="utf-8", newline="") as stream:
        hubs = {row["iso3"] for row in csv.DictReader(stream) if row["role"] == "hub"}
    kept = set(region.economies) | hubs
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for source in sorted(TABLES.glob("*.csv")):
        with source.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        columns = [name for name in CODE_COLUMNS if name in rows[0]]
        chosen = [row for row in rows if all(row[name] in kept for name in columns)]
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(chosen)
        write_text(folder / source.name, text.getvalue())
        written.append(folder / source.name)
    return written
