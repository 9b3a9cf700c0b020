"""One batch: scenarios and their baselines, run, summed up and written to one folder."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.experiment import engine, manifest, start, store, tables
from sim.experiment.entries import Entry, entries
from sim.files import write_text
from sim.policy import Scenario, lever_paths
from sim.region.region import Region

#: Most that a name adds to the name of a folder.
LONGEST_NAME = 40
#: From this many runs on, starting a second process pays.
WORTH_A_WORKER = 1500

Progress = Callable[[int, int], None]


def write_batch(
    scenarios: Sequence[Scenario] | Scenario,
    members: int = 500,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
) -> Path:
    """Run scenarios and their baselines, and write a folder of results below ``out``.

    Returns the folder. Its name says what ran and is the same for the same inputs. Raises
    InputError for input that cannot be used; nothing is written then.
    """
    given = [scenarios] if isinstance(scenarios, Scenario) else list(scenarios)
    _check_numbers(members, seed, workers)
    batch = entries(given)
    described = [_described(entry) for entry in batch]
    what = manifest.inputs(described, seed, members)
    digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()
    folder = _open_folder(Path(out), f"{_folder_name(batch)}-{digest[:8]}")
    started = time.perf_counter()
    cases = {entry.name: _case(entry) for entry in batch}
    _run_parts(list(cases.values()), members, seed, workers, folder, progress)
    tables.write_tables(folder, batch, cases)
    record = {
        "batch": folder.name,
        "digest": digest,
        "inputs": what,
        "command": shlex.join(["digiregion", *sys.argv[1:]]) if _is_command() else None,
        "versions": manifest.versions(),
        "platform": manifest.machine(),
        "source": manifest.source_state(),
        "seconds": round(time.perf_counter() - started, 2),
        "parameters": "prior, with growth and speeds conditioned on each economy's past",
        "layout": {
            name: {
                "economies": list(case.region.economies),
                "years": list(tables.layout(folder, case).years),
                "regions": {k: list(v) for k, v in tables.layout(folder, case).regions.items()},
            }
            for name, case in cases.items()
        },
        "files": manifest.file_digests(folder),
    }
    write_text(folder / "manifest.json", json.dumps(record, indent=1) + "\n")
    return folder


def _check_numbers(members: int, seed: int, workers: int | None) -> None:
    limits = {"members": (members, 1, 10_000_000), "seed": (seed, 0, 2**63 - 1)}
    if workers is not None:
        limits["workers"] = (workers, 1, 1024)
    problems = [
        Problem("out of range", field=name, value=value, allowed=f"{low} to {high}")
        for name, (value, low, high) in limits.items()
        if not low <= value <= high
    ]
    if problems:
        raise InputError(problems)


def _described(entry: Entry) -> dict[str, Any]:
    scenario = entry.scenario
    return {
        "name": entry.name,
        "baseline": entry.baseline,
        "digest": scenario.digest,
        "region": scenario.world.name,
        "region_digest": scenario.world.digest,
        "horizon": scenario.horizon,
    }


def _case(entry: Entry) -> engine.Case:
    region: Region = entry.scenario.world
    world = start.build_world(region, entry.scenario.horizon)
    return engine.Case(entry.name, region, world, lever_paths(entry.scenario, region))


def _run_parts(
    cases: list[engine.Case], members: int, seed: int, workers: int | None, folder: Path,
    progress: Progress | None,
) -> None:  # fmt: skip
    tasks = [task for case in cases for task in engine.parts(case, seed, members)]
    # The same members of all scenarios in turn: they share their start and their luck.
    tasks.sort(key=lambda task: task.members.start)
    count = workers if workers is not None else _default_workers(len(cases) * members)
    done, total = 0, len(cases) * members
    if progress:
        progress(0, total)
    for task in engine.run_tasks(tasks, store.PartWriter(folder), count):
        done += len(task.members)
        if progress:
            progress(done, total)


def _default_workers(runs: int) -> int:
    return 1 if runs < WORTH_A_WORKER else max(os.cpu_count() or 1, 1)


def _folder_name(batch: Sequence[Entry]) -> str:
    policies = [entry.name for entry in batch if not entry.is_baseline]
    regions = dict.fromkeys(entry.scenario.world.name for entry in batch)
    name = f"{'-'.join(regions)}-{len(policies)}-scenarios"
    if len(policies) < 2:
        name = (policies or [batch[0].name])[0]
    return store.slug(name)[:LONGEST_NAME].rstrip(".-")


def _open_folder(out: Path, name: str) -> Path:
    """Make the batch's folder, empty of earlier results of the same inputs."""
    folder = out / name
    try:
        out.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").unlink(missing_ok=True)
        for old in ("members", "figures", "scenarios"):
            if (folder / old).exists():
                shutil.rmtree(folder / old)
        folder.mkdir(exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(
            [
                Problem(
                    f"cannot write results there: {error.strerror or error}",
                    field="out",
                    value=str(out),
                    remedy="name a folder that can be written to",
                )
            ]
        ) from error
    return folder


def _is_command() -> bool:
    return Path(sys.argv[0]).stem == "digiregion"
