"""The agents: they see what a batch sees, decide what a batch decides, and in any order."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiment import draws, engine, start
from sim.experiment.agents import MemberState, RegionModel
from sim.experiment.plan import case_of
from sim.kpi.registry import COLUMNS
from sim.model import behaviour
from sim.model.agents import PLANNED
from sim.model.quantities import State, quantities
from sim.model.run import run
from sim.policy import Scenario, lever

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SEED = 11
REGIONS = {"asean": "asean-push.yaml", "asean+carec": "asean-carec-push.yaml"}


@pytest.fixture(scope="module")
def pushes() -> dict[str, Scenario]:
    return {region: Scenario.load(SCENARIOS / file) for region, file in REGIONS.items()}


@pytest.fixture(scope="module")
def push(pushes) -> Scenario:
    return pushes["asean"]


def short(scenario: Scenario, years: int = 6) -> Scenario:
    """A scenario of few years with a lever."""
    base = scenario.world.base_year
    training = lever("basic_skills_programme", 2.0, "all", years=base + 1)
    return Scenario("short", scenario.region, base + years, (training,), world=scenario.world)


def finish(model: RegionModel) -> RegionModel:
    while model.running:
        model.step()
    return model


def by_hand(model: RegionModel) -> np.ndarray:
    """What the data collector holds, (column, year, economy)."""
    table = model.datacollector.get_agent_vars_dataframe()
    columns = [table[column.id].to_numpy() for column in COLUMNS]
    return np.array(columns).reshape(len(COLUMNS), -1, len(model.economies))


@pytest.mark.parametrize("member", [0, 70])
@pytest.mark.parametrize("region", REGIONS)
def test_a_model_agrees_with_the_same_member_of_a_batch(pushes, region, member):
    scenario = pushes[region]
    case = case_of(scenario)
    batch = engine.run_members(case, SEED, range(member, member + 1))[:, 0]
    model = finish(RegionModel(region, scenario, rng=SEED, member=member))
    found = by_hand(model)
    assert model.year == scenario.horizon
    assert found.shape == batch.shape
    np.testing.assert_allclose(found, batch, rtol=1e-12, atol=0)
    assert np.all(batch[[column.id for column in COLUMNS].index("programme_cost")][-1] > 0)


@pytest.mark.parametrize("member", [0, 70])
@pytest.mark.parametrize("region", REGIONS)
def test_decisions_are_those_of_the_batch(pushes, region, member):
    scenario = pushes[region]
    case = case_of(scenario)
    world, levers = case.world, case.levers
    block = range(member - member % engine.BLOCK, member - member % engine.BLOCK + engine.BLOCK)
    decided = []

    def remember(old, plan, parameters):
        decided.append(behaviour.decide(old, plan, parameters))
        return decided[-1]

    luck = draws.world_draws(SEED, block, world)
    setup = start.build_setup(scenario.world, world, SEED, block, case.posterior)
    run(setup, levers, luck, lambda state, year: None, remember)
    model = RegionModel(region, scenario, rng=SEED, member=member)
    row = slice(member - block.start, member - block.start + 1)
    for batch in decided:
        model.step()
        for name in behaviour.Decision.__slots__:
            own, other = getattr(model.decision, name), getattr(batch, name)
            if name == "plan":
                for item in quantities(type(own)):
                    assert np.array_equal(getattr(own, item.name), getattr(other, item.name))
            elif own is None or other is None:  # no fund, and the built-in choice of teachers
                assert own is other
            else:
                np.testing.assert_allclose(own, other[row], rtol=1e-12, atol=0)


def test_budgets_bind_for_agents_as_for_the_batch(push):
    scenario = short(push, 3)
    model = RegionModel(scenario=scenario, rng=SEED)
    limit = 1e-5  # share of GDP
    model.levers.national_budget[:] = limit
    case = replace(case_of(scenario), levers=model.levers)
    batch = engine.run_members(case, SEED, range(1))[:, 0]
    np.testing.assert_allclose(by_hand(finish(model)), batch, rtol=1e-12, atol=0)
    shares = [agent.funded for agent in model.agents]
    assert 0 < min(shares) < 1
    last = model._last
    assert (model.state.cost_by_payer[0, :, 0] / last.gdp[0]).max() <= limit * (1 + 1e-12)


def test_the_order_of_agents_does_not_matter(push):
    class Follows(MemberState):
        def decide(self):
            plan = super().decide()
            best = max(agent.internet_users for agent in self.model.agents)
            plan.broadband_investment = 0.01 * (best - self.internet_users)
            return plan

    results = []
    for shuffles in (0, 1, 5):
        model = RegionModel(scenario=short(push), rng=3, agent_class=Follows)
        for _ in range(shuffles):
            model.agents.shuffle(inplace=True)
        seen = []
        while model.running:
            model.step()
            model.agents.shuffle(inplace=bool(shuffles))
            seen.append(model.measured.copy())
        results.append(np.array(seen))
    order = [agent.iso3 for agent in model.agents]
    assert order != list(model.economies)
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_agents_show_every_quantity_of_their_economy(push):
    model = RegionModel(scenario=push)
    model.step()
    vietnam = model["VNM"]
    assert model.state_of("VNM") is vietnam
    assert (vietnam.iso3, vietnam.name) == ("VNM", push.world.trade.nodes["VNM"]["name"])
    shown = [item for item in quantities(State) if "economy" in item.axes]
    assert len(shown) > 30
    for item in shown:
        array = getattr(model.state, item.name)
        index = tuple({"member": 0, "economy": vietnam.position}.get(a, ...) for a in item.axes)
        expected = array[index[: 1 + item.axes.index("economy")]]
        assert np.array_equal(getattr(vietnam, item.name), expected)
        assert item.unit in getattr(MemberState, item.name).__doc__
        with pytest.raises(AttributeError):
            setattr(vietnam, item.name, 0.0)
    with pytest.raises(ValueError, match="read-only"):
        vietnam.provisions[0] = 1.0


def test_agents_are_live(push):
    model = RegionModel(scenario=push)
    vietnam, before = model["VNM"], model["VNM"].population
    model.step()
    assert vietnam.population != before


def test_an_unknown_name_gives_the_nearest(push):
    vietnam = RegionModel(scenario=push)["VNM"]
    with pytest.raises(AttributeError, match="did you mean internet_users"):
        vietnam.internet_user  # noqa: B018
    with pytest.raises(AttributeError, match="did you mean broadband_investment"):
        vietnam.decide().broadband_invest = 0.1
    with pytest.raises(AttributeError, match="no lever or option"):
        vietnam.decide().zzz  # noqa: B018
    with pytest.raises(InputError, match="did you mean VNM"):
        vietnam.model["VN"]
    with pytest.raises(InputError, match="did you mean gdp"):
        vietnam.kpi("gpd")


def test_an_agent_class_may_decide(push):
    class CatchesUp(MemberState):
        def decide(self):
            plan = super().decide()
            best = max(other.internet_users for other in self.model.agents)
            plan.broadband_investment = 0.01 * (best - self.internet_users)
            return plan

    baseline = RegionModel(region=push.world)
    model = RegionModel(region=push.world, agent_class=CatchesUp)
    for _ in range(5):
        best = max(other.internet_users for other in model.agents)
        behind = {agent.iso3 for agent in model.agents if agent.internet_users < best}
        baseline.step()
        model.step()
        assert behind == {agent.iso3 for agent in model.agents if agent.programme_cost.sum() > 0}
    assert not baseline.state.programme_cost.any()
    assert model.kpi("internet_users") > baseline.kpi("internet_users")
    # One member's GDP is also a matter of luck: more use meets more cyber incidents, or fewer.
    gained = model.state.digital_returns - baseline.state.digital_returns
    assert gained.mean() > 0.0


def test_one_agent_may_be_given_a_rule(push):
    model = RegionModel(region=push.world)
    vietnam = model["VNM"]

    def train():
        plan = MemberState.decide(vietnam)
        plan.basic_skills_programme = 0.02
        plan.alignment_target = 0.9
        plan.alignment_pace = 0.5
        return plan

    vietnam.decide = train
    model.step()
    model.step()
    assert np.flatnonzero(model.state.programme_cost.sum(axis=(0, 2))).tolist() == [
        vietnam.position
    ]
    assert vietnam.trained_skills > 0
    assert vietnam.funded == 1.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("broadband_investment", 0.3),
        ("rural_share", -0.1),
        ("basic_skills_programme", float("nan")),
        ("alignment_target", [0.5, 0.5]),
        ("alignment_target", [0.5, 0.5, 0.5, 0.5, 0.5, 1.5]),
        ("trade_facilitation", "much"),
        ("payer_share", 0.5),
    ],
)
def test_a_decision_out_of_range_is_refused(push, name, value):
    model = RegionModel(region=push.world)
    plan = model["VNM"].decide()
    setattr(plan, name, value)
    model["VNM"].decide = lambda: plan
    with pytest.raises(InputError) as raised:
        model.step()
    text = str(raised.value)
    quantity = PLANNED[name]
    assert f"VNM {name} = " in text
    assert f"{quantity.low:g} to {quantity.high:g} ({quantity.unit})" in text
    assert str(model.year + 1) in text
    assert model.year == push.world.base_year


def test_every_wrong_decision_is_named(push):
    class Wrong(MemberState):
        def decide(self):
            plan = super().decide()
            plan.broadband_investment = 9.0
            return plan

    model = RegionModel(region=push.world, agent_class=Wrong)
    with pytest.raises(InputError) as raised:
        model.step()
    assert len(raised.value.problems) == len(model.economies)
    model["VNM"].decide = lambda: 0.5
    with pytest.raises(InputError, match="must return the plan"):
        model.step()
    for agent in model.agents:
        agent.decide = partial(MemberState.decide, agent)
    model.step()
    assert model.year == push.world.base_year + 1


def test_trade_partners_add_up_to_exports_and_imports(push):
    model = RegionModel(scenario=push, rng=SEED)
    for _ in range(4):
        for agent in model.agents:
            partners = agent.trade_partners()
            sizes = [partner.exports + partner.imports for partner in partners]
            assert sizes == sorted(sizes, reverse=True)
            assert agent.iso3 not in [partner.iso3 for partner in partners]
            exports = sum(partner.exports for partner in partners)
            imports = sum(partner.imports for partner in partners)
            regional = sum(partner.exports for partner in partners if partner.agent)
            found = [exports, imports, regional]
            expected = [agent.goods_exports, agent.goods_imports, agent.regional_exports]
            np.testing.assert_allclose(found, expected, rtol=1e-12)
        model.step()
    thailand = next(p for p in model["VNM"].trade_partners() if p.iso3 == "THA")
    assert thailand.agent is model["THA"]
    back = next(p for p in model["THA"].trade_partners() if p.iso3 == "VNM")
    assert (back.exports, back.imports) == (thailand.imports, thailand.exports)


def test_agents_stand_on_two_networks(pushes):
    model = RegionModel(scenario=pushes["asean+carec"])
    region = model.region
    assert {cell.coordinate for cell in model.trade_space.all_cells} == set(region.nodes)
    assert set(model.trade_space.agents) == set(model.fibre_space.agents) == set(model.agents)
    for agent in model.agents:
        assert agent.trade_cell.agents == agent.fibre_cell.agents == [agent]
        neighbours = agent.fibre_neighbours()
        cells = {cell.coordinate for cell in agent.fibre_cell.neighborhood}
        assert cells == set(neighbours)
        assert list(neighbours.values()) == sorted(neighbours.values(), reverse=True)
        weights = region.fibre_weights[agent.position]
        inside = [neighbours.get(code, 0.0) for code in region.economies]
        np.testing.assert_allclose(inside, weights, rtol=1e-12)
    assert model.trade_space["ROW"].is_empty
    assert model["KGZ"] in [a for cell in model["KAZ"].fibre_cell.neighborhood for a in cell.agents]


def test_an_agent_that_leaves_follows_the_scenario(push):
    model, other = RegionModel(scenario=push), RegionModel(scenario=push)
    laos = model["LAO"]
    laos.remove()
    assert laos not in model.agents
    assert model.trade_space["LAO"].is_empty
    model.step()
    other.step()
    assert np.array_equal(model.measured, other.measured)
