"""Rules: provisions rise, distances are distances, quality is relative to the region."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.model import budget, regulation
from sim.model.quantities import PROVISIONS
from sim.policy.paths import alignment_pace, empty_paths

SCORES = hnp.arrays(float, (1, 4, len(PROVISIONS)), elements=st.floats(0, 1))


@given(SCORES)
def test_regulatory_distance_is_a_metric(provisions):
    d = regulation.regulatory_distance(provisions)[0]
    assert (np.diag(d) == 0.0).all()
    assert (d == d.T).all()
    assert ((d >= 0.0) & (d <= 1.0)).all()
    assert (d[:, None, :] <= d[:, :, None] + d[None, :, :] + 1e-12).all()


def test_regulatory_distance_is_the_mean_difference_of_six_scores():
    provisions = np.zeros((1, 2, len(PROVISIONS)))
    provisions[0, 1] = [0.6, 0.0, 0.3, 0.0, 0.0, 0.3]
    assert regulation.regulatory_distance(provisions)[0, 0, 1] == pytest.approx(0.2)


@given(SCORES, st.floats(0, 1), st.floats(0, 1))
def test_alignment_towards_one_level_never_drives_rules_apart(provisions, target, delivered):
    step = np.maximum(target - provisions, 0.0)
    after = regulation.provisions_step(provisions, step, np.full((1, 4), delivered))
    before = regulation.regulatory_distance(provisions)
    assert (regulation.regulatory_distance(after) <= before + 1e-12).all()


@given(SCORES, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_provisions_never_fall_and_never_pass_the_target(provisions, target, pace, delivered):
    plan = empty_paths(1, 4).at(0)
    plan.alignment_target[:], plan.alignment_pace[:] = target, pace
    step = budget.alignment_step(plan, provisions)
    after = regulation.provisions_step(provisions, step, np.full((1, 4), delivered))
    assert (after >= provisions).all()
    assert (after <= np.maximum(provisions, target) + 1e-12).all()


@pytest.mark.parametrize("years", [1, 2, 5, 12])
def test_full_delivery_closes_the_gap_by_equal_steps_and_exactly_in_the_last_year(years):
    provisions = np.array([[[0.1, 0.9, 0.4, 0.0, 0.8, 0.5]]])
    target = 0.8
    paths = empty_paths(years, 1)
    paths.alignment_target[:] = target
    paths.alignment_pace[:] = alignment_pace(np.arange(2026, 2026 + years))[:, None]
    path = [provisions]
    for year in range(years):
        step = budget.alignment_step(paths.at(year), path[-1])
        path.append(regulation.provisions_step(path[-1], step, np.ones((1, 1))))
    assert path[-1] == pytest.approx(np.maximum(provisions, target), abs=1e-12)
    steps = np.diff(np.stack(path), axis=0)
    assert steps == pytest.approx(np.broadcast_to(steps[0], steps.shape), abs=1e-12)


def test_half_delivery_leaves_the_gap_open():
    provisions = np.full((1, 1, len(PROVISIONS)), 0.2)
    step = np.full_like(provisions, 0.6)
    after = regulation.provisions_step(provisions, step, np.full((1, 1), 0.5))
    assert after == pytest.approx(np.full_like(provisions, 0.5))


def test_quality_is_zero_at_the_median_one_at_the_best_and_clipped_beyond():
    provisions = np.repeat(np.array([[[0.2], [0.4], [0.6], [0.8], [0.9]]]), len(PROVISIONS), -1)
    found = regulation.regulation_quality(provisions, np.array([[0.4]]), np.array([[0.8]]))[0]
    assert found == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])


def test_quality_is_finite_where_all_have_the_same_rules():
    provisions = np.full((1, 3, len(PROVISIONS)), 0.5)
    found = regulation.regulation_quality(provisions, np.array([[0.5]]), np.array([[0.5]]))
    assert (found == 0.0).all()


def test_the_weaker_partner_binds():
    one, other = regulation.pairs(3)
    assert list(zip(one, other, strict=True)) == [(0, 1), (0, 2), (1, 2)]
    found = regulation.weaker_partner(np.array([[0.2, 0.9, 0.5]]))[0]
    assert found.tolist() == [0.2, 0.2, 0.5]
