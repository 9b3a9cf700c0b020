"""Talent on the move: nobody is lost, and wages, incentives and shocks pull the right way."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.experiment import draws, start
from sim.experiment.engine import ALL_COLUMNS, Task, run_task
from sim.experiment.plan import case_of
from sim.model import parameters
from sim.model.balance import Year, talent_at_home, talent_everywhere
from sim.model.run import run
from sim.model.talent_flows import LARGEST_MOVE, Pushes, Ties, abroad_step, appeal, flows
from sim.policy import Scenario
from sim.policy.paths import lever_paths
from sim.region.region import Region

E = 4
P = parameters.central(E)
STILL = Pushes(np.zeros(1), np.zeros(1))
MEMBERS = 32


def ties(closeness, outside=0.01, mass=None):
    """Ties of E economies of one size, all with the wage of the rest of the world."""
    return Ties(
        closeness=np.asarray(closeness, dtype=float),
        mass=np.full((1, E), 1.0 / E) if mass is None else mass,
        inside=np.full((1, 1), 0.02),
        outside=np.full((1, E), outside),
        base_draw=np.ones((1, E)),
        replacement=np.zeros((1, E)),
    )


EVERYBODY = ties(1.0 - np.eye(E))


def positive(shape, low, high, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high), shape))


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1))
def test_who_leaves_one_place_arrives_in_another(seed):
    rng = np.random.default_rng(seed)
    near = rng.uniform(0.0, 50.0, (E, E)) * (1.0 - np.eye(E))
    held = replace(
        ties(near), mass=rng.dirichlet(np.ones(E), 3), outside=positive((3, E), 1e-4, 5.0, rng)
    )
    talent, abroad = positive((3, E), 1e2, 1e7, rng), positive((3, E), 1e1, 1e7, rng)
    pushes = Pushes(rng.uniform(0.0, 1.0, E), rng.uniform(0.0, 2.0, (3, E)))
    moves = flows(talent, abroad, positive((3, E), 0.02, 2.0, rng), pushes, held, P)
    assert moves.to_region.sum(axis=1) == pytest.approx(moves.from_region.sum(axis=1), rel=1e-12)
    at_home = (talent + moves.arrivals - moves.departures).sum(axis=1)
    kept = replace(P, talent_loss=np.zeros((1, 1)))
    everyone = at_home + abroad_step(abroad, moves, kept).sum(axis=1)
    assert everyone == pytest.approx((talent + abroad).sum(axis=1), rel=1e-12)
    assert (moves.departures <= LARGEST_MOVE * talent * (1.0 + 1e-12)).all()
    assert (abroad_step(abroad, moves, P) >= 0.0).all()


def test_without_a_wage_gap_and_with_equal_ties_nobody_gains_or_loses():
    talent = np.full((1, E), 1e5)
    moves = flows(talent, np.zeros((1, E)), np.ones((1, E)), STILL, EVERYBODY, P)
    assert (moves.to_region > 0.0).all()
    assert moves.to_region == pytest.approx(moves.from_region)


def test_flows_from_one_to_another_follow_gravity():
    only = np.zeros((E, E))
    only[0, 1] = 1.0
    draw = np.array([[0.5, 1.5, 1.0, 1.0]])
    talent = np.array([[2e5, 1e5, 1e5, 1e5]])
    moves = flows(talent, np.zeros((1, E)), draw, STILL, ties(only, outside=0.0), P)
    assert moves.from_region == pytest.approx(
        np.array([[0.0, 2e5 * 0.02 * 0.25 * 1.5 / 0.5, 0.0, 0.0]])
    )


def test_higher_wages_attract():
    talent, abroad = np.full((1, E), 1e5), np.full((1, E), 1e4)
    before = flows(talent, abroad, np.ones((1, E)), STILL, EVERYBODY, P)
    rich = np.array([[2.0, 1.0, 1.0, 1.0]])
    after = flows(talent, abroad, rich, STILL, EVERYBODY, P)
    assert after.departures[0, 0] < before.departures[0, 0]
    assert after.from_region[0, 0] > before.from_region[0, 0]
    assert after.from_world[0, 0] > before.from_world[0, 0]
    assert (after.arrivals - after.departures)[0, 1:].max() < 0.0


def test_no_response_to_wages_makes_all_wages_alike():
    p = replace(P, talent_wage_response=np.zeros((1, 1)))
    assert (appeal(np.array([[300.0, 1e3, 1e4, 6e4]]), 3.0, p) == 1.0).all()


@given(st.floats(0.01, 1.0))
def test_retention_keeps_talent_and_brings_it_back(retention):
    talent, abroad, draw = np.full((1, E), 1e5), np.full((1, E), 1e4), np.full((1, E), 0.5)
    here = Pushes(np.array([retention, 0.0, 0.0, 0.0]), np.zeros(1))
    before = flows(talent, abroad, draw, STILL, EVERYBODY, P)
    after = flows(talent, abroad, draw, here, EVERYBODY, P)
    assert after.departures[0, 0] == pytest.approx(
        before.departures[0, 0] * (1.0 - 0.25 * retention)
    )
    assert after.from_world[0, 0] > before.from_world[0, 0]
    assert after.from_region[0, 1] < before.from_region[0, 1]


def test_a_pull_from_elsewhere_raises_departures_and_holds_emigrants():
    talent, abroad, draw = np.full((1, E), 1e5), np.full((1, E), 1e4), np.full((1, E), 0.5)
    before = flows(talent, abroad, draw, STILL, EVERYBODY, P)
    pulled = Pushes(np.zeros(1), np.array([0.5, 0.0, 0.0, 0.0]))
    after = flows(talent, abroad, draw, pulled, EVERYBODY, P)
    grown = np.exp(P.talent_wage_response[0, 0] * 0.5)
    assert after.departures[0, 0] == pytest.approx(before.departures[0, 0] * grown)
    assert after.from_world[0, 0] == pytest.approx(before.from_world[0, 0] / grown)


# In runs


@pytest.fixture(scope="module")
def region():
    return Region.load("asean+carec")


@pytest.fixture(scope="module")
def setup(region):
    return start.build_setup(region, start.build_world(region, 2030), 5, range(MEMBERS))


def history(region, setup, **paths):
    """States by year, with paths set to one value in all years."""
    levers = lever_paths(Scenario.baseline(region, 2030), region)
    changed = {name: np.full_like(getattr(levers, name), v) for name, v in paths.items()}
    states = {}
    luck = draws.world_draws(5, range(MEMBERS), setup.world)
    run(setup, replace(levers, **changed), luck, lambda s, year: states.__setitem__(year, s))
    return states


def struck(states, year, setup, sums, **changed):
    """The two sums of a balance of one year's states."""
    step = year - 2023
    held = Year(states[year - 1], replace(states[year], **changed), None, setup, step, ())
    return sums(held)


@pytest.mark.parametrize("retention", [0.0, 1.0])
def test_people_add_up_in_every_year_of_a_run(region, setup, retention):
    states = history(
        region, setup, talent_retention=retention, advanced_skills_programme=0.002 * retention
    )
    for year in range(2024, 2031):
        for sums in (talent_at_home, talent_everywhere):
            one, other = struck(states, year, setup, sums)
            assert one == pytest.approx(other, rel=1e-12), year


def test_the_check_finds_a_worker_who_vanished(region, setup):
    states = history(region, setup)
    one, other = struck(states, 2026, setup, talent_everywhere,
                        talent_abroad=states[2026].talent_abroad + 1.0)  # fmt: skip
    assert other - one == pytest.approx(np.full(MEMBERS, 22.0), rel=1e-3)
    one, other = struck(states, 2026, setup, talent_at_home,
                        talent=states[2026].talent * (1.0 - 1e-6))  # fmt: skip
    assert (one / other - 1.0) == pytest.approx(np.full((MEMBERS, 22), 1e-6), rel=1e-3)


def test_without_programmes_talent_earns_nothing_and_keeps_its_level(region, setup):
    states = history(region, setup)
    assert all((state.programme_talent == 0.0).all() for state in states.values())
    ratio = states[2030].talent / states[2023].talent
    assert 0.85 < np.median(ratio) < 1.25


def test_emigration_is_highest_where_incomes_and_states_are_small(region, setup):
    base, world = setup.base, setup.world
    workers = base.talent * base.population * base.working_age_share * world.participation
    rate = np.median(base.talent_abroad / (base.talent_abroad + workers), axis=0)
    named = dict(zip(region.economies, rate, strict=True))
    assert 0.05 < np.median(rate) < 0.10
    assert min(named[code] for code in ("LAO", "KHM", "TLS", "AFG")) > 0.10
    assert max(named[code] for code in ("SGP", "CHN")) < 0.05


def test_without_emigration_nobody_moves(region, setup):
    p = replace(setup.parameters, emigration_rate=np.zeros((MEMBERS, 1)))
    still = start.Setup.build(setup.world, p, replace(setup.base))
    state = history(region, still, talent_retention=1.0)[2030]
    for moved in (state.talent_departures, state.talent_arrivals, state.talent_abroad):
        assert (moved == 0.0).all()
    assert (state.programme_talent == 0.0).all()


def test_graduates_who_leave_take_the_gain_of_a_programme_with_them(region, setup):
    staying = replace(
        setup, talent_ties=replace(setup.talent_ties, outside=0.0 * setup.talent_ties.outside,
                                   inside=0.0 * setup.talent_ties.inside),
    )  # fmt: skip
    moving = history(region, setup, advanced_skills_programme=0.002)[2030]
    held = history(region, staying, advanced_skills_programme=0.002)[2030]
    poor = region.economies.index("AFG")
    assert (moving.programme_talent[:, poor] < held.programme_talent[:, poor]).all()


@pytest.fixture(scope="module")
def case():
    return case_of(Scenario.baseline("asean+carec", 2030))


def outcome(case, shocks=False, **paths):
    held = case.levers.shocks if shocks else case.levers
    changed = replace(held, **{n: np.full_like(getattr(held, n), v) for n, v in paths.items()})
    levers = replace(case.levers, shocks=changed) if shocks else changed
    found = run_task(Task(replace(case, levers=levers), 1, range(MEMBERS)))
    return dict(zip(ALL_COLUMNS, found, strict=True))


def test_retention_raises_talent_and_earns_a_little(case):
    base, policy = outcome(case), outcome(case, talent_retention=1.0)
    left = np.median(policy["talent_emigration"][-1] / base["talent_emigration"][-1], axis=0)
    assert ((left > 0.6) & (left < 1.0)).all()
    gain = np.median(policy["gdp"][-1] / base["gdp"][-1] - 1.0, axis=0)
    assert (gain > 0.0).sum() >= 20
    assert gain.max() < 0.005


def test_a_brain_drain_costs_talent_and_output(case):
    base, shock = outcome(case), outcome(case, shocks=True, talent_pull=1.0)
    assert (
        shock["net_talent_flow"][-1].sum(axis=1) < base["net_talent_flow"][-1].sum(axis=1)
    ).all()
    assert np.median(shock["talent"][-1] - base["talent"][-1]) < 0.0
    assert np.median(shock["gdp"][-1] / base["gdp"][-1] - 1.0) < 0.0
