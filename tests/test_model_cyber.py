"""Cyber incidents and trust: frequencies, sizes, expectations, recovery."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import cyber
from sim.model.parameters import central
from sim.policy.paths import empty_paths

P = central(1)
MANY = 400_000
SHARE = st.floats(0, 1)


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def no_plan(economies=1):
    return empty_paths(1, economies).at(0)


def luck(seed=1):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((MANY, 1)), rng.random((MANY, 1))


def losses(plan, exposed=1.0, p=P):
    normal, uniform = luck()
    at = np.full((MANY, 1), exposed)
    return cyber.yearly_loss(at, plan, np.ones((MANY, 1)), normal, uniform, p)


def test_the_worlds_exposure_of_2023_costs_what_the_evidence_says():
    at = cyber.exposure(P.cyber_anchor_users, P.cyber_anchor_score, cyber.threat(0, P), P)
    assert at == pytest.approx(1.0)
    assert cyber.expected_loss(at, P) == pytest.approx(0.005)


@given(SHARE, SHARE, SHARE, SHARE)
def test_losses_rise_with_use_and_fall_with_commitment(users, more, score, better):
    threat = np.ones((1, 1))
    at = cyber.exposure(np.full((1, 1), users), np.full((1, 1), score), threat, P)
    assert at >= 0.0
    assert cyber.exposure(np.full((1, 1), max(users, more)), score, threat, P) >= at - 1e-12
    assert cyber.exposure(users, np.full((1, 1), max(score, better)), threat, P) <= at + 1e-12


def test_full_commitment_never_prevents_all_losses():
    assert cyber.exposure(np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), P) > 0.0


def test_the_threat_grows_ever_more_slowly():
    path = [cyber.threat(step, P)[0, 0] for step in range(60)]
    growth = np.diff(np.log(path))
    assert path[0] == 1.0
    assert growth[0] == pytest.approx(np.log1p(0.07))
    assert (np.diff(growth) < 0).all()
    assert path[-1] < np.exp(0.07 / 0.15)


@pytest.mark.parametrize("rate", [0.01, 0.5, 3.0, 12.0])
def test_incidents_are_poisson(rate):
    count = cyber.incident_count(np.full((MANY, 1), rate), luck()[1])
    assert count.mean() == pytest.approx(rate, rel=0.03)
    assert count.var() == pytest.approx(rate, rel=0.03)
    assert (count == 0).mean() == pytest.approx(np.exp(-rate), abs=0.003)


def test_mean_losses_are_those_expected_although_the_tail_is_heavy():
    count, loss = losses(no_plan())
    assert loss.mean() == pytest.approx(0.005, rel=0.02)
    assert count.mean() == pytest.approx(0.5, rel=0.02)
    assert np.quantile(loss, 0.999) > 0.02
    assert np.median(loss) < loss.mean()


def test_several_incidents_vary_less_than_one_as_large():
    normal, _ = luck()
    one = cyber.incident_loss(np.ones((MANY, 1)), np.full((1, 1), 0.004), normal, P)
    four = cyber.incident_loss(np.full((MANY, 1), 4.0), np.full((1, 1), 0.001), normal, P)
    assert one.mean() == pytest.approx(four.mean(), rel=0.05)
    assert four.std() < 0.6 * one.std()


def test_attacks_come_more_often_and_severe_ones_cost_more():
    _, calm = losses(no_plan())
    attack, severe = no_plan(), no_plan()
    attack.shocks.cyber_attacks[:] = 3.0
    severe.shocks.cyber_severity[:] = np.log(4.0)
    more, after = losses(attack)
    assert more.mean() == pytest.approx(2.0, rel=0.02)
    major = 0.2 * 0.005
    assert after.mean() - calm.mean() == pytest.approx(3 * major, rel=0.1)
    assert losses(severe)[1].mean() - calm.mean() == pytest.approx(3 * major, rel=0.1)


def test_a_response_team_and_joint_action_against_fraud_save_losses_when_others_join():
    normal, uniform = (draw[:1000].repeat(2, axis=1) for draw in luck())
    funded, at = np.ones((1000, 2)), np.full((1000, 2), 1.0)

    def cost(**parts):
        plan = no_plan(2)
        for name, value in parts.items():
            getattr(plan, name)[:] = value
        return cyber.yearly_loss(at, plan, funded, normal, uniform, P)[1]

    none = cost()
    assert (cost(regional_cert=[1.0, 0.0]) == none).all()
    assert (cost(regional_cert=1.0) <= none).all()
    assert (cost(regional_cert=1.0) < none).any()
    alone, both = cost(anti_fraud=[1.0, 0.0]), cost(anti_fraud=1.0)
    assert (both[:, 0] < alone[:, 0]).all()
    assert (alone[:, 0] < none[:, 0]).all()
    assert (alone[:, 1] == none[:, 1]).all()


def test_an_incident_as_in_costa_rica_takes_an_eighth_of_trust_which_comes_back():
    trust, reference = np.full((1, 1), 0.5), np.full((1, 1), 0.5)
    plan, funded = no_plan(), np.ones((1, 1))
    trust = cyber.trust_step(trust, reference, np.full((1, 1), 0.024), plan, funded, P)
    assert trust == pytest.approx(0.5 - 5.0 * 0.024)
    for year in range(1, 8):
        trust = cyber.trust_step(trust, reference, np.zeros((1, 1)), plan, funded, P)
        assert trust == pytest.approx(0.5 - 0.12 * 0.7**year)


def test_campaigns_raise_trust_by_up_to_a_tenth():
    trust, reference = np.full((1, 1), 0.5), np.full((1, 1), 0.5)
    plan = no_plan()
    plan.awareness_and_trust[:] = 1.0
    for _ in range(60):
        trust = cyber.trust_step(trust, reference, np.zeros((1, 1)), plan, np.ones((1, 1)), P)
    # t* = (recovery t0 + c) / (recovery + c)
    assert trust == pytest.approx((0.3 * 0.5 + 0.06) / 0.36)
    assert 0.03 < trust - 0.5 < 0.1


@given(SHARE, SHARE, st.floats(-0.1, 0.25), SHARE, SHARE)
def test_trust_stays_an_index(trust, reference, surprise, shock, campaign):
    plan = no_plan()
    plan.shocks.trust_loss[:], plan.awareness_and_trust[:] = shock, campaign
    plan.anti_fraud[:] = campaign
    after = cyber.trust_step(
        np.full((1, 1), trust), np.full((1, 1), reference), np.full((1, 1), surprise),
        plan, np.ones((1, 1)), P,
    )  # fmt: skip
    assert 0.0 <= after <= 1.0


def test_the_gate_is_open_at_the_reference_of_trust_and_narrows_below_it():
    half = np.full((1, 1), 0.5)
    assert cyber.trust_gate(half, half, P) == 1.0
    assert cyber.trust_gate(half - 0.2, half, P) == pytest.approx(0.9)
    assert cyber.trust_gate(half - 0.2, half, params(trust_response=0.0)) == 1.0
