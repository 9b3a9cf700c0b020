"""One batch: scenarios and their baselines, run part by part, summed up, written to one folder."""

from __future__ import annotations

import errno
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.errors import InputError, Interrupted, Problem, Unfinished
from sim.experiment import finished, manifest, tables
from sim.experiment.draft import Draft, write_manifest
from sim.experiment.plan import ALL, Plan, Selection, make_plan, whole_numbers
from sim.experiment.posteriors import POSTERIOR, about
from sim.experiment.resume import check_resume
from sim.experiment.work import Job, Runner, default_workers, local
from sim.policy import Scenario
from sim.processes import Outcome, WorkerDied

#: Told what is being done ("run", "table"), how many are done, and of how many.
Progress = Callable[[str, int, int], None]
#: Adds files to the folder of a batch before it is published.
Finish = Callable[[Path], None]
#: Errors of the system after which no further part could be written.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
#: Share of the free disk space that a batch may plan to use.
DISK_SHARE = 0.95


@dataclass(frozen=True)
class Missing:
    """A part that could not be run: its ensemble members, both included, and why."""

    scenario: str
    first: int
    last: int
    cause: str
    trace: str = ""


@dataclass(frozen=True)
class Written:
    """A batch that was written: its folder, parts run and parts found by scenario, what is missing.

    ``members`` is the size of the ensemble, ``bytes`` what the parts take on disk; ``warnings``
    what the user must know of the parameters.
    """

    folder: Path
    members: int
    ran: dict[str, int]
    reused: dict[str, int]
    missing: tuple[Missing, ...]
    bytes: int
    seconds: float
    warnings: tuple[str, ...] = ()


def write_batch(
    scenarios: Sequence[Scenario] | Scenario,
    members: int = 500,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    finish: Finish | None = None,
    selection: Selection = ALL,
    resume: bool = False,
    runner: Runner | None = None,
    parameters: str | Path = POSTERIOR,
) -> Written:
    """Run scenarios and their baselines, and write a folder of results below ``out``.

    ``parameters`` are "posterior" (fitted to history), "prior", or a folder with a fitted ensemble.
    ``finish`` may add files to the folder (figures, a summary) before it is published; ``runner``
    runs the parts elsewhere than in processes of this machine. The folder's name says what ran and
    is the same for the same inputs, whose files are the same. All is built in a hidden folder and
    appears when it is complete; what a user added to an earlier folder of that name stays.

    Parts are kept when the batch is interrupted (Interrupted) or the disk is full (Unfinished);
    the next batch with the same inputs goes on from there. With ``resume`` it must be the same,
    else InputError says what changed. A part that fails is left out and listed in ``missing``.
    Raises InputError for input that cannot be used; nothing is written then.
    """
    clock = time.perf_counter()
    if workers is not None and (problems := whole_numbers(workers=(workers, 1, 1024))):
        raise InputError(problems)
    plan = make_plan(scenarios, members, seed, selection, parameters)
    if resume:
        check_resume(Path(out), plan)
    cores = workers or default_workers(len(plan.cases) * members)
    runner = runner or local(cores)
    began = datetime.now(UTC).isoformat(timespec="seconds")
    with Draft(Path(out), plan) as draft:
        try:
            run = _Run(plan, draft, progress)
            run.parts(runner)
            report = None if progress is None else lambda *count: progress("table", *count)
            tables.write_tables(draft.folder, plan, run.complete(), cores, report)
            record = _record(plan, run, began)
            write_manifest(draft.folder, record)
            if finish:
                finish(draft.folder)
            record |= {"seconds": round(time.perf_counter() - clock, 2), "files": run.files()}
            folder = draft.publish(record)
        except KeyboardInterrupt:
            raise Interrupted(_kept(draft)) from None
        except (OSError, MemoryError, WorkerDied) as error:
            words = getattr(error, "strerror", None) or str(error) or "out of memory"
            raise Unfinished(f"{words}; {_kept(draft)}") from error
    kept = record["parts"] if selection.members else []
    return Written(
        folder, members, run.ran, run.reused, tuple(run.missing),
        sum(part["bytes"] for part in kept), record["seconds"], plan.warnings,
    )  # fmt: skip


class _Run:
    """The parts of a batch while they are run."""

    def __init__(self, plan: Plan, draft: Draft, progress: Progress | None) -> None:
        self.plan, self.draft, self.progress = plan, draft, progress
        self.ran, self.reused = (dict.fromkeys(plan.cases, 0) for _ in range(2))
        self.missing: list[Missing] = []

    def parts(self, runner: Runner) -> None:
        """Find or run every part. Raises OSError when no more can be written."""
        jobs = self._without_found([Job(t, self.plan.part_inputs(t)) for t in self.plan.tasks])
        _check_disk(jobs, self.draft.folder)
        done, total = 0, sum(len(job.task.members) for job in jobs)
        if self.progress:
            self.progress("run", 0, total)
        # Closed on any exception, so that no process still writes when the draft is left.
        with closing(runner(jobs, self.draft.folder)) as outcomes:
            for outcome in outcomes:
                self._enter(outcome, jobs[outcome.number])
                done += len(jobs[outcome.number].task.members)
                if self.progress:
                    self.progress("run", done, total)
        self.draft.sweep()
        self.missing.sort(key=lambda part: (part.scenario, part.first))
        if not self.complete():
            first = self.missing[0]
            raise Unfinished(
                f"no scenario is complete; the first part that failed, of {first.scenario}: "
                f"{first.cause}; {_kept(self.draft)}\n{first.trace}".rstrip()
            )

    def _without_found(self, jobs: list[Job]) -> list[Job]:
        known = finished.known_parts(self.draft.out)
        self.draft.keep({job.file: job.inputs for job in jobs})
        left = []
        for job in jobs:
            found = job.file in self.draft.parts or self.draft.reuse(
                job.file, job.task.case.name, known.get(job.inputs, ())
            )
            if found:
                self.reused[job.task.case.name] += 1
            else:
                left.append(job)
        return left

    def _enter(self, outcome: Outcome, job: Job) -> None:
        error = outcome.error
        if isinstance(error, OSError) and error.errno in FULL:
            raise error
        if error is None:
            self.draft.add(outcome.value)
            self.ran[job.task.case.name] += 1
            return
        members = job.task.members
        cause = f"{type(error).__name__}: {error}"
        name = job.task.case.name
        self.missing.append(Missing(name, members.start, members.stop - 1, cause, outcome.trace))

    def files(self) -> dict[str, str]:
        """Digests of the files to publish; without members, of none of the parts."""
        known = {part.file: part.sha256 for part in self.draft.parts.values()}
        found = manifest.file_digests(self.draft.folder, known)
        if self.plan.selection.members:
            return found
        return {name: digest for name, digest in found.items() if name not in known}

    def complete(self) -> set[str]:
        """The scenarios of which no part is missing."""
        return set(self.plan.cases) - {part.scenario for part in self.missing}


def _check_disk(jobs: Sequence[Job], folder: Path) -> None:
    """Raise InputError before anything runs if the parts will not fit."""
    needed = sum(_bytes(job) for job in jobs)
    free = shutil.disk_usage(folder).free
    if needed > DISK_SHARE * free:
        problem = Problem(
            f"needs {needed / 1e9:.3g} GB on disk, {free / 1e9:.3g} GB are free", field="out",
            value=str(folder.parent.parent),
            remedy="name another folder with --out, or fewer KPIs with --kpis",
        )  # fmt: skip
        raise InputError([problem])


def _bytes(job: Job) -> float:
    """Bytes of a part: eight a figure, and its keys."""
    world = job.task.case.world
    rows = len(job.task.members) * len(world.economies) * len(world.population)
    return rows * (8.0 * len(job.task.columns) + 4.0)


def _kept(draft: Draft) -> str:
    if not draft.parts:
        return "nothing was written"
    kept, total = len(draft.parts), len(draft.plan.tasks)
    return f"{kept} of {total} parts are kept in {draft.out}: the same command goes on from there"


def _record(plan: Plan, run: _Run, began: str) -> dict[str, Any]:
    """The manifest, but for what is known last: how long it took, and the digests of the files."""
    return {
        "batch": plan.name,
        "digest": plan.digest,
        "inputs": plan.inputs,
        "command": shlex.join(["digiregion", *sys.argv[1:]]) if _is_command() else None,
        "began": began,
        "versions": manifest.versions(),
        "platform": manifest.machine(),
        "source": manifest.source_state(),
        "parameters": {name: about(chosen) for name, chosen in plan.chosen.items()},
        "warnings": list(plan.warnings),
        "layout": {
            name: {
                "economies": list(case.region.economies),
                "years": list(tables.years_of(case)),
                "regions": {k: list(v) for k, v in tables.added_regions(case.region).items()},
            }
            for name, case in plan.cases.items()
        },
        "parts": [part.__dict__ for _, part in sorted(run.draft.parts.items())],
        "missing": [part.__dict__ for part in run.missing],
        "files": {},
    }


def _is_command() -> bool:
    return Path(sys.argv[0]).stem == "digiregion"
