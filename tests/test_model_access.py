"""Telecom reform, vouchers for those left out, data centres; what shocks do to access."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.engine import ALL_COLUMNS, Task, run_task
from sim.experiment.plan import case_of
from sim.model import access, parameters
from sim.policy import Scenario

P = parameters.central(2)
MEMBERS, YEARS = 32, 7


@pytest.fixture(scope="module")
def case():
    return case_of(Scenario.baseline("asean", 2030))


def planned(case, shocks=False, **paths):
    """Runs with paths set to one value in all years, (year, member, economy) by column."""
    held = case.levers.shocks if shocks else case.levers
    changed = replace(held, **{n: np.full_like(getattr(held, n), v) for n, v in paths.items()})
    levers = replace(case.levers, shocks=changed) if shocks else changed
    found = run_task(Task(replace(case, levers=levers), 1, range(MEMBERS)))
    return dict(zip(ALL_COLUMNS, found, strict=True))


@pytest.fixture(scope="module")
def base(case):
    return planned(case)


def change(case, base, kpi, **options):
    return (planned(case, **options)[kpi] - base[kpi])[-1]


def test_reform_raises_the_score_most_where_most_is_missing(case, base):
    risen = np.median(
        change(case, base, "telecom_regulation", telecom_competition_and_spectrum=1.0), axis=0
    )
    missing = 100.0 - base["telecom_regulation"][0, 0]
    assert (risen > 0.0).all()
    assert np.corrcoef(risen, missing)[0, 1] > 0.8


def test_reform_lowers_prices_and_brings_people_online(case, base):
    with_it = planned(case, telecom_competition_and_spectrum=1.0)
    assert (with_it["broadband_price"][-1] < base["broadband_price"][-1]).all()
    assert (np.median(with_it["internet_users"] - base["internet_users"], axis=1)[-1] > 0.0).all()


def test_no_reform_leaves_the_score_where_it_was(base):
    assert np.array_equal(base["telecom_regulation"][0], base["telecom_regulation"][-1])


@given(st.floats(0.0, 1.0))
def test_reform_never_raises_a_price_or_the_cost_of_networks(risen):
    risen = np.array([[risen]])
    assert 0.0 < access.reform_price(risen, P) <= 1.0
    assert access.reform_gain(risen, P) >= 1.0


def test_vouchers_narrow_the_gaps_between_rich_and_poor_and_town_and_country(case, base):
    with_it = planned(case, inclusion_targeting=1.0)
    for gap in ("income_gap", "urban_rural_gap"):
        assert np.median(with_it[gap][-1] - base[gap][-1]) < 0.0
    assert np.median(with_it["internet_users"][-1] - base["internet_users"][-1]) > 0.0


def test_a_voucher_is_worth_the_response_to_its_discount():
    shift = access.target_shift(np.array([[1.0]]), P)
    expected = -P.price_response * np.log(1.0 - P.voucher_discount)
    assert shift == pytest.approx(expected)
    assert access.target_shift(np.array([[0.0]]), P) == 0.0


def test_data_centres_keep_up_with_what_is_built_and_what_wears_out(case, base):
    found = planned(case, cloud_and_data_centres=100.0)["data_centres"]
    assert (base["data_centres"] == 0.0).all()
    assert (np.diff(found, axis=0) > 0.0).all()
    steady = 100.0 / P.cloud_wear[0, 0]
    assert (found < steady * 2.0).all()


def test_data_centres_earn_little_against_a_large_economy(case, base):
    with_it = planned(case, cloud_and_data_centres=100.0)
    gained = np.median(with_it["gdp"][-1] / base["gdp"][-1] - 1.0, axis=0)
    assert (gained > 0.0).all()
    size = base["gdp"][0, 0]
    assert gained[np.argmax(size)] < gained[np.argmin(size)]


def test_people_trained_are_counted_in_persons(case, base):
    found = planned(case, basic_skills_programme=0.02)["people_trained"]
    adults = base["population"][-1] * 0.6
    assert (base["people_trained"] == 0.0).all()
    assert (found[-1] > 0.005 * adults).all()
    assert (found[-1] < 0.02 * adults * 1.4).all()


@pytest.mark.parametrize(
    ("shock", "size", "kpi", "sign"),
    [
        ("adoption_push", 1.0, "internet_users", 1),
        ("social_divide", 1.0, "internet_users", -1),
        ("social_divide", 1.0, "income_gap", 1),
        ("schooling_loss", 1.0, "basic_skills", -1),
        ("price_push", 0.3, "broadband_price", 1),
        ("price_push", 0.3, "internet_users", -1),
        ("output_loss", 0.05, "gdp", -1),
    ],
)
def test_a_shock_moves_what_it_hits(case, base, shock, size, kpi, sign):
    moved = change(case, base, kpi, shocks=True, **{shock: size})
    assert (sign * np.median(moved, axis=0) > 0.0).all()


def test_data_centres_never_earn_more_than_their_market(case, base):
    with_it = planned(case, cloud_and_data_centres=5000.0)
    gained = np.log(with_it["gdp"][-1] / base["gdp"][-1])
    assert (np.median(gained, axis=0) > 0.0).all()
    assert np.quantile(gained, 0.99) < 0.03
