"""What a comparison of two batches or scenarios found: its two sides, its pairs, its tables."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from sim.errors import InputError
from sim.report.runs import Runs

if TYPE_CHECKING:
    from sim.region.region import Region


@dataclass(frozen=True)
class Side:
    """One of the two: its batch, and the one scenario that was asked for, if any."""

    label: str
    runs: Runs
    scenario: str | None

    @property
    def words(self) -> str:
        """What it is, for a heading."""
        inputs = self.runs.manifest["inputs"]
        name = f"{self.scenario}, " if self.scenario else ""
        count = f"{inputs['members']:,} members, seed {inputs['seed']}"
        return f"{name}{count}, in {self.runs.folder}"


@dataclass(frozen=True)
class Pair:
    """A scenario of A and one of B, and whether the same members of both share their luck."""

    a: str
    b: str
    paired: bool

    @property
    def name(self) -> str:
        """The scenario's name, or both where they differ."""
        return self.a if self.a == self.b else f"{self.a} / {self.b}"


@dataclass(frozen=True)
class Differences:
    """What differs between A and B.

    ``inputs`` has a row a difference: ``scenario`` (blank for the whole batch), ``what``, ``a``,
    ``b``, in words. ``outcomes`` has a row a scenario, KPI, economy or region, and year:
    ``median_a`` and ``median_b`` in ``unit``; the median, ``q05`` and ``q95`` of B less A in
    ``difference_unit`` (percent of A for KPIs of that kind); ``probability_better``, that B is
    better than A, blank where nothing differs and for KPIs without a better direction; ``differs``,
    whether it does in any member; ``paired``, whether members are compared one by one.
    """

    a: Side
    b: Side
    pairs: tuple[Pair, ...]
    inputs: pd.DataFrame
    outcomes: pd.DataFrame

    @property
    def identical(self) -> bool:
        """Whether no input and no outcome differs."""
        return self.inputs.empty and not self.moved

    @property
    def moved(self) -> bool:
        """Whether any outcome differs."""
        return bool(self.outcomes["differs"].any())

    @functools.cached_property
    def region(self) -> Region | None:
        """The region of A, for the names of its economies; None where it cannot be read."""
        try:
            return self.a.runs.stored.scenario(self.pairs[0].a).world
        except InputError:
            return None
