"""What a plan costs whom, in the prices and sizes of the base year, against the stated budgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Problem
from sim.model.budget import by_payer, planned_cost
from sim.model.parameters import Parameters, central
from sim.model.quantities import LEVERS, PAYERS, Array, Levers
from sim.policy.drafts import Draft
from sim.policy.entries import Budget
from sim.policy.levers import PUBLIC_PAYERS
from sim.policy.paths import entry_paths
from sim.policy.places import Place

if TYPE_CHECKING:
    from sim.region.region import Region

_TOLERANCE = 1e-9
#: Economies that one problem names; the rest are counted.
_MOST_NAMED = 25


@dataclass(frozen=True)
class Account:
    """Planned cost in USD (constant 2015 prices) and GDP of the base year in the same unit.

    ``by_lever`` is the public cost, (year, economy, lever), that of the regional fund being what is
    paid into it; ``by_payer`` includes private money, (year, economy, payer); ``gdp`` is
    (economy,).
    """

    by_lever: Array
    by_payer: Array
    gdp: Array

    def percent(self, payer: str) -> Array:
        """Planned cost to one payer in the unit of its budget.

        National: % of own GDP, (year, economy). Others: % of the region's GDP, (year, 1).
        """
        paid = self.by_payer[..., PAYERS.index(payer)]
        if payer == "national":
            return 100.0 * paid / self.gdp
        return 100.0 * paid.sum(axis=1, keepdims=True) / self.gdp.sum()


def account(levers: Levers, region: Region) -> Account:
    """What the plan costs if all is delivered, with base-year values and central unit costs."""
    gdp, population = region.base("gdp"), region.base("population")
    working_age = 1.0 - region.base("population_0_14") - region.base("population_65plus")
    prices = _one_member(central(len(gdp)))
    paperless = region.base("paperless_trade") * prices.paperless_in_operation
    cost = planned_cost(levers, gdp, population, working_age, region.provisions, paperless, prices)
    paid = by_payer(cost, levers)
    contributions = levers.regional_fund * gdp
    cost[..., LEVERS.index("regional_fund")] += contributions
    paid[..., PAYERS.index("national")] += contributions
    return Account(cost, paid, gdp)


def _one_member(parameters: Parameters) -> Parameters:
    """Parameters without their leading axis of ensemble members."""
    names = (item.name for item in fields(parameters))
    return Parameters(**{name: getattr(parameters, name)[0] for name in names})


def budget_problems(
    drafts: Sequence[Draft], budget: Budget, region: Region, horizon: int, place: Place
) -> list[Problem]:
    """Payers without a stated budget, and budgets that the plan exceeds."""
    problems = _unfunded(drafts, budget, place)
    found = account(entry_paths([draft.entry for draft in drafts], budget, region, horizon), region)
    for payer in PUBLIC_PAYERS:
        limit = getattr(budget, payer)
        if limit is not None:
            problems.extend(_exceeded(found.percent(payer), payer, limit, region, place))
    return problems


def _unfunded(drafts: Sequence[Draft], budget: Budget, place: Place) -> list[Problem]:
    problems = []
    for draft in drafts:
        for payer in ("regional_fund", "partner"):
            share = getattr(draft.entry.payer, payer)
            if share and getattr(budget, payer) is None and not draft.entry.is_zero:
                problems.append(
                    draft.place.at("payer", payer).problem(
                        f"no budget is stated for {payer}",
                        value=share,
                        remedy=f"add budget: {{{payer}: ...}} (% of the region's GDP a year)",
                    )
                )
    return problems


def _exceeded(
    percent: Array, payer: str, limit: float, region: Region, place: Place
) -> list[Problem]:
    """One problem on a budget that is exceeded, naming everybody who would pay more.

    ``percent`` is (year, economy), or (year, 1) for a payer of the whole region.
    """
    planned = percent.max(axis=0)
    years = region.base_year + 1 + np.argmax(percent, axis=0)
    over = np.flatnonzero(planned > limit * (1.0 + _TOLERANCE))
    if not len(over):
        return []
    over = over[np.argsort(-planned[over], kind="stable")]  # the worst first
    top = over[0]
    if payer != "national":
        whom, unit = f"the {payer.replace('_', ' ')}", "% of the region's GDP"
    else:
        whom, unit = region.economies[top], "% of its GDP"
    message = f"in {years[top]} {whom} would pay {planned[top]:.3f} {unit}"
    if len(over) > 1:
        named = [f"{region.economies[i]} {planned[i]:.3f} in {years[i]}" for i in over]
        named[_MOST_NAMED:] = [f"and {len(over) - _MOST_NAMED} more"] * (len(over) > _MOST_NAMED)
        message = f"{len(over)} economies would pay, in % of own GDP in their worst year, "
        message += ", ".join(named)
    enough = np.ceil(planned[top] * 1000.0) / 1000.0
    return [
        place.at("budget", payer).problem(
            f"overspent: {message}",
            value=limit,
            allowed=f"at most {limit:g}",
            remedy=f"raise the budget to {enough:g}, ask for less, or let others pay a share",
        )
    ]
