"""What is planned costs whom, and how much of a plan the payers can bear."""

from __future__ import annotations

import numpy as np

from sim.model import costs
from sim.model.parameters import Parameters
from sim.model.quantities import LEVERS, PAYERS, Array, Levers, blank_planes, quantities, total

NATIONAL, FUND, PRIVATE = (PAYERS.index(name) for name in ("national", "regional_fund", "private"))
BROADBAND = LEVERS.index("broadband_investment")
#: Paths that by themselves move nothing: options of levers, budgets, and who pays.
OPTIONS = (
    "rural_share", "private_leverage", "alignment_target", "alignment_mode", "governance_target",
    "review_years", "upgrade_years", "fund_private_ratio", "fund_anchor", "budget_rule",
    "payer_share", "national_budget", "fund_budget",
)  # fmt: skip
#: Paths of which one that is not zero is a programme.
MOVING = tuple(item.name for item in quantities(Levers) if item.name not in OPTIONS)


def is_empty(plan: Levers) -> bool:
    """Whether a year's plan moves nothing and so costs nothing."""
    return not any(getattr(plan, name).any() for name in MOVING)


def alignment_step(plan: Levers, provisions: Array) -> Array:
    """Rise of each provision that agreements ask for this year, (..., economy, provision)."""
    return costs.law_step(plan.alignment_target, plan.alignment_pace, provisions)


def own_step(plan: Levers, provisions: Array) -> Array:
    """Rise of each provision by own aims this year, (..., economy, provision), after alignment."""
    reached = provisions + alignment_step(plan, provisions)
    return costs.law_step(plan.governance_target, plan.governance_pace, reached)


def facilitation_step(plan: Levers, facilitation: Array, facilitation_base: Array) -> Array:
    """Rise of the paperless-trade index that the plan asks for this year, (..., economy)."""
    aim = facilitation_base + plan.trade_facilitation * (1.0 - facilitation_base)
    return np.maximum(aim - facilitation, 0.0)


def public_cost(
    plan: Levers,
    gdp: Array,
    population: Array,
    working_age_share: Array,
    steps: costs.Work,
    parameters: Parameters,
) -> Array:
    """Public cost of one year's plan in USD of 2015, (..., economy, lever).

    ``steps`` are the rises of rules and systems, with what earlier rises cost to keep. Adults are
    taken as people of working age. The formulas are in ``costs``.
    """
    scope = costs.Scope(gdp, population, population * working_age_share, steps)
    return costs.public_cost(plan, scope, parameters)


def work(steps: Array, kept: Array, p: Parameters) -> Array:
    """This year's rise and the upkeep of earlier ones, in units of a rise, (..., economy).

    Authorities and systems that a programme built go on costing a share of what they cost to
    build, every year.
    """
    return steps + p.running_cost * kept


def by_payer(cost: Array, plan: Levers) -> Array:
    """Cost by payer in USD, (..., economy, payer), private money by leverage included."""
    paid = blank_planes(cost.shape[:-1], len(PAYERS))
    shares = plan.payer_share.reshape(-1, len(LEVERS), len(PAYERS))
    for lever, payer in np.argwhere(shares.any(axis=0)):
        bill = paid[..., payer]  # a view
        bill += cost[..., lever] * plan.payer_share[..., lever, payer]
    for lever in costs.LEVERAGED:
        public = cost[..., LEVERS.index(lever)]
        if public.any():
            paid[..., PRIVATE] += public * costs.private_money(lever, plan)
    return paid


def affordable(paid: Array, gdp: Array, plan: Levers) -> Array:
    """Share of the plan that the payers can bear, (..., economy).

    ``paid`` is what the whole plan would cost each payer in USD, (..., economy, payer).

    What the national budget pays may not exceed its ceiling (share of the economy's GDP), and what
    the regional fund pays its own (share of the region's GDP); a plan that does is cut in
    proportion, the fund's in every economy alike.
    """
    national = national_backing(paid, gdp, plan)
    uses_fund = paid[..., FUND] > 0.0
    if not uses_fund.any():
        return national
    fund = _ratio(plan.fund_budget * gdp.sum(axis=-1), paid[..., FUND].sum(axis=-1))
    return np.minimum(national, np.where(uses_fund, fund[..., None], 1.0))


def national_backing(paid: Array, gdp: Array, plan: Levers, first: Array | float = 0.0) -> Array:
    """Share of the national part of the plan that national budgets can bear, (..., economy).

    ``first`` in USD is what they pay before it: contributions to the regional fund.
    """
    return _ratio(np.maximum(plan.national_budget * gdp - first, 0.0), paid[..., NATIONAL])


def _ratio(ceiling: Array, asked: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(asked > ceiling, ceiling / asked, 1.0)


def planned_cost(
    levers: Levers,
    gdp: Array,
    population: Array,
    working_age_share: Array,
    provisions: Array,
    facilitation: Array,
    parameters: Parameters,
) -> Array:
    """Public cost in USD by year as planned, (year, economy, lever), if all is delivered in full.

    GDP and population stay at the values given, (economy,), so shares of GDP are comparable. What
    agreements will ask of those who join is not known beforehand and not in it.
    """
    found = []
    base = facilitation
    raised, own_raised = np.zeros_like(gdp), np.zeros_like(gdp)
    for year in range(len(levers.broadband_investment)):
        plan = levers.at(year)
        law = alignment_step(plan, provisions)
        own = own_step(plan, provisions)
        paperless = facilitation_step(plan, facilitation, base)
        steps = costs.Work(
            laws=work(total(law), raised, parameters),
            own_laws=work(total(own), own_raised, parameters),
            systems=work(paperless, facilitation - base, parameters),
        )
        cost = public_cost(plan, gdp, population, working_age_share, steps, parameters)
        found.append(cost.reshape(len(gdp), len(LEVERS)))
        raised, own_raised = raised + total(law), own_raised + total(own)
        provisions = provisions + law + own
        facilitation = facilitation + paperless
    return np.stack(found)
