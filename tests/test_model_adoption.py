"""Households adopt: incomes of cohorts, ceilings, speeds, steps, and fixed lines."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import adoption
from sim.model.parameters import central
from sim.model.quantities import COHORTS

P = central(1)
NOTHING = np.zeros((1, 1, 2))
ZERO = np.zeros((1, 1))


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def cohorts(value):
    return np.full((1, 1, len(COHORTS)), value)


def zones(urban, rural):
    return np.array([[[urban, rural]]])


def at(value):
    return np.full((1, 1), value)


# Incomes


@pytest.mark.parametrize("gini", [0.2, 0.38, 0.6])
def test_quintile_incomes_are_those_of_a_lognormal(gini):
    found = adoption.quintile_incomes(np.array([gini]))[0]
    z = np.linspace(-12.0, 12.0, 480_001)
    density = np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi)
    below = np.cumsum(density) * (z[1] - z[0])
    # Sigma is found here from its definition: a lognormal's Gini is 2 Phi(sigma / sqrt 2) - 1.
    sigma = np.sqrt(2.0) * np.interp((1.0 + 0.93 * gini) / 2.0, below, z)
    earned = np.exp(sigma * z - 0.5 * sigma**2) * density * (z[1] - z[0])
    fifth = np.minimum((below * 5.0).astype(int), 4)
    expected = 5.0 * np.bincount(fifth, weights=earned)
    assert found == pytest.approx(expected, rel=1e-3)


@given(st.floats(0.0, 0.75))
def test_quintile_incomes_average_to_one_and_rise_with_the_quintile(gini):
    found = adoption.quintile_incomes(np.array([gini]))[0]
    assert found.mean() == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(found) >= -1e-12).all()
    assert (found > 0.0).all()


def test_quintile_incomes_are_equal_without_inequality_and_spread_with_it():
    equal, middle, unequal = adoption.quintile_incomes(np.array([0.0, 0.3, 0.5]))
    assert equal == pytest.approx(np.ones(5))
    assert equal[-1] < middle[-1] < unequal[-1]
    assert equal[0] > middle[0] > unequal[0]


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.7))
def test_cohort_incomes_average_to_the_country_and_towns_earn_more(urban, gini):
    share = np.array([urban])
    quintiles = adoption.quintile_incomes(np.array([gini]))
    incomes = adoption.cohort_incomes(quintiles, share)[0]
    weights = adoption.cohort_weights(share)[0]
    assert weights.sum() == pytest.approx(1.0)
    assert weights[:5].sum() == pytest.approx(urban)
    assert weights @ incomes == pytest.approx(1.0)
    assert incomes[:5] == pytest.approx(1.8 * incomes[5:])


# The ceiling


def test_ceiling_level_is_alpha_plus_the_effect_at_its_reference():
    p = params(ceiling_level=0.4, ceiling_effect=0.2)
    found = adoption.ceiling_level(at(np.exp(9.0)), 2010, p)
    assert found == pytest.approx(at(0.6))


def test_ceiling_level_rises_with_income_and_time_at_their_slopes():
    p = params(ceiling_income=1.1, ceiling_trend=0.13)
    base = adoption.ceiling_level(at(8000.0), 2023, p)
    richer = adoption.ceiling_level(at(8000.0 * np.e), 2023, p)
    later = adoption.ceiling_level(at(8000.0), 2027, p)
    assert richer - base == pytest.approx(at(1.1))
    assert later - base == pytest.approx(at(4 * 0.13))


def test_programmes_of_nothing_shift_nothing():
    assert (adoption.programme_shift(NOTHING, ZERO, ZERO, P) == 0.0).all()


def test_programme_shift_has_the_slopes_of_network_price_and_skills():
    p = params(ceiling_network=1.4, price_response=0.5, ceiling_skills=1.6)
    network = adoption.programme_shift(np.log1p(zones(0.1, 0.3)), ZERO, ZERO, p)
    assert network[0, 0] == pytest.approx(1.4 * np.log([1.1, 1.3]))
    price = adoption.programme_shift(NOTHING, at(np.log(0.8)), ZERO, p)
    assert price[0, 0] == pytest.approx([-0.5 * np.log(0.8)] * 2)
    trained = adoption.programme_shift(NOTHING, ZERO, at(0.1), p)
    assert trained[0, 0] == pytest.approx([0.16] * 2)


@given(st.floats(-6, 6), st.floats(0, 2), st.floats(0.2, 0.6))
def test_ceiling_is_a_share_that_rises_with_income_and_with_programmes(level, shift, gini):
    by_quintile = adoption.income_shift(adoption.quintile_incomes(np.array([gini])), P)
    without = adoption.ceiling(at(level), NOTHING, by_quintile)[0, 0]
    with_it = adoption.ceiling(at(level), zones(shift, 0.0), by_quintile)[0, 0]
    assert ((without > 0.0) & (without < 1.0)).all()
    assert (np.diff(without[:5]) > 0.0).all()
    assert (np.diff(without[5:]) > 0.0).all()
    assert (with_it[:5] >= without[:5]).all()
    assert with_it[5:] == pytest.approx(without[5:])


def test_ceiling_at_mean_income_is_the_logistic_of_its_level():
    found = adoption.ceiling(at(0.7), NOTHING, np.zeros((1, 1, 5)))
    assert found == pytest.approx(cohorts(1.0 / (1.0 + np.exp(-0.7))))


# Speed


def test_exposure_mixes_own_users_with_partners_by_their_weights():
    users = np.array([[0.8, 0.2, 0.5]])
    weights = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.25, 0.75, 0.0]])
    found = adoption.exposure(users, weights, at(0.6))
    assert found[0] == pytest.approx([0.48 + 0.4 * 0.35, 0.12 + 0.4 * 0.8, 0.30 + 0.4 * 0.35])
    assert adoption.exposure(users, weights, at(1.0)) == pytest.approx(users)


def test_hazard_without_programmes_is_that_of_bass():
    p = params(speed_level=0.1, speed_effect=-0.2, log_imitation=-0.8)
    found = adoption.hazard(at(0.4), at(0.3), NOTHING, ZERO, p)
    bass = np.exp(0.1 - 0.2 + 0.3) * (0.03 + np.exp(-0.8) * 0.4)
    assert found == pytest.approx(np.full((1, 1, 2), bass))


def test_hazard_has_constant_elasticities_of_price_and_network():
    p = params(price_response=0.6, speed_network=2.0)
    base = adoption.hazard(at(0.4), at(0.0), NOTHING, ZERO, p)
    dearer = adoption.hazard(at(0.4), at(0.0), NOTHING, at(np.log(1.25)), p)
    wired = adoption.hazard(at(0.4), at(0.0), np.log1p(zones(0.0, 0.2)), ZERO, p)
    assert dearer / base == pytest.approx(np.full((1, 1, 2), 1.25**-0.6))
    assert (wired / base)[0, 0] == pytest.approx([1.0, 1.2**2.0])


def test_hazard_rises_with_the_users_that_people_meet():
    speeds = [adoption.hazard(at(x), at(0.0), NOTHING, ZERO, P)[0, 0, 0] for x in (0, 0.3, 0.9)]
    assert 0.0 < speeds[0] < speeds[1] < speeds[2]


# A year of adoption


def test_adoption_step_of_one_cohort_is_the_closed_form():
    online, top = cohorts(0.2), cohorts(0.9)
    found = adoption.adoption_step(online, top, zones(0.25, 0.5), at(0.2))[0, 0]
    assert found[:5] == pytest.approx(np.full(5, 0.9 - 0.7 * np.exp(-0.25)))
    assert found[5:] == pytest.approx(np.full(5, 0.9 - 0.7 * np.exp(-0.5)))


def test_adoption_step_compounds_over_years_at_a_constant_hazard():
    online = cohorts(0.1)
    for _ in range(7):
        online = adoption.adoption_step(online, cohorts(0.8), zones(0.3, 0.3), at(0.2))
    assert online == pytest.approx(cohorts(0.8 - 0.7 * np.exp(-7 * 0.3)))


def test_no_speed_means_no_change_and_endless_speed_reaches_the_ceiling():
    still = adoption.adoption_step(cohorts(0.3), cohorts(0.9), zones(0.0, 0.0), at(0.2))
    assert (still == cohorts(0.3)).all()
    done = adoption.adoption_step(cohorts(0.3), cohorts(0.9), zones(800.0, 800.0), at(0.2))
    assert done == pytest.approx(cohorts(0.9))


@given(
    st.lists(st.floats(0, 1), min_size=10, max_size=10),
    st.lists(st.floats(0, 1), min_size=10, max_size=10),
    st.floats(0, 50),
)
def test_adoption_never_passes_the_ceiling_and_gives_up_slower_than_it_takes(start, top, speed):
    online, ceiling = np.array([[start]]), np.array([[top]])
    after = adoption.adoption_step(online, ceiling, zones(speed, speed), at(0.2))
    low, high = np.minimum(online, ceiling), np.maximum(online, ceiling)
    assert (after >= low - 1e-12).all()
    assert (after <= high + 1e-12).all()
    lost = np.where(online > ceiling, online - after, 0.0)
    assert (lost <= 0.2 * np.maximum(online - ceiling, 0.0) + 1e-12).all()


def test_courses_of_nobody_convert_nobody():
    assert (adoption.conversion(cohorts(0.2), cohorts(0.8), at(0.2), at(0.0), P) == 0.0).all()


@given(
    st.lists(st.floats(0.001, 0.999), min_size=10, max_size=10),
    st.lists(st.floats(0.001, 0.999), min_size=10, max_size=10),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_courses_bring_nobody_online_above_the_ceiling(start, top, trained, urban):
    online, ceiling = np.array([[start]]), np.array([[top]])
    weights = adoption.cohort_weights(np.array([urban]))
    users = (online * weights).sum(-1)
    gained = adoption.conversion(online, ceiling, users, at(trained), P)
    assert (gained >= 0.0).all()
    assert (online + gained <= np.maximum(online, ceiling) + 1e-12).all()


def test_courses_convert_the_trained_who_were_offline_and_stay():
    p = params(training_new=0.8, training_stay=0.5)
    online, top = np.linspace(0.1, 0.5, 10)[None, None], cohorts(0.9)
    weights = adoption.cohort_weights(np.array([0.4]))
    users = (online * weights).sum(-1)
    gained = adoption.conversion(online, top, users, at(0.02), p)
    expected = 0.02 * 0.8 * 0.5 * (0.9 - users) / (1.0 - users)
    assert (gained * weights).sum(-1) == pytest.approx(expected)


def test_autoregression_keeps_its_stationary_deviation():
    normals = np.random.default_rng(5).standard_normal((40_000, 4))
    last, drawn = np.zeros(4), []
    for normal in normals:
        last = adoption.autoregression(last, normal, np.array(0.6), np.array(0.8))
        drawn.append(last)
    values = np.array(drawn[100:])
    assert values.std() == pytest.approx(0.8, rel=0.02)
    lagged = np.corrcoef(values[1:, 0], values[:-1, 0])[0, 1]
    assert lagged == pytest.approx(0.6, abs=0.02)


def test_autoregression_without_luck_fades_at_its_persistence():
    faded = adoption.autoregression(np.array(2.0), np.array(0.0), np.array(0.5), np.array(3.0))
    assert faded == pytest.approx(1.0)


# The log-odds and the base year


def test_logistic_does_not_overflow_and_inverts_the_logit():
    assert adoption.logistic(np.array([-2000.0, 0.0, 2000.0])).tolist() == [0.0, 0.5, 1.0]
    shares = np.array([1e-6, 0.2, 0.5, 0.999])
    assert adoption.logistic(adoption.logit(shares)) == pytest.approx(shares)


@given(st.floats(0.005, 0.995), st.floats(0, 3), st.floats(0, 1), st.floats(0.2, 0.6))
def test_cohorts_of_the_base_year_average_exactly_to_users(users, beta, urban, gini):
    share = np.array([urban])
    incomes = adoption.cohort_incomes(adoption.quintile_incomes(np.array([gini])), share)
    slope, weights = beta * np.log(incomes)[None], adoption.cohort_weights(share)
    level, online = adoption.start_online(at(users), slope, weights)
    assert (online * weights).sum() == pytest.approx(users, abs=1e-9)
    assert online == pytest.approx(adoption.logistic(level[..., None] + slope))
    assert (np.diff(online[0, 0, :5]) >= 0.0).all()


# Fixed lines


def test_households_are_larger_where_there_are_more_children():
    assert adoption.household_size(np.array([0.1, 0.4])) == pytest.approx([2.55, 4.8])


def test_ceiling_of_lines_stays_below_the_most_that_households_have():
    children = np.array([0.2])
    most = P.lines_per_household[0, 0] / 3.3
    tops = [
        adoption.lines_ceiling(at(income), 2023, children, at(shift), P)[0, 0]
        for income, shift in ((2e3, 0.0), (2e4, 0.0), (2e4, 1.0), (1e9, 50.0))
    ]
    assert tops == sorted(tops)
    assert tops[-1] == pytest.approx(most)
    assert tops[2] < most
    fewer = adoption.lines_ceiling(at(2e4), 2023, np.array([0.4]), at(0.0), P)[0, 0]
    assert fewer < tops[1]


@pytest.mark.parametrize("lines", [0.001, 0.2, 0.9])
def test_room_above_lines_is_made_where_there_is_none(lines):
    children = np.array([0.2])
    raised = copy.copy(P)
    raised.lines_per_household, raised.lines_effect = adoption.lines_headroom(
        at(lines), at(2e4), 2023, children, P
    )
    before = adoption.lines_ceiling(at(2e4), 2023, children, at(0.0), P)[0, 0]
    after = adoption.lines_ceiling(at(2e4), 2023, children, at(0.0), raised)[0, 0]
    assert after == pytest.approx(max(before, 1.1 * lines))


def test_lines_step_without_noise_is_the_closed_form():
    p = params(rollout_effect=0.2, log_rollout=-4.0, log_contagion=-2.6, speed_network=2.0)
    found = adoption.lines_step(at(0.05), at(0.2), at(0.1), at(0.0), at(np.log(1.3)), p)
    speed = np.exp(0.3) * (np.exp(-4.0) + np.exp(-2.6) * 0.25) * 1.3**2
    assert found == pytest.approx(at(0.2 - 0.15 * np.exp(-speed)))


def test_lines_at_their_ceiling_stay_and_above_it_fall_by_a_tenth_of_the_excess():
    same = adoption.lines_step(at(0.2), at(0.2), at(0.0), at(0.0), at(0.0), P)
    assert same == pytest.approx(at(0.2))
    above = adoption.lines_step(at(0.3), at(0.2), at(0.0), at(0.0), at(0.0), P)
    assert above == pytest.approx(at(0.29))


@given(
    st.floats(1e-6, 1), st.floats(1e-4, 0.8), st.floats(-6, 6), st.floats(-6, 6), st.floats(0, 5)
)
def test_lines_stay_between_none_and_one_a_person(lines, top, noise, normal, network):
    found = adoption.lines_step(at(lines), at(top), at(noise), at(normal), at(network), P)[0, 0]
    assert 0.0 < found <= 1.0
