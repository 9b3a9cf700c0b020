"""Skills: courses, learning by doing, forgetting, talent, and what they earn."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import skills
from sim.model.parameters import central

P = central(1)
SHARE = st.floats(0, 1)


def params(**values):
    return replace(P, **{name: np.full((1, 1), value) for name, value in values.items()})


def at(value):
    return np.full((1, 1), value)


def test_courses_teach_those_who_complete_and_were_new_to_it():
    p = params(training_completion=0.63, training_new=0.8)
    assert skills.newly_skilled(at(0.02), at(0.1), p) == pytest.approx(at(0.02 * 0.63 * 0.8))
    assert skills.newly_skilled(at(0.02), at(0.9), p) == pytest.approx(at(0.02 * 0.63 * 0.1))


@given(SHARE, SHARE)
def test_courses_never_teach_more_than_the_adults_without_skills(enrolled, skilled):
    taught = skills.newly_skilled(at(enrolled), at(skilled), P)[0, 0]
    assert 0.0 <= taught <= 1.0 - skilled + 1e-12


@given(SHARE, SHARE, SHARE)
def test_skills_stay_a_share_of_adults_and_rise_with_users(skilled, users, enrolled):
    taught = skills.newly_skilled(at(enrolled), at(skilled), P)
    after = skills.basic_skills_step(at(skilled), at(users), taught, 0.0, P)[0, 0]
    assert 0.0 <= after <= 1.0
    more = skills.basic_skills_step(at(skilled), at(min(users + 0.1, 1.0)), taught, 0.0, P)[0, 0]
    assert more >= after - 1e-12


def test_nobody_learns_by_doing_where_the_skilled_outnumber_users():
    p = params(skills_forgetting=0.02)
    after = skills.basic_skills_step(at(0.5), at(0.4), at(0.0), 0.0, p)
    assert after == pytest.approx(at(0.5 * 0.98))


def test_skills_settle_where_learning_makes_up_for_forgetting():
    p = params(skills_forgetting=0.02, cohort_replacement=0.02, learning_by_doing=0.04)
    skilled = at(0.05)
    for _ in range(600):
        skilled = skills.basic_skills_step(skilled, at(0.8), at(0.0), 0.0, p)
    assert skilled == pytest.approx(at(0.8 * 0.06 / (0.06 + 0.02)))


def test_stock_of_trained_adults_under_constant_training_is_the_closed_form():
    p, trained = params(skills_obsolescence=0.07), at(0.0)
    for year in range(1, 25):
        trained = skills.trained_step(trained, at(0.01), p)
        assert trained == pytest.approx(at(0.01 / 0.07 * (1.0 - 0.93**year)))


def test_talent_settles_where_graduates_replace_those_who_leave():
    p = params(talent_entry=0.025, ict_graduate_share=0.07, talent_loss=0.045)
    talent = at(0.001)
    for _ in range(500):
        talent = skills.talent_step(talent, np.array([0.4]), at(0.0), p)
    assert talent == pytest.approx(at(0.025 * 0.07 * 0.4 / 0.045))


def test_enrolment_above_all_of_an_age_group_counts_as_all():
    full = skills.talent_step(at(0.01), np.array([1.0]), at(0.0), P)
    assert (skills.talent_step(at(0.01), np.array([1.4]), at(0.0), P) == full).all()


@given(SHARE, st.floats(0, 1.5), st.floats(0, 0.02))
def test_talent_is_a_share_and_a_programme_adds_its_graduates(talent, enrolment, programme):
    ratio = np.array([enrolment])
    without = skills.talent_step(at(talent), ratio, at(0.0), P)[0, 0]
    with_it = skills.talent_step(at(talent), ratio, at(programme), P)[0, 0]
    assert 0.0 <= without <= with_it <= 1.0
    assert with_it == pytest.approx(min(without + programme, 1.0))


def test_nothing_added_earns_nothing():
    assert (skills.skill_returns(at(0.0), at(0.0), at(0.9), P) == 0.0).all()


def test_basic_skills_earn_only_for_people_online():
    p = params(capital_share=0.4, basic_skills_return=0.02, talent_return=0.36)
    assert (skills.skill_returns(at(0.1), at(0.0), at(0.0), p) == 0.0).all()
    assert skills.skill_returns(at(0.1), at(0.0), at(0.5), p) == pytest.approx(
        at(0.6 * 0.02 * 0.1 * 0.5)
    )
    assert skills.skill_returns(at(0.0), at(0.01), at(0.0), p) == pytest.approx(
        at(0.6 * 0.36 * 0.01)
    )
