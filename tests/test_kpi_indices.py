"""Indices that sum up several KPIs: pillars, ranks, concentration."""

import copy

import numpy as np
import pytest

from sim.experiment import start
from sim.kpi import indices
from sim.kpi.registry import BY_ID
from sim.region.region import Region


@pytest.fixture(scope="module")
def state():
    region = Region.load("asean")
    return start.build_setup(region, start.build_world(region, 2030), 1, range(8)).base


def test_six_pillars_make_the_index_and_each_is_a_share(state):
    found = indices.pillars(state)
    assert len(found) == 6
    assert all(((pillar >= 0.0) & (pillar <= 1.0)).all() for pillar in found)
    assert indices.integration(state) == pytest.approx(np.mean(found, axis=0))


@pytest.mark.parametrize(
    "better", ["facilitation", "cybersecurity", "digital_finance", "basic_skills", "innovation"]
)
def test_the_index_rises_with_each_of_its_parts(state, better):
    other = copy.copy(state)
    setattr(other, better, np.minimum(getattr(state, better) + 0.05, 1.0))
    assert (indices.integration(other) >= indices.integration(state)).all()
    assert (indices.integration(other) > indices.integration(state)).any()


def test_ranks_are_the_places_of_all_economies(state):
    places = BY_ID["digital_integration_rank"].formula(state)
    best = indices.integration(state).argmax(axis=1)
    assert (places[np.arange(len(places)), best] == 1.0).all()
    assert (np.sort(places, axis=1) == np.arange(1, places.shape[1] + 1)).all()


def test_equals_share_a_place():
    assert indices.rank(np.array([[1.0, 3.0, 3.0]])).tolist() == [[3.0, 1.0, 1.0]]


def test_singapore_leads_asean_in_digital_integration(state):
    order = np.median(indices.integration(state), axis=0).argsort()
    economies = Region.load("asean").economies
    assert economies[order[-1]] == "SGP"
    assert {economies[i] for i in order[:3]} & {"TLS", "MMR", "LAO"}


def test_concentration_is_between_an_equal_share_and_all(state):
    found = indices.concentration(state)
    assert (found >= 1.0 / found.shape[1]).all()
    assert (found <= 1.0).all()
    alone = copy.copy(state)
    alone.digital_share = np.zeros_like(state.digital_share)
    alone.digital_share[:, 0] = 0.1
    assert indices.concentration(alone) == pytest.approx(np.ones_like(found))
