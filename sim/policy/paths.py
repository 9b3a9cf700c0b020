"""Turns the entries of a scenario into lever paths: arrays by year and economy for the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import (
    BUDGET_RULES,
    FIXED_AXES,
    LEVERS,
    PAYERS,
    Array,
    Levers,
    Shocks,
    quantities,
)
from sim.policy.entries import BehaviourEntry, Budget, LeverEntry
from sim.policy.groups import economies_of
from sim.policy.levers import BUDGETS, OPTIONS, REGISTRY, Lever, Option
from sim.policy.plan import Plan
from sim.policy.projects import lay, project_payers, projects_of
from sim.policy.shocks.paths import add_shocks

if TYPE_CHECKING:
    from sim.region.cables import Project
    from sim.region.region import Region

#: Years and economies of an entry, as positions in paths, and its years.
Cells = tuple[NDArray[np.int_], ...]
Years = NDArray[np.int_]


def lever_paths(
    scenario: Plan, region: Region, projects: tuple[Project, ...] | None = None
) -> Levers:
    """The lever paths of a scenario in model units, leading axis the years base_year+1..horizon.

    Shapes: (year, economy); ``alignment_target`` (year, economy, provision); ``payer_share``
    (year, economy, lever, payer), 1 for national where nothing is planned; ``fund_budget`` (year,).
    Where nothing is planned, options and budgets are at their defaults (no limit is infinity), so
    that a scenario of zeros gives the same arrays as the baseline. ``projects`` are the new links
    of the world in which it is to run, by default its own.
    """
    horizon, plan = scenario.horizon, (scenario.levers, scenario.budget)
    levers = entry_paths(*plan, region, horizon, scenario.behaviour, projects)
    add_shocks(levers.shocks, scenario.shocks, region, horizon)
    return levers


def entry_paths(
    entries: Iterable[LeverEntry],
    budget: Budget,
    region: Region,
    horizon: int,
    behaviour: Iterable[BehaviourEntry] = (),
    projects: tuple[Project, ...] | None = None,
) -> Levers:
    """As ``lever_paths`` but without shocks, for checked entries.

    ``projects`` are the new links of the scenario that they are part of, by default theirs.
    """
    entries = tuple(entries)
    if projects is None:
        projects = projects_of(entries, region)
    levers = empty_paths(
        horizon - region.base_year,
        len(region.economies),
        len(region.systems),
        len(region.instruments),
    )
    for entry in entries:
        if not entry.is_zero:
            _write(entry, levers, region, horizon, projects)
    for conduct in behaviour:
        _write_rule(conduct, levers, region, horizon)
    _write_budget(budget, levers)
    return levers


def paths_of(lever: str) -> tuple[str, ...]:
    """The paths of ``Levers`` that say how much is planned of a lever."""
    return REGISTRY[lever].paths


def empty_paths(years: int, economies: int, systems: int = 0, instruments: int = 0) -> Levers:
    """The lever paths of a baseline: nothing is planned, no budget binds, no shock comes."""
    lengths = {"year": years, "economy": economies, **FIXED_AXES}
    lengths |= {"system": systems, "instrument": instruments}

    def zeros(kind: type) -> dict[str, Array]:
        return {
            item.name: np.zeros(tuple(lengths[axis] for axis in item.axes))
            for item in quantities(kind)
        }

    levers = Levers(**zeros(Levers), shocks=Shocks(**zeros(Shocks)))
    for option in OPTIONS.values():
        if option.standing:
            getattr(levers, option.path)[:] = option.default
    levers.payer_share[..., PAYERS.index("national")] = 1.0
    levers.national_budget[:] = np.inf
    levers.fund_budget[:] = np.inf
    return levers


def _write(
    entry: LeverEntry, levers: Levers, region: Region, horizon: int, projects: tuple[Project, ...]
) -> None:
    """Put one entry into the paths."""
    kind = REGISTRY[entry.lever]
    last = entry.target_year(horizon) if kind.form == "target" else entry.last_year(horizon)
    years = np.arange(entry.start, last + 1)
    codes = economies_of(entry.who, region)
    if kind.form == "project":
        codes = project_payers(entry, region)
    who = np.array([region.economies.index(code) for code in codes], dtype=int)
    cells = np.ix_(years - region.base_year - 1, who)
    full = (entry.value or 0.0) * kind.scale.to_model
    if kind.form == "project":
        lay(entry, full, levers, cells, region, projects)
    else:
        _write_value(entry, kind, levers, cells, years)
    for option in kind.options:
        _write_option(entry, option, levers, cells, region)
    shares = [entry.payer.shares().get(payer, 0.0) for payer in PAYERS]
    levers.payer_share[:, :, LEVERS.index(entry.lever)][cells] = shares


def _write_rule(entry: BehaviourEntry, levers: Levers, region: Region, horizon: int) -> None:
    """Put one entry of behaviour into the paths."""
    first, last = entry.start or region.base_year + 1, entry.end or horizon
    years = np.arange(first, last + 1) - region.base_year - 1
    codes = economies_of(entry.who, region)
    who = np.array([region.economies.index(code) for code in codes], dtype=int)
    levers.budget_rule[np.ix_(years, who)] = BUDGET_RULES.index(entry.budget_rule)


def _write_value(
    entry: LeverEntry, kind: Lever, levers: Levers, cells: Cells, years: Years
) -> None:
    """Put what is planned of a lever into its path, by the form of the lever."""
    full, path = (entry.value or 0.0) * kind.scale.to_model, getattr(levers, kind.value_path)
    rising = ramp(len(years), entry.ramp)[:, None]
    if kind.form == "amount":
        path[cells] = full * rising
    elif kind.form == "target":
        path[cells] = _by_key(entry, kind, full)
        getattr(levers, kind.pace)[cells] = alignment_pace(years)[:, None]
    else:
        path[cells] = _by_key(entry, kind, full) * rising[..., None]


def _write_option(
    entry: LeverEntry, option: Option, levers: Levers, cells: Cells, region: Region
) -> None:
    """Put the setting of an option into its path, if it has one."""
    setting = entry.setting(option.name)
    if not option.path or setting is None:
        return
    path = getattr(levers, option.path)
    if option.kind == "choice":
        path[cells] = option.keys.index(setting) if setting in option.keys else setting
    elif option.kind == "names":
        among = tuple(getattr(region, option.among))
        for name in setting:
            path[..., among.index(name)][cells] = entry.setting(option.amount)
    elif option.scale:
        amount = setting * option.scale.to_model
        if option.common:
            path[cells[0].ravel()] = amount
        elif option.moves:
            path[cells] = amount * ramp(len(cells[0]), entry.ramp)[:, None]
        else:
            path[cells] = amount


def _by_key(entry: LeverEntry, kind: Lever, value: float) -> Array:
    """The value of each key, (key,): its own, or that of all, or its share of it; 0: nothing."""
    option = kind.by_key
    if option is None:
        return np.array([value])
    own: dict[str, float | None] = getattr(entry, option.name) or {}
    if option.kind == "shares":
        named = own or dict.fromkeys(option.keys)
        alike = 1.0 / len(named)
        parts = {name: alike if part is None else part for name, part in named.items()}
        return np.array([value * parts.get(name, 0.0) for name in option.keys])
    if own and None in own.values():  # names alone: the value is for these
        return np.array([_level(own[name], value) if name in own else 0.0 for name in option.keys])
    return np.array([_level(own.get(name), value) for name in option.keys])


def _level(own: float | None, value: float) -> float:
    return value if own is None else own


def alignment_pace(years: NDArray[np.int_]) -> Array:
    """Share of the remaining gap to close in each year, (year,): 1/n, ..., 1/2, 1.

    With full delivery a gap then closes by equal steps and is closed in the last year.
    """
    return np.asarray(1.0 / (years[-1] - years + 1.0))


def ramp(years: int, length: int) -> Array:
    """Part of the full value in each year, (year,): linear, 1 from ``length`` years on."""
    return np.minimum((np.arange(years) + 1.0) / (length + 1.0), 1.0)


def _write_budget(budget: Budget, levers: Levers) -> None:
    """State the limits of the budgets where their payer pays for something, or may by a rule."""
    planned = np.stack([_asks(levers, lever) for lever in LEVERS], axis=-1)
    paid = planned[..., None] * levers.payer_share > 0.0
    if budget.national is not None:
        national = paid[..., PAYERS.index("national")].any(axis=-1) | (levers.budget_rule > 0.0)
        limit = budget.national * BUDGETS["national"].to_model
        levers.national_budget[national] = limit
    if budget.regional_fund is not None:
        fund = paid[..., PAYERS.index("regional_fund")].any(axis=(-1, -2))
        levers.fund_budget[fund] = budget.regional_fund * BUDGETS["regional_fund"].to_model


def _asks(levers: Levers, lever: str) -> Array:
    """Whether a lever asks for anything, (year, economy), as 0 or 1."""
    shape = levers.budget_rule.shape
    paths = [getattr(levers, name) for name in paths_of(lever)]
    amounts = [path.reshape(*shape, -1) for path in paths if path.shape[: len(shape)] == shape]
    return np.asarray((np.concatenate(amounts, axis=-1) != 0.0).any(axis=-1), dtype=float)
