"""Running many: blocks of ensemble members side by side, in parts that any worker can run."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.experiment import draws, start
from sim.experiment.posterior import Posterior
from sim.kpi.registry import COLUMN_BY_ID, COLUMNS, measure
from sim.model import behaviour
from sim.model.quantities import Array, Draws, Levers, State
from sim.model.run import run
from sim.model.setup import Setup
from sim.model.world import World
from sim.model.year import Decide
from sim.region.region import Region

#: Ensemble members that run side by side: their state stays in cache. A fixed size, with the last
#: block filled up, so that no bit depends on how many members were asked for.
BLOCK = 256
#: Ensemble members in one part, which is run by one worker and written to one file.
PART = 256
ALL_COLUMNS = tuple(column.id for column in COLUMNS)


@dataclass(frozen=True)
class Case:
    """One scenario made ready: its region, world and lever paths, and what was fitted.

    ``posterior`` holds the economies of the region; without one all is drawn from the priors.
    ``without`` names channels that are switched off from the base year on, to see what they do.
    """

    name: str
    region: Region
    world: World
    levers: Levers
    posterior: Posterior | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One part of a batch: a case and a range of ensemble members."""

    case: Case
    seed: int
    members: range
    columns: tuple[str, ...] = ALL_COLUMNS

    @property
    def number(self) -> int:
        """Position of the part in its scenario."""
        return self.members.start // PART


def parts(
    case: Case, seed: int, members: int, columns: tuple[str, ...] = ALL_COLUMNS
) -> Iterator[Task]:
    """Cut a case into parts of at most PART ensemble members."""
    for first in range(0, members, PART):
        yield Task(case, seed, range(first, min(first + PART, members)), columns)


def run_members(case: Case, seed: int, members: range, decide: Decide = behaviour.decide) -> Array:
    """Run a range of ensemble members, and measure every column in every year.

    Returns (column, member, year, economy); columns are those of ``sim.kpi.registry.COLUMNS``,
    years run from the base year to the horizon. A member's numbers depend on its own number, the
    seed and the case only, and on ``decide``, which may be a function of one's own on arrays.
    """
    return np.moveaxis(run_task(Task(case, seed, members), decide), 1, 2)


def run_task(task: Task, decide: Decide = behaviour.decide) -> Array:
    """Run a part, and measure its columns in every year, (column, year, member, economy)."""
    case, members = task.case, task.members
    years, economies = len(case.world.population), len(case.world.economies)
    measured = np.empty((len(task.columns), years, len(members), economies))
    for first in range(members.start - members.start % BLOCK, members.stop, BLOCK):
        block = range(first, first + BLOCK)
        wanted = range(max(first, members.start), min(block.stop, members.stop))
        rows = slice(wanted.start - members.start, wanted.stop - members.start)
        kept = slice(wanted.start - first, wanted.stop - first)
        _run_block(task, block, measured[:, :, rows], kept, decide)
    return measured


def _run_block(task: Task, block: range, out: Array, kept: slice, decide: Decide) -> None:
    case = task.case
    setup, luck = _prepare_block(_Key(case), task.seed, block.start)
    columns = [COLUMN_BY_ID[name] for name in task.columns]

    def observe(state: State, year: int) -> None:
        measure(state, out[:, year - case.world.base_year], kept, columns)

    run(setup, case.levers, luck, observe, decide)


class _Key:
    """A case as far as its start and its luck depend on it: the region and the world."""

    def __init__(self, case: Case) -> None:
        self.case = case
        fitted = None if case.posterior is None else case.posterior.digest
        region = (case.region.digest, case.region.name)
        self.content = (*region, pickle.dumps(case.world), fitted, case.without)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)


@functools.lru_cache(maxsize=2)
def _prepare_block(key: _Key, seed: int, first: int) -> tuple[Setup, list[Draws]]:
    """What scenarios share: the start and the luck of a block. Nothing in it is ever changed."""
    case, block = key.case, range(first, first + BLOCK)
    setup = start.build_setup(case.region, case.world, seed, block, case.posterior, case.without)
    return setup, list(draws.world_draws(seed, block, case.world))
