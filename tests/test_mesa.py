"""The agents: they see what a batch sees, decide what a batch decides, and in any order."""

from __future__ import annotations

import inspect
import subprocess
import sys
from functools import partial
from pathlib import Path

import mesa
import numpy as np
import pytest

from sim.errors import InputError
from sim.experiment import agents, draws, engine, start
from sim.experiment.agents import MemberState, RegionModel
from sim.kpi.registry import COLUMNS, KPIS, aggregate, weight_column
from sim.model import behaviour
from sim.model.agents import PLANNED
from sim.model.quantities import State, quantities
from sim.model.run import run
from sim.policy import Scenario, lever, lever_paths
from sim.region.region import Region

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


def batch_run(parameters: dict, **settings) -> list[dict]:
    """``mesa.batch_run``, which from Mesa 3.5 on takes the seeds apart from the parameters."""
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        parameters = dict(parameters)
        settings["rng"] = parameters.pop("rng", [None])
    return mesa.batch_run(RegionModel, parameters, display_progress=False, **settings)


@pytest.mark.parametrize("member", [0, 70])
@pytest.mark.parametrize("region", REGIONS)
def test_a_model_agrees_with_the_same_member_of_a_batch(pushes, region, member):
    scenario = pushes[region]
    world = start.build_world(scenario.world, scenario.horizon)
    case = engine.Case("push", scenario.world, world, lever_paths(scenario, scenario.world))
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
    world = start.build_world(scenario.world, scenario.horizon)
    levers = lever_paths(scenario, scenario.world)
    block = range(member - member % engine.BLOCK, member - member % engine.BLOCK + engine.BLOCK)
    decided = []

    def remember(old, plan, parameters):
        decided.append(behaviour.decide(old, plan, parameters))
        return decided[-1]

    luck = draws.year_draws(SEED, block, len(world.population) - 1, len(world.economies))
    setup = start.build_setup(scenario.world, world, SEED, block)
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
            else:
                np.testing.assert_allclose(own, other[row], rtol=1e-12, atol=0)


def test_budgets_bind_for_agents_as_for_the_batch(push):
    scenario = short(push, 3)
    model = RegionModel(scenario=scenario, rng=SEED)
    limit = 1e-5  # share of GDP
    model.levers.national_budget[:] = limit
    case = engine.Case("tight", push.world, model.setup.world, model.levers)
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
    class Builder(MemberState):
        def decide(self):
            plan = super().decide()
            if self.internet_users < 0.95:
                plan.broadband_investment = 0.005
            return plan

    world = push.world
    baseline = RegionModel(region=world)
    model = RegionModel(region=world, agent_class=Builder)
    for _ in range(5):
        baseline.step()
        model.step()
    laos, without = model["LAO"], baseline["LAO"]
    assert laos.programme_cost.sum() > 0 == without.programme_cost.sum()
    assert laos.internet_users > without.internet_users
    assert model.kpi("gdp") > baseline.kpi("gdp")


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


def test_agent_sets_work(push):
    model = RegionModel(scenario=push)
    model.step()
    users = [agent.internet_users for agent in model.agents]
    assert model.agents.agg("internet_users", max) == max(users)
    assert model.agents.get("gdp") == [agent.gdp for agent in model.agents]
    behind = model.agents.select(lambda agent: agent.internet_users < max(users))
    assert len(behind) == len(users) - 1
    assert {agent.iso3 for agent in behind} < set(model.economies)
    by_size = model.agents.sort("population", ascending=False)
    assert next(iter(by_size)).iso3 == "IDN"
    groups = model.agents.groupby(lambda agent: agent.internet_users > 0.9).agg("gdp", sum)
    assert sum(groups.values() if isinstance(groups, dict) else groups) > 0


def test_the_collector_holds_kpis_by_economy_and_for_the_region(push):
    model = finish(RegionModel(scenario=push))
    table = model.datacollector.get_model_vars_dataframe()
    years = range(push.world.base_year, push.horizon + 1)
    assert table["year"].tolist() == list(years)
    values = by_hand(model)
    ids = [column.id for column in COLUMNS]
    for row, kpi in enumerate(KPIS):
        weight = weight_column(kpi)
        weights = values[ids.index(weight)] if weight else None
        expected = aggregate(kpi, values[row], weights)
        np.testing.assert_allclose(table[f"region_{kpi.id}"], expected, rtol=1e-12)
    assert model.kpi("population") == pytest.approx(sum(model.agents.get("population")))


def test_steps_after_the_horizon_do_nothing(push):
    scenario = short(push, 3)
    model = RegionModel(scenario=scenario)
    for _ in range(3):
        assert model.running
        model.step()
    assert model.year == model.horizon == scenario.horizon
    before = model.measured.copy()
    for _ in range(3):
        model.step()
        assert not model.running
    assert np.array_equal(model.measured, before)
    assert len(model.datacollector.get_model_vars_dataframe()) == 4
    assert model.planned is not None


def test_mesa_runs_a_batch(push):
    scenarios = [short(push), Scenario.baseline(push.world, horizon=short(push).horizon)]
    rows = batch_run(
        {"region": "asean", "scenario": scenarios, "member": range(2), "rng": [SEED]},
        data_collection_period=1,
    )
    years, economies = 7, len(push.world.economies)
    assert len(rows) == 2 * 2 * years * economies
    last = [row for row in rows if row["year"] == push.world.base_year + 6]
    assert len(last) == 4 * economies
    for row in last:
        model = finish(RegionModel(scenario=row["scenario"], rng=SEED, member=row["member"]))
        assert row["internet_users"] == model[row["economy"]].kpi("internet_users")
        assert row["region_gdp"] == model.kpi("gdp")


def test_mesa_reports_the_horizon_with_any_number_of_steps(push):
    for settings in ({}, {"max_steps": 6}, {"max_steps": 100}):
        rows = batch_run({"scenario": [short(push)], "rng": [SEED]}, **settings)
        assert {row["year"] for row in rows} == {push.world.base_year + 6}


def test_seeds_make_runs(push):
    rows = batch_run({"scenario": [short(push, 2)], "rng": [1, 2]})
    found = {(row["rng"], row["region_gdp"]) for row in rows}
    assert {seed for seed, _ in found} == {1, 2}
    assert len(found) == len({gdp for _, gdp in found}) == 2


def test_without_a_seed_runs_repeat(push):
    first, second = RegionModel(scenario=push), RegionModel(scenario=push, rng=agents.DEFAULT_SEED)
    first.step()
    second.step()
    assert np.array_equal(first.measured, second.measured)


def test_a_model_may_be_seeded_by_a_generator(push):
    one, two = (RegionModel(scenario=push, rng=np.random.default_rng(seed)).seed for seed in (5, 5))
    assert one == two != RegionModel(scenario=push, rng=np.random.default_rng(6)).seed


@pytest.mark.parametrize(
    "arguments",
    [
        {"rng": -1},
        {"rng": "seven"},
        {"rng": True},
        {"member": -1},
        {"member": 0.5},
        {"region": "nowhere"},
        {"region": "carec", "scenario": "push"},
    ],
)
def test_what_cannot_be_run_is_refused(push, arguments):
    if arguments.get("scenario") == "push":
        arguments = {**arguments, "scenario": push}
    with pytest.raises(InputError):
        RegionModel(**{"region": "asean", **arguments})


def test_a_model_may_be_built_from_names_and_files(push):
    assert RegionModel().region.name == agents.DEFAULT_REGION
    assert RegionModel("asean").scenario == Scenario.baseline("asean")
    assert RegionModel(scenario=SCENARIOS / REGIONS["asean"]).scenario == push
    assert RegionModel(Region.load("asean"), push).scenario is push


def test_a_plan_reads_well(push):
    import copy
    import pickle

    plan = RegionModel(scenario=push)["VNM"].decide()
    assert "broadband_investment=0.0" in repr(plan)
    assert "rural_share" in dir(plan)
    for twin in (copy.copy(plan), copy.deepcopy(plan), pickle.loads(pickle.dumps(plan))):
        assert repr(twin) == repr(plan)
        twin.rural_share = 0.9
        assert plan.rural_share != 0.9


def test_only_the_agents_need_mesa():
    code = (
        "import sys, sim, sim.experiment.engine, sim.experiment.start, sim.experiment.store, "
        "sim.policy, sim.kpi.registry, sim.model.agents\n"
        "assert 'mesa' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SCENARIOS.parent)
    importers = [
        path.relative_to(SCENARIOS.parent).as_posix()
        for path in (SCENARIOS.parent / "sim").rglob("*.py")
        if any(line.startswith(("import mesa", "from mesa")) for line in path.open())
    ]
    assert importers == ["sim/experiment/agents.py"]
