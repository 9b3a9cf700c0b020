"""The ways to run that are compared: do they agree, and how many runs a second do they make?"""

from __future__ import annotations

import inspect
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import mesa
import numpy as np
from batches import SEED, batch
from core import ROWS, core
from pure_python_inputs import Inputs
from pure_python_mesa import PurePythonModel

from sim.experiment import engine
from sim.experiment.agents import RegionModel
from sim.experiment.engine import Case
from sim.kpi.registry import COLUMNS
from sim.policy import Scenario

#: Scenarios of the batches in which the start of each block is shared.
SHARING = 4
#: Every column of a batch, with its row.
ALL = {column.id: row for row, column in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Candidate:
    """One way to run: its title, the runs of one turn, and what makes them from a seed."""

    title: str
    runs: int
    make: Callable[..., Any]


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
    """Largest relative difference of each Mesa model from the batch, for one ensemble member.

    The plain-Python model has the core of the model only: its batch has no more.
    """
    smaller = core(case)
    models = {
        "RegionModel": (RegionModel(scenario=scenario, rng=SEED), case, ALL),
        "plain Python": (PurePythonModel(Inputs.of(smaller, SEED, 0)), smaller, ROWS),
    }
    found = {}
    for name, (model, same, rows) in models.items():
        expected = engine.run_members(same, SEED, range(1))[list(rows.values()), 0]
        while model.running:
            model.step()
        table = model.datacollector.get_agent_vars_dataframe()
        values = np.array([table[column].to_numpy() for column in rows])
        error = np.abs(values.reshape(expected.shape) - expected)
        scale = np.where(expected == 0.0, 1.0, np.abs(expected))
        found[name] = float((error / scale).max())
    return found


def candidates(case: Case, scenario: Scenario, runs: int, mesa_runs: int) -> list[Candidate]:
    """Everything that is compared, the reference first."""
    inputs = [Inputs.of(core(case), SEED, member) for member in range(mesa_runs)]
    members = {"scenario": [scenario], "member": range(mesa_runs)}
    batches = [
        Candidate(
            f"batch of {'one scenario' if scenarios == 1 else f'{scenarios} scenarios'}, "
            f"{workers} {'core' if workers == 1 else 'cores'}, "
            f"{'with' if write else 'without'} Parquet",
            runs,
            partial(batch, case, runs, workers, write, scenarios=scenarios),
        )
        for scenarios in (1, SHARING)
        for workers in (1, 2)
        for write in (False, True)
    ]
    return [
        Candidate(
            "plain-Python Mesa of the core, `batch_run`, 1 core, inputs made before",
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
