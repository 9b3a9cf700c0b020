"""Agents and the regional body choose in their own way; by default as in a batch."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from test_mesa import REGIONS, SCENARIOS, SEED, by_hand, finish, short

import sim
from sim.errors import InputError
from sim.experiment import engine
from sim.experiment.agents import MemberState, RegionalBody, RegionModel
from sim.experiment.plan import case_of
from sim.model.goals import DIVISIBLE
from sim.model.quantities import BUDGET_RULES, LEVERS
from sim.policy import Scenario

BROADBAND = LEVERS.index("broadband_investment")


@pytest.fixture(scope="module")
def push() -> Scenario:
    return Scenario.load(SCENARIOS / REGIONS["asean"])


def set_up(levers, rule: str) -> None:
    """A budget rule for all, a fund and a body in the lever paths."""
    levers.budget_rule[:] = BUDGET_RULES.index(rule)
    levers.regional_fund[:], levers.fund_private_ratio[:], levers.fund_anchor[:] = 0.0002, 0.5, 0.4
    levers.regional_governance[:], levers.review_years[:], levers.upgrade_years[:] = 0.8, 2, 3


@pytest.mark.parametrize("rule", BUDGET_RULES)
def test_rules_and_bodies_of_agents_agree_with_the_batch(push, rule):
    model = RegionModel(scenario=push, rng=SEED, member=3)
    set_up(model.levers, rule)
    case = replace(case_of(push), levers=model.levers)
    batch = engine.run_members(case, SEED, range(3, 4))[:, 0]
    np.testing.assert_allclose(by_hand(finish(model)), batch, rtol=1e-12, atol=1e-300)


def test_overriding_with_what_is_built_in_changes_nothing(push):
    class SameState(MemberState):
        def spend(self, shares):
            return dict(shares)

        def learn_from(self):
            return None

    class SameBody(RegionalBody):
        def allocate(self):
            return super().allocate()

        def review(self):
            return super().review()

    found = []
    for states, body in ((MemberState, RegionalBody), (SameState, SameBody)):
        model = RegionModel(scenario=push, rng=SEED, agent_class=states, body_class=body)
        set_up(model.levers, "imitate")
        found.append(by_hand(finish(model)))
    np.testing.assert_allclose(*found, rtol=1e-12, atol=1e-300)


def test_a_budget_rule_of_ones_own_takes_fewer_than_ten_lines(push):
    class Teaches(sim.MemberState):
        def spend(self, shares):
            return {"basic_skills_programme": 0.8, "broadband_investment": 0.2}

    assert len(inspect.getsource(Teaches).splitlines()) < 10
    plain = RegionModel(scenario=push, rng=SEED)
    own = RegionModel(scenario=push, rng=SEED, agent_class=Teaches)
    plain.step()
    own.step()
    money = own.state.programme_cost[0]
    assert money.sum(axis=1) == pytest.approx(plain.state.programme_cost[0].sum(axis=1), rel=1e-9)
    moved = plain.state.programme_cost[0, :, BROADBAND] > 0.0
    whole = sum(money[moved][:, LEVERS.index(name)] for name in DIVISIBLE)
    assert money[moved, BROADBAND] == pytest.approx(0.2 * whole, rel=1e-9)


def test_whom_to_learn_from_takes_fewer_than_ten_lines(push):
    class FollowsVietnam(sim.MemberState):
        def learn_from(self):
            return ["VNM"]

    assert len(inspect.getsource(FollowsVietnam).splitlines()) < 10
    model = RegionModel(scenario=push, rng=SEED, agent_class=FollowsVietnam)
    set_up(model.levers, "imitate")

    def mixes():
        money = model.state.programme_cost[0][:, [LEVERS.index(name) for name in DIVISIBLE]]
        return money / money.sum(axis=1, keepdims=True)

    vietnam, apart = model.economies.index("VNM"), []
    for _ in range(8):
        model.step()
        mix = mixes()
        apart.append(np.abs(mix - mix[vietnam]).sum())
    assert apart[-1] < 0.5 * apart[0]
    assert (model.decision.teachers == vietnam).all()


def test_a_body_of_ones_own_takes_fewer_than_ten_lines(push):
    class Poorest(sim.RegionalBody):
        def allocate(self):
            states = self.model.agents
            return {min(states, key=lambda state: state.kpi("gdp_per_person")).iso3: 1.0}

        def review(self):
            return {"LAO": 0.5}

    assert len(inspect.getsource(Poorest).splitlines()) < 10
    model = RegionModel(region=push.world, rng=SEED, body_class=Poorest)
    set_up(model.levers, "fixed")
    for _ in range(4):
        poorest = min(model.agents, key=lambda state: state.gdp / state.population).iso3
        model.step()
    links = {state.iso3: state.kpi("cost_lever_international_links") for state in model.agents}
    grants = {code: paid - 1e6 * links[code] for code, paid in model.body.transfers.items()}
    assert {code for code, paid in grants.items() if paid > 1.0} == {poorest}
    plain = model.setup.delivery[0]
    better = {
        code for row, code in enumerate(model.economies)
        if model[code].delivery_quality > plain[row]
    }  # fmt: skip
    assert better == {"LAO"}
    assert model.body.fund_balance > 0.0
    assert model.body.fund_income > 0.0


def test_the_body_is_no_member_state(push):
    model = RegionModel(scenario=push)
    assert model.body not in model.agents
    assert {type(agent) for agent in model.agents} == {MemberState}


def test_states_say_what_is_missing_and_by_what_rule_they_spend(push):
    model = RegionModel(scenario=short(push))
    set_up(model.levers, "gap_closing")
    model.step()
    laos = model["LAO"]
    assert laos.budget_rule == "gap_closing"
    assert laos.gaps["internet_users"] > model["SGP"].gaps["internet_users"]


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (lambda shares: {"broadband_investment": 0.4}, "do not add up to 1"),
        (lambda shares: {"broadband_invest": 1.0}, "did you mean broadband_investment"),
        (lambda shares: {"broadband_investment": -1.0}, "0 to 1"),
        (lambda shares: [1.0], "numbers by name"),
    ],
)
def test_shares_of_a_budget_out_of_range_are_refused(push, choice, message):
    model = RegionModel(scenario=short(push))
    model["VNM"].spend = choice
    with pytest.raises(InputError, match=message) as raised:
        model.step()
    assert "VNM spend()" in str(raised.value)


def test_unknown_teachers_and_recipients_are_refused(push):
    model = RegionModel(scenario=short(push))
    model["VNM"].learn_from = lambda: ["LAQ"]
    with pytest.raises(InputError, match="did you mean LAO"):
        model.step()
    del model["VNM"].learn_from
    set_up(model.levers, "fixed")
    model.body.allocate = lambda: {"LAO": -1.0}
    with pytest.raises(InputError, match="0 or more"):
        model.step()


def test_states_may_join_an_agreement_or_stay_out_of_it(push):
    class Apart(sim.MemberState):
        def ratify(self):
            return dict.fromkeys(self.model.setup.world.instruments, False)

    class Joins(sim.MemberState):
        def ratify(self):
            return dict.fromkeys(self.model.setup.world.instruments, True)

    found = {}
    for agents in (Apart, Joins):
        model = RegionModel(region=push.world, rng=SEED, agent_class=agents)
        before = model.state.ratified[0].sum()
        for _ in range(8):
            model.step()
        found[agents] = model.state.ratified[0].sum() - before
        world = model.setup.world
    known = world.agreements.parties(world.base_year + 8) - world.agreements.parties(
        world.base_year
    )
    assert found[Apart] == known.sum()  # only those of whom it is known that they joined
    assert found[Joins] > found[Apart] + 1
    within = world.agreements.may_join > 0.0
    assert not (model.state.ratified[0] > np.maximum(within, model.setup.base.ratified[0])).any()
    model["VNM"].ratify = lambda: {"no such pact": True}
    with pytest.raises(InputError, match="VNM ratify"):
        model.step()
