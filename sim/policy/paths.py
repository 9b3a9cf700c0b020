"""Turns the entries of a scenario into lever paths: arrays by year and economy for the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import (
    FIXED_AXES,
    LEVERS,
    PAYERS,
    PROVISIONS,
    Array,
    Levers,
    Shocks,
    quantities,
)
from sim.policy.entries import Budget, LeverEntry
from sim.policy.levers import BUDGETS, OPTIONS, REGISTRY
from sim.policy.plan import Plan
from sim.policy.rules import economies_of

if TYPE_CHECKING:
    from sim.region.region import Region

ALIGNMENT = "data_policy_alignment"
#: The paths that say how much is planned of a lever, where it is not one that bears its name.
OWN_PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "international_links": ("link_capacity", "link_route"),
        ALIGNMENT: ("alignment_pace", "accession_push"),
        "data_and_ai_governance": ("governance_pace",),
        "cybersecurity_programme": ("cybersecurity_programme", "regional_cert", "anti_fraud"),
        "resilience_investment": ("resilience_investment", "repair_days_saved"),
        "market_barriers": ("market_barriers", "digital_services_tax", "export_control"),
    }
)


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


def paths_of(lever: str) -> tuple[str, ...]:
    """The paths of ``Levers`` that say how much is planned of a lever."""
    return OWN_PATHS.get(lever, (lever,))


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
    levers.rural_share[:] = OPTIONS["rural_share"].default
    levers.private_leverage[:] = OPTIONS["private_leverage"].default
    levers.payer_share[..., PAYERS.index("national")] = 1.0
    levers.national_budget[:] = np.inf
    levers.fund_budget[:] = np.inf
    return levers


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
    shape = levers.budget_rule.shape
    paths = [getattr(levers, name) for name in paths_of(lever)]
    amounts = [path.reshape(*shape, -1) for path in paths if path.shape[: len(shape)] == shape]
    return np.asarray((np.concatenate(amounts, axis=-1) != 0.0).any(axis=-1), dtype=float)
