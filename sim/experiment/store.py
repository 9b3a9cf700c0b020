"""Ensemble members on disk: a Parquet file a part, read back some columns and years at a time."""

from __future__ import annotations

import functools
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.experiment.engine import Task
from sim.files import atomic
from sim.model.quantities import Array

#: Years in a row group: a reader of one year skips the others, and a writer is not slowed.
YEARS_PER_GROUP = 3
#: Names of parts: five digits, and no copies of a user.
PARTS = f"part-{'[0-9]' * 5}.parquet"
KEYS = ("member", "year", "economy")
#: Rows that are encoded in a go: pyarrow's 1,024 cost a tenth more time.
ROWS_AT_ONCE = 65_536


def slug(name: str) -> str:
    """A scenario's name as the name of a file on any system, also where case does not count."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip(".-") or "scenario"


def part_file(scenario: str, number: int) -> str:
    """Where a part is, within the folder of its batch."""
    return f"members/{slug(scenario)}/part-{number:05d}.parquet"


def write_part(path: Path, task: Task, measured: Array) -> tuple[str, int]:
    """Write the columns of a part, (column, year, member, economy), all or nothing.

    One row a year, member and economy, in that order; KPIs in the units of the registry. Returns
    the SHA-256 of the file and its bytes. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as draft, draft.open("wb") as file:
        stream = _Hashing(file)
        _write(stream, task, measured)
        return stream.digest.hexdigest(), stream.tell()


class _Hashing(io.RawIOBase):
    """A stream that takes the digest of what is written, so that no file is read again for it."""

    def __init__(self, file: Any) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        return int(self.file.write(data))

    def tell(self) -> int:
        return int(self.file.tell())


def _write(stream: Any, task: Task, measured: Array) -> None:
    import pyarrow.parquet as parquet

    writer = None
    for first in range(0, measured.shape[1], YEARS_PER_GROUP):
        years = range(first, min(first + YEARS_PER_GROUP, measured.shape[1]))
        table = _table(task, measured, years)
        if writer is None:
            # Floats do not compress: codecs and dictionaries would only cost time.
            writer = parquet.ParquetWriter(
                stream, table.schema, compression="none", use_dictionary=list(KEYS),
                write_statistics=list(KEYS), write_batch_size=ROWS_AT_ONCE,
            )  # fmt: skip
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _table(task: Task, measured: Array, years: range) -> Any:
    """Some years of a part as a pyarrow table."""
    import pyarrow as pa

    world = task.case.world
    members, economies = measured.shape[2:]
    numbers = np.arange(task.members.start, task.members.stop, dtype=np.int32)
    codes = np.tile(np.arange(economies, dtype=np.int8), len(years) * members)
    calendar = np.arange(years.start, years.stop, dtype=np.int16) + world.base_year
    arrays: dict[str, Any] = {
        "member": np.tile(np.repeat(numbers, economies), len(years)),
        "year": np.repeat(calendar, members * economies),
        "economy": pa.DictionaryArray.from_arrays(codes, list(world.economies)),
    }
    for column, values in zip(task.columns, measured, strict=True):
        arrays[column] = values[years.start : years.stop].reshape(-1)
    filled = [pa.array(values) for values in arrays.values()]
    # Nothing is ever blank, and saying so spares a third of the time of writing.
    fields = [
        pa.field(name, values.type, nullable=False)
        for name, values in zip(arrays, filled, strict=True)
    ]
    return pa.Table.from_arrays(filled, schema=pa.schema(fields))


@dataclass(frozen=True)
class Members:
    """The members of one scenario on disk: ``economies`` and ``years`` as they are laid out."""

    folder: Path
    scenario: str
    members: int
    economies: tuple[str, ...]
    years: tuple[int, ...]

    @functools.cached_property
    def files(self) -> list[Path]:
        """Its parts, in the order of the members."""
        return sorted((self.folder / part_file(self.scenario, 0)).parent.glob(PARTS))

    def read(
        self, columns: Sequence[str], years: Sequence[int]
    ) -> Iterator[tuple[slice, dict[str, Array]]]:
        """Part by part: which members, and each column as (year, member, economy).

        ``years`` are positions in ``self.years``. No more is read than the row groups that hold
        them. Raises InputError when members are missing or cannot be read.
        """
        groups = sorted({year // YEARS_PER_GROUP for year in years})
        held = [year for year in range(len(self.years)) if year // YEARS_PER_GROUP in set(groups)]
        kept = positions([held.index(year) for year in years])
        start = 0
        for path in self.files:
            try:
                table = _read_groups(path, groups, list(columns))
                shape = (len(held), -1, len(self.economies))
                arrays = {
                    name: table.column(name).to_numpy().reshape(shape)[kept] for name in columns
                }
            except (OSError, ValueError, LookupError) as error:  # Arrow's errors are among them
                raise InputError([_damaged(f"cannot be read: {error}", path)]) from error
            count = next(iter(arrays.values())).shape[1]
            if start + count > self.members:
                raise InputError([_damaged("holds other members than were written", path)])
            yield slice(start, start + count), arrays
            start += count
        if start < self.members:
            folder = (self.folder / part_file(self.scenario, 0)).parent
            words = f"{self.members - start} of {self.members} members are missing"
            raise InputError([_damaged(words, folder)])

    def column(self, name: str) -> Array:
        """All members of one column, (member, year, economy)."""
        found = np.empty((self.members, len(self.years), len(self.economies)))
        for rows, arrays in self.read([name], range(len(self.years))):
            found[rows] = np.moveaxis(arrays[name], 0, 1)
        return found


def positions(chosen: list[int]) -> slice | list[int]:
    """Positions as a slice where they follow each other: what it picks is not copied."""
    if chosen and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return slice(chosen[0], chosen[-1] + 1)
    return chosen


def _damaged(words: str, path: Path) -> Problem:
    remedy = "see what `digiregion verify` says, and run the batch again"
    return Problem(words, file=str(path), remedy=remedy)


def _read_groups(path: Path, groups: list[int], columns: list[str]) -> Any:
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        return file.read_row_groups(groups, columns=columns, use_threads=False)
