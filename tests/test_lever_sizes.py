"""How large levers are: each moves what it is meant to, the right way, and within reason."""

import csv
import re

import numpy as np
import pytest

from sim.evidence import lever_sizes as sizes
from sim.evidence.facts.rows import TABLES
from sim.evidence.lever_sizes import (
    INSIDE,
    LARGER,
    MOST_GDP,
    MOST_USERS,
    NO_RANGE,
    SMALLER,
    Published,
    effect,
    lever_runs,
    lever_sizes_page,
    published,
)
from sim.kpi.registry import BY_ID
from sim.model.quantities import LEVERS
from sim.policy.levers import REGISTRY
from sim.region.region import Region

MEMBERS = 24
#: Levers that take: what they are meant to move gets worse.
TAKING = ("market_barriers",)
#: The most that a lever that takes may take of GDP, %: a tariff of 10 points everywhere at once.
MOST_TAKEN = 4.5


@pytest.fixture(scope="module")
def region():
    return Region.load("asean")


@pytest.fixture(scope="module")
def runs(region):
    return lever_runs(region, MEMBERS)


@pytest.fixture(scope="module")
def table(region, runs):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "lever_runs", lambda *_: runs)
        return sizes.lever_sizes(region, MEMBERS).set_index("lever")


@pytest.mark.parametrize("name", LEVERS)
def test_each_lever_moves_its_main_kpi_the_right_way_and_within_reason(runs, table, name):
    kpi = BY_ID[REGISTRY[name].main_kpi]
    moved = effect(runs, kpi.id, name)
    right = (-1.0 if name in TAKING else 1.0) * (kpi.better or 1.0) * moved
    assert (right > sizes.NONE).any()
    # One may gain what another loses (talent that stays, a fund that some pay into): most gain.
    middle = np.median(right, axis=0)
    assert np.median(middle) > -1e-6
    assert middle.sum() > -1e-6
    row = table.loc[name]
    assert row["moves"]
    assert abs(row["users_largest"]) <= MOST_USERS
    if name in TAKING:
        assert -MOST_TAKEN <= row["gdp_largest"] < 0.0
    else:
        assert -0.05 <= row["gdp_largest"] <= MOST_GDP


def test_every_lever_has_a_row_of_evidence_and_says_what_it_rests_on():
    with (TABLES / "lever_evidence.csv").open(encoding="utf-8") as stream:
        names = [row["lever"] for row in csv.DictReader(stream)]
    assert names == list(REGISTRY)
    for one in published().values():
        assert one.basis
        assert bool(one.kpi) == (one.low <= one.high)
        if one.kpi:
            assert one.kpi in BY_ID
            assert one.ids


def test_what_is_outside_the_published_range_says_why(table):
    outside = table[table["verdict"].isin([SMALLER, LARGER])]
    assert outside["why"].str.len().gt(20).all()
    assert table.loc[~table.index.isin(outside.index), "why"].eq("").all()
    assert (table["verdict"] == INSIDE).any()


def test_no_lever_does_more_than_is_published(table):
    assert not (table["verdict"] == LARGER).any()


@pytest.mark.parametrize(
    ("low", "high", "measured", "verdict"),
    [
        (1, 4, 2.0, INSIDE), (1, 4, 0.5, SMALLER), (1, 4, 5.0, LARGER), (-26, -4, -3.0, SMALLER),
        (-26, -4, -30.0, LARGER), (0, 8, -1.0, LARGER), (1, 4, float("nan"), NO_RANGE),
    ],
)  # fmt: skip
def test_smaller_and_larger_are_told_by_size_and_not_by_sign(low, high, measured, verdict):
    told = Published(("A01",), "gdp", low, high, 0.0, "basis", "why")
    assert sizes._verdict(measured, told) == verdict


def test_programmes_that_cost_have_their_cost_beside_them(table):
    assert (table["cost_percent_of_gdp"] >= 0.0).all()
    assert table.loc["broadband_investment", "cost_percent_of_gdp"] == pytest.approx(2.0, rel=0.1)


def test_the_page_has_a_line_a_lever_in_both_tables(table):
    page = lever_sizes_page(table.reset_index(), "asean", MEMBERS)
    for name in LEVERS:
        assert page.count(f"| `{name}` |") == 2
    assert not re.search(r"\bnan\b", page)
