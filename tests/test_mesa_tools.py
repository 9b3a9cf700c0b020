"""The agents with Mesa's own tools: sets of agents, data collectors, batches of runs."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys

import mesa
import numpy as np
import pytest
from test_mesa import REGIONS, SCENARIOS, SEED, by_hand, finish, short

from sim.errors import InputError
from sim.experiment.agents import RegionModel
from sim.experiment.agents.region_model import DEFAULT_REGION, DEFAULT_SEED
from sim.kpi.registry import COLUMNS, KPIS, aggregate, weight_column
from sim.policy import Scenario
from sim.region.region import Region


@pytest.fixture(scope="module")
def push() -> Scenario:
    return Scenario.load(SCENARIOS / REGIONS["asean"])


def batch_run(parameters: dict, **settings) -> list[dict]:
    """``mesa.batch_run``, which from Mesa 3.5 on takes the seeds apart from the parameters."""
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        parameters = dict(parameters)
        settings["rng"] = parameters.pop("rng", [None])
    return mesa.batch_run(RegionModel, parameters, display_progress=False, **settings)


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
    first, second = (
        RegionModel(scenario=push),
        RegionModel(scenario=push, rng=DEFAULT_SEED),
    )
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
    assert RegionModel().region.name == DEFAULT_REGION
    assert RegionModel("asean").scenario == Scenario.baseline("asean")
    assert RegionModel(scenario=SCENARIOS / REGIONS["asean"]).scenario == push
    assert RegionModel(Region.load("asean"), push).scenario is push


def test_a_plan_reads_well(push):
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
    assert importers
    assert all(importer.startswith("sim/experiment/agents/") for importer in importers)
