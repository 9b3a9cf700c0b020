"""Learning from peers: who teaches, what a platform is worth, how an institution moves."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import learning
from sim.model.parameters import central
from sim.policy.paths import empty_paths

P = central(4)
INCOME = np.array([1.0, 1.1, 10.0, 11.0])
NO_TRADE = np.zeros((4, 4))
LEVEL = st.floats(-8.0, 8.0)


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def test_peers_are_economies_of_like_income():
    assert learning.similar_peers(INCOME, NO_TRADE, 1)[:, 0].tolist() == [1, 0, 3, 2]


def test_a_trade_partner_is_a_peer_although_incomes_differ():
    trade = NO_TRADE.copy()
    trade[0, 3] = 1.0
    rich = np.array([1.0, 1.5, 1.6, 1.7])
    assert learning.similar_peers(rich, NO_TRADE, 1)[0, 0] == 1
    assert learning.similar_peers(rich, trade, 1)[0, 0] == 3


@given(st.integers(1, 8))
def test_nobody_is_its_own_peer(economies):
    income = np.exp(np.arange(economies, dtype=float))
    peers = learning.similar_peers(income, np.zeros((economies, economies)))
    assert peers.shape == (economies, min(learning.PEERS, economies - 1))
    assert not (peers == np.arange(economies)[:, None]).any()


def test_the_best_of_the_teachers_is_looked_to():
    values = np.array([[0.1, 0.4, 0.2, 0.9], [0.5, 0.4, 0.3, 0.2]])
    teachers = np.array([[1, 2], [0, 2], [0, 1], [0, 2]])
    assert learning.best_practice(values, teachers).tolist() == [
        [0.4, 0.2, 0.4, 0.2],
        [0.4, 0.5, 0.5, 0.5],
    ]


def test_members_may_choose_teachers_of_their_own():
    values = np.array([[0.1, 0.4, 0.2, 0.9], [0.5, 0.4, 0.3, 0.2]])
    one = np.array([[1, 2], [0, 2], [0, 1], [0, 2]])
    both = np.stack([one, one])
    assert (learning.best_practice(values, both) == learning.best_practice(values, one)).all()
    both[1, 3] = [2, 2]
    assert learning.best_practice(values, both)[1, 3] == 0.3


def test_an_economy_alone_looks_to_itself():
    values = np.array([[0.3]])
    peers = learning.similar_peers(np.ones(1), np.zeros((1, 1)))
    assert learning.best_practice(values, peers).tolist() == [[0.3]]


def test_a_platform_is_worth_nothing_to_those_who_join_alone():
    assert learning.network_effect(np.array([1.0, 0.0, 0.0])).tolist() == [0.0, 0.0, 0.0]
    assert learning.network_effect(np.ones(3)).tolist() == [1.0, 1.0, 1.0]
    assert learning.network_effect(np.array([1.0, 1.0, 0.0])).tolist() == [0.5, 0.5, 0.0]


def test_lost_cooperation_closes_platforms_and_exchange():
    plan = empty_paths(1, 3).at(0)
    plan.regional_platforms[:] = plan.best_practice_sharing[:] = 1.0
    assert (learning.platform_use(plan, "innovation") == 1.0).all()
    assert (learning.openness(plan, np.zeros(1)) == 1.0).all()
    plan.shocks.cooperation_loss[:] = 1.0
    assert (learning.platform_use(plan, "innovation") == 0.0).all()
    assert (learning.openness(plan, np.zeros(1)) == 0.0).all()


def test_openness_widens_what_is_seen_from_peers_to_the_regions_best():
    values, best = np.array([[0.0, 1.0, 4.0]]), np.array([[1.0, 1.0, 1.0]])
    assert learning.widened(best, values, np.zeros(1)).tolist() == [[1.0, 1.0, 1.0]]
    assert learning.widened(best, values, np.full(1, 0.5)).tolist() == [[2.5, 2.5, 2.5]]
    assert learning.widened(best, values, np.ones(1)).tolist() == [[4.0, 4.0, 4.0]]


def test_better_government_takes_in_more_of_what_could_be_learnt():
    taken = learning.absorptive_capacity(np.array([-2.0, 0.0, 2.0]), P)[0]
    assert taken[1] == 0.5
    assert (np.diff(taken) > 0).all()
    assert taken.max() < 1.0


def test_a_gap_closes_geometrically_without_drift():
    level, best = np.zeros((1, 1)), np.full((1, 1), 2.0)
    for year in range(1, 6):
        level = learning.institution_step(
            level, best, np.array([0.5]), np.zeros(1), np.array([0.2])
        )
        assert level == pytest.approx(2.0 * (1.0 - 0.9**year))


@given(LEVEL, LEVEL, st.floats(0, 1))
def test_nobody_unlearns_from_worse_peers_nor_overtakes_the_best_by_learning(own, best, rate):
    after = learning.institution_step(
        np.full((1, 1), own), np.full((1, 1), best), np.ones(1), np.zeros(1), np.array([rate])
    )[0, 0]
    assert own - 1e-12 <= after <= max(own, best) + 1e-12


def test_spending_helps_with_diminishing_returns():
    spent = np.array([0.0, 0.001, 0.002, 0.003])
    gain = learning.spending_gain(spent, np.full(1, 0.05), np.full(1, 0.001))
    assert gain[0] == 0.0
    assert gain[1] == pytest.approx(0.05 * np.log(2.0))
    assert (np.diff(gain) > 0).all()
    assert (np.diff(gain, 2) < 0).all()
