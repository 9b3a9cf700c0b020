"""The core of the model, which the plain-Python yardstick has: all that is not switched off."""

from __future__ import annotations

from dataclasses import replace

from pure_python_kpis import REPORTERS

from sim.experiment.engine import Case
from sim.kpi.registry import COLUMNS
from sim.model.parameters import channels, part_of

#: Parts of the model that the yardstick has.
PARTS = ("adoption", "connectivity", "costs", "digital", "growth", "returns", "skills", "trade")
#: Columns that the yardstick has, with their rows in what a batch measures.
ROWS = {column.id: row for row, column in enumerate(COLUMNS) if column.id in REPORTERS}


def core(case: Case) -> Case:
    """The case with every channel switched off that no parameter of the core carries."""
    off = (
        channel
        for channel, names in channels().items()
        if not any(part_of(name) in PARTS for name in names)
    )
    return replace(case, without=tuple(off))
