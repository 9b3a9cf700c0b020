"""What member states and their body decide, on last year's state: plan, money, whom to follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sim.model import bodies, budget, budget_rules, costs
from sim.model.budget import BROADBAND, FUND, PRIVATE
from sim.model.budget_rules import LearnFrom, Spread
from sim.model.goals import COLUMNS_OF_DIVISIBLE
from sim.model.learning import Teachers
from sim.model.parameters import Parameters
from sim.model.quantities import LEVERS, PAYERS, Array, Levers, State, blank_planes, total

REGIONAL_FUND = LEVERS.index("regional_fund")


#: Given last year's state, the plan and the parameters: who joins which agreement, (m, e,
#: instrument) or (e, instrument): 1 joins as soon as it may, 0 stays out, UNDECIDED is left to the
#: model.
Ratify = Callable[[State, Levers, Parameters], Array]
UNDECIDED = -1.0


@dataclass(frozen=True, slots=True)
class Conduct:
    """How states and bodies choose: functions on arrays, which may be replaced by one's own.

    ``spread`` of a budget over levers after the built-in rules, ``learn_from`` whom, ``allocate``
    the regional fund, what a ``review`` of delivery corrects, and which agreements to ``ratify``.
    """

    spread: Spread | None = None
    learn_from: LearnFrom | None = None
    allocate: bodies.Allocate = bodies.claims
    review: bodies.Review = bodies.review
    ratify: Ratify | None = None


#: The conduct that is built in.
BUILT_IN = Conduct()


@dataclass(slots=True)
class Decision:
    """One year's decisions: the ``plan`` and the share of it that is ``funded``, (m, e).

    ``cost`` is the public cost of what is funded in USD, (m, e, lever), ``paid`` the money by
    payer, (m, e, payer), private money included; ``law_step``, ``own_step`` and ``paperless_step``
    are the planned rises of provisions, as agreed with others and by own aims, and of paperless
    trade. ``review_gain`` is the part of under-delivery that is corrected from next year on,
    (m, e); ``fund`` the regional fund's year, None where there is no fund; ``teachers`` the numbers
    of those each economy learns from, (e, k) or (m, e, k), None for the built-in choice.
    ``delivered`` is the share of the plan that becomes real, (m, e): what is funded, as far as
    institutions deliver; the schedule sets it.
    ``ratifies`` says who joins which agreement, as ``Ratify``; None leaves all to the model.
    """

    plan: Levers
    funded: Array
    cost: Array
    paid: Array
    law_step: Array
    own_step: Array
    paperless_step: Array
    review_gain: Array
    fund: bodies.Money | None = None
    teachers: Teachers | None = None
    ratifies: Array | None = None
    delivered: Array = field(init=False)

    def deliver(self, delivery: Array) -> None:
        """Set what is delivered, from the share of public investment that becomes assets."""
        self.delivered = self.funded * delivery * (1.0 - self.plan.shocks.delivery_loss)


def decide(old: State, plan: Levers, p: Parameters, conduct: Conduct = BUILT_IN) -> Decision:
    """Spread budgets by their rules, fund the plan as far as they reach, at last year's GDP."""
    decision = _budget(old, plan, p, conduct)
    if conduct.ratify is not None:
        decision.ratifies = conduct.ratify(old, decision.plan, p)
    return decision


def _budget(old: State, plan: Levers, p: Parameters, conduct: Conduct) -> Decision:
    """All of the decision that is about money."""
    fund = bodies.collect(old, plan)
    teachers = None if conduct.learn_from is None else conduct.learn_from(old, p)
    given = plan.budget_rule.any() or conduct.spread is not None or fund is not None
    kept = (old.laws_raised, old.own_laws_raised, old.systems_built)
    if budget.is_empty(plan) and not given and not any(built.any() for built in kept):
        return nothing(old, plan, bodies.reviewed(old, plan, p, conduct.review), teachers)
    law, own = budget.alignment_step(plan, old.provisions), budget.own_step(plan, old.provisions)
    paperless = budget.facilitation_step(plan, old.facilitation, old.facilitation_base)
    work = _work(old, plan, law, own, paperless, p)

    def cost_of(some: Levers) -> Array:
        return budget.public_cost(some, old.gdp, old.population, old.working_age_share, work, p)

    asked = cost_of(plan)
    if plan.budget_rule.any() or conduct.spread is not None:
        paid_in = np.zeros_like(old.gdp) if fund is None else fund.contributions
        plan = budget_rules.spread_budgets(old, plan, asked, paid_in, p, teachers, conduct.spread)
        asked = cost_of(plan)
    bill = budget.by_payer(asked, plan)
    if fund is None:
        funded = np.broadcast_to(budget.affordable(bill, old.gdp, plan), old.gdp.shape)
        funded = _less_gap(funded, plan)
    else:
        plan, asked, bill, funded = _with_fund(old, plan, asked, bill, fund, p, conduct)
    share = funded[..., None]
    return Decision(
        plan, funded, asked * share, bill * share, law, own, paperless,
        bodies.reviewed(old, plan, p, conduct.review), fund, teachers,
    )  # fmt: skip


def drives(plan: Levers) -> Array:
    """Who drives an agreement in a year, or how agreements bind, (..., economy)."""
    return np.asarray(plan.accession_push.any(axis=-1) | (plan.alignment_mode > 0.0))


def _work(
    old: State, plan: Levers, law: Array, own: Array, paperless: Array, p: Parameters
) -> costs.Work:
    """The year's work on rules and systems, with the upkeep of what programmes built before.

    What agreements ask of parties is part of the programme of those that drive them.
    """
    driven = drives(plan)
    agreed = np.where(driven[..., None], np.maximum(law, old.due_rules), law)
    exchange = np.where(driven, np.maximum(paperless, old.due_paperless), paperless)
    return costs.Work(
        laws=budget.work(total(agreed), old.laws_raised, p),
        own_laws=budget.work(total(own), old.own_laws_raised, p),
        systems=budget.work(exchange, old.systems_built, p),
    )


def _less_gap(funded: Array, plan: Levers) -> Array:
    """What is funded, where for a part of the plan no money comes."""
    gap = plan.shocks.funding_gap
    return funded * (1.0 - gap) if gap.any() else funded


def _with_fund(
    old: State,
    plan: Levers,
    asked: Array,
    bill: Array,
    fund: bodies.Money,
    p: Parameters,
    conduct: Conduct,
) -> tuple[Levers, Array, Array, Array]:
    """The fund pays what plans ask of it, then free grants; plan, cost, bill and share funded.

    Grants go to the divisible levers by the recipient's gaps, on top of its plan. The fund's
    administration is a cost of the lever regional_fund, where the money goes.
    """
    claim = conduct.allocate(old, plan, p)
    backed = bodies.backing(fund, bill, claim, plan, old.gdp, p)
    national = budget.national_backing(bill, old.gdp, plan, fund.contributions)
    funded = _less_gap(np.minimum(national, backed), plan)
    used = funded * bill[..., FUND]
    free = bodies.grants(fund, used, claim, plan, old.gdp, p)
    plan, extra = budget_rules.add_grants(old, plan, free, p)
    given = total(extra)
    fund.pay(used + funded * given, p)
    for position, column in enumerate(COLUMNS_OF_DIVISIBLE):
        asked[..., column] += extra[..., position]
    running = p.fund_administration * (bill[..., FUND] + given)
    asked[..., REGIONAL_FUND] += running
    bill[..., PRIVATE] += extra[..., COLUMNS_OF_DIVISIBLE.index(BROADBAND)] * plan.private_leverage
    bill[..., FUND] += given + running
    return plan, asked, bill, funded


def nothing(
    old: State, plan: Levers, review_gain: Array, teachers: Teachers | None = None
) -> Decision:
    """The decision of a year in which nothing is planned: it costs nothing and is funded."""
    return Decision(
        plan=plan,
        funded=np.ones_like(old.gdp),
        cost=blank_planes(old.gdp.shape, len(LEVERS)),
        paid=blank_planes(old.gdp.shape, len(PAYERS)),
        law_step=np.zeros_like(old.provisions),
        own_step=np.zeros_like(old.provisions),
        paperless_step=np.zeros_like(old.facilitation),
        review_gain=review_gain,
        teachers=teachers,
    )
