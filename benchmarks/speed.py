"""How fast the model is: batch, Mesa on the same arrays, Mesa in plain Python; start-up; memory.

    python benchmarks/speed.py --out benchmarks.md
    python benchmarks/speed.py --profile

A run is one ensemble member of one scenario with all columns recorded in every year. What is
compared is measured in turns in one process, and the median of the turns is shown.
"""

from __future__ import annotations

import argparse
import inspect
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import phases
from machine import description
from pure_python_inputs import Inputs
from pure_python_mesa import PurePythonModel

from sim.experiment import engine, start
from sim.experiment.agents import RegionModel
from sim.experiment.engine import Case, Task
from sim.experiment.store import PartWriter
from sim.kpi.registry import COLUMNS
from sim.policy import Scenario, lever_paths

ROOT = Path(__file__).resolve().parents[1]
SEED = 1
#: How far the plain-Python model may be from the batch, relative.
AGREEMENT = 1e-9
#: Runs of the measurement of memory.
MANY = 10_000
#: Prints the peak memory in MB of the largest process below it. A small process of its own stands
#: between, because a new process counts the memory of the one that started it.
WATCH = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=2); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / "
    "(1 if sys.platform == 'darwin' else 2**10) / (2**20 if sys.platform == 'darwin' else 1)); "
    "sys.exit(done.returncode)"
)


@dataclass(frozen=True)
class Candidate:
    """One way to run: its title, the runs of one turn, and what makes them from a seed."""

    title: str
    runs: int
    make: Callable[..., Any]


def forget(task: Task, measured: Any) -> None:
    """Do nothing with a part: the batch without writing."""


def batch(case: Case, runs: int, workers: int, write: bool, seed: int = SEED) -> None:
    """Run a batch, and write it to a folder that is then deleted."""
    tasks = list(engine.parts(case, seed, runs))
    with tempfile.TemporaryDirectory() as folder:
        finish = PartWriter(Path(folder)) if write else forget
        for _ in engine.run_tasks(tasks, finish, workers):
            pass


def mesa_batch(
    model: type[mesa.Model], parameters: dict[str, Any], seed: int
) -> list[dict[str, Any]]:
    """``mesa.batch_run`` with every year recorded; from Mesa 3.5 seeds are an argument."""
    settings: dict[str, Any] = {"data_collection_period": 1, "display_progress": False}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        settings["rng"] = [seed]
    else:
        parameters = {**parameters, "rng": [seed]}
    return list(mesa.batch_run(model, parameters, **settings))


def disagreement(case: Case, scenario: Scenario) -> dict[str, float]:
    """Largest relative difference of each Mesa model from the batch, for one ensemble member."""
    expected = engine.run_members(case, SEED, range(1))[:, 0]
    models = {
        "RegionModel": RegionModel(scenario=scenario, rng=SEED),
        "plain Python": PurePythonModel(Inputs.of(case, SEED, 0)),
    }
    found = {}
    for name, model in models.items():
        while model.running:
            model.step()
        table = model.datacollector.get_agent_vars_dataframe()
        values = np.array([table[column.id].to_numpy() for column in COLUMNS])
        error = np.abs(values.reshape(expected.shape) - expected)
        scale = np.where(expected == 0.0, 1.0, np.abs(expected))
        found[name] = float((error / scale).max())
    return found


def candidates(case: Case, scenario: Scenario, runs: int, mesa_runs: int) -> list[Candidate]:
    """Everything that is compared, the reference first."""
    inputs = [Inputs.of(case, SEED, member) for member in range(mesa_runs)]
    members = {"scenario": [scenario], "member": range(mesa_runs)}
    batches = [
        Candidate(
            f"batch, {workers} {'core' if workers == 1 else 'cores'}, "
            f"{'with' if write else 'without'} Parquet",
            runs,
            partial(batch, case, runs, workers, write),
        )
        for workers in (1, 2)
        for write in (False, True)
    ]
    return [
        Candidate(
            "plain-Python Mesa, `batch_run`, 1 core, inputs made before",
            mesa_runs,
            partial(mesa_batch, PurePythonModel, {"inputs": inputs}),
        ),
        Candidate(
            "`RegionModel`, `mesa.batch_run`, 1 core",
            mesa_runs,
            partial(mesa_batch, RegionModel, members),
        ),
        *batches,
    ]


def compare(compared: list[Candidate], repeats: int) -> str:
    """Runs a second of each, measured in turns; the ratio is to the first.

    Every turn has a seed of its own: the engine keeps the last starts, which would help it.
    """
    speeds: dict[str, list[float]] = {one.title: [] for one in compared}
    for turn in range(repeats):
        for one in compared:
            began = time.perf_counter()
            one.make(seed=SEED + len(speeds) * turn + list(speeds).index(one.title))
            speeds[one.title].append(one.runs / (time.perf_counter() - began))
    reference = statistics.median(speeds[compared[0].title])
    lines = [
        "| way to run | runs a second (median) | least to most | ratio | runs a turn |",
        "|---|---:|---:|---:|---:|",
    ]
    for one in compared:
        found = speeds[one.title]
        median = statistics.median(found)
        lines.append(
            f"| {one.title} | {median:,.0f} | {min(found):,.0f} to {max(found):,.0f} "
            f"| {median / reference:.1f} | {one.runs:,} |"
        )
    lines.append("")
    lines.append("Two cores: the start of the processes is included. Inputs of the plain-Python")
    lines.append("model are made by the batch's functions, outside what is timed.")
    return "\n".join(lines)


def command() -> str | None:
    """The installed command line of this Python, else any on the path."""
    beside = Path(sys.executable).parent / "digiregion"
    return str(beside) if beside.exists() else shutil.which("digiregion")


def seconds(arguments: list[str], repeats: int) -> str:
    """Median seconds of a command from the shell to its end, or why there are none."""
    taken = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            filled = [folder if part == "{out}" else part for part in arguments]
            began = time.perf_counter()
            done = subprocess.run(filled, cwd=ROOT, capture_output=True, text=True, check=False)
            taken.append(time.perf_counter() - began)
        if done.returncode:
            return f"failed with exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    return f"{statistics.median(taken):.2f} s"


def from_the_shell(repeats: int) -> str:
    """A table of what one waits for at the command line."""
    program = command()
    if program is None:
        return "The command `digiregion` was not found: the package is not installed here."
    run = ["run", "scenarios/asean-push.yaml", "--members", "50", "--out", "{out}", "--quiet"]
    asked = {
        "digiregion --help": ["--help"],
        "digiregion run scenarios/asean-push.yaml --members 50": run,
        "digiregion run … --members 50 --no-figures": [*run, "--no-figures"],
    }
    lines = ["| command | time |", "|---|---:|"]
    for shown, arguments in asked.items():
        lines.append(f"| `{shown}` | {seconds([program, *arguments], repeats)} |")
    return "\n".join(lines)


def peak_memory(arguments: list[str]) -> str:
    """Peak memory of the largest process that a command starts."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", WATCH, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return f"failed with exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    return f"{float(done.stdout):,.0f} MB"


def memory(asked: argparse.Namespace) -> str:
    """A table of the memory that ten thousand runs need."""
    here = [sys.executable, str(Path(__file__)), "--scenario", str(asked.scenario)]
    engine_only = [*here, "--horizon", str(asked.horizon), "--only-run", str(MANY)]
    lines = [f"| {MANY:,} runs | peak of the largest process |", "|---|---:|"]
    lines.append(f"| engine, 1 core, with Parquet | {peak_memory(engine_only)} |")
    program = command()
    if program is not None:
        with tempfile.TemporaryDirectory() as folder:
            run = ["run", str(asked.scenario), "--members", str(MANY), "--out", folder]
            whole = peak_memory([program, *run, "--quiet", "--no-figures"])
        lines.append(f"| `digiregion run`, scenario and baseline, with tables | {whole} |")
    return "\n".join(lines)


def report(asked: argparse.Namespace, case: Case, scenario: Scenario) -> str:
    """Everything that is asked for, as Markdown."""
    world = case.world
    parts = [
        f"A run: {scenario.name}, {len(world.economies)} economies, {world.base_year} to "
        f"{scenario.horizon}, {len(COLUMNS)} columns; blocks of {engine.BLOCK} runs.",
        description(),
    ]
    if asked.profile:
        table = phases.profile(case, SEED, asked.runs, asked.repeats)
        return "\n\n".join([*parts, table])
    errors = disagreement(case, scenario)
    worst = max(errors.values())
    if worst > AGREEMENT:
        raise SystemExit(f"the models differ by {json.dumps(errors)}: they cannot be compared")
    agreed = ", ".join(f"{name} {error:.1e}" for name, error in errors.items())
    parts.append(f"Largest relative difference from the batch: {agreed}.")
    parts.append(compare(candidates(case, scenario, asked.runs, asked.mesa_runs), asked.repeats))
    parts.append(from_the_shell(asked.repeats))
    if not asked.no_memory:
        parts.append(memory(asked))
    return "\n\n".join(parts)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    scenario = ROOT / "scenarios" / "asean-carec-push.yaml"
    parser.add_argument("--scenario", type=Path, default=scenario, help="scenario file")
    parser.add_argument("--horizon", type=int, default=2040, help="last year (2040)")
    parser.add_argument("--runs", type=int, default=4096, help="runs of a batch a turn (4096)")
    parser.add_argument("--mesa-runs", type=int, default=20, help="runs of Mesa a turn (20)")
    parser.add_argument("--repeats", type=int, default=5, help="turns (5)")
    parser.add_argument("--out", type=Path, help="write the tables to this Markdown file")
    parser.add_argument("--profile", action="store_true", help="where a batch's time goes")
    parser.add_argument("--no-memory", action="store_true", help="leave out the 10,000 runs")
    parser.add_argument("--only-run", type=int, metavar="RUNS", help="run a batch, print nothing")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write what was measured."""
    asked = parse()
    scenario = replace(Scenario.load(asked.scenario), horizon=asked.horizon)
    world = start.build_world(scenario.world, scenario.horizon)
    case = Case("speed", scenario.world, world, lever_paths(scenario, scenario.world))
    if asked.only_run:
        batch(case, asked.only_run, 1, write=True)
        return
    text = report(asked, case, scenario)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
