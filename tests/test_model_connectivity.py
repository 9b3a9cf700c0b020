"""Networks: stocks, money laid, sharing, delivery, coverage and the price of getting online."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import connectivity
from sim.model.parameters import central

P = central(1)


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def at(value):
    return np.full((1, 1), value)


@given(st.floats(0, 1), st.floats(0.1, 1))
def test_operators_network_averages_to_the_mean_and_is_thinner_in_the_country(urban, ratio):
    share = np.array([urban])
    split = connectivity.operator_split(share, at(ratio))[0, 0]
    assert split @ connectivity.zone_shares(share)[0] == pytest.approx(1.0)
    assert split[1] == pytest.approx(ratio * split[0])


def test_stock_settles_where_investment_replaces_what_wears_out():
    stock, added = np.zeros((1, 1, 2)), np.array([[[6.0, 3.0]]])
    for _ in range(400):
        stock = connectivity.stock_step(stock, added, at(0.1))
    assert stock[0, 0] == pytest.approx([60.0, 30.0])


def test_stock_without_investment_wears_out_at_its_rate():
    stock = np.full((1, 1, 2), 50.0)
    for _ in range(5):
        stock = connectivity.stock_step(stock, np.zeros((1, 1, 2)), at(0.1))
    assert stock[0, 0] == pytest.approx([50.0 * 0.9**5] * 2)


@given(st.floats(0, 1e9), st.floats(0, 1), st.floats(0, 1), st.floats(1e4, 1e9))
def test_money_laid_is_neither_lost_nor_made(money, rural, urban, people):
    laid = connectivity.laid_per_person(
        at(money), np.array([rural]), np.array([urban]), np.array([people])
    )[0, 0]
    shares = np.array([urban, 1.0 - urban])
    assert (laid >= 0.0).all()
    spent = laid * np.maximum(shares, connectivity.EMPTY_ZONE) * people
    assert spent.sum() == pytest.approx(money)


def test_money_for_a_country_without_countryside_goes_to_its_towns():
    town = connectivity.laid_per_person(at(100.0), np.array([0.9]), np.ones(1), np.array([10.0]))
    assert town[0, 0] == pytest.approx([10.0, 0.0])
    country = connectivity.laid_per_person(at(100.0), np.zeros(1), np.zeros(1), np.array([10.0]))
    assert country[0, 0] == pytest.approx([0.0, 10.0])


def test_money_for_the_country_lays_more_per_person_where_fewer_live_there():
    laid = [
        connectivity.laid_per_person(at(9.0), np.array([0.5]), np.array([urban]), np.ones(1))
        for urban in (0.3, 0.8)
    ]
    assert laid[1][0, 0, 1] > laid[0][0, 0, 1]


def test_sharing_lays_as_much_more_as_it_saves():
    p = params(sharing_saving=0.25)
    assert connectivity.sharing_gain(at(0.0), p) == pytest.approx(at(1.0))
    assert connectivity.sharing_gain(at(1.0), p) == pytest.approx(at(1.0 / 0.75))


def test_shared_network_approaches_the_plan_as_the_old_wears_out():
    p, shared = params(network_depreciation=0.1), at(0.0)
    for year in range(1, 30):
        shared = connectivity.shared_step(shared, at(0.6), p)
        assert shared == pytest.approx(at(0.6 * (1.0 - 0.9**year)))


def test_delivery_rises_with_government_and_stays_between_a_tenth_and_all():
    p = params(delivery_level=0.7, delivery_slope=0.1)
    effectiveness = np.array([-40.0, -1.0, 0.0, 1.0, 40.0])
    assert connectivity.delivery(effectiveness, p)[0] == pytest.approx([0.1, 0.6, 0.7, 0.8, 1.0])


def test_coverage_is_none_without_a_network_and_everybody_with_a_large_one():
    none, all_of_it = np.zeros((1, 1, 2)), np.full((1, 1, 2), 1e6)
    assert (connectivity.coverage(none, 2023, P) == 0.0).all()
    assert connectivity.coverage(all_of_it, 2023, P) == pytest.approx(np.ones((1, 1, 2)))


def test_coverage_is_the_exponential_of_stock_against_a_falling_cost():
    p = params(urban_cost=60.0, rural_cost=150.0, network_cost_decline=0.15)
    stock = np.array([[[30.0, 30.0]]])
    cost = np.array([60.0, 150.0])
    first = connectivity.coverage(stock, 2010, p)[0, 0]
    assert first == pytest.approx(1.0 - np.exp(-30.0 / cost))
    later = connectivity.coverage(stock, 2014, p)[0, 0]
    assert later == pytest.approx(1.0 - np.exp(-30.0 / (cost * 0.85**4)))
    assert first[1] < first[0] < later[0]


@given(st.floats(0, 1e4), st.floats(0, 1e3), st.integers(2010, 2060))
def test_more_network_never_covers_fewer(stock, more, year):
    less = connectivity.coverage(np.full((1, 1, 2), stock), year, P)
    found = connectivity.coverage(np.full((1, 1, 2), stock + more), year, P)
    assert ((found >= less) & (found <= 1.0) & (less >= 0.0)).all()


def test_price_without_sharing_is_on_its_path_and_with_it_below():
    p = params(sharing_pass_through=0.5, sharing_saving=0.25)
    assert connectivity.relative_price(at(0.0), p) == pytest.approx(at(1.0))
    assert connectivity.relative_price(at(0.4), p) == pytest.approx(at(0.95))


def test_price_falls_with_technology_and_as_incomes_grow():
    p = params(price_decline=0.04)
    found = connectivity.price_step(at(5.0), at(0.03), at(1.0), at(1.0), p)
    assert found == pytest.approx(at(5.0 * np.exp(-0.07)))
    slump = connectivity.price_step(at(5.0), at(-0.10), at(1.0), at(1.0), p)
    assert slump[0, 0] > 5.0


def test_price_returns_to_its_path_when_a_programme_fades():
    p, ratios = params(price_decline=0.04), [1.0, 0.9, 0.85, 0.9, 1.0]
    price = path = at(5.0)
    for last, ratio in pairwise(ratios):
        price = connectivity.price_step(price, at(0.02), at(ratio), at(last), p)
        path = connectivity.price_step(path, at(0.02), at(1.0), at(1.0), p)
        assert price == pytest.approx(ratio * path)
    assert price == pytest.approx(path)
