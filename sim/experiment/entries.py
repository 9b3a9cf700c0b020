"""The scenarios of a batch: names of their own, and the baseline of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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

    A scenario without levers is the baseline of its region and horizon. Raises InputError when two
    scenarios have the same name.
    """
    if not scenarios:
        raise InputError([Problem("no scenario to run", remedy="name at least one")])
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    slugs = [slug(name) for name in names]
    twice += sorted({name for name in names if slugs.count(slug(name)) > 1} - set(twice))
    if twice:
        raise InputError(
            Problem(
                "two scenarios would share a file name",
                field="name",
                value=name,
                remedy="rename one so that letters or digits differ",
            )
            for name in twice
        )
    baselines: dict[tuple[str, int], Scenario] = {}
    for scenario in scenarios:
        if not scenario.levers:
            baselines.setdefault(_world(scenario), scenario)
    for scenario in scenarios:
        if _world(scenario) not in baselines:
            name = _free_name(f"{scenario.region}-baseline", names, scenario.horizon)
            names.append(name)
            baselines[_world(scenario)] = Scenario.baseline(
                scenario.world, scenario.horizon, name=name
            )
    added = [s for s in baselines.values() if all(s is not given for given in scenarios)]
    ordered = sorted([*added, *scenarios], key=lambda s: bool(s.levers))
    return tuple(Entry(s.name, baselines[_world(s)].name, s) for s in ordered)


def _world(scenario: Scenario) -> tuple[str, int]:
    return scenario.world.digest, scenario.horizon


def _free_name(wanted: str, taken: Sequence[str], horizon: int) -> str:
    name = Path(wanted).name
    return name if name not in taken else f"{name}-{horizon}"
