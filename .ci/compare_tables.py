"""Do two folders hold the same tables? Exits 1 and names file, row and column of what differs.

    python .ci/compare_tables.py OLD NEW

The same CSV files, columns, rows and text; numbers equal within 2e-5 of their size (tables have six
digits), or 1e-9.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

RELATIVE, ABSOLUTE = 2e-5, 1e-9
#: Cells of one table that are named before the others are only counted.
SHOWN = 5


def differences(old: Path, new: Path) -> Iterator[str]:
    """What differs between the CSV files of two folders, a line each; no file at all is one."""
    names = [{path.name for path in folder.glob("*.csv")} for folder in (old, new)]
    if not names[0]:
        yield f"{old}: holds no CSV files"
    for name in sorted(names[0] ^ names[1]):
        yield f"{name}: only in {old if name in names[0] else new}"
    for name in sorted(names[0] & names[1]):
        found = list(_cells(*(_table(folder / name) for folder in (old, new))))
        yield from (f"{name}: {one}" for one in found[:SHOWN])
        if len(found) > SHOWN:
            yield f"{name}: and {len(found) - SHOWN} more"


def _table(path: Path) -> pd.DataFrame:
    """Every cell as it is written."""
    if not path.stat().st_size:
        return pd.DataFrame()
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_filter=False)


def _cells(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    if list(old.columns) != list(new.columns):
        yield f"columns {', '.join(old.columns)} against {', '.join(new.columns)}"
        return
    if len(old) != len(new):
        yield f"{len(old)} rows against {len(new)}"
        return
    for column in old.columns:
        unlike = (old[column] != new[column]).to_numpy().nonzero()[0]
        for row in unlike:
            one, other = old[column].iloc[row], new[column].iloc[row]
            if not _same_number(one, other):
                yield f"row {row + 1}, column {column}: {one!r} against {other!r}"


def _same_number(one: str, other: str) -> bool:
    try:
        first, second = float(one), float(other)
    except ValueError:
        return False
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return math.isclose(first, second, rel_tol=RELATIVE, abs_tol=ABSOLUTE)


def main(words: list[str]) -> int:
    """Compare; print what differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    asked = parser.parse_args(words)
    found = list(differences(asked.old, asked.new))
    print("\n".join(found) if found else f"{asked.old} and {asked.new} hold the same tables")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
