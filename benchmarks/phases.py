"""Where a batch's time goes: each phase of the year, measuring, draws and the start."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, wraps
from typing import Any
from unittest import mock

from sim.experiment import draws, engine, start
from sim.experiment.engine import Case
from sim.model import behaviour, trade, year
from sim.model.setup import Setup

#: What is timed besides the phases of the year: row, holder, attribute.
FURTHER = (
    ("start: draws of parameters and laws", draws, "parameter_normals"),
    ("start: draws of parameters and laws", draws, "start_normals"),
    ("start: parameters from draws", start.parameters, "sample"),
    ("start: what was fitted", start.Posterior, "draw"),
    ("start: base state", start, "base_state"),
    ("measure all columns", engine, "measure"),
)
PARTS = (("of which: trade costs", trade, "demand_change"), ("of which: prices", trade, "solve"))


class Stopwatch:
    """Seconds by row of the table."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def timed(self, row: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with its time added to a row."""

        @wraps(function)
        def timed(*arguments: Any, **settings: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*arguments, **settings)
            finally:
                spent = time.perf_counter() - began
                self.seconds[row] = self.seconds.get(row, 0.0) + spent

        return timed

    def timed_iterator(self, row: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The generator function, with the time of each of its steps added to a row."""

        def timed(*arguments: Any) -> Iterator[Any]:
            steps = function(*arguments)
            following = self.timed(row, partial(next, steps, None))
            while (item := following()) is not None:
                yield item

        return timed


def phases() -> list[str]:
    """The names of the phases of the year, in the order of the schedule."""
    functions = inspect.getmembers(year, inspect.isfunction)
    own = [f for name, f in functions if f.__module__ == year.__name__ and name != "next_year"]
    own.sort(key=lambda function: function.__code__.co_firstlineno)
    return [function.__name__ for function in own]


@contextmanager
def _instrumented(watch: Stopwatch) -> Iterator[None]:
    with ExitStack() as stack:

        def replace(holder: Any, name: str, timed: Any) -> None:
            stack.enter_context(mock.patch.object(holder, name, timed))

        for name in phases():
            replace(year, name, watch.timed(name, getattr(year, name)))
        for row, holder, name in (*FURTHER, *PARTS):
            replace(holder, name, watch.timed(row, getattr(holder, name)))
        build = watch.timed("start: trade in the base year", Setup.build)
        replace(start.Setup, "build", build)
        replace(draws, "year_draws", watch.timed_iterator("draws of the years", draws.year_draws))
        decide = watch.timed("decide", behaviour.decide)
        replace(engine, "run", partial(engine.run, decide=decide))
        yield


def profile(case: Case, seed: int, members: int, repeats: int) -> str:
    """A Markdown table of the time of a batch on one core by phase, the least of ``repeats``.

    Every turn has a seed of its own: a start that was made before is not made again.
    """
    best: tuple[float, dict[str, float]] | None = None
    for turn in range(repeats):
        watch = Stopwatch()
        began = time.perf_counter()
        with _instrumented(watch):
            engine.run_members(case, seed + turn, range(members))
        total = time.perf_counter() - began
        if best is None or total < best[0]:
            best = total, watch.seconds
    assert best is not None
    return _table(best[0], best[1], members)


def _table(total: float, seconds: dict[str, float], members: int) -> str:
    parts = {row for row, _, _ in PARTS}
    rows = sorted(((s, row) for row, s in seconds.items() if row not in parts), reverse=True)
    rows.append((total - sum(s for s, _ in rows), "everything else"))
    lines = ["| phase | µs a run | share |", "|---|---:|---:|"]
    for spent, row in rows:
        lines.append(_line(row.replace("_", " "), spent, total, members))
        if row == "goods_are_traded":
            lines.extend(_line(part, seconds[part], total, members) for part, _, _ in PARTS)
    lines.append(_line("**all**", total, total, members))
    note = "\n\nThe parts of trade include those of the base year."
    return "\n".join(lines) + note


def _line(row: str, spent: float, total: float, members: int) -> str:
    return f"| {row} | {1e6 * spent / members:.1f} | {100.0 * spent / total:.1f} % |"
