"""Running the parts of a batch: here on one core or several, each written by who ran it."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiment import engine, store
from sim.experiment.finished import Part
from sim.processes import Outcome, outcomes

#: From this many runs on, starting a second process pays.
WORTH_A_WORKER = 1500


@dataclass(frozen=True)
class Job:
    """A part to run, and the digest of all that its bytes depend on."""

    task: engine.Task
    inputs: str

    @property
    def file(self) -> str:
        """Where the part goes, within the folder of its batch."""
        return store.part_file(self.task.case.name, self.task.number)


#: Runs jobs and writes their parts below a folder: outcomes with a Part each, in any order.
Runner = Callable[[Sequence[Job], Path], Generator[Outcome, None, None]]


def run_job(job: Job, folder: Path) -> Part:
    """Run a part and write it. Raises OSError, or what the model raises."""
    measured = engine.run_task(job.task)
    digest, size = store.write_part(folder / job.file, job.task, measured)
    members = job.task.members
    return Part(
        job.task.case.name, members.start, members.stop - 1, job.file, job.inputs, digest, size
    )


def default_workers(runs: int) -> int:
    """Every core if there is enough to do, else one."""
    return 1 if runs < WORTH_A_WORKER else max(os.cpu_count() or 1, 1)


def local(count: int) -> Runner:
    """Run on this machine, in as many processes."""

    def runner(jobs: Sequence[Job], folder: Path) -> Generator[Outcome, None, None]:
        return outcomes(_work, len(jobs), count, _prepare, (list(jobs), folder))

    return runner


_prepared: tuple[list[Job], Path] | None = None


def _prepare(jobs: list[Job], folder: Path) -> None:
    global _prepared
    _prepared = jobs, folder


def _work(number: int) -> Part:
    assert _prepared is not None
    jobs, folder = _prepared
    return run_job(jobs[number], folder)
