"""Production, growth, crises, returns to use, and the digital economy's share."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import output
from sim.model.parameters import central

P = central(1)
SHARE = st.floats(0, 1)


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def at(value):
    return np.full((1, 1), value)


def log_output(capital, people, schooling=8.0, p=P):
    return output.log_inputs(at(capital), at(people), at(0.6), at(schooling), p)[0, 0]


@given(st.floats(0.1, 10.0), st.floats(1e6, 1e12), st.floats(1e3, 1e9))
def test_production_has_constant_returns_to_scale(scale, capital, people):
    change = log_output(scale * capital, scale * people) - log_output(capital, people)
    assert change == pytest.approx(np.log(scale), abs=1e-9)


def test_production_has_the_elasticities_of_cobb_and_douglas():
    p, tiny = params(capital_share=0.4), 1e-6
    base = log_output(1e9, 1e6, p=p)
    capital = log_output(1e9 * np.exp(tiny), 1e6, p=p) - base
    people = log_output(1e9, 1e6 * np.exp(tiny), p=p) - base
    assert capital / tiny == pytest.approx(0.4, rel=1e-4)
    assert people / tiny == pytest.approx(0.6, rel=1e-4)
    schooling = log_output(1e9, 1e6, 9.0, p) - base
    assert schooling == pytest.approx(0.6 * 0.06)


@pytest.mark.parametrize(("growth", "invested"), [(0.0, 0.2), (0.03, 0.25), (0.07, 0.35)])
def test_capital_to_output_settles_at_investment_over_depreciation_and_growth(growth, invested):
    capital, gdp = at(1.0), 1.0
    for _ in range(900):
        capital = output.capital_step(capital, at(gdp), at(invested), P)
        gdp *= 1.0 + growth
    assert capital / gdp == pytest.approx(at(invested / (0.05 + growth)), rel=1e-6)


def growth(income=8000.0, shock=0.0, region=0.0, crisis=0.0, last=0.0, history=0.0, p=P):
    return output.productivity_growth(
        at(income), at(shock), np.array([region]), at(crisis), at(last), at(history), p
    )[0, 0]


def test_poorer_economies_catch_up():
    p = params(trend_growth=0.01, growth_effect=0.002, catching_up=0.012)
    reference = np.exp(output.CATCH_UP_LOG_INCOME)
    middle = growth(reference, p=p)
    assert middle == pytest.approx(0.012)
    assert growth(reference / np.e, p=p) == pytest.approx(middle + 0.012)
    assert growth(reference * np.e, p=p) == pytest.approx(middle - 0.012)


def test_catching_up_is_no_stronger_beyond_the_incomes_of_the_data():
    low, high = output.CATCH_UP_RANGE
    assert growth(np.exp(low)) == pytest.approx(growth(np.exp(low - 2.0)))
    assert growth(np.exp(high)) == pytest.approx(growth(np.exp(high + 2.0)))


def test_crises_are_losses_below_the_trend():
    """On average 6 % x 3.5 % and 2 % x 8 % a year, of which 60 % is lost for good."""
    rng, p = np.random.default_rng(1), P
    losses = output.crisis_loss(
        *(rng.uniform(size=shape) for shape in ((200_000, 1), (200_000, 1), 200_000, (200_000, 1))),
        p,
    )
    grown = np.array([growth(crisis=loss, last=loss) - growth() for loss in losses[:2000, 0]])
    np.testing.assert_allclose(grown, -0.6 * losses[:2000, 0], atol=1e-12)
    assert losses.mean() == pytest.approx(0.06 * 0.035 + 0.02 * 0.08, rel=0.05)


def test_shocks_pass_one_for_one_and_part_of_a_crisis_comes_back():
    base = growth()
    assert growth(shock=0.02, region=-0.005) == pytest.approx(base + 0.015)
    assert growth(crisis=0.08) == pytest.approx(base - 0.08)
    assert growth(last=0.08) == pytest.approx(base + 0.4 * 0.08)


def test_past_returns_to_use_are_taken_out_of_the_trend():
    p = params(digital_return=0.033, digital_shrinkage=0.5)
    assert growth(history=0.04, p=p) == pytest.approx(growth(p=p) - 0.033 * 0.5 * 0.04)


def test_crises_strike_at_their_rate_with_their_mean_loss():
    p = params(own_crisis_rate=0.02, own_crisis_mean=0.08, region_crisis_rate=0.06)
    p = replace(p, region_crisis_mean=at(0.035))
    even = (np.arange(2000) + 0.5) / 2000
    never = np.full_like(even, 0.999)
    own = output.crisis_loss(even[:, None], at(0.5), never, at(0.5), p)
    assert (own > 0.0).mean() == pytest.approx(0.02)
    regional = output.crisis_loss(never[:, None], at(0.5), even, at(0.5), p)
    assert (regional > 0.0).mean() == pytest.approx(0.06)
    struck = output.crisis_loss(at(0.0), even[:, None], np.array([0.999]), at(0.5), p)
    assert struck.mean() == pytest.approx(0.08, rel=0.01)
    struck = output.crisis_loss(at(0.999), at(0.5), np.array([0.0]), even[:, None], p)
    assert struck.mean() == pytest.approx(0.035, rel=0.01)


def test_a_regional_crisis_strikes_every_economy_and_an_own_one_adds_to_it():
    own = np.array([[0.5, 0.5, 0.0]])
    sizes = np.full((1, 3), 0.5)
    found = output.crisis_loss(own, sizes, np.array([0.0]), sizes, P)[0]
    assert found[0] == found[1] == pytest.approx(0.035 * np.log(2.0))
    assert found[2] == pytest.approx((0.035 + 0.08) * np.log(2.0))


def test_s_curve_runs_from_zero_to_one_and_turns_at_critical_mass():
    assert output.s_curve(np.array([0.0, 1.0])) == pytest.approx([0.0, 1.0])
    users = np.linspace(0.0, 1.0, 1001)
    slope = np.diff(output.s_curve(users))
    assert (slope > 0.0).all()
    steepest = users[np.argmax(slope)]
    assert steepest == pytest.approx(0.30, abs=2e-3)
    bend = np.diff(slope)
    assert (bend[: np.argmax(slope) - 1] > 0.0).all()
    assert (bend[np.argmax(slope) + 1 :] < 0.0).all()


@given(SHARE, SHARE, SHARE)
def test_digital_returns_add_up_along_the_way_and_stay_within_the_level_effect(a, b, c):
    def returns(now, before):
        return output.digital_returns(at(now), at(before), P)[0, 0]

    assert returns(c, a) == pytest.approx(returns(c, b) + returns(b, a), abs=1e-12)
    assert abs(returns(b, a)) <= output.digital_level(P)[0, 0] + 1e-12
    assert returns(a, a) == 0.0


def test_everybody_online_is_worth_the_shrunk_level_effect():
    p = params(digital_return=0.033, digital_shrinkage=0.5)
    assert output.digital_returns(at(1.0), at(0.0), p) == pytest.approx(at(0.0165))


def share(start=0.06, gdp=0.0, use=0.0, talent=0.0, p=P):
    return output.digital_share_step(at(start), at(gdp), at(use), at(talent), p)[0, 0]


def test_digital_share_stays_when_nothing_moves_it():
    assert share() == pytest.approx(0.06)


def test_digital_share_rises_with_growth_use_and_talent_by_their_weights():
    p = params(
        digital_growth_weight=0.5,
        digital_growth_ratio=2.4,
        digital_use_response=1.5,
        digital_talent_response=0.15,
        digital_share_ceiling=0.25,
    )
    room = 1.0 - 0.06 / 0.25
    for kind, drive in (("gdp", 0.5 * 1.4), ("use", 0.5 * 1.5), ("talent", 0.15)):
        assert share(**{kind: 0.1}, p=p) == pytest.approx(0.06 * np.exp(room * drive * 0.1)), kind


def test_digital_share_at_its_ceiling_stays():
    p = params(digital_share_ceiling=0.2)
    assert share(0.2, 0.05, 0.1, 0.1, p) == pytest.approx(0.2)


@given(SHARE, st.floats(-0.5, 0.5), st.floats(-1, 1), st.floats(-1, 1))
def test_digital_share_is_a_share(start, gdp, use, talent):
    assert 0.0 <= share(start, gdp, use, talent) <= 1.0
