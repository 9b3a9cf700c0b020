"""One batch: scenarios and their baselines, run, summed up and written to one folder."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Problem
from sim.experiment import engine, manifest, start, store, tables
from sim.experiment.entries import Entry, entries
from sim.experiment.verify import inputs_digest
from sim.files import file_digest, write_text
from sim.policy import Scenario, lever_paths
from sim.region.region import Region

#: Most that a name adds to the name of a folder.
LONGEST_NAME = 40
#: From this many runs on, starting a second process pays.
WORTH_A_WORKER = 1500

Progress = Callable[[int, int], None]
#: Adds files to the folder of a batch before it is published.
Finish = Callable[[Path], None]


def write_batch(
    scenarios: Sequence[Scenario] | Scenario,
    members: int = 500,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    finish: Finish | None = None,
) -> Path:
    """Run scenarios and their baselines, and write a folder of results below ``out``.

    ``finish`` may add files to the folder (figures, a summary) before it is published. Returns the
    folder. Its name says what ran and is the same for the same inputs, whose files are the same.
    All is built in a hidden folder and appears when it is complete; what a user added to an
    earlier folder of that name stays. Raises InputError for input that cannot be used; nothing is
    written then, nor when a run is interrupted.
    """
    started = time.perf_counter()
    given = _checked(scenarios, members, seed, workers)
    batch = entries(given)
    what = manifest.inputs([_described(entry) for entry in batch], seed, members)
    digest = inputs_digest(what)
    name = f"{_folder_name(batch)}-{digest[:8]}"
    cases = {entry.name: _case(entry) for entry in batch}
    draft = _hidden_folder(Path(out), name)
    try:
        _run_parts(list(cases.values()), members, seed, workers, draft, progress)
        tables.write_tables(draft, batch, cases)
        record = _record(name, digest, what, cases)
        _write_manifest(draft, record)
        if finish:
            finish(draft)
        record["seconds"] = round(time.perf_counter() - started, 2)
        record["files"] = manifest.file_digests(draft)
        _write_manifest(draft, record)
        return _publish(draft, Path(out) / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _record(
    name: str, digest: str, what: dict[str, Any], cases: dict[str, engine.Case]
) -> dict[str, Any]:
    return {
        "batch": name,
        "digest": digest,
        "inputs": what,
        "command": shlex.join(["digiregion", *sys.argv[1:]]) if _is_command() else None,
        "versions": manifest.versions(),
        "platform": manifest.machine(),
        "source": manifest.source_state(),
        "parameters": "prior, with growth and speeds conditioned on each economy's past",
        "layout": {
            case: {
                "economies": list(made.region.economies),
                "years": list(tables.years_of(made)),
                "regions": {k: list(v) for k, v in tables.added_regions(made.region).items()},
            }
            for case, made in cases.items()
        },
        "files": {},
    }


def _write_manifest(folder: Path, record: dict[str, Any]) -> None:
    write_text(folder / "manifest.json", json.dumps(record, indent=1) + "\n")


def _publish(draft: Path, folder: Path) -> Path:
    """Let a finished draft take its place, its manifest last; the files of a user stay."""
    if not folder.exists():
        os.replace(draft, folder)
        return folder
    _keep_earlier_files(draft, folder)
    for source in sorted(draft.rglob("*"), key=lambda path: path.name == "manifest.json"):
        if source.is_file():
            target = folder / source.relative_to(draft)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
    return folder


def _keep_earlier_files(draft: Path, folder: Path) -> None:
    """Enter what an earlier run of the same inputs wrote and this one did not (figures, say)."""
    try:
        earlier = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return
    record = json.loads((draft / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in earlier.items():
        path = folder / name
        if name not in record["files"] and path.is_file() and file_digest(path) == digest:
            record["files"][name] = digest
    _write_manifest(draft, record)


def _checked(scenarios: object, members: object, seed: object, workers: object) -> list[Scenario]:
    """The scenarios as a list. Raises InputError for anything that is not what it should be."""
    given = [scenarios] if isinstance(scenarios, Scenario) else scenarios
    if not isinstance(given, list | tuple) or not all(isinstance(s, Scenario) for s in given):
        raise InputError(
            [
                Problem(
                    "scenarios are Scenario objects",
                    field="scenarios",
                    value=scenarios,
                    remedy="load a file with Scenario.load(path)",
                )
            ]
        )
    limits: dict[str, tuple[object, int, int]] = {
        "members": (members, 1, 10_000_000),
        "seed": (seed, 0, 2**63 - 1),
    }
    if workers is not None:
        limits["workers"] = (workers, 1, 1024)
    problems = [
        Problem("not a whole number in range", field=name, value=value, allowed=f"{low} to {high}")
        for name, (value, low, high) in limits.items()
        if not isinstance(value, int | np.integer) or not low <= value <= high
    ]
    if problems:
        raise InputError(problems)
    return list(given)


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
    # Closed on any exception, so that no process still writes when the folder is cleared away.
    with closing(engine.run_tasks(tasks, store.PartWriter(folder), count)) as finished:
        for task in finished:
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


def _hidden_folder(out: Path, name: str) -> Path:
    """A new hidden folder below ``out`` to build a batch in. Raises InputError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=out, prefix=f".{name}."))
        umask = os.umask(0)
        os.umask(umask)
        folder.chmod(0o777 & ~umask)
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
