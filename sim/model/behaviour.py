"""What member states decide, on last year's state: their plan, and how much of it is funded."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.model import budget
from sim.model.parameters import Parameters
from sim.model.quantities import LEVERS, PAYERS, Array, Levers, State, blank_planes, total


@dataclass(slots=True)
class Decision:
    """One year's decisions: the ``plan`` and the share of it that is ``funded``, (m, e).

    ``cost`` is the public cost of what is funded in USD, (m, e, lever), ``paid`` the money by
    payer, (m, e, payer), private money included; ``law_step`` and ``paperless_step`` are the
    planned rises of provisions and of paperless trade. ``delivered`` is the share of the plan that
    becomes real, (m, e): what is funded, as far as institutions deliver; the schedule sets it.
    """

    plan: Levers
    funded: Array
    cost: Array
    paid: Array
    law_step: Array
    paperless_step: Array
    delivered: Array = field(init=False)

    def deliver(self, delivery: Array) -> None:
        """Set what is delivered, from the share of public investment that becomes assets."""
        self.delivered = self.funded * delivery * (1.0 - self.plan.shocks.delivery_loss)


def decide(old: State, plan: Levers, p: Parameters) -> Decision:
    """Fund the year's plan as far as the budgets reach, at last year's GDP and people."""
    built = old.facilitation - old.facilitation_base
    if budget.is_empty(plan) and not old.laws_raised.any() and not built.any():
        return nothing(old, plan)
    law = budget.alignment_step(plan, old.provisions)
    paperless = budget.facilitation_step(plan, old.facilitation, old.facilitation_base)
    laws = budget.work(total(law), old.laws_raised, p)
    systems = budget.work(paperless, built, p)
    asked = budget.public_cost(
        plan, old.gdp, old.population, old.working_age_share, laws, systems, p
    )
    bill = budget.by_payer(asked, plan)
    funded = np.broadcast_to(budget.affordable(bill, old.gdp, plan), old.gdp.shape)
    share = funded[..., None]
    return Decision(plan, funded, asked * share, bill * share, law, paperless)


def nothing(old: State, plan: Levers) -> Decision:
    """The decision of a year in which nothing is planned: it costs nothing and is funded."""
    return Decision(
        plan=plan,
        funded=np.ones_like(old.gdp),
        cost=blank_planes(old.gdp.shape, len(LEVERS)),
        paid=blank_planes(old.gdp.shape, len(PAYERS)),
        law_step=np.zeros_like(old.provisions),
        paperless_step=np.zeros_like(old.facilitation),
    )
