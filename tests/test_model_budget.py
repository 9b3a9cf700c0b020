"""What programmes cost, who pays, how a plan is cut to its budgets, and what is decided."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.model import budget, costs
from sim.model.behaviour import decide
from sim.model.parameters import Parameters, central
from sim.model.quantities import LEVERS, PAYERS, PROVISIONS
from sim.policy.paths import empty_paths

E = 3
GDP = np.array([100e9, 20e9, 4e9])
PEOPLE = np.array([50e6, 10e6, 4e6])
WORKING = np.array([0.65, 0.6, 0.55])
NATIONAL, FUND, PRIVATE = (PAYERS.index(n) for n in ("national", "regional_fund", "private"))


def no_plan(years=1):
    return empty_paths(years, E).at(0)


def params(**values):
    return replace(central(E), **{name: np.full((1, 1), value) for name, value in values.items()})


def public_cost(plan, p, law=0.0, paperless=0.0, own=0.0):
    steps = costs.Work(np.full(E, law), np.full(E, own), np.full(E, paperless))
    return budget.public_cost(plan, GDP[None], PEOPLE, WORKING, steps, p)[0]


def column(cost, lever):
    return cost[:, LEVERS.index(lever)]


def paid_by(plan, **shares):
    plan.payer_share[:] = 0.0
    for payer, share in shares.items():
        plan.payer_share[..., PAYERS.index(payer)] = share
    return plan


# Unit costs


def test_no_plan_costs_nothing():
    assert (public_cost(no_plan(), central(E)) == 0.0).all()


def test_broadband_costs_what_is_spent():
    plan = no_plan()
    plan.broadband_investment[:] = [0.004, 0.0, 0.02]
    cost = public_cost(plan, central(E))
    assert column(cost, "broadband_investment") == pytest.approx([0.4e9, 0.0, 0.08e9])
    assert cost.sum() == pytest.approx(0.48e9)


def test_courses_and_degrees_cost_a_share_of_income_a_head():
    p = params(training_completion=0.63, course_cost=0.004, graduate_cost=1.5)
    plan = no_plan()
    plan.basic_skills_programme[:], plan.advanced_skills_programme[:] = 0.02, 0.001
    cost = public_cost(plan, p)
    certified = 0.02 * PEOPLE * WORKING * 0.63
    assert column(cost, "basic_skills_programme") == pytest.approx(certified * 0.004 * GDP / PEOPLE)
    graduates = 0.001 * PEOPLE * WORKING
    assert column(cost, "advanced_skills_programme") == pytest.approx(
        graduates * 1.5 * GDP / PEOPLE
    )


def test_laws_and_systems_cost_by_the_step_and_sharing_by_the_year():
    p = params(law_cost=3e6, law_cost_share=2e-5, facilitation_cost=2e7, sharing_cost=5e-5)
    plan = no_plan()
    plan.infrastructure_sharing[:] = 0.5
    cost = public_cost(plan, p, law=1.2, paperless=0.1, own=0.5)
    assert column(cost, "data_policy_alignment") == pytest.approx(1.2 * (3e6 + 2e-5 * GDP))
    assert column(cost, "data_and_ai_governance") == pytest.approx(0.5 * (3e6 + 2e-5 * GDP))
    assert column(cost, "trade_facilitation") == pytest.approx(np.full(E, 2e6))
    assert column(cost, "infrastructure_sharing") == pytest.approx(0.5 * 5e-5 * GDP)


# Payers


def upto(most):
    """Numbers from zero to the most, none of them absurdly small."""
    return st.integers(0, 1000).map(lambda thousandths: most * thousandths / 1000)


COSTS = hnp.arrays(float, (2, E, len(LEVERS)), elements=st.integers(0, 10**9))


@given(COSTS, st.floats(0, 3), st.floats(0, 1), st.floats(0, 1))
def test_cost_by_lever_and_private_money_are_the_cost_by_payer(cost, leverage, fund, partner):
    plan = no_plan()
    total = max(fund + partner, 1.0)
    fund, partner = fund / total, partner / total
    paid_by(plan, national=1.0 - fund - partner, regional_fund=fund, partner=partner)
    plan.private_leverage[:] = leverage
    paid = budget.by_payer(cost, plan)
    drawn_in = leverage * cost[..., LEVERS.index("broadband_investment")]
    centres = cost[..., LEVERS.index("cloud_and_data_centres")]
    drawn_in = drawn_in + costs.DATA_CENTRE_PRIVATE * centres
    assert paid.sum(axis=-1) == pytest.approx(cost.sum(axis=-1) + drawn_in)
    assert paid[..., PRIVATE] == pytest.approx(drawn_in)
    assert (paid >= -1e-3).all()


def test_leverage_draws_private_money_into_broadband_only():
    plan = no_plan()
    plan.private_leverage[:] = 2.0
    cost = np.zeros((1, E, len(LEVERS)))
    cost[..., LEVERS.index("basic_skills_programme")] = 5.0
    assert budget.by_payer(cost, plan)[..., PRIVATE].sum() == 0.0


# Budgets


def test_a_plan_without_ceilings_is_funded_in_full():
    cost = np.full((1, E, len(LEVERS)), 1e12)
    assert (budget.affordable(budget.by_payer(cost, no_plan()), GDP, no_plan()) == 1.0).all()


def test_a_plan_at_its_ceiling_is_funded_in_full_and_above_it_in_proportion():
    plan = no_plan()
    plan.national_budget[:] = 0.01
    cost = np.zeros((1, E, len(LEVERS)))
    cost[0, :, 0] = [1e9, 0.8e9, 0.01e9]  # 1 %, 4 % and 0.25 % of GDP
    assert budget.affordable(budget.by_payer(cost, plan), GDP, plan)[0] == pytest.approx(
        [1.0, 0.25, 1.0]
    )


def test_the_regional_fund_is_shared_alike_among_those_who_use_it():
    plan = no_plan()
    plan.payer_share[:2, :, FUND], plan.payer_share[:2, :, NATIONAL] = 0.5, 0.5
    plan.fund_budget = np.array(0.001)
    cost = np.zeros((1, E, len(LEVERS)))
    cost[0, :, 0] = [400e6, 96e6, 50e6]  # the fund is asked for 248 of the 124 million it has
    assert budget.affordable(budget.by_payer(cost, plan), GDP, plan)[0] == pytest.approx(
        [0.5, 0.5, 1.0]
    )


@given(COSTS, upto(0.01), upto(0.01), upto(1.0), upto(3.0))
def test_no_payer_pays_more_than_its_ceiling(cost, national, fund, share, leverage):
    plan = paid_by(no_plan(), national=1.0 - share, regional_fund=share)
    plan.national_budget[:], plan.fund_budget = national, np.array(fund)
    plan.private_leverage[:] = leverage
    funded = budget.affordable(budget.by_payer(cost, plan), GDP, plan)
    assert ((funded >= 0.0) & (funded <= 1.0)).all()
    paid = budget.by_payer(cost * funded[..., None], plan)
    assert (paid[..., NATIONAL] <= national * GDP * (1 + 1e-9) + 1e-6).all()
    assert (paid[..., FUND].sum(axis=-1) <= fund * GDP.sum() * (1 + 1e-9) + 1e-6).all()


# Steps of law and of systems


def test_facilitation_closes_its_share_of_the_gap_of_the_base_year_and_never_falls():
    plan = no_plan()
    plan.trade_facilitation[:] = [0.5, 0.5, 0.0]
    base = np.array([0.4, 0.4, 0.4])
    now = np.array([0.4, 0.8, 0.6])
    assert budget.facilitation_step(plan, now, base) == pytest.approx([0.3, 0.0, 0.0])


def test_building_costs_of_an_alignment_do_not_depend_on_its_pace_and_end_with_it():
    provisions = np.full((E, len(PROVISIONS)), 0.3)
    p = params(running_cost=0.0)
    one = Parameters(**{f.name: getattr(p, f.name)[0] for f in fields(p)})
    totals = []
    for years in (2, 6):
        levers = empty_paths(8, E)
        levers.alignment_target[:years] = 0.9
        levers.alignment_pace[:years] = (1.0 / np.arange(years, 0, -1))[:, None]
        cost = budget.planned_cost(levers, GDP, PEOPLE, WORKING, provisions, np.full(E, 0.3), one)
        assert (cost[years:] == 0.0).all()
        totals.append(cost.sum(axis=0))
    assert totals[0] == pytest.approx(totals[1])
    steps = 6 * 0.6
    assert column(totals[0], "data_policy_alignment") == pytest.approx(
        steps * (p.law_cost + p.law_cost_share * GDP)[0]
    )


def test_what_a_programme_built_costs_a_share_of_it_to_keep_every_year():
    provisions = np.full((E, len(PROVISIONS)), 0.3)
    p = params(running_cost=0.2)
    one = Parameters(**{f.name: getattr(p, f.name)[0] for f in fields(p)})
    levers = empty_paths(4, E)
    levers.alignment_target[:1], levers.alignment_pace[:1] = 0.9, 1.0
    cost = budget.planned_cost(levers, GDP, PEOPLE, WORKING, provisions, np.full(E, 0.3), one)
    assert cost[1:] == pytest.approx(np.broadcast_to(0.2 * cost[0], cost[1:].shape))


# Decisions


class Before:
    """What a decision reads of last year's state."""

    gdp = np.stack([GDP, 2.0 * GDP])
    population, working_age_share = PEOPLE, WORKING
    provisions = np.full((2, E, len(PROVISIONS)), 0.4)
    facilitation = np.full((2, E), 0.5)
    facilitation_base = np.full((2, E), 0.5)
    laws_raised = own_laws_raised = systems_built = review_gain = np.zeros((2, E))
    due_rules, due_paperless = np.zeros((2, E, len(PROVISIONS))), np.zeros((2, E))
    fund_balance = np.zeros(2)


def test_decisions_that_are_funded_in_part_cost_that_part():
    plan = no_plan()
    plan.broadband_investment[:], plan.private_leverage[:] = 0.02, 0.5
    plan.national_budget[:] = 0.005
    decision = decide(Before, plan, central(E))
    assert decision.funded == pytest.approx(np.full((2, E), 0.25))
    assert decision.cost.sum(axis=-1) == pytest.approx(0.005 * Before.gdp)
    assert decision.paid[..., NATIONAL] == pytest.approx(0.005 * Before.gdp)
    assert decision.paid[..., PRIVATE] == pytest.approx(0.0025 * Before.gdp)


def test_decisions_without_a_plan_change_and_cost_nothing():
    decision = decide(Before, no_plan(), central(E))
    assert (decision.cost == 0.0).all()
    assert (decision.paid == 0.0).all()
    assert (decision.law_step == 0.0).all()
    assert (decision.paperless_step == 0.0).all()
    assert (decision.funded == 1.0).all()
