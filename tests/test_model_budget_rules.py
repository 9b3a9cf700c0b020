"""Budget rules: the same money, spread as each rule says."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world_of_budgets import MEMBERS, Budgets

from sim.experiment import engine
from sim.model import behaviour, budget_rules, goals
from sim.model.budget_rules import UNCHOSEN
from sim.model.goals import COLUMNS_OF_DIVISIBLE, DIVISIBLE
from sim.model.quantities import BUDGET_RULES, GOALS, PAYERS, planes, quantities

RULES = BUDGET_RULES[1:]
NATIONAL, PARTNER = PAYERS.index("national"), PAYERS.index("partner")


@pytest.fixture(scope="module")
def world():
    return Budgets()


def mixes(state):
    money = state.programme_cost[..., COLUMNS_OF_DIVISIBLE]
    return money / money.sum(axis=-1, keepdims=True)


def share(state, lever):
    return mixes(state)[..., list(DIVISIBLE).index(lever)]


def gap(state, targets):
    return goals.gaps(goals.levels(state), targets).mean()


# Money


def test_fixed_spends_what_the_scenario_plans(world):
    old, levers = world.run(world.levers())[3], world.levers()
    plan = levers.at(3)
    decision = behaviour.decide(old, plan, world.setup.parameters)
    assert decision.plan is plan
    for name in ("broadband_investment", "egovernment_and_open_data"):
        cost = decision.cost[..., COLUMNS_OF_DIVISIBLE[list(DIVISIBLE).index(name)]]
        assert cost == pytest.approx(getattr(plan, name) * old.gdp)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "paths",
    [
        {},
        {"inclusion_targeting": 0.5, "renewable_share": 0.7, "infrastructure_sharing": 0.4},
        {"cybersecurity_programme": 0.0005, "regional_cert": 1.0, "msme_support": 0.02},
        {"sector_digitalisation": 0.0004, "innovation_fund": 0.001},
        {"national_budget": 0.0009},
    ],
    ids=["plain", "surcharges", "joint costs", "by sector", "a budget that binds"],
)
def test_every_rule_spends_the_money_of_the_plan_to_the_dollar(world, rule, paths):
    moved = False
    for step, old in enumerate(world.run(world.levers(rule, **paths))[:-1]):
        own = behaviour.decide(old, world.levers(rule, **paths).at(step), world.setup.parameters)
        fixed = behaviour.decide(old, world.levers(**paths).at(step), world.setup.parameters)
        assert own.cost.sum(axis=-1) == pytest.approx(fixed.cost.sum(axis=-1), rel=1e-9)
        moved |= not np.allclose(own.cost, fixed.cost)
    assert moved


@pytest.mark.parametrize("rule", RULES)
def test_each_payer_pays_what_it_would_have_paid(world, rule):
    def levers(of):
        found = world.levers(of)
        broadband = found.payer_share[:, :, 0]
        broadband[..., NATIONAL], broadband[..., PARTNER] = 0.4, 0.6
        return found

    old = world.run(levers(rule))[4]
    own = behaviour.decide(old, levers(rule).at(4), world.setup.parameters)
    fixed = behaviour.decide(old, levers("fixed").at(4), world.setup.parameters)
    for payer in (NATIONAL, PARTNER):
        assert own.paid[..., payer] == pytest.approx(fixed.paid[..., payer], rel=1e-9)


def test_a_stated_budget_without_a_plan_is_spent_by_the_rule(world):
    nothing = dict.fromkeys(DIVISIBLE, 0.0)
    states = world.run(world.levers("gap_closing", national_budget=0.0007, **nothing))
    for old, new in pairwise(states):
        assert new.programme_cost.sum(axis=-1) == pytest.approx(0.0007 * old.gdp, rel=1e-9)


def test_no_lever_goes_beyond_what_is_allowed(world):
    most = {item.name: item.high for item in quantities(type(world.levers()))}
    old = world.setup.base
    plan = world.levers("gap_closing", broadband_investment=0.05).at(0)
    decided = behaviour.decide(old, plan, world.setup.parameters).plan
    amounts = budget_rules.amounts(decided, old.gdp.shape)
    for row, name in enumerate(DIVISIBLE):
        assert amounts[..., row].max() <= most[name] * (1 + 1e-12), name


@given(st.integers(0, 2**32 - 1))
def test_money_is_kept_wherever_there_is_room_for_it(seed):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(5), (2, 3)) * (rng.random((2, 3, 5)) > 0.3)
    shares = budget_rules.mix(shares, np.full_like(shares, 0.2))
    money = rng.uniform(0.0, 10.0, (2, 3))
    most = rng.exponential(2.0, (2, 3, 5))
    spent = budget_rules.within(shares, money, most)
    assert (spent >= 0.0).all()
    assert (spent <= most).all()
    assert spent.sum(axis=-1) == pytest.approx(np.minimum(money, most.sum(axis=-1)), rel=1e-9)


def test_money_that_fits_goes_by_shares():
    shares = np.array([[[0.5, 0.3, 0.2]]])
    spent = budget_rules.within(shares, np.array([[10.0]]), np.array([[[2.0, 50.0, 50.0]]]))
    assert spent[0, 0] == pytest.approx([2.0, 8.0 * 0.6, 8.0 * 0.4])


def test_economies_under_other_rules_do_not_touch_those_that_are_fixed(world):
    levers = world.levers()
    laos = world.economies.index("LAO")
    levers.budget_rule[:, laos] = BUDGET_RULES.index("gap_closing")
    old = world.setup.base
    decided = behaviour.decide(old, levers.at(0), world.setup.parameters)
    fixed = behaviour.decide(old, world.levers().at(0), world.setup.parameters)
    others = [row for row in range(len(world.economies)) if row != laos]
    assert np.array_equal(decided.cost[:, others], fixed.cost[:, others])
    assert not np.allclose(decided.cost[:, laos], fixed.cost[:, laos])


# What the rules do


def test_gap_closing_narrows_gaps_more_than_fixed_with_the_same_money(world):
    one_sided = dict.fromkeys(DIVISIBLE, 0.0) | {"broadband_investment": 0.003}
    fixed = world.run(world.levers(**one_sided))
    closing = world.run(world.levers("gap_closing", **one_sided))
    targets = world.setup.base.targets
    assert gap(closing[-1], targets) < gap(fixed[-1], targets) - 0.005
    spent = [sum(s.programme_cost.sum() / s.gdp.sum() for s in run) for run in (fixed, closing)]
    assert spent[1] == pytest.approx(spent[0], rel=0.01)


def test_gap_closing_gives_most_to_what_lags_most_and_nothing_to_a_target_that_is_met(world):
    old = world.run(world.levers())[2]
    missing = goals.gaps(goals.levels(old), old.targets)
    wanted = budget_rules.by_gaps(old, np.zeros((MEMBERS, len(world.economies), len(DIVISIBLE))))
    for row, (goal, _) in enumerate(DIVISIBLE.values()):
        met = missing[..., GOALS.index(goal)] == 0.0
        assert (wanted[..., row][met] == 0.0).all()
    lever = list(DIVISIBLE).index
    skills, users = missing[..., GOALS.index("basic_skills")], missing[..., 0]
    more = wanted[..., lever("basic_skills_programme")] > wanted[..., lever("broadband_investment")]
    assert (more == (skills > users)).all()


def test_imitation_brings_mixes_together(world):
    levers = world.levers("imitate")
    levers.broadband_investment[:, ::2] = 0.004  # every other economy starts with another mix
    states = world.run(levers)
    spread = [mixes(state).std(axis=1).mean() for state in states[1:]]
    assert spread[-1] < 0.7 * spread[0]


def test_one_learns_from_the_peer_with_the_best_record_unless_incomes_are_far_apart(world):
    p, old = world.setup.parameters, world.run(world.levers())[1]
    economies = len(world.economies)
    old.progress = np.zeros_like(old.gdp)
    vietnam, singapore = world.economies.index("VNM"), world.economies.index("SGP")
    old.progress[:, vietnam] = 0.02
    teachers = budget_rules.best_similar_peer(old, p)[..., 0]
    assert (teachers[:, [world.economies.index(c) for c in ("LAO", "KHM", "PHL")]] == vietnam).all()
    assert (teachers[:, vietnam] == vietnam).all()
    old.progress[:, vietnam] = 0.0
    old.progress[:, singapore] = 1e-4  # a little better, but far richer
    teachers = budget_rules.best_similar_peer(old, p)[..., 0]
    alone = np.arange(economies)
    poor = world.economies.index("LAO")
    assert (teachers[:, poor] == alone[poor]).all()


def test_marginal_moves_away_from_a_lever_that_brings_nothing(world):
    setup, none = world.setup, world.setup.parameters.ceiling_network
    try:
        setup.parameters.ceiling_network = 0.0 * none
        dead = world.run(world.levers("marginal"))
    finally:
        setup.parameters.ceiling_network = none
    falling = [share(state, "broadband_investment").mean() for state in dead[1:]]
    assert falling[-1] < 0.5 * falling[0]
    alive = world.run(world.levers("marginal"))
    assert share(alive[-1], "broadband_investment").mean() > falling[-1]


def test_marginal_moves_money_to_what_brought_more(world):
    mix = np.array([[[0.5, 0.5] + [0.0] * (len(DIVISIBLE) - 2)]])
    old = world.setup.base
    p = world.setup.parameters

    class Seen:
        lever_yield = np.zeros((MEMBERS, 1, 29))

    Seen.lever_yield[..., COLUMNS_OF_DIVISIBLE[0]] = 3.0
    Seen.lever_yield[..., COLUMNS_OF_DIVISIBLE[1]] = 1.0
    found = budget_rules.by_returns(np.repeat(mix, MEMBERS, axis=0), Seen, p)
    speed, trials = p.budget_speed[:, 0], p.budget_trials[:, 0]
    grown = 0.5 * (1.0 + speed * (3.0 / 2.0 - 1.0))
    assert found[:, 0, 0] == pytest.approx((1.0 - trials) * grown + trials / len(DIVISIBLE))
    assert found.sum(axis=-1) == pytest.approx(np.ones((MEMBERS, 1)))
    assert old.lever_yield.max() == 0.0  # nothing is known in the base year


def test_results_are_remembered_of_levers_that_were_tried(world):
    states = world.run(world.levers("marginal"))
    known = states[-1].lever_yield[..., COLUMNS_OF_DIVISIBLE]
    assert (known[..., list(DIVISIBLE).index("basic_skills_programme")] > 0.0).any()
    assert not world.run(world.levers("fixed"))[-1].lever_yield.any()


# Own rules, and whoever comes first


def test_own_choice_of_teachers_leaves_the_others_to_the_model():
    built_in = np.array([[[1], [2], [0]], [[2], [0], [1]]])
    own = np.array([[UNCHOSEN, UNCHOSEN], [0, 2], [1, UNCHOSEN]])
    found = budget_rules.chosen_teachers(own, built_in)
    assert found.shape == (2, 3, 2)
    assert found[0].tolist() == [[1, 1], [0, 2], [1, 1]]
    assert found[1].tolist() == [[2, 2], [0, 2], [1, 1]]


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_economies_does_not_matter(world, rule):
    old = world.run(world.levers(rule))[3]
    plan, order = world.levers(rule).at(3), np.random.default_rng(1).permutation(11)
    mixed = type(old)(**{item.name: _reordered(old, item, order) for item in quantities(type(old))})
    straight = behaviour.decide(old, plan, world.setup.parameters)
    p = world.setup.parameters
    found = behaviour.decide(mixed, _plan_reordered(plan, order), p)
    assert found.cost == pytest.approx(straight.cost[:, order], rel=1e-12)


def _reordered(holder, item, order):
    values = getattr(holder, item.name)
    for axis, name in enumerate(item.axes):
        if name in ("economy", "partner"):
            values = np.take(values, order, axis=axis)
    return planes(values) if item.axes[-1] in ("goal", "lever", "provision") else values


def _plan_reordered(plan, order):
    paths = {
        item.name: np.take(getattr(plan, item.name), order, axis=item.axes.index("economy") - 1)
        for item in quantities(type(plan))
        if "economy" in item.axes
    }
    return plan.having(**paths)


def test_a_rule_of_ones_own_runs_in_the_whole_ensemble(world):
    def teach(old, plan, shares, p):
        own = np.zeros_like(shares)
        own[..., list(DIVISIBLE).index("basic_skills_programme")] = 1.0
        return own

    decide = partial(behaviour.decide, conduct=behaviour.Conduct(spread=teach))
    levers = world.levers(broadband_investment=0.0002)
    case = engine.Case("own", world.case.region, world.case.world, levers, world.case.posterior)
    own = engine.run_members(case, 5, range(MEMBERS), decide)
    plain = engine.run_members(case, 5, range(MEMBERS))
    assert own.shape == plain.shape
    row = engine.ALL_COLUMNS.index("basic_skills")
    assert (own[row, :, -1] > plain[row, :, -1]).all()
    again = engine.run_members(case, 5, range(2, 4), decide)
    assert np.array_equal(again, own[:, 2:4])
