"""What a batch is to run: checked inputs, the cases made ready, the parts with their digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, Problem, nearest_name
from sim.experiment import engine, manifest, start, store
from sim.experiment.entries import Entry, entries
from sim.experiment.posteriors import POSTERIOR, Chosen, choose
from sim.kpi.registry import BY_ID, EXTRA_COLUMNS, KPIS, Kpi, weight_column
from sim.policy import Scenario, lever_paths
from sim.policy.projects import projects_of

#: Most that a name adds to the name of a folder.
LONGEST_NAME = 40
#: The KPI whose presence asks for the money by lever and by payer.
MONEY = "programme_cost"


@dataclass(frozen=True)
class Selection:
    """What of a batch is kept: KPIs (of all columns of members), years of the tables, members.

    ``kpis`` and ``years`` are None for all; ``members`` false keeps summaries only.
    """

    kpis: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    members: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that members need for it: the KPIs and what regions weight them with."""
        if self.kpis is None:
            return engine.ALL_COLUMNS
        wanted = set(self.kpis)
        wanted |= {weight for kpi in self.chosen if (weight := weight_column(kpi))}
        if MONEY in wanted:
            wanted |= {"gdp", *(c.id for c in EXTRA_COLUMNS if c.id.startswith("cost_"))}
        return tuple(column for column in engine.ALL_COLUMNS if column in wanted)

    @property
    def chosen(self) -> tuple[Kpi, ...]:
        """The KPIs, in the order of the registry."""
        return tuple(kpi for kpi in KPIS if self.kpis is None or kpi.id in self.kpis)


ALL = Selection()


@dataclass(frozen=True)
class Plan:
    """A batch before it runs. ``inputs`` is what its numbers depend on, ``digest`` that of it.

    ``chosen`` says, by region, what its runs start from, and what the user must know of it.
    """

    batch: tuple[Entry, ...]
    cases: dict[str, engine.Case]
    members: int
    seed: int
    selection: Selection
    inputs: dict[str, Any]
    digest: str
    name: str
    chosen: dict[str, Chosen]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user must know of the parameters, each thing once."""
        return tuple(dict.fromkeys(w for chosen in self.chosen.values() for w in chosen.warnings))

    @property
    def fitted(self) -> dict[str, tuple[float, float, float]]:
        """5th, 50th and 95th percentile of fitted parameters, of the first region that has any."""
        found = (chosen.posterior for chosen in self.chosen.values())
        return next((posterior.bands() for posterior in found if posterior is not None), {})

    @property
    def tasks(self) -> list[engine.Task]:
        """The parts, in the order in which they are run."""
        found = [
            task
            for case in self.cases.values()
            for task in engine.parts(case, self.seed, self.members, self.selection.columns)
        ]
        # The same members of all scenarios in turn: they share their start and their luck.
        return sorted(found, key=lambda task: task.members.start)

    def part_inputs(self, task: engine.Task) -> str:
        """SHA-256 of all that the bytes of a part depend on, libraries and machine included."""
        about = next(s for s in self.inputs["scenarios"] if s["name"] == task.case.name)
        content = {
            **{key: about[key] for key in ("digest", "region_digest", "horizon", "posterior")},
            "seed": self.seed,
            "members": [task.members.start, task.members.stop],
            "columns": task.columns,
            "code": self.inputs["code"],
            "made_by": dict(manifest.made_by()),
        }
        return digest_of(content)


def digest_of(content: Any) -> str:
    """SHA-256 of a plain structure."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def make_plan(
    scenarios: Sequence[Scenario] | Scenario,
    members: int,
    seed: int,
    selection: Selection = ALL,
    parameters: str | Path = POSTERIOR,
) -> Plan:
    """Check everything and make it ready. Raises InputError with every problem.

    ``parameters`` says what runs start from: see ``posteriors.choose``.
    """
    given = _checked(scenarios, members, seed, selection)
    batch = entries(given)
    worlds = {entry.scenario.world.name: entry.scenario.world for entry in batch}
    chosen = {name: choose(region, parameters) for name, region in worlds.items()}
    described = [_described(entry, chosen) for entry in batch]
    inputs = manifest.inputs(described, seed, members, selection.kpis, selection.years)
    digest = digest_of(inputs)
    cases = {
        entry.name: case_of(entry.scenario, chosen[entry.scenario.world.name], entry.name)
        for entry in batch
    }
    name = f"{_folder_name(batch)}-{digest[:8]}"
    return Plan(batch, cases, members, seed, selection, inputs, digest, name, chosen)


def _checked(
    scenarios: object, members: object, seed: object, selection: Selection
) -> list[Scenario]:
    """The scenarios as a list. Raises InputError for anything that is not what it should be."""
    given = [scenarios] if isinstance(scenarios, Scenario) else scenarios
    if not isinstance(given, list | tuple) or not all(isinstance(s, Scenario) for s in given):
        problem = Problem(
            "scenarios are Scenario objects", field="scenarios", value=scenarios,
            remedy="load a file with Scenario.load(path)",
        )  # fmt: skip
        raise InputError([problem])
    problems = whole_numbers(members=(members, 1, 10_000_000), seed=(seed, 0, 2**63 - 1))
    problems += _unknown_kpis(selection.kpis or ())
    if selection.years is not None and not problems:
        problems += _years_not_run(selection.years, given)
    if problems:
        raise InputError(problems)
    return list(given)


def whole_numbers(**limits: tuple[object, int, int]) -> list[Problem]:
    """A problem for each option that is not a whole number in its range."""
    return [
        Problem("not a whole number in range", field=name, value=value, allowed=f"{low} to {high}")
        for name, (value, low, high) in limits.items()
        if not isinstance(value, int | np.integer) or not low <= value <= high
    ]


def _unknown_kpis(names: Iterable[str]) -> list[Problem]:
    return [
        Problem(
            "unknown KPI", field="kpis", value=name, allowed=", ".join(BY_ID),
            nearest=nearest_name(name, BY_ID),
        )
        for name in names
        if name not in BY_ID
    ]  # fmt: skip


def _years_not_run(years: Sequence[int], scenarios: Sequence[Scenario]) -> list[Problem]:
    first = min(scenario.world.base_year for scenario in scenarios)
    last = max(scenario.horizon for scenario in scenarios)
    return [
        Problem("is not a year of the run", field="years", value=year, allowed=f"{first} to {last}")
        for year in years
        if not first <= year <= last
    ]


def _described(entry: Entry, chosen: Mapping[str, Chosen]) -> dict[str, Any]:
    scenario = entry.scenario
    return {
        "name": entry.name,
        "baseline": entry.baseline,
        "digest": scenario.digest,
        "region": scenario.world.name,
        "region_digest": scenario.world.digest,
        "posterior": chosen[scenario.world.name].digest,
        "horizon": scenario.horizon,
    }


def case_of(scenario: Scenario, chosen: Chosen | None = None, name: str = "") -> engine.Case:
    """A scenario made ready to run, called ``name`` or as it is.

    Runs start from what is ``chosen``, or else from the fitted ensemble of its region.
    """
    region = scenario.world
    posterior = (chosen or choose(region)).posterior
    projects = projects_of(scenario.levers, region)
    world = start.build_world(region, scenario.horizon, posterior, projects)
    levers = lever_paths(scenario, region)
    return engine.Case(name or scenario.name, region, world, levers, posterior)


def _folder_name(batch: Sequence[Entry]) -> str:
    policies = [entry.name for entry in batch if not entry.is_baseline]
    regions = dict.fromkeys(entry.scenario.world.name for entry in batch)
    name = f"{'-'.join(regions)}-{len(policies)}-scenarios"
    if len(policies) < 2:
        name = (policies or [batch[0].name])[0]
    return store.slug(name)[:LONGEST_NAME].rstrip(".-")
