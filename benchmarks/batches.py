"""The batch as the benchmarks run it. Light to import: every worker process imports it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from sim.experiment import engine
from sim.experiment.engine import Case, Task
from sim.experiment.store import PartWriter

#: The first seed of every benchmark.
SEED = 1


def forget(task: Task, measured: Any) -> None:
    """Do nothing with a part: the batch without writing."""


def batch(case: Case, runs: int, workers: int, write: bool, seed: int = SEED) -> None:
    """Run a batch, and write it to a folder that is then deleted."""
    tasks = list(engine.parts(case, seed, runs))
    with tempfile.TemporaryDirectory() as folder:
        finish = PartWriter(Path(folder)) if write else forget
        for _ in engine.run_tasks(tasks, finish, workers):
            pass
