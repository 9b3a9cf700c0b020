"""The batch as the benchmarks run it. Light to import: every worker process imports it."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sim.experiment import engine
from sim.experiment.engine import Case, Task
from sim.experiment.work import Job, run_job
from sim.processes import run_each

#: The first seed of every benchmark.
SEED = 1


def batch(
    case: Case, runs: int, workers: int, write: bool, seed: int = SEED, scenarios: int = 1
) -> None:
    """Run a batch of ``runs`` in all, and write it to a folder that is then deleted.

    With several ``scenarios`` (the same one under different names) the start and the luck of each
    block are shared, as in every batch of scenarios of one region.
    """
    cases = [replace(case, name=f"{case.name}-{number}") for number in range(scenarios)]
    tasks = [task for one in cases for task in engine.parts(one, seed, runs // scenarios)]
    tasks.sort(key=lambda task: task.members.start)
    with tempfile.TemporaryDirectory() as folder:
        given = (tasks, Path(folder) if write else None)
        with closing(run_each(_work, len(tasks), workers, _prepare, given)) as done:
            for _ in done:
                pass


_prepared: tuple[list[Task], Path | None] | None = None


def _prepare(tasks: list[Task], folder: Path | None) -> None:
    global _prepared
    _prepared = tasks, folder


def _work(number: int) -> None:
    assert _prepared is not None
    tasks, folder = _prepared
    if folder is None:
        engine.run_task(tasks[number])
    else:
        run_job(Job(tasks[number], ""), folder)
