"""Running many: blocks of ensemble members side by side, in parts, on one core or several."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from sim.experiment import draws, start
from sim.kpi.registry import COLUMNS, measure
from sim.model.quantities import Array, Draws, Levers, State
from sim.model.run import run
from sim.model.setup import Setup
from sim.model.world import World
from sim.processes import run_each
from sim.region.region import Region

#: Ensemble members that run side by side: their state stays in cache. A fixed size, with the last
#: block filled up, so that no bit depends on how many members were asked for.
BLOCK = 256
#: Ensemble members in one part, which is run by one worker and written to one file.
PART = 256


@dataclass(frozen=True)
class Case:
    """One scenario made ready: its region, world and lever paths."""

    name: str
    region: Region
    world: World
    levers: Levers


@dataclass(frozen=True)
class Task:
    """One part of a batch: a case and a range of ensemble members."""

    case: Case
    seed: int
    members: range

    @property
    def number(self) -> int:
        """Position of the part in its scenario."""
        return self.members.start // PART


def parts(case: Case, seed: int, members: int) -> Iterator[Task]:
    """Cut a case into parts of at most PART ensemble members."""
    for first in range(0, members, PART):
        yield Task(case, seed, range(first, min(first + PART, members)))


def run_members(case: Case, seed: int, members: range) -> Array:
    """Run a range of ensemble members, and measure every column in every year.

    Returns (column, member, year, economy); columns are those of ``sim.kpi.registry.COLUMNS``,
    years run from the base year to the horizon. A member's numbers depend on its own number, the
    seed and the case only.
    """
    years, economies = len(case.world.population), len(case.world.economies)
    measured = np.empty((len(COLUMNS), len(members), years, economies))
    for first in range(members.start - members.start % BLOCK, members.stop, BLOCK):
        block = range(first, first + BLOCK)
        wanted = range(max(first, members.start), min(block.stop, members.stop))
        rows = slice(wanted.start - members.start, wanted.stop - members.start)
        kept = slice(wanted.start - first, wanted.stop - first)
        _run_block(case, seed, block, measured[:, rows], kept)
    return measured


def _run_block(case: Case, seed: int, block: range, out: Array, kept: slice) -> None:
    setup, luck = _prepare_block(_Key(case), seed, block.start)

    def observe(state: State, year: int) -> None:
        measure(state, out[:, :, year - case.world.base_year], kept)

    run(setup, case.levers, luck, observe)


class _Key:
    """A case as far as its start and its luck depend on it: the region and the world."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.content = (case.region.digest, case.region.name, pickle.dumps(case.world))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)


@functools.lru_cache(maxsize=2)
def _prepare_block(key: _Key, seed: int, first: int) -> tuple[Setup, list[Draws]]:
    """What scenarios share: the start and the luck of a block. Nothing in it is ever changed."""
    case, block = key.case, range(first, first + BLOCK)
    years, economies = len(case.world.population), len(case.world.economies)
    setup = start.build_setup(case.region, case.world, seed, block)
    return setup, list(draws.year_draws(seed, block, years - 1, economies))


Finish = Callable[[Task, Array], None]


def run_tasks(tasks: Sequence[Task], finish: Finish, workers: int) -> Generator[Task, None, None]:
    """Run tasks and hand each to ``finish`` (which writes it); yield each that is done.

    With more than one worker, processes are spawned and ``finish`` must be importable. The order in
    which tasks end does not change what any of them holds.
    """
    with closing(run_each(_work, len(tasks), workers, _prepare, (list(tasks), finish))) as done:
        for number, _ in done:
            yield tasks[number]


_prepared: tuple[list[Task], Finish] | None = None


def _prepare(tasks: list[Task], finish: Finish) -> None:
    global _prepared
    _prepared = tasks, finish


def _work(index: int) -> None:
    assert _prepared is not None
    tasks, finish = _prepared
    task = tasks[index]
    finish(task, run_members(task.case, task.seed, task.members))
