"""Published projections beside the model's: all are shown, ours are those of runs, and what differs
is said."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from own_region import keep_only

from sim.evidence.facts.rows import table
from sim.evidence.facts.runs import COVER_COLUMNS, cost_of_cover, run_scenarios
from sim.evidence.projections import COLUMNS, compare_projections
from sim.evidence.projections_words import COUNTERPARTS
from sim.experiment.engine import ALL_COLUMNS, run_members
from sim.experiment.plan import make_plan
from sim.policy import Scenario
from sim.region.region import Region
from sim.region.template import copy_tables

MEMBERS = 40


@pytest.fixture(scope="module")
def region():
    return Region.load("asean+carec")


@pytest.fixture(scope="module")
def found(region):
    return compare_projections(region, members=MEMBERS)


@pytest.fixture(scope="module")
def published():
    return table("projections.csv")


def beside(found, who, quantity="", economy=None):
    """The only row of a publisher whose quantity begins with some words."""
    rows = found[found["who"].str.startswith(who) & found["quantity"].str.startswith(quantity)]
    if economy:
        rows = rows[rows["economy"] == economy]
    (row,) = rows.to_dict("records")
    return row


def test_every_published_figure_has_its_source_and_how_it_is_known(found, published):
    assert tuple(found.columns) == COLUMNS
    assert len(found) == len(published) == 89
    assert found["how_known"].isin(["verified", "recalled"]).all()
    assert found["source"].str.len().gt(5).all()
    assert found["gap"].str.len().gt(20).all()
    assert found["published"].notna().all()
    assert not found["source"].str.contains("as above").any()


def test_the_table_of_published_figures_is_complete(published):
    assert len({row["id"] for row in published}) == 89
    for row in published:
        assert row["counterpart"] in COUNTERPARTS
        assert row["target_year"].isdigit() or row["target_year"] == "long run"
        float(row["published"])
        needs_members = row["scope"] in ("economy", "group")
        assert bool(row["members"]) == needs_members, row["id"]
    assert {row["counterpart"] for row in published} == set(COUNTERPARTS)


def test_the_tables_are_part_of_the_package():
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["sim"]
    shipped = {path for pattern in patterns for path in Path("sim").glob(pattern)}
    assert set(Path("sim/evidence/tables").glob("*.csv")) <= shipped


def test_ours_has_a_band_exactly_where_the_model_has_a_counterpart(found):
    have = found["ours_median"].notna()
    assert (found["ours_quantity"] != "").equals(have)
    assert (found[~have]["comparable"] == "no").all()
    assert found[~have]["gap"].str.startswith("The model has nothing to compare").all()
    with_ours = found[have]
    assert (with_ours["ours_low"] <= with_ours["ours_median"]).all()
    assert (with_ours["ours_median"] <= with_ours["ours_high"]).all()
    assert (found["comparable"] != "no").sum() >= 30


def test_ours_is_the_quantile_of_the_members_of_a_run(region, found):
    plan = make_plan([Scenario.baseline(region, 2035, "baseline")], MEMBERS, 1)
    measured = run_members(plan.cases["baseline"], 1, range(MEMBERS))
    users = measured[ALL_COLUMNS.index("internet_users")]
    here = users[:, 2025 - region.base_year, region.economies.index("KGZ")]
    row = beside(found, "World Bank Digital CASA")
    assert (row["target_year"], row["published"]) == ("2025", 57.0)
    expected = np.quantile(here, [0.05, 0.5, 0.95])
    assert [row["ours_low"], row["ours_median"], row["ours_high"]] == pytest.approx(expected)
    people = measured[ALL_COLUMNS.index("population")][:, 2]
    whole = (users[:, 2] * people).sum(axis=1) / people.sum(axis=1)
    world = beside(found, "UN Broadband Commission", "internet user")
    assert world["ours_median"] == pytest.approx(np.median(whole))


def test_costs_of_cover_are_those_of_the_economy(region, found):
    costs = np.median(
        cost_of_cover(run_scenarios(region, [], COVER_COLUMNS, 1, MEMBERS), anew=True), axis=0
    )
    rows = found[found["who"] == "Oughton / pytal"]
    assert len(rows) == 20
    for row in rows.to_dict("records"):
        at = region.economies.index(row["economy"])
        assert row["ours_median"] == pytest.approx(costs[at])
        assert row["comparable"] == "partly"


def test_levers_are_run_for_effects_of_rules(found):
    assert beside(found, "OECD/WTO", "GDP, all", "World")["ours_median"] > 0.0
    assert beside(found, "OECD/WTO", "GDP, all", "Low & lower-middle income")["ours_median"] > 0.0
    assert beside(found, "ECIPE", "GDP effect of enacted", "IDN")["ours_median"] < 0.0
    without = beside(found, "BCG", "digital economy, natural")
    agreed = beside(found, "BCG", "digital economy with progressive")
    assert agreed["ours_median"] > without["ours_median"]
    assert "The agreement adds 100 % as published" in agreed["gap"]
    assert "Published growth 18.8 % a year" in without["gap"]


def test_other_concepts_are_not_called_comparable(found):
    for who in ("UnaFinancial", "Boao", "CAICT", "Govt of Viet Nam", "ASEAN Digital"):
        assert (found[found["who"].str.startswith(who)]["comparable"] == "no").all()
    psa = beside(found, "PSA")
    assert psa["ours_median"] == pytest.approx(8.4, abs=1.0)
    assert "scaled from this very account" in psa["gap"]


def test_the_gap_says_if_ours_stands_for_another_year_or_place(found):
    assert "Ours is of 2023." in beside(found, "CAICT")["gap"]
    assert "The published figure is of the world" in beside(found, "ITU Facts")["gap"]
    assert "the world" not in beside(found, "PSA")["gap"]


def test_figures_of_economies_outside_the_region_are_left_out(tmp_path):
    folder = tmp_path / "own"
    copy_tables("asean", folder)
    keep_only(folder, ("KHM", "VNM", "PHL"))
    rows = compare_projections(Region.load(folder), members=20)
    named = set(rows["economy"]) - {
        "World", "IND", "14 Asian economies", "Asia-Pacific", "Emerging economies",
        "developing country", "Low & lower-middle income",
    }  # fmt: skip
    assert named == {"KHM", "VNM", "PHL"}
    assert len(rows[rows["who"] == "Oughton / pytal"]) == 3


def test_groups_are_shown_where_all_their_members_are():
    carec = compare_projections(Region.load("carec"), members=10)
    assert not carec["economy"].isin(["ASEAN", "SEA-6", "SEA-10", "ASEAN-10"]).any()
    assert carec["economy"].isin(["KGZ", "CHN", "UZB"]).any()


def test_a_region_without_poor_economies_has_nothing_beside_figures_for_them(tmp_path):
    folder = tmp_path / "rich"
    copy_tables("asean", folder)
    keep_only(folder, ("SGP", "MYS"))
    rows = compare_projections(Region.load(folder), members=10)
    row = beside(rows, "OECD/WTO", "GDP, all", "Low & lower-middle income")
    assert np.isnan(row["ours_median"])
    assert row["comparable"] == "no"
    assert "No economy of the region is below that limit." in row["gap"]


def test_the_same_seed_gives_the_same_figures(region, found):
    assert compare_projections(region, members=MEMBERS).equals(found)
