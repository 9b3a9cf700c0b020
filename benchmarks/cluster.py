"""What a part costs on a cluster: the worker, the scheduler, the client; and where that leads.

    python benchmarks/cluster.py --out docs/cluster.md      # two minutes

Measures on one machine, with a scheduler and two workers in processes of their own, and derives
what 10, 100 and 1,000 workers should do. The derived table is calculated, not observed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from machine import description

from sim.experiment import cluster, cluster_worker, engine, finished, plan, work
from sim.experiment.batch import write_batch
from sim.experiment.exchange import Exchange, SharedFolder
from sim.experiment.finished import Part
from sim.experiment.work import Job
from sim.policy import Scenario

SCENARIO = "scenarios/asean-carec-push.yaml"
HORIZON = 2040
NO_OPS = 10_000
WORKERS = (10, 100, 1000)
#: Shared storage that the derived table assumes, in bytes a second.
STORAGE = (("1 GB/s", 1e9), ("10 GB/s", 1e10))


@dataclass(frozen=True)
class Nowhere(SharedFolder):
    """A place that takes no part and costs nothing: what is left is the cluster's own work."""

    def put(self, job: Job) -> Part:
        """Run nothing."""
        members = job.task.members
        return Part(
            job.task.case.name, members.start, members.stop - 1, job.file, job.inputs, "0" * 64, 0
        )

    def take(self, part: Part, job: Job) -> Part:
        """Bring nothing."""
        return part

    def close(self, mark: str, taken: Iterable[Part]) -> None:
        """Leave nothing."""


@dataclass(frozen=True)
class Overhead:
    """Seconds a task: on the clock, and of the processors of scheduler, client and a worker."""

    wall: float
    scheduler: float
    client: float
    worker: float


@dataclass(frozen=True)
class Costs:
    """Seconds and bytes a part."""

    run: float
    write: float
    bytes: int
    single: Overhead
    grouped: Overhead
    plan: float
    journal: float
    fetch: float
    tables: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = report(measure())
    if options.out is None:
        print(text)
        return
    mark = "<!-- measured -->\n"
    before, _, after = options.out.read_text(encoding="utf-8").split(mark)
    options.out.write_text(f"{before}{mark}{text}{mark}{after}", encoding="utf-8")


def measure() -> Costs:
    from distributed import SubprocessCluster

    scenario = replace(Scenario.load(SCENARIO), horizon=HORIZON)
    planned = plan.make_plan([scenario], 2560, seed=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run, write, size = _part(planned, folder)
        with SubprocessCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0"
        ) as started, cluster._connected(started.scheduler_address) as client:  # fmt: skip
            client.wait_for_workers(2)
            _overhead(client, planned, 100, 1)
            single = _overhead(client, planned, NO_OPS, 1)
            grouped = _overhead(client, planned, NO_OPS, 10)
        job = Job(planned.tasks[0], planned.part_inputs(planned.tasks[0]))
        part = finished.Part("s", 0, 255, job.file, job.inputs, "0" * 64, size)
        return Costs(
            run, write, size, single, grouped,
            plan=_timed(lambda: planned.part_inputs(planned.tasks[0]), 50, time.process_time),
            journal=_timed(lambda: finished.write_journal(folder, part), 50, time.perf_counter),
            fetch=_fetch(job, folder), tables=_tables(scenario, folder),
        )  # fmt: skip


def _part(planned: plan.Plan, folder: Path) -> tuple[float, float, int]:
    """Processor seconds to run a part and to write it, and its bytes.

    The two scenarios of the batch run in turn, and share the start of a block.
    """
    size = work.run_job(Job(planned.tasks[0], "0"), folder).bytes
    engine._prepare_block.cache_clear()
    pairs = []
    for first in range(0, 12, 2):
        began = time.process_time()
        for task in planned.tasks[first : first + 2]:
            engine.run_task(task)
        pairs.append((time.process_time() - began) / 2)
    writes = []
    for task in planned.tasks[:4]:
        measured = engine.run_task(task)
        began = time.process_time()
        work.store.write_part(folder / "part.parquet", task, measured)
        writes.append(time.process_time() - began)
    return median(pairs), median(writes), size


def _overhead(client: Any, planned: plan.Plan, count: int, parts_per_task: int) -> Overhead:
    """Let the cluster do nothing ``count`` times, through the runner's own code."""
    case = next(iter(planned.cases.values()))
    jobs = [Job(task, f"{k:064d}") for k, task in enumerate(engine.parts(case, 1, 256 * count))]
    with tempfile.TemporaryDirectory() as name:
        place = Nowhere(Path(name))
        terms = cluster_worker.Terms(
            f".bench-{os.urandom(8).hex()}", cluster_worker.identity(), place
        )
        place.open(terms.mark)
        before = _clocks(client)
        batch = cluster._Batch(client, "", terms, jobs, [])
        assert sum(outcome.error is None for outcome in batch.outcomes(parts_per_task)) == count
        after = _clocks(client)
    return Overhead(*((b - a) / count for a, b in zip(before, after, strict=True)))


def _clocks(client: Any) -> tuple[float, float, float, float]:
    workers = client.run(time.process_time).values()
    scheduler = client.run_on_scheduler(time.process_time)
    return time.perf_counter(), scheduler, time.process_time(), sum(workers)


def _fetch(job: Job, folder: Path) -> float:
    """Processor seconds of the client to bring a part from beside, and to check its digest."""
    place = Exchange((folder / "exchange").as_uri(), folder)
    place.open("mark")
    part = place.put(job)
    return _timed(lambda: place.take(part, job), 9, time.process_time)


def _tables(scenario: Scenario, folder: Path) -> float:
    """Processor seconds a part for the tables of a batch."""
    parts, last = 40, [0.0]

    def progress(phase: str, done: int, total: int) -> None:
        if phase == "run":
            last[0] = time.process_time()

    write_batch([scenario], 256 * parts // 2, workers=1, out=folder / "results", progress=progress)
    return (time.process_time() - last[0]) / parts


def _timed(call: Callable[[], object], times: int, clock: Callable[[], float]) -> float:
    found = []
    for _ in range(times):
        began = clock()
        call()
        found.append(clock() - began)
    return median(found)


def report(costs: Costs) -> str:
    """The measurements and what follows from them, as Markdown."""
    a_part = costs.run + costs.write + costs.single.worker
    client = costs.single.client + costs.journal
    lines = [
        f"A part: 256 members, 22 economies, 2023 to {HORIZON}, 34 columns; "
        f"{costs.bytes / 1e6:.1f} MB.",
        "",
        description(),
        "",
        "| measured, a part | seconds | most parts a second |",
        "|---|---:|---:|",
        _row("worker: run it (processor)", costs.run),
        _row("worker: write it (processor)", costs.write),
        _row("worker: take the task, send the answer (processor)", costs.single.worker),
        _row("scheduler, a part a task (processor)", costs.single.scheduler),
        _row("scheduler, ten parts a task (processor)", costs.grouped.scheduler),
        _row("client: hand out and take back, a part a task (processor)", costs.single.client),
        _row("client: the same, ten parts a task (processor)", costs.grouped.client),
        _row("client: enter in the journal, with fsync (clock)", costs.journal),
        _row("client: digest of inputs before the start (processor)", costs.plan),
        _row("client: fetch from an exchange beside it (processor)", costs.fetch),
        _row("client: tables after the last part (processor)", costs.tables),
        _row(f"all of it, {NO_OPS:,} empty parts, two workers (clock)", costs.single.wall),
        "",
        "Calculated from these, not observed: parts a second, and what sets the limit.",
        "",
        "| workers | " + " | ".join(f"storage {name}" for name, _ in STORAGE)
        + " | exchange, 1 GB/s | 10,000 parts, storage 10 GB/s | then tables, 8 cores |",
        "|---:|" + "---:|" * (len(STORAGE) + 3),
    ]  # fmt: skip
    for workers in WORKERS:
        limits = {
            "workers": workers / a_part,
            "scheduler": 1 / costs.single.scheduler,
            "client": 1 / client,
        }
        cells = [_least(limits | {"storage": rate / costs.bytes}) for _, rate in STORAGE]
        fetched = 1 / (costs.fetch + client)
        cells.append(_least(limits | {"client": min(fetched, 1e9 / costs.bytes)}))
        parts = min([*limits.values(), STORAGE[-1][1] / costs.bytes])
        cells += [f"{10_000 / parts / 60:.1f} min", f"{10_000 * costs.tables / 60 / 8:.0f} min"]
        lines.append(f"| {workers:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _row(what: str, seconds: float) -> str:
    return f"| {what} | {seconds:.4f} | {1 / seconds:,.0f} |"


def _least(limits: dict[str, float]) -> str:
    name = min(limits, key=lambda key: limits[key])
    return f"{limits[name]:,.0f} ({name})"


if __name__ == "__main__":
    main()
