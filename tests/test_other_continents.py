"""Regions of other continents: everything works on them, or says what is wrong and what to do.

Figures are made up by ``other_continents``. NumPy's warnings are errors here.
"""

import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_continents import Tables, drop, opened, put, tables, write

from sim import Scenario
from sim.cli import main
from sim.evidence.calibrate import calibrate
from sim.evidence.hindcast import Hindcast, hindcast
from sim.evidence.hindcast_text import hindcast_text
from sim.evidence.known import SERIES, known_at
from sim.evidence.scores import summarise
from sim.experiment import posteriors
from sim.experiment.agents import RegionModel
from sim.experiment.engine import run_members
from sim.experiment.plan import case_of
from sim.kpi.registry import COLUMNS
from sim.region import Region
from sim.region.indicators import INDICATORS

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

ROW = {column.id: row for row, column in enumerate(COLUMNS)}
OPTIONAL = [name for name, indicator in INDICATORS.items() if indicator.needed == "nobody"]
FOUR = ("BRA", "KEN", "FRA", "ARG")


def baseline(region: Region) -> Scenario:
    return Scenario.baseline(str(region.folder), horizon=2030)


def runs_make_sense(region: Region, parameters: str = "posterior") -> np.ndarray:
    """A few runs of the baseline, (column, member, year, economy), that are finite and possible."""
    scenario = baseline(region)
    found = run_members(case_of(scenario, posteriors.choose(region, parameters)), 1, range(12))
    assert np.isfinite(found).all()
    users = found[ROW["internet_users"]]
    assert ((users >= 0.0) & (users <= 100.0)).all()
    assert (found[ROW["fixed_broadband"]] >= 0.0).all()
    assert (found[ROW["gdp"]] > 0.0).all()
    return found


def forecasts_make_sense(found: Hindcast) -> None:
    """Scores are numbers, and quantiles are finite, ordered and possible."""
    for series in SERIES:
        for one in found.scores[series].values():
            assert np.isfinite(summarise(one).crps)
        for bands in found.quantiles[series]:
            assert np.isfinite(bands).all()
            assert (np.diff(bands, axis=-1) >= 0.0).all()
            if series != "gdp":
                assert ((bands >= 0.0) & (bands <= 1.0)).all()
    assert "nan" not in hindcast_text(found)


# Everything a user does


@pytest.mark.parametrize("count", [2, 12])
def test_a_user_checks_validates_calibrates_and_runs(tmp_path, capsys, count):
    folder = write(tables(count, last=2023), tmp_path / "Other side of the world")
    scenario = tmp_path / "push.yaml"
    scenario.write_text(
        f"name: push\nregion: {folder.name}\nhorizon: 2028\nlevers:\n"
        "  - {lever: broadband_investment, who: all, value: 0.3, from: 2025}\n"
        "  - {lever: data_policy_alignment, who: first_two, value: 0.8, from: 2025}\n"
    )
    out = str(tmp_path / "out")
    few = ["--members", "30", "--quiet"]
    for words in (
        ["region", "check", str(folder)],
        ["validate", "--region", str(folder), "--origins", "2012,2018", *few],
        ["calibrate", "--region", str(folder), *few],
        ["batch", str(scenario), "--members", "4", "--quiet", "--out", out],
    ):
        assert main(words) == 0, capsys.readouterr().err
    said = capsys.readouterr()
    assert "warning" not in said.err
    assert "nan" not in said.out
    effects = pd.read_csv(next(Path(out).glob("*/effects.csv")))
    numbers = effects.select_dtypes("number").drop(columns="probability_better")
    assert np.isfinite(numbers).all().all()


def test_forty_economies_are_validated(tmp_path):
    forecasts_make_sense(hindcast(opened(tables(40), tmp_path), (2016,), members=20))


def test_agents_live_anywhere(tmp_path):
    region = opened(tables(3), tmp_path)
    model = RegionModel(region.folder)
    while model.running:
        model.step()
    table = model.datacollector.get_agent_vars_dataframe()
    assert np.isfinite(table.select_dtypes("number")).all().all()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(2, 5),
    first=st.integers(2000, 2010),
    last=st.integers(2019, 2024),
    hubs=st.integers(0, 2),
    seed=st.integers(1, 1000),
    income=st.sampled_from([250.0, 5e3, 1.2e5]),
    people=st.sampled_from([4e3, 2e7, 1e9]),
)
def test_poor_rich_tiny_huge_short_and_long(tmp_path_factory, **options):
    region = opened(tables(**options), tmp_path_factory.mktemp("region"))
    forecasts_make_sense(hindcast(region, (2012,), members=20))
    runs_make_sense(region)


# Nothing depends on names


def test_the_names_of_economies_do_not_matter(tmp_path):
    made = tables(4)
    plain = hindcast(opened(made, tmp_path, "plain"), (2014,), members=20).table()
    for rows in made.values():
        for row in rows:
            row.update({key: {"ARG": "VNM", "KEN": "CHN"}.get(cell, cell)
                        for key, cell in row.items()})  # fmt: skip
    renamed = opened(made, tmp_path, "renamed")
    pd.testing.assert_frame_equal(hindcast(renamed, (2014,), members=20).table(), plain)


def test_a_shared_code_is_not_a_shared_history(tmp_path):
    made = tables(3)
    for rows in made.values():
        for row in rows:
            row.update({key: "VNM" if cell == "KEN" else cell for key, cell in row.items()})
    region = opened(made, tmp_path)
    chosen = posteriors.choose(region)
    assert not chosen.posterior.fitted.any()
    assert any("priors: BRA, VNM, FRA" in warning for warning in chosen.warnings)
    users = runs_make_sense(region)[ROW["internet_users"], :, 0]
    assert np.abs(users.mean(axis=0) - 100.0 * region.base("internet_users")).max() < 12.0


# Which ensemble runs start from


def test_runs_take_the_ensemble_of_the_folder_once_there_is_one(tmp_path):
    region = opened(tables(3), tmp_path, "Other side")
    before = posteriors.choose(region)
    assert before.folder == posteriors.SHIPPED
    assert not before.posterior.fitted.any()
    asked = f"digiregion calibrate --region {shlex.quote(str(region.folder))}"
    told = [warning for warning in before.warnings if "drawn from the priors" in warning]
    assert len(told) == 1
    assert "BRA, KEN, FRA" in told[0]
    assert told[0].endswith(asked)
    runs_make_sense(region)
    posteriors.write(calibrate(region, members=40).posterior, region.folder / posteriors.FOLDER)
    after = posteriors.choose(region)
    assert after.posterior.fitted.all()
    assert after.posterior.economies == region.economies
    assert after.warnings == ()
    runs_make_sense(region)


def test_calibration_says_of_whom_a_series_has_no_figure(tmp_path, capsys):
    folder = write(drop(tables(3), "fixed_broadband", "KEN"), tmp_path / "gap")
    assert main(["calibrate", "--region", str(folder), "--members", "30", "--quiet"]) == 0
    said = capsys.readouterr().err
    assert "no figure of fixed_broadband up to 2023" in said
    assert said.rstrip().endswith("KEN")
    runs_make_sense(Region.load(folder))


# Gaps that have a rule


def nobody_has_what_is_optional(made: Tables) -> None:
    for name in OPTIONAL:
        drop(made, name)


def one_economy_lacks_what_can_be_estimated(made: Tables) -> None:
    for name, indicator in INDICATORS.items():
        if indicator.needed != "every economy":
            drop(made, name, "KEN")


def dots_of_a_single_year(made: Tables) -> None:
    for name in INDICATORS:
        drop(made, name, "ARG", range(2015))
        drop(made, name, "ARG", range(2016, 2036))


def no_cables(made: Tables) -> None:
    made["fibre"] = []


def no_groups_and_hubs(made: Tables) -> None:
    hubs = {row["iso3"] for row in made["economies"] if row["role"] == "hub"}
    del made["groups"]
    for name in ("economies", "trade", "trade_totals", "fibre"):
        made[name] = [row for row in made[name] if not hubs & set(map(str, row.values()))]


def few_scores(made: Tables) -> None:
    made["provisions"] = [row for row in made["provisions"] if row["iso3"] == "FRA"]


def users_and_lines_of_nobody_and_of_all(made: Tables) -> None:
    put(made, "internet_users", "KEN", lambda year, value: 0.0)
    put(made, "fixed_broadband", "KEN", lambda year, value: 0.0)
    put(made, "internet_users", "ARG", lambda year, value: 100.0)


def gdp_falls_by_half(made: Tables) -> None:
    for name in ("gdp", "gdp_current", "gdp_per_person_ppp"):
        put(made, name, "BRA", lambda year, value: value * (0.5 if year > 2014 else 1.0))
        put(made, name, "ARG", lambda year, value: value * (0.5 if year > 2022 else 1.0))


def nobody_invests_or_learns(made: Tables) -> None:
    for code in FOUR:
        put(made, "investment_share", code, lambda year, value: -5.0)
    for name in ("years_of_schooling", "tertiary_attainment", "tertiary_enrolment",
                 "basic_digital_skills", "urban_share"):  # fmt: skip
        put(made, name, "KEN", lambda year, value: 0.0)


def trade_of_one_recent_year(made: Tables) -> None:
    for name in ("trade", "trade_totals"):
        made[name] = [{**row, "year": 2022} for row in made[name] if row["year"] == 2019]


def trade_with_hubs_alone(made: Tables) -> None:
    made["trade"] = [row for row in made["trade"]
                     if not {row["exporter"], row["importer"]} <= set(FOUR)]  # fmt: skip


GAPS = (
    trade_with_hubs_alone,
    nobody_has_what_is_optional,
    one_economy_lacks_what_can_be_estimated,
    dots_of_a_single_year,
    no_cables,
    no_groups_and_hubs,
    few_scores,
    users_and_lines_of_nobody_and_of_all,
    gdp_falls_by_half,
    nobody_invests_or_learns,
    trade_of_one_recent_year,
)


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_with_a_rule_is_no_hindrance(tmp_path, gap):
    made = tables(4)
    gap(made)
    region = opened(made, tmp_path)
    forecasts_make_sense(hindcast(region, (2012, 2017), members=20))
    fitted = calibrate(region, members=60).posterior
    assert all(np.isfinite(values).all() for values in (*fitted.shared.values(),
                                                        *fitted.own.values()))  # fmt: skip
    assert np.abs(fitted.own["growth_shock"]).max() <= 0.3 + 1e-6  # single precision
    posteriors.write(fitted, region.folder / posteriors.FOLDER)
    prior, posterior = runs_make_sense(region, "prior"), runs_make_sense(region)
    growth = posterior[ROW["gdp"], :, -1] / posterior[ROW["gdp"], :, 0]
    assert (np.median(growth, axis=0) < 3.0).all()
    assert (np.median(growth, axis=0) > 0.5).all()
    assert prior.shape == posterior.shape


@pytest.mark.parametrize(
    ("gap", "words"),
    [(no_cables, "fibre.csv has no link"), (trade_with_hubs_alone, "KEN has no recorded trade")],
)
def test_a_network_that_is_missing_is_told(tmp_path, gap, words):
    made = tables(4)
    gap(made)
    assert any(words in warning for warning in opened(made, tmp_path).warnings)


def test_before_trade_was_recorded_near_and_large_economies_weigh_most(tmp_path):
    made = tables(4)
    trade_of_one_recent_year(made)
    region = opened(made, tmp_path)
    known = known_at(region, 2016)
    assert not known.trade_known
    np.testing.assert_allclose(known.trade_weights.sum(axis=1), 1.0)
    argentina, brazil, france = (FOUR.index(code) for code in ("ARG", "BRA", "FRA"))
    assert known.trade_weights[argentina, brazil] > known.trade_weights[argentina, france]
    assert known_at(region, 2022, 2022).trade_known


def test_a_unit_that_changes_is_told(tmp_path):
    made = put(tables(3), "gdp", "KEN", lambda year, value: value * (1000 if year > 2019 else 1))
    put(made, "population", "FRA", lambda year, value: value * (0.3 if year > 2019 else 1))
    told = [text for text in opened(made, tmp_path).warnings if "check the unit" in text]
    assert len(told) == 2
    assert any("KEN" in text and "2019 and 2020" in text for text in told)
    assert any("FRA" in text and "(population)" in text for text in told)


def test_users_of_all_and_of_nobody_pull_the_fit_their_way(tmp_path):
    made = tables(4)
    users_and_lines_of_nobody_and_of_all(made)
    found = hindcast(opened(made, tmp_path), (2016,), members=60)
    median = found.quantiles["internet_users"][0][:, 0, 2]
    nobody, everybody = median[FOUR.index("KEN")], median[FOUR.index("ARG")]
    assert nobody < 0.25  # 58 % where such figures were left out of the fit
    assert everybody > 0.95


# Years before the first figure


@pytest.mark.parametrize("name", ["gdp", "internet_users"])
def test_before_its_first_figure_an_economy_grew_as_others_did(tmp_path, name):
    made = drop(tables(5), name, "ARG", range(2010))
    known = known_at(opened(made, tmp_path), 2020)
    path = known.filled(name)
    scaled = np.log(path / (1.0 - path)) if name == "internet_users" else path
    change = np.diff(scaled, axis=1)[:, :10]
    others = np.delete(change, 3, axis=0)
    np.testing.assert_allclose(change[3], np.median(others, axis=0), atol=1e-9)
    figures = known.figures[name]
    seen = np.isfinite(figures)
    np.testing.assert_array_equal(path[seen], figures[seen])


def test_figures_that_begin_late_do_not_make_growth_look_slow(tmp_path):
    made = tables(5)
    whole = calibrate(opened(made, tmp_path, "whole"), members=200).posterior
    late = opened(tables(5, first=2012), tmp_path, "late")
    short = calibrate(late, members=200).posterior
    difference = np.median(short.shared["trend_growth"]) - np.median(whole.shared["trend_growth"])
    assert abs(difference) < 0.006


def test_years_before_the_first_figure_know_nothing_of_the_future(tmp_path):
    made = drop(tables(4), "gdp", "ARG", range(2008))
    honest = known_at(opened(made, tmp_path, "honest"), 2012)
    for code in FOUR:
        put(made, "gdp", code, lambda year, value: value * (1.3 if year > 2012 else 1.0))
    spoilt = known_at(opened(made, tmp_path, "spoilt"), 2012)
    np.testing.assert_array_equal(honest.filled("gdp"), spoilt.filled("gdp"))


def test_a_fit_with_a_first_year_alone_uses_usual_growth(tmp_path):
    region = opened(tables(3, first=2023, last=2023), tmp_path)
    known = known_at(region, 2023, 2023)
    gdp, users = known.filled("gdp"), known.filled("internet_users")
    assert (np.diff(gdp, axis=1) > 0.0).all()
    assert (np.diff(users, axis=1) > 0.0).all()
    assert runs_make_sense(region) is not None
    assert calibrate(region, members=30).posterior.fitted.all()


def test_made_up_regions_say_so(tmp_path):
    region = opened(tables(2), tmp_path)
    assert "MADE UP" in region.sources["title"].iloc[0]
    assert set(region.figures["publisher"]) <= {"tests", "estimate"}
