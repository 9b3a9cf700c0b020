"""The scenarios of a batch: names of their own, and the baseline of each."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import InputError, Problem
from sim.experiment.store import slug
from sim.policy import Scenario


@dataclass(frozen=True)
class Entry:
    """A scenario of a batch, under a name of its own, and the name of its baseline."""

    name: str
    baseline: str
    scenario: Scenario

    @property
    def is_baseline(self) -> bool:
        """Whether others are compared to it."""
        return self.name == self.baseline


def entries(scenarios: Sequence[Scenario]) -> tuple[Entry, ...]:
    """Name scenarios and add the baseline of every region and horizon that needs one.

    A scenario without levers, rules of behaviour and shocks is the baseline of its region and
    horizon. Baselines come first, and each kind by name, so that no byte depends on the order in
    which they are given. Raises InputError when two scenarios have the same name.
    """
    if not scenarios:
        raise InputError([Problem("no scenario to run", remedy="name at least one")])
    scenarios = sorted(scenarios, key=lambda scenario: scenario.name)
    _refuse_shared_files(scenarios)
    taken = {slug(scenario.name) for scenario in scenarios}
    baselines: dict[tuple[str, int], Scenario] = {}
    for scenario in scenarios:
        if scenario.is_baseline:
            baselines.setdefault(_world(scenario), scenario)
    added = []
    for scenario in scenarios:
        if _world(scenario) not in baselines:
            name = _free_name(f"{scenario.world.name}-baseline", scenario.horizon, taken)
            baseline = Scenario.baseline(scenario.world, scenario.horizon, name=name)
            baselines[_world(scenario)] = baseline
            taken.add(slug(name))
            added.append(baseline)
    ordered = sorted([*added, *scenarios], key=lambda s: (not s.is_baseline, s.name))
    return tuple(Entry(s.name, baselines[_world(s)].name, s) for s in ordered)


def _refuse_shared_files(scenarios: Sequence[Scenario]) -> None:
    """Raise InputError when the results of two scenarios would go to the same files."""
    named: dict[str, str] = {}
    problems = []
    for scenario in scenarios:
        other = named.get(slug(scenario.name))
        named[slug(scenario.name)] = scenario.name
        if other is not None:
            problems.append(
                Problem(
                    f"shares the name of its files with the scenario {other!r}",
                    field="name",
                    value=scenario.name,
                    remedy="rename one so that letters or digits differ",
                )
            )
    if problems:
        raise InputError(problems)


def _world(scenario: Scenario) -> tuple[str, int]:
    return scenario.world.digest, scenario.horizon


def _free_name(wanted: str, horizon: int, taken: set[str]) -> str:
    """A name for a baseline whose files nobody has."""
    further = (f"{wanted}-{horizon}-{number}" for number in itertools.count(2))
    tries = itertools.chain((wanted, f"{wanted}-{horizon}"), further)
    return next(name for name in tries if slug(name) not in taken)
