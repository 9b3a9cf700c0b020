"""Every quantity keeps its declared axes and range: in real runs, and from random states."""

import copy
import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment import draws, start
from sim.model import adoption, connectivity, output, parameters, regulation, trade
from sim.model.quantities import (
    FIXED_AXES,
    LEVERS,
    PROVISIONS,
    Draws,
    Levers,
    Shocks,
    State,
    blank_state,
    planes,
    quantities,
    stacked,
)
from sim.model.run import run
from sim.model.setup import Setup
from sim.model.world import World
from sim.model.year import OUTPUT_TERMS, next_year
from sim.policy import Scenario, lever, lever_paths
from sim.policy.levers import REGISTRY
from sim.policy.paths import empty_paths
from sim.policy.projects import needed_options
from sim.region.region import Region

MEMBERS, HORIZON = 16, 2035
#: Rounding that a sum of shares may leave outside a range.
ROUNDING = 1e-12


def broken(arrays, kind, **lengths):
    """Every way in which ``arrays`` differ from what ``kind`` declares, as text."""
    lengths = {**FIXED_AXES, "quintile": 5, "system": 0, "instrument": 0, **lengths}
    lengths["partner"] = lengths.get("economy")
    found = []
    for item in quantities(kind):
        array = getattr(arrays, item.name)
        shape = tuple(lengths[axis] for axis in item.axes)
        if array.shape != shape:
            found.append(f"{item.name}: shape {array.shape}, not {shape}")
        elif not array.size:
            continue
        elif np.isnan(array).any():
            found.append(f"{item.name}: not a number")
        elif array.min() < item.low - ROUNDING or array.max() > item.high + ROUNDING:
            found.append(
                f"{item.name}: {array.min()} to {array.max()}, not {item.low} to {item.high}"
            )
        elif item.low > -np.inf and item.high == np.inf and not np.isfinite(array).all():
            if kind is not Levers:  # no budget is an infinite budget
                found.append(f"{item.name}: infinite")
        elif item.low == -np.inf and not np.isfinite(array).all():
            found.append(f"{item.name}: infinite")
    return found


@pytest.fixture(scope="module")
def region():
    return shipped()


@pytest.fixture(scope="module")
def world(region):
    return start.build_world(region, HORIZON)


@functools.cache
def shipped():
    return Region.load("asean+carec")


def trial_options(item):
    """What an entry of a lever needs besides its value."""
    needed = needed_options(item, shipped())
    return needed | ({"by": 2030} if item.option("by") else {})


def everything_at(strength):
    """Every lever at a share of the most that is allowed."""
    entries = [
        lever(name, strength * item.scale.high, years=2024, **extra)
        for name, item in REGISTRY.items()
        for extra in (trial_options(item),)
    ]
    return Scenario.baseline("asean+carec", HORIZON).plus(*entries, name="everything")


@pytest.fixture(scope="module", params=[0.0, 0.3, 1.0])
def history(request, region, world):
    """All states of a run, with every lever at none, a third and all of what is allowed."""
    setup = start.build_setup(region, world, seed=11, members=range(MEMBERS))
    scenario = everything_at(request.param) if request.param else Scenario.baseline(region, HORIZON)
    levers = lever_paths(scenario, region)
    states = {}
    luck = draws.world_draws(11, range(MEMBERS), world)
    run(setup, levers, luck, lambda state, year: states.__setitem__(year, state))
    return states


def test_every_year_of_a_run_is_observed(history):
    assert list(history) == list(range(2023, HORIZON + 1))


def test_every_quantity_of_every_year_has_its_axes_and_range(history, world):
    lengths = {"member": MEMBERS, **world.lengths}
    for year, state in history.items():
        assert broken(state, State, **lengths) == [], year


def test_short_axes_stay_first_in_memory_through_a_run(history):
    short = [item.name for item in quantities(State) if item.axes[-1] in FIXED_AXES]
    for year, state in history.items():
        for name in short:
            array = np.moveaxis(getattr(state, name), -1, 0)
            assert array.flags.c_contiguous, f"{name} in {year}"


def test_the_world_has_its_axes_and_ranges(world):
    lengths = {**world.lengths, "year": HORIZON - 2023 + 1}
    assert broken(world, World, **lengths) == []


def test_draws_have_their_axes_and_ranges():
    for luck in draws.year_draws(3, range(5), 4, 7):
        assert broken(luck, Draws, member=5, economy=7) == []


def test_plans_have_their_axes_and_ranges(region, world):
    found = lever_paths(everything_at(1.0), region)
    lengths = {**world.lengths, "year": HORIZON - 2023}
    assert broken(found, Levers, **lengths) == []
    assert found.payer_share.sum(axis=-1) == pytest.approx(np.ones((12, 22, len(LEVERS))))


def test_the_helper_finds_what_is_broken(history, world):
    state = copy.copy(history[2023])
    state.internet_users = state.internet_users + 1.0
    state.gdp = state.gdp[:, :2]
    state.talent = state.talent * np.nan
    lengths = {"member": MEMBERS, **world.lengths}
    found = " ".join(broken(state, State, **lengths))
    assert "internet_users: " in found
    assert "gdp: shape" in found
    assert "talent: not a number" in found


def test_every_quantity_says_what_it_is_in_what_unit_and_where_from():
    for kind in (State, Levers, Draws, World):
        for item in quantities(kind):
            assert item.axes, item.name
            assert item.unit.strip(), item.name
            assert len(item.meaning) > 3, item.name
            assert item.source.strip(), item.name
            assert item.low < item.high, item.name


def test_users_are_the_mean_of_cohorts(history):
    for state in history.values():
        weights = adoption.cohort_weights(state.urban_share)
        mean = (state.online * weights).sum(axis=-1)
        assert state.internet_users == pytest.approx(mean)


def test_output_is_what_its_parts_make(history, region, world):
    p = start.build_setup(region, world, seed=11, members=range(MEMBERS)).parameters
    for state in history.values():
        inputs = output.log_inputs(
            state.capital,
            state.population,
            state.working_age_share,
            state.years_of_schooling,
            p,
        )
        parts = sum(getattr(state, name) for name in OUTPUT_TERMS)
        assert np.log(state.gdp) == pytest.approx(inputs + state.log_productivity + parts)


def test_markets_clear_in_every_year(history, region, world):
    setup = start.build_setup(region, world, seed=11, members=range(MEMBERS))
    p, system, nodes = setup.parameters, setup.trade_system, len(world.nodes)
    for year in range(2024, HORIZON + 1):
        state, last = history[year], history[year - 1]
        since = year - 1 - world.flows_year  # markets clear on last year's output
        sizes = trade.node_sizes(last.gdp, world.flows_gdp, p.outside_growth, since, nodes)
        income = state.producer_price * sizes * system.output
        offer = system.shares * setup.demand_change(state)
        offer = offer * (state.producer_price**-p.trade_elasticity)[:, :, None]
        spent = trade.spending(income, system.deficit)
        sales = np.einsum("mij,mj->mi", offer, spent / offer.sum(axis=1))
        assert sales == pytest.approx(income, rel=1e-6), year
        assert spent.sum(axis=1) == pytest.approx(income.sum(axis=1))


def test_programmes_are_delivered_a_year_after_they_are_paid_for(history):
    first, second = history[2024], history[2025]
    paid = first.programme_cost[..., LEVERS.index("broadband_investment")] > 0.0
    assert ((first.programme_pipeline.sum(axis=-1) > 0.0) == paid).all()
    sharing = (first.programme_stock.sum(axis=-1) > 0.0) <= (first.shared_network > 0.0)
    assert sharing.all()
    assert (
        second.programme_stock.sum(axis=-1)[paid] > first.programme_stock.sum(axis=-1)[paid]
    ).all()


# From anywhere

E = 4
NODES = 6
FLOOR = 1e-3


def shares(rng, *shape):
    """Shares that often lie at the ends."""
    return np.clip(rng.uniform(-0.2, 1.2, shape), FLOOR, 1.0 - FLOOR)


def random_world(rng):
    path = (2, E)
    flows = rng.lognormal(20.0, 1.0, (NODES, NODES))
    flows[-1], flows[:, -1] = 3.0 * flows[-1], 3.0 * flows[:, -1]  # most trade is with the world
    np.fill_diagonal(flows, rng.uniform(0.5, 5.0) * flows.sum(axis=0))
    flows[-1, -1] = 20.0 * flows.sum()  # which can finance all deficits
    weights = rng.uniform(0.0, 1.0, (E, E)) * (1.0 - np.eye(E))
    near = rng.uniform(0.1, 3.0, (E, E)) * (1.0 - np.eye(E))
    children = rng.uniform(0.1, 0.45, path)
    return World(
        base_year=2023,
        economies=tuple("ABCD"),
        nodes=tuple("ABCDEF"),
        population=rng.lognormal(16.0, 2.0, path),
        working_age_share=1.0 - children - 0.05,
        child_share=children,
        urban_share=np.clip(rng.uniform(-0.1, 1.1, path), 0.0, 1.0),
        terrain=rng.uniform(0.5, 8.0, E),
        years_of_schooling=rng.uniform(1.0, 14.0, path),
        quintile_income=adoption.quintile_incomes(rng.uniform(0.2, 0.6, E)),
        ppp_ratio=rng.uniform(1.0, 5.0, E),
        investment_share=rng.uniform(0.05, 0.5, E),
        growth_noise_sd=rng.uniform(0.008, 0.1, E),
        government_effectiveness=rng.uniform(-2.5, 2.5, E),
        tertiary_enrolment=rng.uniform(0.05, 1.3, E),
        digital_history=rng.uniform(0.0, 0.05, E),
        participation=rng.uniform(0.3, 0.9, E),
        talent_closeness=near + near.T,
        services_flows=rng.lognormal(18.0, 2.0, (E + 1, E + 1)),
        price_level=rng.uniform(0.5, 2.0, E),
        trade_weights=weights / weights.sum(axis=1, keepdims=True),
        base_flows=flows,
        flows_gdp=flows.sum(axis=1)[:E],
        goods_share=rng.uniform(0.1, 0.7, E),
    )


def random_state(rng, world, p):
    m = 3
    pair, people = (m, E), world.population[0]
    gdp = world.flows_gdp * rng.uniform(0.7, 1.5, pair)
    online = shares(rng, m, E, 10)
    users = np.einsum("mek,ek->me", online, adoption.cohort_weights(world.urban_share[0]))
    operators = rng.uniform(0.02, 0.1, (m, E, 2)) * (gdp / people)[..., None]
    capital = gdp * rng.uniform(1.0, 5.0, pair)
    inputs = output.log_inputs(
        capital, people, world.working_age_share[0], world.years_of_schooling[0], p
    )
    zero = np.zeros(pair)
    skilled, talent, facilitation = shares(rng, *pair), shares(rng, *pair), shares(rng, *pair)
    held = dict(
        population=people,
        working_age_share=world.working_age_share[0],
        child_share=world.child_share[0],
        urban_share=world.urban_share[0],
        years_of_schooling=world.years_of_schooling[0],
        gdp=gdp,
        gdp_growth=zero,
        capital=capital,
        log_productivity=np.log(gdp) - inputs,
        growth_shock=rng.normal(0.0, 0.05, pair),
        region_shock=rng.normal(0.0, 0.01, m),
        crisis_loss=rng.exponential(0.05, pair),
        operator_stock=operators,
        programme_stock=operators * rng.uniform(0.0, 2.0, (m, E, 2)),
        programme_pipeline=operators * rng.uniform(0.0, 0.5, (m, E, 2)),
        shared_network=shares(rng, *pair),
        coverage=connectivity.coverage(operators, 2023, p),
        broadband_price=rng.lognormal(0.0, 1.0, pair),
        relative_price=rng.uniform(0.6, 1.0, pair),
        online=online,
        internet_users=users,
        adoption_noise=rng.normal(0.0, 0.8, pair),
        fixed_broadband=rng.uniform(1e-5, 0.6, pair),
        broadband_noise=rng.normal(0.0, 1.4, pair),
        basic_skills=skilled,
        trained_skills=skilled * rng.uniform(0.0, 1.0, pair),
        talent=talent,
        programme_talent=talent * rng.uniform(0.0, 1.0, pair),
        provisions=shares(rng, m, E, 6),
        rule_distance=np.zeros((m, E, E)),
        facilitation=facilitation,
        funded=np.ones(pair),
        laws_raised=np.zeros(pair),
        facilitation_base=facilitation * rng.uniform(0.0, 1.0, pair),
        producer_price=np.ones((m, NODES)),
        domestic_share=np.ones(pair),
        goods_exports=zero,
        goods_imports=zero,
        regional_exports=zero,
        trade_gains=zero,
        digital_returns=zero,
        skill_returns=zero,
        digital_share=rng.uniform(0.005, 0.3, pair),
        programme_cost=np.zeros((m, E, len(LEVERS))),
        cost_by_payer=np.zeros((m, E, 4)),
    )
    state = anything(rng, State, {"member": m, **world.lengths}, held)
    state.telecom_regulation = np.maximum(state.telecom_regulation, state.telecom_regulation_base)
    return state


def anything(rng, kind, lengths, held):
    """Every quantity of a kind somewhere in its range, but for those that are ``held``."""
    lengths = {**FIXED_AXES, "partner": lengths["economy"], **lengths}
    drawn = {}
    for item in quantities(kind):
        shape = tuple(lengths[axis] for axis in item.axes)
        if np.isfinite(item.low) and np.isfinite(item.high):
            array = item.low + (item.high - item.low) * shares(rng, *shape)
        elif np.isfinite(item.low):
            array = item.low + rng.exponential(1.0, shape)
        else:
            array = rng.normal(0.0, 0.02, shape)
        drawn[item.name] = planes(array) if item.axes[-1] in FIXED_AXES else array
    return kind(**(drawn | held))


def random_plan(rng, strength):
    whole = empty_paths(1, E)
    for item in quantities(Levers):
        if item.high < np.inf and item.name not in ("payer_share", "budget_rule"):
            array = getattr(whole, item.name)
            array[:] = strength * rng.uniform(item.low, item.high, array.shape)
    for item in quantities(Shocks):
        array = getattr(whole.shocks, item.name)
        array[:] = strength * rng.uniform(item.low, item.high, array.shape)
    fund = rng.uniform(0.0, 1.0)
    whole.payer_share[..., 0], whole.payer_share[..., 1] = 1.0 - fund, fund
    whole.national_budget[:] = rng.uniform(0.0, 0.05, E)
    whole.fund_budget[:] = rng.uniform(0.0, 0.02)
    return whole.at(0)


@settings(max_examples=150)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.01, 0.3, 1.0]))
def test_a_year_from_any_state_keeps_every_quantity_in_its_range(seed, strength):
    rng = np.random.default_rng(seed)
    world = random_world(rng)
    normals = 1.5 * rng.standard_normal((3, parameters.count_draws(E)))
    p = parameters.sample(normals, E)
    before = random_state(rng, world, p)
    setup = Setup.build(world, p, before)
    luck = next(draws.year_draws(seed, range(3), 1, E))
    plan = random_plan(rng, strength)
    after = next_year(before, plan, luck, setup, 1)
    lengths = {"member": 3, **world.lengths}
    assert broken(before, State, **lengths) == []
    assert broken(after, State, **lengths) == []
    apart = regulation.rule_distance(after.provisions, after.standards, p)
    assert after.rule_distance == pytest.approx(apart)
    fallen = before.provisions[..., 0] - plan.shocks.rules_fall  # a turn to localisation
    assert (after.provisions[..., 0] >= fallen - ROUNDING).all()
    assert (after.provisions[..., 1:] >= before.provisions[..., 1:]).all()
    assert (after.trained_skills <= after.basic_skills + ROUNDING).all()
    assert (after.programme_talent <= after.talent + ROUNDING).all()
    assert (after.facilitation >= before.facilitation - ROUNDING).all()
    sizes = trade.node_sizes(before.gdp, world.flows_gdp, p.outside_growth, 6, NODES)
    income = after.producer_price * sizes * setup.trade_system.output
    assert income.sum(axis=1) == pytest.approx((sizes * setup.trade_system.output).sum(axis=1))


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_a_year_does_not_change_the_state_it_starts_from(seed):
    rng = np.random.default_rng(seed)
    world = random_world(rng)
    p = parameters.sample(rng.standard_normal((3, parameters.count_draws(E))), E)
    before = random_state(rng, world, p)
    setup = Setup.build(world, p, before)
    kept = copy.deepcopy(before)
    luck = next(draws.year_draws(seed, range(3), 1, E))
    next_year(before, random_plan(rng, 1.0), luck, setup, 1)
    for item in quantities(State):
        assert (getattr(before, item.name) == getattr(kept, item.name)).all(), item.name


def test_a_blank_state_has_every_quantity_in_the_shape_of_its_axes():
    state = blank_state({"member": 3, "economy": 4, "node": 6, "system": 5, "instrument": 2})
    assert state.provisions.shape == (3, 4, len(PROVISIONS))
    assert state.producer_price.shape == (3, 6)
    assert state.population.shape == (4,)
    assert state.region_shock.shape == (3,)
    assert all((getattr(state, item.name) == 0.0).all() for item in quantities(State))


def test_planes_are_the_same_numbers_with_the_short_axis_first_in_memory():
    values = np.arange(24.0).reshape(2, 3, 4)
    found = planes(values)
    assert np.array_equal(found, values)
    assert np.moveaxis(found, -1, 0).flags.c_contiguous
    assert stacked([values[..., 0], values[..., 1]]).tolist() == values[..., :2].tolist()
    assert np.moveaxis(found + 1.0, -1, 0).flags.c_contiguous
