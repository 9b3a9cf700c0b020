"""A region's agreements: members and dates as recorded, and regions without any."""

import csv

import numpy as np
import pytest

from sim.errors import InputError
from sim.experiment import start
from sim.region import PROVISIONS, Region
from sim.region.agreements import regime_by_score
from sim.region.region import TABLES
from sim.region.template import copy_tables

MODELLED = {
    "aaec", "defa", "rcep", "acfta3", "cpta", "ecc", "asw", "eaeu_digital", "carec_data_policy",
    "carec_recognition", "data_protection_law",
}  # fmt: skip


def rows(name):
    with (TABLES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_shipped_agreements_are_those_of_the_strategies():
    assert set(Region.load("asean+carec").instruments) == MODELLED
    assert "rcep" not in Region.load("carec").instruments  # China would be alone in it
    assert "eaeu_digital" not in Region.load("asean").instruments


def test_paperless_trade_has_the_eight_accessions_of_the_evidence_and_one_since():
    joined = Region.load("asean+carec").agreement("cpta").joined
    assert {code for code, year in joined.items() if year <= 2023} == {
        "AZE", "PHL", "CHN", "TLS", "TKM", "MNG", "TJK", "KGZ",
    }  # fmt: skip
    assert joined["THA"] == 2025
    assert Region.load("asean").agreement("cpta").in_force == 2021  # whoever is in the region


def test_what_an_agreement_asks_is_told_by_provision():
    asked = Region.load("asean").agreement("cpta")
    assert set(asked.levels) == {"e_transactions", "digital_tax_customs"}
    assert asked.paperless == 0.9
    framework = Region.load("asean").agreement("defa")
    assert set(framework.levels) == set(PROVISIONS)
    assert framework.needed == 11


def test_an_agreement_that_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="cpta"):
        Region.load("asean").agreement("cptaa")


def test_what_was_recalled_or_judged_says_so():
    for row in rows("instruments.csv"):
        recalled = row["source"] in ("recalled", "own_agreements")
        if recalled:
            assert row["how_known"] in ("recalled", "judgement", "derived", "verified")
        if row["source"] == "recalled":
            assert row["how_known"] == "recalled"
    for row in rows("agreements.csv"):
        assert "own_agreements" in row["source"].split(";")  # the levels are our own reading


def test_regimes_follow_from_the_record_or_else_from_the_score():
    region = Region.load("asean+carec")
    cost = dict(zip(region.economies, region.sovereignty, strict=True))
    assert cost["VNM"] == 1.0
    assert cost["THA"] == 0.5
    assert cost["SGP"] == 0.0
    assert cost["CHN"] == 1.0  # by its score
    assert [regime_by_score(score) for score in (0.44, 0.45, 0.75)] == [
        "localisation", "adequacy", "free_flow",
    ]  # fmt: skip


def test_a_folder_without_the_tables_has_no_agreements_and_runs(tmp_path):
    folder = tmp_path / "own"
    copy_tables("carec", folder)
    for name in ("agreements", "instruments", "regimes"):
        (folder / f"{name}.csv").unlink()
    region = Region.load(folder)
    assert region.instruments == ()
    world = start.build_world(region, 2026)
    assert world.instruments == ()
    setup = start.build_setup(region, world, 1, range(2))
    assert setup.base.ratified.shape == (2, len(region.economies), 0)


def test_a_copy_of_a_region_keeps_its_agreements(tmp_path):
    folder = tmp_path / "own"
    copy_tables("carec", folder)
    own, shipped = Region.load(folder), Region.load("carec")
    assert own.instruments == shipped.instruments
    for name in own.instruments:
        assert own.agreement(name).joined == shipped.agreement(name).joined
    assert np.array_equal(own.sovereignty, shipped.sovereignty)
