"""Regions of other continents: what no rule completes, and what cannot be told, is said."""

import numpy as np
import pytest
from other_continents import Tables, drop, opened, put, tables, write

from sim.cli import main
from sim.errors import InputError
from sim.evidence import benchmarks
from sim.evidence.calibrate import calibrate
from sim.evidence.hindcast import MODEL, hindcast
from sim.evidence.hindcast_text import hindcast_text
from sim.evidence.known import held_out, known_at
from sim.experiment import posteriors

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def refused(capsys, words: list[str]) -> str:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("origins", "options", "words"),
    [
        ("2010", {"first": 2014}, ("internet_users", "nobody has a figure up to 2010", "2014")),
        ("2016", {"last": 2014}, ("gdp", "2017 to 2023", "choose other origins")),
        ("2016", {"first": 2016}, ("no economy has two figures up to 2016", "later origin")),
        ("2023", {}, ("origin", "2001 to 2022")),
    ],
)
def test_origins_without_figures_are_refused(tmp_path, capsys, origins, options, words):
    folder = write(tables(2, **options), tmp_path / "short")
    out = tmp_path / "out"
    asked = ["validate", "--region", str(folder), "--members", "20", "--quiet", "--out", str(out)]
    said = refused(capsys, [*asked, "--origins", origins])
    for word in words:
        assert word in said
    assert not out.exists()


def test_a_fit_may_end_after_the_shipped_figures_do(tmp_path):
    region = opened(tables(2, last=2030), tmp_path)
    assert calibrate(region, 2030, members=20).posterior.about["until"] == 2030


@pytest.mark.parametrize("until", ["2000", "2031"])
def test_a_fit_ends_within_the_tables(tmp_path, capsys, until):
    folder = write(tables(2, last=2030), tmp_path / "long")
    said = refused(capsys, ["calibrate", "--region", str(folder), "--until", until])
    assert "until" in said
    assert "2001 to 2030" in said
    assert not (folder / posteriors.FOLDER).exists()


def one_economy(made: Tables) -> None:
    made.update(tables(1))


def nobody_prices(made: Tables) -> None:
    drop(made, "broadband_price")


def users_of_one_are_unknown(made: Tables) -> None:
    drop(made, "internet_users", "KEN")


def no_trade(made: Tables) -> None:
    made["trade"] = []


def one_exports_nothing(made: Tables) -> None:
    made["trade"] = [row for row in made["trade"] if row["exporter"] != "KEN"]
    for row in made["trade_totals"]:
        row["exports_world_usd"] = 0 if row["iso3"] == "KEN" else row["exports_world_usd"]


def no_scores(made: Tables) -> None:
    made["provisions"] = []


def only_children_and_elderly(made: Tables) -> None:
    put(made, "population_0_14", "KEN", lambda year, value: 60.0)
    put(made, "population_65plus", "KEN", lambda year, value: 38.0)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (one_economy, ("economies.csv", "two economies or more")),
        (nobody_prices, ("indicators.csv", "broadband_price", "add figures")),
        (users_of_one_are_unknown, ("indicators.csv", "internet_users", "KEN", "at least one")),
        (no_trade, ("trade.csv", "no flow", "add the flows of a year")),
        (one_exports_nothing, ("trade_totals.csv", "KEN has no exports", "leave the economy out")),
        (no_scores, ("provisions.csv", "data_protection", "add scores")),
        (only_children_and_elderly, ("population_0_14", "KEN", "together at most 80")),
    ],
)
def test_tables_that_no_rule_completes_are_refused_by_every_command(tmp_path, capsys, fault, words):
    made = tables(3)
    fault(made)
    folder = write(made, tmp_path / "faulty")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for command in (["region", "check", str(folder)], ["validate", "--region", str(folder)],
                    ["calibrate", "--region", str(folder)]):  # fmt: skip
        said = refused(capsys, command)
        for word in words:
            assert word in said
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


# Skill that cannot be told


def test_an_interval_over_economies_needs_two_of_them(tmp_path):
    made = tables(3)
    for code in ("BRA", "KEN"):
        drop(made, "fixed_broadband", code)
    found = hindcast(opened(made, tmp_path), (2014,), members=20)
    table = found.table().set_index(["series", "forecaster"])
    lines, users = table.loc["fixed_broadband", MODEL], table.loc["internet_users", MODEL]
    assert np.isfinite(lines["skill"])
    assert np.isnan([lines["skill_low"], lines["skill_high"]]).all()
    assert users["skill_low"] <= users["skill"] <= users["skill_high"]
    assert "no interval, figures of one economy alone" in hindcast_text(found)


def test_no_skill_is_told_against_a_benchmark_that_was_exact(tmp_path):
    made = tables(3)
    for code in ("BRA", "KEN", "FRA"):
        put(made, "fixed_broadband", code, lambda year, value: 0.0)
    found = hindcast(opened(made, tmp_path), (2014,), members=20)
    row = found.table().set_index(["series", "forecaster"]).loc["fixed_broadband", MODEL]
    assert np.isnan(row["skill"])
    assert "the benchmark was exact" in hindcast_text(found)


# Below the commands


def test_benchmarks_without_a_past_name_the_series(tmp_path):
    known = known_at(opened(tables(2, first=2015), tmp_path), 2015)
    with pytest.raises(InputError, match=r"gdp.*two figures up to 2015"):
        benchmarks.forecast("random_walk", known, "gdp")


def test_figures_held_out_need_somebody_known_before(tmp_path):
    made = drop(tables(2), "gdp", "KEN", range(2017))
    drop(made, "gdp", "BRA", range(2013, 2036))
    region = opened(made, tmp_path)
    with pytest.raises(InputError, match=r"gdp.*both up to 2014 and in 2015 to 2023"):
        held_out(region, 2014)
