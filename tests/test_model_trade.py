"""Goods trade in exact hat algebra: books balance, closed forms hold, costs have the right sign."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.model import trade
from sim.model.parameters import central, priors
from sim.region.networks import base_flows
from sim.region.region import Region

EPS = np.array([[3.0], [4.5], [6.5]])
MEMBERS = len(EPS)
#: Clearing the markets leaves this much of sales against income after a large shock in one year.
TOLERANCE = 1e-6


def small_world(seed=3, nodes=4):
    """Flows of a few nodes with home bias and unbalanced trade."""
    flows = np.random.default_rng(seed).uniform(1.0, 20.0, (nodes, nodes))
    np.fill_diagonal(flows, np.random.default_rng(seed + 1).uniform(80.0, 300.0, nodes))
    return flows


def solved(flows, change=None, sizes=None, eps=EPS, steps=trade.FIRST_STEPS):
    nodes = len(flows)
    system = trade.TradeSystem.build(flows, eps)
    change = np.ones((len(eps), nodes, nodes)) if change is None else change
    sizes = np.ones((len(eps), nodes)) if sizes is None else sizes
    market = trade.solve(system, change, sizes, np.ones((len(eps), nodes)), eps, steps)
    return system, market.price, market.flows()


def cheaper(nodes, i, j, log):
    """Trade between two nodes made cheaper both ways."""
    change = np.ones((MEMBERS, nodes, nodes))
    change[:, i, j] = change[:, j, i] = np.exp(log)
    return change


def at_home(flows):
    return np.diagonal(flows, axis1=1, axis2=2) / flows.sum(axis=1)


def gains(flows, base, members=slice(None)):
    return trade.gains_from_trade(at_home(flows), at_home(base), 1.0, EPS[members])


def test_no_change_gives_the_base_flows():
    flows = small_world()
    _, price, found = solved(flows)
    assert price == pytest.approx(np.ones((MEMBERS, 4)))
    assert found == pytest.approx(np.broadcast_to(flows, found.shape))


def test_proportional_growth_leaves_prices_and_shares_as_they_are():
    flows = small_world()
    _, price, found = solved(flows, sizes=np.full((MEMBERS, 4), 1.7))
    assert price == pytest.approx(np.ones((MEMBERS, 4)))
    assert found == pytest.approx(np.broadcast_to(1.7 * flows, found.shape))


def test_the_inverse_jacobian_is_exact_between_and_at_the_ends_of_all_elasticities():
    flows, eps = small_world(), np.array([[1.0], [1.7], [4.5], [9.0], [12.0]])
    system = trade.TradeSystem.build(flows, eps)
    sales = flows / system.output[:, None]
    for found, one in zip(system.inverse, eps[:, 0], strict=True):
        jacobian = sales + one * sales @ system.shares.T - (1.0 + one) * np.eye(4)
        pinned = jacobian - system.output / system.output.sum()
        assert found @ pinned == pytest.approx(np.eye(4), abs=1e-13)


def test_the_prior_of_the_elasticity_is_within_what_is_interpolated():
    prior = next(prior for prior in priors() if prior.name == "trade_elasticity")
    assert prior.bounds == trade.ELASTICITIES


def test_deficits_of_the_world_sum_to_zero():
    flows = small_world()
    system = trade.TradeSystem.build(flows, EPS)
    assert (system.deficit * system.output).sum() == pytest.approx(0.0, abs=1e-9)
    income = np.random.default_rng(0).uniform(1.0, 9.0, (MEMBERS, 4))
    spent = trade.spending(income, system.deficit)
    assert spent.sum(axis=1) == pytest.approx(income.sum(axis=1))
    assert spent[:, :-1] == pytest.approx((income * (1.0 + system.deficit))[:, :-1])


@settings(max_examples=40)
@given(
    hnp.arrays(float, (4, 4), elements=st.floats(-0.3, 0.3)),
    hnp.arrays(float, (4,), elements=st.floats(0.6, 2.0)),
    st.integers(0, 30),
)
def test_every_buyer_spends_what_it_has_and_every_seller_earns_what_it_sells(logs, sizes, seed):
    flows = small_world(seed)
    change = np.tile(np.exp(logs + logs.T), (MEMBERS, 1, 1))
    system, price, found = solved(flows, change, np.broadcast_to(sizes, (MEMBERS, 4)))
    income = price * sizes * system.output
    spent = trade.spending(income, system.deficit)
    assert found.sum(axis=1) == pytest.approx(spent, rel=1e-12)
    assert found.sum(axis=2) == pytest.approx(income, rel=TOLERANCE)
    assert income.sum(axis=1) == pytest.approx((sizes * system.output).sum(), rel=1e-12)


def test_flows_are_those_of_a_slow_solver():
    flows, cheap = small_world(), cheaper(4, 0, 1, 0.4)
    sizes = np.array([1.3, 0.8, 1.1, 1.0])
    system, price, _ = solved(flows, cheap.copy(), np.broadcast_to(sizes, (MEMBERS, 4)))
    for member, eps in enumerate(EPS[:, 0]):
        slow = np.ones(4)
        for _ in range(20_000):  # prices rise, a little, where more is asked for than there is
            income = slow * sizes * system.output
            spent = trade.spending(income[None], system.deficit)[0]
            offer = flows * cheap[member] * slow[:, None] ** -eps
            sales = (offer / offer.sum(axis=0) * spent).sum(axis=1)
            slow = slow * (sales / income) ** 0.1
        # The level of all prices is free: compare relative ones.
        assert price[member] / price[member, -1] == pytest.approx(slow / slow[-1], rel=1e-6)


@pytest.mark.parametrize("tau", [0.5, 0.9, 1.0, 1.3, 3.0])
def test_two_equal_countries_trade_as_armington_says(tau):
    """Import share tau^-eps / (1 + tau^-eps), whatever the level of prices."""
    flows = np.ones((2, 2))
    change = np.ones((MEMBERS, 2, 2))
    change[:, 0, 1] = change[:, 1, 0] = tau ** -EPS[:, 0]
    _, price, found = solved(flows, change)
    share = found[:, 1, 0] / found[:, :, 0].sum(axis=1)
    assert price == pytest.approx(np.ones((MEMBERS, 2)))
    assert share == pytest.approx(tau ** -EPS[:, 0] / (1.0 + tau ** -EPS[:, 0]))


@pytest.mark.parametrize("tau", [0.7, 1.4])
def test_gains_of_two_equal_countries_are_the_fall_of_the_price_index(tau):
    flows = np.ones((2, 2))
    change = np.ones((MEMBERS, 2, 2))
    change[:, 0, 1] = change[:, 1, 0] = tau ** -EPS[:, 0]
    _, _, found = solved(flows, change)
    eps = EPS[:, 0]
    index = (0.5 + 0.5 * tau**-eps) ** (-1.0 / eps)
    assert gains(found, np.ones((MEMBERS, 2, 2)))[:, 0] == pytest.approx(-np.log(index))


def test_gains_are_zero_when_costs_do_not_change():
    _, _, found = solved(small_world())
    assert gains(found, found) == pytest.approx(np.zeros((MEMBERS, 4)), abs=1e-12)


@pytest.mark.parametrize("traded", [1e-3, 1e-6, 1e-9])
def test_gains_of_nearly_closed_economies_vanish_with_their_trade(traded):
    flows = np.diag([50.0, 80.0, 20.0]) + traded
    _, _, base = solved(flows)
    _, _, found = solved(flows, cheaper(3, 0, 1, 0.5))
    assert np.abs(gains(found, base)).max() < traded


def test_closing_a_border_costs_minus_the_log_of_the_share_bought_at_home_over_epsilon():
    flows = np.array([[60.0, 40.0], [40.0, 60.0]])
    shut = cheaper(2, 0, 1, -60.0)
    _, _, base = solved(flows)
    _, _, found = solved(flows, shut)
    expected = np.broadcast_to(np.log(0.6) / EPS, (MEMBERS, 2))
    assert gains(found, base) == pytest.approx(expected)


def test_gains_grow_with_the_share_of_goods_and_shrink_with_the_elasticity():
    now, before = np.array([[0.7]]), np.array([[0.8]])
    found = trade.gains_from_trade(now, before, np.array([0.4]), np.array([[3.0], [6.0]]))
    assert found[:, 0] == pytest.approx([0.4 / 3.0 * np.log(8 / 7), 0.4 / 6.0 * np.log(8 / 7)])


def test_cheaper_trade_gains_both_partners_and_turns_them_to_each_other():
    flows = small_world()
    _, _, base = solved(flows)
    _, _, found = solved(flows, cheaper(4, 0, 1, 0.3))
    assert (gains(found, base)[:, :2] > 0.0).all()
    for buyer, partner in ((0, 1), (1, 0)):
        assert (found[:, partner, buyer] > base[:, partner, buyer]).all()
        for third in (2, 3):
            now = found[:, third, buyer] / found[:, partner, buyer]
            assert (now < base[:, third, buyer] / base[:, partner, buyer]).all()


def test_cheaper_trade_of_two_among_equals_is_diverted_from_the_others_who_lose():
    flows = np.full((4, 4), 10.0)
    _, _, base = solved(flows)
    _, _, found = solved(flows, cheaper(4, 0, 1, 0.3))
    shares = found / found.sum(axis=1, keepdims=True)
    assert (shares[:, 2:, :2] < 0.25).all()
    found_gains = gains(found, base)
    assert (found_gains[:, :2] > 0.0).all()
    assert (found_gains[:, 2:] < 0.0).all()


def test_uniformly_cheaper_trade_gains_everybody():
    flows = small_world()
    change = np.full((MEMBERS, 4, 4), np.exp(0.2))
    change[:, np.arange(4), np.arange(4)] = 1.0
    _, _, base = solved(flows)
    _, _, found = solved(flows, change)
    assert (gains(found, base) > 0.0).all()


def test_an_economy_that_grows_sells_cheaper():
    flows, sizes = small_world(), np.ones((MEMBERS, 4))
    sizes[:, 0] = 1.5
    _, price, _ = solved(flows, sizes=sizes)
    assert (price[:, 0] < price[:, 1:].min(axis=1)).all()


def test_exports_to_all_partners_are_what_these_record_as_imports():
    system = trade.TradeSystem.build(small_world(), EPS)
    one = np.ones((MEMBERS, 4))
    market = trade.solve(system, cheaper(4, 0, 2, 0.3), one, one, EPS, trade.FIRST_STEPS)
    flows = market.flows()
    exports, imports, regional = market.totals(4)
    assert exports.sum(axis=1) == pytest.approx(imports.sum(axis=1))
    assert regional == pytest.approx(exports)  # all nodes are economies here
    assert market.domestic_share(4) == pytest.approx(at_home(flows))
    exports, _, regional = market.totals(3)
    assert exports - regional == pytest.approx(flows[:, :3, 3])


# Costs


def demand_change(
    p, nodes, users=(0.5, 0.7, 0.9), distance=0.0, facilitation=(0.4, 0.5, 0.6), quality=0.0
):
    """Of three economies, against a base year of the defaults."""
    base = trade.TradeCosts.of(
        np.array([[0.5, 0.7, 0.9]]), np.zeros((1, 3, 3)), np.array([[0.4, 0.5, 0.6]])
    )
    now = trade.TradeCosts.of(
        np.array([users]), np.full((1, 3, 3), distance), np.array([facilitation])
    )
    return trade.demand_change(now, base, np.full((1, 3), quality), p, nodes)


def test_demand_does_not_change_when_nothing_that_moves_costs_does():
    assert (demand_change(central(3), 5) == 1.0).all()


def test_demand_change_is_symmetric_and_spares_home_and_foreign_trade_among_outsiders():
    found = demand_change(central(3), 5, (0.6, 0.8, 0.95), 0.1, (0.5, 0.9, 0.7))[0]
    assert found == pytest.approx(found.T)
    assert np.diag(found) == pytest.approx(np.ones(5))
    assert (found[3:, 3:] == 1.0).all()


def test_users_move_trade_only_through_the_weaker_partner():
    p = replace(central(3), trade_connectivity=np.full((1, 1), 0.2))
    found = demand_change(p, 4, (0.5, 0.7, 0.99))[0]
    assert found[:2, :3] == pytest.approx(np.ones((2, 3)))
    assert found[2, 3] == pytest.approx((0.99 / 0.9) ** 0.2)
    found = demand_change(p, 4, (0.6, 0.7, 0.9))[0]
    assert found[0, 1] == found[0, 2] == pytest.approx(1.2**0.2)
    assert found[1, 2] == pytest.approx(1.0)


def test_good_regulation_amplifies_connectivity():
    p = replace(
        central(3),
        trade_connectivity=np.full((1, 1), 0.2),
        regulation_amplifies=np.full((1, 1), 0.8),
    )
    found = demand_change(p, 3, (0.6, 0.7, 0.9), quality=1.0)[0]
    assert found[0, 1] == pytest.approx(1.2 ** (0.2 * 1.8))


def test_distance_between_rules_lowers_trade_at_its_semi_elasticity():
    p = replace(central(3), regulatory_distance=np.full((1, 1), 0.33))
    found = demand_change(p, 4, distance=0.3)[0]
    assert found[0, 1] == pytest.approx(np.exp(-0.33 * 0.3))
    assert found[0, 3] == 1.0


def test_paperless_trade_counts_at_both_ends():
    p = replace(
        central(3),
        trade_elasticity=np.full((1, 1), 4.0),
        paperless_saving=np.full((1, 1), 0.2),
        transaction_cost=np.full((1, 1), 0.1),
    )
    found = demand_change(p, 4, facilitation=(0.9, 0.5, 0.6))[0]
    assert np.log(found[0, 1]) == pytest.approx(4.0 * 0.02 * 0.5 * 0.5)
    assert np.log(found[0, 2]) == pytest.approx(4.0 * 0.02 * 0.5 * 0.6)
    assert np.log(found[0, 3]) == pytest.approx(4.0 * 0.02 * 0.5 * trade.OUTSIDE_PAPERLESS)
    assert found[1, 2] == pytest.approx(1.0)


def test_sizes_grow_with_gdp_and_the_rest_of_the_world_at_its_rate():
    found = trade.node_sizes(
        np.array([[3.0, 4.0]]), np.array([2.0, 4.0]), np.array([[0.025]]), 6, nodes=4
    )
    assert found[0] == pytest.approx([1.5, 1.0, np.exp(0.15), np.exp(0.15)])


# Real flows


@pytest.fixture(scope="module")
def shipped():
    flows = base_flows(Region.load("asean+carec"))
    return flows, solved(flows)


def test_shipped_flows_are_an_equilibrium(shipped):
    flows, (_, price, found) = shipped
    assert price == pytest.approx(np.ones_like(price))
    assert found == pytest.approx(np.broadcast_to(flows, found.shape))


def test_markets_of_the_shipped_region_clear_within_a_year_of_steps(shipped):
    flows, (system, _, _) = shipped
    nodes, rng = len(flows), np.random.default_rng(2)
    sizes = rng.uniform(0.9, 1.1, (MEMBERS, nodes))
    logs = rng.uniform(0.0, 0.1, (MEMBERS, nodes, nodes))
    _, price, found = solved(flows, np.exp(logs), sizes, steps=trade.STEPS)
    income = price * sizes * system.output
    assert found.sum(axis=2) == pytest.approx(income, rel=1e-5)
    assert found.sum(axis=1) == pytest.approx(trade.spending(income, system.deficit), rel=1e-12)
    assert (found >= 0.0).all()
