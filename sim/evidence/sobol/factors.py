"""Evidence: what a sensitivity analysis varies, and the points at which it is varied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.evidence.scores import library
from sim.experiment.posterior import Posterior
from sim.model.parameters import part_of, priors
from sim.model.quantities import Array, Levers
from sim.policy import Scenario
from sim.policy.entries import Budget, LeverEntry
from sim.policy.levers import REGISTRY
from sim.policy.paths import entry_paths, paths_of
from sim.policy.projects import projects_of
from sim.policy.shocks.paths import add_shocks
from sim.region.region import Region

#: Kinds of factors. The dummy changes nothing but chance, which is no other factor of the design.
ASSUMPTION, POLICY, DUMMY, CHANCE = "assumption", "policy", "dummy", "chance"
#: Factors that are not named after one parameter or one lever.
FITTED, BASE_YEAR, NOTHING = "fitted ensemble", "base-year figures", "nothing (chance drawn anew)"
#: Uniforms stay this far from 0 and 1, where the normal has no quantile.
EDGE = 1e-9
#: Members of an entry that are named in the name of its factor.
NAMED = 3
#: Parts of the model whose parameters are a factor each: those that carry the headline KPIs. The
#: parameters of any other part are one factor, since a design grows with every factor.
OWN_FACTORS = (
    "adoption", "growth", "returns", "connectivity", "skills", "trade", "digital", "costs",
)  # fmt: skip
#: The lever paths that a part of an alignment of laws scales.
PACES = tuple(kind.pace for kind in REGISTRY.values() if kind.pace)


@dataclass(frozen=True)
class Factor:
    """One thing that is varied.

    ``columns`` are the places that it moves in the standard normals of all priors. One place is
    moved by its own quantile; several (or none) are one group, of which a row is drawn.
    """

    name: str
    kind: str
    columns: tuple[int, ...] = ()


def design(count: int, points: int, seed: int) -> Array:
    """Uniforms of Saltelli's design, (row, column, factor), of ``count`` factors.

    The columns of a row are A, then A with each factor in turn as in B, then B (Saltelli et al.
    2010), on a scrambled Sobol sequence. ``points`` is a power of two.
    """
    problem = {
        "num_vars": count,
        "names": [str(number) for number in range(count)],
        "bounds": [[0.0, 1.0]] * count,
    }
    sample = library("SALib.sample.sobol").sample
    drawn = sample(problem, points, calc_second_order=False, seed=seed)
    return np.asarray(drawn, dtype=np.float64).reshape(points, count + 2, count)


def assumption_factors(economies: int, posterior: Posterior | None) -> tuple[Factor, ...]:
    """Every assumption that is not fixed, as a factor, and the dummy.

    Fitted parameters are correlated, and so one factor; so are all errors of the base year's
    figures. Effects of economies that were not fitted are a factor by parameter, and parameters
    that all economies share are a factor each, but for those of parts of the model that move
    headline KPIs little: these are a factor by part.
    """
    fitted = () if posterior is None else _fitted(posterior)
    groups: dict[str, list[int]] = {}
    start = 0
    for prior in priors():
        if prior.kind == "fixed":
            continue
        width = economies if prior.scope == "economy" else 1
        part = part_of(prior.name)
        name = prior.name if part in OWN_FACTORS else f"{part.replace('_', ' ')} (all parameters)"
        name = BASE_YEAR if prior.name.startswith("start_") else name
        if prior.name not in fitted:
            groups.setdefault(name, []).extend(range(start, start + width))
        start += width
    groups[BASE_YEAR] = groups.pop(BASE_YEAR)
    found = [Factor(name, ASSUMPTION, tuple(columns)) for name, columns in groups.items()]
    if fitted:
        found.insert(0, Factor(FITTED, ASSUMPTION))
    return (*found, Factor(NOTHING, DUMMY))


def _fitted(posterior: Posterior) -> tuple[str, ...]:
    """Parameters that come from the fitted ensemble in every economy."""
    return posterior.parameters if posterior.fitted.all() else tuple(posterior.shared)


def policy_factors(scenario: Scenario) -> tuple[Factor, ...]:
    """Every entry of a scenario that asks for something, as a factor, and the dummy."""
    entries = active_entries(scenario)
    names = [f"{entry.lever} ({_whom(entry)})" for entry in entries]
    twice = {name for name in names if names.count(name) > 1}
    for place, entry in enumerate(entries):
        if names[place] in twice:
            last = entry.last_year(scenario.horizon)
            names[place] = (
                f"{entry.lever} ({_whom(entry)}, {entry.start}-{last}, entry {place + 1})"
            )
    found = [Factor(name, POLICY) for name in names]
    return (*found, Factor(NOTHING, DUMMY)) if found else ()


def active_entries(scenario: Scenario) -> tuple[LeverEntry, ...]:
    """The entries of a scenario that ask for something."""
    return tuple(entry for entry in scenario.levers if not entry.is_zero)


def _whom(entry: LeverEntry) -> str:
    more = f" and {len(entry.who) - NAMED} more" if len(entry.who) > NAMED else ""
    return ", ".join(entry.who[:NAMED]) + more


def normals_at(factors: Sequence[Factor], uniforms: Array, bank: Array) -> Array:
    """Standard normals of all priors at points, (point, place), from uniforms (point, factor).

    ``bank`` (row, place) holds the draws of which groups take a row; places that no factor moves
    stay at the median.
    """
    quantile = library("scipy.special").ndtri
    found = np.zeros((len(uniforms), bank.shape[1]))
    for position, factor in enumerate(factors):
        column = uniforms[:, position]
        if len(factor.columns) == 1:
            found[:, factor.columns[0]] = quantile(np.clip(column, EDGE, 1.0 - EDGE))
        elif factor.columns:
            places = np.array(factor.columns)
            found[:, places] = bank[np.ix_(rows_at(column, len(bank)), places)]
    return found


def rows_at(uniforms: Array, rows: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The row of a table that each uniform stands for, (point,)."""
    return np.minimum((uniforms * rows).astype(np.int64), rows - 1)


class Plans:
    """The lever paths of a scenario, each entry carried out to a part of its own."""

    def __init__(self, scenario: Scenario, region: Region) -> None:
        entries, horizon = active_entries(scenario), scenario.horizon
        links = projects_of(entries, region)
        self.whole = entry_paths(entries, scenario.budget, region, horizon, scenario.behaviour)
        add_shocks(self.whole.shocks, scenario.shocks, region, horizon)
        self.alone = [
            (entry.lever, entry_paths([entry], Budget(), region, horizon, projects=links))
            for entry in entries
        ]

    def at(self, parts: Array) -> Levers:
        """The plan of each point, levers (year, point, economy), from ``parts`` (point, entry).

        A part scales the planned path. Of an alignment of laws it is the share of each gap that is
        to be closed, since a lower target would ask nothing of those who have passed it.
        """
        scaled: dict[str, Any] = {}
        for position, (lever, alone) in enumerate(self.alone):
            part = parts[:, position]
            for name in paths_of(lever):
                path = getattr(alone, name)
                if name in PACES:
                    planned = partial_pace(path, part)
                else:
                    shape = (1, -1, *(1,) * (path.ndim - 1))
                    planned = path[:, None] * part.reshape(shape)
                scaled[name] = scaled.get(name, 0.0) + planned
        return replace(self.whole, **scaled)


def partial_pace(pace: Array, part: Array) -> Array:
    """The pace that closes a part of each gap in the time of the whole, (year, point, economy).

    ``pace`` (year, economy) is the share of the remaining gap to close in each year, ``part``
    (point,) the share of the gap that is closed in the end. With c the share closed so far at the
    full pace, the pace is part (c' - c) / (1 - part c).
    """
    left = np.cumprod(1.0 - pace, axis=0)
    closed = 1.0 - np.concatenate([np.ones((1, pace.shape[1])), left])
    step = np.diff(closed, axis=0)[:, None, :]
    gap = 1.0 - part[:, None] * closed[:-1, None, :]
    return np.where(step > 0.0, part[:, None] * step / np.where(gap > 0.0, gap, 1.0), 0.0)
