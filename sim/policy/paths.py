"""Turns the entries of a scenario into lever paths: arrays by year and economy for the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import LEVERS, PAYERS, PROVISIONS, Array, Levers
from sim.policy.entries import Budget, LeverEntry
from sim.policy.levers import BUDGETS, OPTIONS, REGISTRY
from sim.policy.plan import Plan
from sim.policy.rules import economies_of

if TYPE_CHECKING:
    from sim.region.region import Region

ALIGNMENT = "data_policy_alignment"


def lever_paths(scenario: Plan, region: Region) -> Levers:
    """The lever paths of a scenario in model units, leading axis the years base_year+1..horizon.

    Shapes: (year, economy); ``alignment_target`` (year, economy, provision); ``payer_share``
    (year, economy, lever, payer), 1 for national where nothing is planned; ``fund_budget`` (year,).
    Where nothing is planned, options and budgets are at their defaults (no limit is infinity), so
    that a scenario of zeros gives the same arrays as the baseline.
    """
    return entry_paths(scenario.levers, scenario.budget, region, scenario.horizon)


def entry_paths(
    entries: Iterable[LeverEntry], budget: Budget, region: Region, horizon: int
) -> Levers:
    """As ``lever_paths``, for checked entries."""
    levers = empty_paths(horizon - region.base_year, len(region.economies))
    for entry in entries:
        if not entry.is_zero:
            _write(entry, levers, region, horizon)
    _write_budget(budget, levers)
    return levers


def empty_paths(years: int, economies: int) -> Levers:
    """The lever paths of a baseline: nothing is planned, no budget binds."""
    shape = (years, economies)
    payer_share = np.zeros((*shape, len(LEVERS), len(PAYERS)))
    payer_share[..., PAYERS.index("national")] = 1.0
    return Levers(
        broadband_investment=np.zeros(shape),
        rural_share=np.full(shape, OPTIONS["rural_share"].default),
        private_leverage=np.full(shape, OPTIONS["private_leverage"].default),
        infrastructure_sharing=np.zeros(shape),
        alignment_target=np.zeros((*shape, len(PROVISIONS))),
        alignment_pace=np.zeros(shape),
        trade_facilitation=np.zeros(shape),
        basic_skills_programme=np.zeros(shape),
        advanced_skills_programme=np.zeros(shape),
        payer_share=payer_share,
        national_budget=np.full(shape, np.inf),
        fund_budget=np.full(years, np.inf),
    )


def _write(entry: LeverEntry, levers: Levers, region: Region, horizon: int) -> None:
    """Put one entry into the paths."""
    codes = economies_of(entry.who, region)
    who = np.array([region.economies.index(code) for code in codes], dtype=int)
    years = np.arange(entry.start, entry.last_year(horizon) + 1)
    if entry.lever == ALIGNMENT:
        years = np.arange(entry.start, entry.target_year(horizon) + 1)
        cells = np.ix_(years - region.base_year - 1, who)
        levers.alignment_target[cells] = _levels(entry)
        levers.alignment_pace[cells] = alignment_pace(years)[:, None]
    else:
        cells = np.ix_(years - region.base_year - 1, who)
        full = (entry.value or 0.0) * REGISTRY[entry.lever].scale.to_model
        getattr(levers, entry.lever)[cells] = full * ramp(len(years), entry.ramp)[:, None]
    for option in REGISTRY[entry.lever].options:
        if option.kind == "number" and option.scale:
            getattr(levers, option.name)[cells] = entry.setting(option.name) * option.scale.to_model
    shares = [entry.payer.shares().get(payer, 0.0) for payer in PAYERS]
    levers.payer_share[:, :, LEVERS.index(entry.lever)][cells] = shares


def _levels(entry: LeverEntry) -> Array:
    """Target of each provision, (provision,); 0 asks for nothing."""
    own = entry.provisions or {}
    return np.array([own.get(name, entry.value or 0.0) for name in PROVISIONS])


def alignment_pace(years: NDArray[np.int_]) -> Array:
    """Share of the remaining gap to close in each year, (year,): 1/n, ..., 1/2, 1.

    With full delivery a gap then closes by equal steps and is closed in the last year.
    """
    return np.asarray(1.0 / (years[-1] - years + 1.0))


def ramp(years: int, length: int) -> Array:
    """Part of the full value in each year, (year,): linear, 1 from ``length`` years on."""
    return np.minimum((np.arange(years) + 1.0) / (length + 1.0), 1.0)


def _write_budget(budget: Budget, levers: Levers) -> None:
    """State the limits of the budgets where their payer pays for something."""
    planned = np.stack([_asks(levers, lever) for lever in LEVERS], axis=-1)
    paid = planned[..., None] * levers.payer_share > 0.0
    if budget.national is not None:
        national = paid[..., PAYERS.index("national")].any(axis=-1)
        limit = budget.national * BUDGETS["national"].to_model
        levers.national_budget[national] = limit
    if budget.regional_fund is not None:
        fund = paid[..., PAYERS.index("regional_fund")].any(axis=(-1, -2))
        levers.fund_budget[fund] = budget.regional_fund * BUDGETS["regional_fund"].to_model


def _asks(levers: Levers, lever: str) -> Array:
    """Whether a lever asks for anything, (year, economy), as 0 or 1."""
    name = "alignment_pace" if lever == ALIGNMENT else lever
    return np.asarray(getattr(levers, name) > 0.0, dtype=float)
