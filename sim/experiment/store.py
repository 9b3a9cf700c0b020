"""Results on disk: members in Parquet by part, tables in CSV; written whole or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment.engine import Task
from sim.files import atomic
from sim.kpi.registry import COLUMNS
from sim.model.quantities import Array


def slug(name: str) -> str:
    """A scenario's name as the name of a file on any system, also where case does not count."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.casefold()).strip(".-") or "scenario"


@dataclass(frozen=True)
class PartWriter:
    """Writes each part to ``members/<scenario>/part-00000.parquet`` below a folder.

    One row a member, year and economy, in that order; KPIs in the units of the registry.
    """

    folder: Path

    def path(self, scenario: str, number: int) -> Path:
        """Where a part is."""
        return self.folder / "members" / slug(scenario) / f"part-{number:05d}.parquet"

    def __call__(self, task: Task, measured: Array) -> None:
        """Write the columns of a part, (column, member, year, economy)."""
        import pyarrow.parquet as parquet

        table = part_table(task, measured)
        keys = ["member", "year", "economy"]
        path = self.path(task.case.name, task.number)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Floats do not compress: codecs and dictionaries would only cost time.
        with atomic(path) as draft, draft.open("wb") as stream:
            parquet.write_table(table, stream, compression="none", use_dictionary=keys)


def part_table(task: Task, measured: Array) -> Any:
    """A part as a pyarrow table, from (column, member, year, economy)."""
    import pyarrow as pa

    world = task.case.world
    members, years, economies = measured.shape[1:]
    codes = np.tile(np.arange(economies, dtype=np.int8), members * years)
    arrays: dict[str, Any] = {
        "member": np.repeat(np.arange(task.members.start, task.members.stop, dtype=np.int32),
                            years * economies),
        "year": np.tile(np.repeat(np.arange(years, dtype=np.int16) + world.base_year, economies),
                        members),
        "economy": pa.DictionaryArray.from_arrays(codes, list(world.economies)),
    }  # fmt: skip
    for column, values in zip(COLUMNS, measured, strict=True):
        arrays[column.id] = values.reshape(-1)
    return pa.table(arrays)


def read_column(folder: Path, scenario: str, column: str, economies: int, years: int) -> Array:
    """One column of all members of a scenario, (member, year, economy)."""
    import pyarrow.parquet as parquet

    files = sorted((folder / "members" / slug(scenario)).glob("part-*.parquet"))
    values = [
        parquet.read_table(file.open("rb"), columns=[column]).column(0).to_numpy().reshape(
            -1, years, economies
        )
        for file in files
    ]  # fmt: skip
    return np.concatenate(values)
