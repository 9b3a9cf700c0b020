"""The registry of parameters: priors, their percentiles, bounds, units and sources."""

import re
from dataclasses import fields
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import parameters
from sim.model.parameters import Parameters, central, count_draws, priors, sample
from sim.policy.levers import REGISTRY

PRIORS = priors()
NAMES = [prior.name for prior in PRIORS]
RANGES = [prior for prior in PRIORS if prior.kind == "range"]
NORMALS = [prior for prior in PRIORS if prior.kind == "normal"]
Z95 = NormalDist().inv_cdf(0.95)
#: An id of the evidence base: a section and a number.
EVIDENCE = re.compile(r"[A-H]\d\d")


def test_every_parameter_has_one_prior():
    assert [item.name for item in fields(Parameters)] == NAMES
    assert len(set(NAMES)) == len(NAMES)
    assert {prior.kind for prior in PRIORS} == {"normal", "range", "fixed"}
    assert {prior.scope for prior in PRIORS} == {"global", "economy"}


@pytest.mark.parametrize("prior", PRIORS, ids=NAMES)
def test_every_parameter_says_what_it_is_in_what_unit_and_where_from(prior):
    assert prior.unit.strip()
    assert len(prior.meaning) > 5
    assert prior.source.strip()
    if prior.evidence:
        assert EVIDENCE.fullmatch(prior.evidence)
        assert prior.source != parameters.JUDGEMENT


def test_every_evidence_of_a_lever_is_an_id():
    ids = [one for lever in REGISTRY.values() for one in lever.evidence]
    assert ids
    assert all(EVIDENCE.fullmatch(one) for one in ids)


@pytest.mark.parametrize("prior", PRIORS, ids=NAMES)
def test_priors_are_within_their_bounds(prior):
    low, high = prior.bounds
    if prior.kind == "range":
        assert prior.values == tuple(sorted(prior.values))
        assert low <= prior.values[0] <= prior.values[2] <= high
    elif prior.kind == "normal":
        assert prior.values[1] > 0.0
    assert low <= prior.central <= high


@pytest.mark.parametrize("prior", RANGES, ids=lambda prior: prior.name)
def test_percentiles_of_a_range_are_its_low_central_and_high(prior):
    found = prior.sample(np.array([-Z95, 0.0, Z95]))
    assert found == pytest.approx(prior.values)


@pytest.mark.parametrize("prior", NORMALS, ids=lambda prior: prior.name)
def test_a_normal_prior_has_its_mean_and_deviation(prior):
    mean, deviation = prior.values
    found = prior.sample(np.array([-1.0, 0.0, 1.0]))
    assert found == pytest.approx(np.clip(mean + deviation * np.array([-1, 0, 1]), *prior.bounds))


@given(st.floats(-8, 8), st.floats(0, 4))
def test_samples_rise_with_their_normal_and_keep_their_bounds(normal, more):
    for prior in PRIORS:
        low, high = prior.sample(np.array([normal, normal + more]))
        assert low <= high
        if prior.kind != "fixed":
            assert prior.bounds[0] <= low
            assert high <= prior.bounds[1]


def test_zero_normals_give_the_central_values():
    found = sample(np.zeros((2, count_draws(5))), 5)
    for prior in PRIORS:
        assert (getattr(found, prior.name) == prior.central).all(), prior.name
        assert (getattr(central(5), prior.name) == prior.central).all(), prior.name


def test_global_parameters_are_one_a_member_and_effects_one_an_economy():
    normals = np.random.default_rng(1).standard_normal((6, count_draws(4)))
    found = sample(normals, 4)
    for prior in PRIORS:
        shape = (6, 4 if prior.scope == "economy" else 1)
        assert getattr(found, prior.name).shape == shape, prior.name


def test_each_normal_moves_one_parameter_of_one_economy():
    economies = 3
    count = count_draws(economies)
    base = sample(np.zeros((1, count)), economies)
    moved = set()
    for position in range(count):
        normals = np.zeros((1, count))
        normals[0, position] = 0.5
        found = sample(normals, economies)
        changed = [
            (name, economy)
            for name in NAMES
            for economy in np.flatnonzero(getattr(found, name)[0] != getattr(base, name)[0])
        ]
        assert len(changed) == 1
        moved.update(changed)
    assert len(moved) == count


def test_medians_of_many_samples_are_the_central_values():
    normals = np.random.default_rng(4).standard_normal((20_000, count_draws(1)))
    found = sample(normals, 1)
    for prior in RANGES:
        low, middle, high = np.quantile(getattr(found, prior.name)[:, 0], [0.05, 0.5, 0.95])
        width = prior.values[2] - prior.values[0]
        assert low == pytest.approx(prior.values[0], abs=0.03 * width), prior.name
        assert middle == pytest.approx(prior.values[1], abs=0.03 * width), prior.name
        assert high == pytest.approx(prior.values[2], abs=0.03 * width), prior.name


def test_the_table_has_a_row_for_every_parameter():
    rows = parameters.parameter_table()
    assert [row["parameter"] for row in rows] == NAMES
    assert all(row["prior"] and row["unit"] and row["source"] for row in rows)
    statuses = {row["parameter"]: row["status"] for row in rows}
    assert statuses["depreciation"] == "fixed"
    assert statuses["trade_elasticity"] == "prior only"
