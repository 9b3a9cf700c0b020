"""Stylised facts: each is checked on any region, each check can fail, and what the model does not
have is said to be untested."""

import csv
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from own_region import keep_only

from sim.evidence.facts import trade as facts_trade
from sim.evidence.facts.agreements import joining_rows, play_joining
from sim.evidence.facts.counting import Ground, counting_rows
from sim.evidence.facts.history import accuracy_rows, curve_rows
from sim.evidence.facts.joining import Played
from sim.evidence.facts.levers import benefit_rows, lever_rows
from sim.evidence.facts.past import read_past
from sim.evidence.facts.policy import (
    cost_rows,
    firm_gap_row,
    largest_miss,
    miss_rows,
    pace_row,
    skill_rows,
    usage_rows,
    zone_rows,
)
from sim.evidence.facts.rows import COLUMNS, cited
from sim.evidence.facts.runs import cost_of_cover, run_scenarios
from sim.evidence.facts.scenarios import COLUMNS as MEASURED
from sim.evidence.facts.scenarios import MONEY, money_scenario, policy_scenarios
from sim.evidence.facts.spread import convergence_rows, leapfrog_rows
from sim.evidence.stylised_facts import stylised_facts
from sim.model.quantities import LEVERS
from sim.region.region import Region
from sim.region.template import copy_tables

MEMBERS = 40


@pytest.fixture(scope="module")
def region():
    return Region.load("carec")


@pytest.fixture(scope="module")
def facts(region):
    return stylised_facts(region, members=MEMBERS)


@pytest.fixture(scope="module")
def past(region):
    return read_past(region, 1, MEMBERS)


@pytest.fixture(scope="module")
def runs(region):
    return run_scenarios(region, policy_scenarios(region), MEASURED, 1, MEMBERS)


@pytest.fixture(scope="module")
def small_region(tmp_path_factory):
    """Three economies, one of them renamed, without mobile subscriptions and fibre."""
    folder = tmp_path_factory.mktemp("own") / "small"
    copy_tables("asean", folder)
    keep_only(folder, ("KHM", "VNM", "PHL"))
    for path in folder.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("PHL", "XAA")
        path.write_text(text, encoding="utf-8")
    path = folder / "indicators.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    kept = [row for row in rows if row[1] not in ("mobile_cellular", "coverage_4g")]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(kept)
    fibre = folder / "fibre.csv"
    fibre.write_text(fibre.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return Region.load(folder)


@pytest.fixture(scope="module")
def small(small_region):
    return stylised_facts(small_region, members=30)


def answers(rows):
    return [row["agrees"] for row in rows]


def changed(runs, column, change, *names):
    """Runs with another column in some scenarios (default: all)."""
    measured = dict(runs.measured)
    row = runs.columns.index(column)
    for name in names or measured:
        measured[name] = measured[name].copy()
        measured[name][row] = change(measured[name][row])
    return replace(runs, measured=measured)


def with_forecasts(past, change):
    return replace(past, forecasts={year: change(one) for year, one in past.forecasts.items()})


@pytest.mark.slow
def test_every_fact_has_checks_with_figures_ranges_reasons_and_sources(facts):
    assert tuple(facts.columns) == COLUMNS
    assert set(facts["number"]) == set(range(1, 15))
    assert facts["number"].is_monotonic_increasing
    assert facts.groupby("number")["fact"].nunique().eq(1).all()
    assert not facts["statement"].duplicated().any()
    assert facts["note"].str.len().gt(0).all()
    told = facts[facts["data"].notna()]
    assert told["source"].str.len().gt(0).all()
    assert told["unit"].str.len().gt(0).all()


@pytest.mark.slow
def test_a_fact_agrees_exactly_if_the_model_is_in_the_range(facts):
    tested = facts[facts["agrees"] != "not tested"]
    assert tested["model"].notna().all()
    assert facts[facts["agrees"] == "not tested"]["model"].isna().all()
    inside = ~(tested["model"] < tested["low"]) & ~(tested["model"] > tested["high"])
    assert (inside.map({True: "yes", False: "no"}) == tested["agrees"]).all()
    assert {"yes", "no"} <= set(tested["agrees"])


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures(small_region, small):
    pd.testing.assert_frame_equal(stylised_facts(small_region, members=30), small)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "words"),
    [(4, "mobile"), (6, "women"), (7, "services"), (8, "wages")],
)
def test_what_the_model_does_not_have_is_untested_and_says_so(facts, number, words):
    rows = facts[(facts["number"] == number) & (facts["agrees"] == "not tested")]
    assert rows["note"].str.contains("the model has no|there are no flows").all()
    assert rows["note"].str.contains(words).any()


@pytest.mark.slow
def test_cables_break_and_are_repaired_as_the_evidence_says(facts):
    rows = facts[facts["number"] == 11].set_index("statement")
    assert rows["agrees"].isin(["yes", "no"]).all()
    faults = rows.loc["Faults of submarine cables", "model"]
    assert 0.05 < faults < 0.2
    assert rows.loc["Faults of submarine cables", "data"] == 0.103
    assert 7 < rows.loc["Median time to repair a submarine cable", "model"] < 49
    assert rows.loc["Landlocked economies lose more with their worst neighbour", "agrees"] == "yes"


@pytest.mark.slow
def test_without_cables_their_facts_are_untested_and_say_why(small):
    rows = small[small["number"] == 11]
    assert (rows["agrees"] == "not tested").all()
    assert rows["note"].str.contains("no submarine cable|have a cable|with cables").all()


@pytest.mark.slow
def test_three_economies_with_gaps_in_their_tables_are_checked_as_far_as_they_go(small):
    assert set(small["number"]) == set(range(1, 15))
    by_number = small.groupby("number")["agrees"]
    assert by_number.get_group(1).isin(["yes", "no"]).all()
    assert by_number.get_group(13).isin(["yes", "no"]).sum() == 2 * len(LEVERS) + 1
    for number in (3, 12):
        rows = small[(small["number"] == number) & (small["agrees"] == "not tested")]
        assert rows["note"].str.contains("fewer than 5").all()
    mobile = small[small["statement"].str.startswith("Mobile subscriptions")]
    assert mobile["data"].isna().all()


@pytest.mark.slow
def test_a_fact_that_names_an_economy_is_checked_where_that_economy_is(facts, small):
    assert small["statement"].str.endswith("VNM").sum() == 1
    assert not facts["statement"].str.endswith("VNM").any()
    assert not small["statement"].str.endswith("SEA-6").any()


def test_series_that_begin_late_leave_their_facts_untested_and_say_why(tmp_path):
    folder = tmp_path / "late"
    copy_tables("carec", folder)
    keep_only(folder, ("AZE", "KAZ", "UZB", "GEO", "MNG"))
    path = folder / "indicators.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    kept = [row for row in rows if row[1] != "internet_users" or row[2] >= "2019"]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(kept)
    past = read_past(Region.load(folder), 1, 20)
    assert not past.forecasts
    for row in accuracy_rows(past):
        assert row["agrees"] == "not tested"
        assert "nobody has a figure up to 2018" in row["note"]
    assert answers(curve_rows(past, 1)) == ["not tested"] * 3 + ["yes"]
    spread = {row["statement"]: row["agrees"] for row in convergence_rows(past, 1)}
    assert [year for year in (2000, 2015, 2022) for said, agrees in spread.items()
            if f"{year}, as fitted" in said and agrees != "not tested"] == [2022, 2022]  # fmt: skip


def test_forecasts_that_know_the_future_are_accurate_and_biased_ones_are_not(past):
    def perfect(one):
        known = np.nan_to_num(one.published)[..., None]
        return replace(one, users=np.repeat(known, one.users.shape[-1], axis=-1))

    def biased(one):
        return replace(one, users=np.clip(one.users + 0.3, 0.0, 1.0))

    good = list(accuracy_rows(with_forecasts(past, perfect)))
    assert [row["model"] for row in good[:4]] == [0.0] * 4
    assert answers(good) == ["yes"] * 3 + ["no"] * 2  # bands of no width are none
    bad = list(accuracy_rows(with_forecasts(past, biased)))
    assert answers(bad[:3]) == ["no"] * 3
    assert answers(bad)[4] == "no"


def test_the_rule_to_beat_is_scored_on_the_figures_of_the_forecasts(past):
    same = with_forecasts(past, lambda one: replace(one, users=one.rule))
    rows = list(accuracy_rows(same))
    for row in rows[:4]:
        assert row["model"] == pytest.approx(row["data"])
    assert answers(rows[:3]) == ["yes"] * 3


def test_a_narrow_band_is_only_good_if_it_holds(past):
    found = set()
    for factor in (0.2, 0.6, 1.0, 1.2, 1.4, 2.0, 8.0):

        def stretched(one, factor=factor):
            middle = np.median(one.users, axis=-1, keepdims=True)
            return replace(one, users=middle + factor * (one.users - middle))

        width, cover = list(accuracy_rows(with_forecasts(past, stretched)))[3:]
        narrow = width["model"] <= width["data"]
        assert (width["agrees"] == "yes") == (narrow and cover["agrees"] == "yes"), factor
        found.add((narrow, cover["agrees"]))
    assert {(True, "no"), (True, "yes"), (False, "no")} <= found


@pytest.mark.slow
def test_the_flows_that_runs_start_from_are_no_test_of_the_elasticity_to_distance(facts):
    (row,) = facts[facts["statement"].str.startswith("Elasticity of goods trade")].to_dict(
        "records"
    )
    told = cited()["D01"]
    assert (row["low"], row["data"], row["high"]) == (told.low, told.central, told.high)
    assert re.search(r"starts? from have -\d\.\d\d", row["note"])


@pytest.mark.slow
def test_caps_and_sides_are_told_apart_from_figures(facts):
    caps = facts[facts["kind"] == "cap"]
    assert set(facts["kind"]) == {"cap", "figure"}
    assert caps["statement"].str.contains("largest median effect").sum() == 2 * len(LEVERS)
    assert caps["statement"].str.contains("overed and offline").sum() == 2
    # A range about a figure has two ends, or is the figure that is to be beaten.
    figures = facts[(facts["kind"] == "figure") & (facts["agrees"] != "not tested")]
    assert figures[["low", "high", "data"]].notna().all().all()


def test_s_curves_that_stand_still_or_are_smooth_do_not_agree(past):
    def still(one):
        return replace(one, users=np.repeat(one.users[:, :1], one.users.shape[1], axis=1))

    rows = list(curve_rows(with_forecasts(past, still), 1))
    assert answers(rows[:3]) == ["no"] * 3
    assert [row["model"] for row in rows[:2]] == pytest.approx([0.0, 0.0])
    slow = replace(past, users=past.users[:, :, :1] + 0.002 * np.arange(past.users.shape[2]))
    assert answers(curve_rows(slow, 1))[3] == "no"


def test_economies_that_are_all_alike_do_not_diverge_or_leapfrog(past):
    alike = replace(past, users=np.repeat(past.users[:, :1], past.users.shape[1], axis=1))
    spread = list(convergence_rows(alike, 1))[2:6]
    assert answers(spread) == ["no"] * 4
    assert [row["model"] for row in spread] == pytest.approx([0.0] * 4)
    same = with_forecasts(past, lambda one: replace(one, lines=np.full_like(one.lines, 0.1)))
    assert list(leapfrog_rows(same, 1))[2]["model"] == pytest.approx(1.0)
    assert answers(leapfrog_rows(same, 1))[2] == "no"


def test_the_usage_gap_is_what_is_covered_and_offline(runs):
    assert answers(usage_rows(runs)) == ["yes", "yes"]
    scarce = changed(runs, "coverage", lambda cover: 0.3 * cover)
    assert answers(usage_rows(scarce)) == ["no", "no"]


def test_town_and_country_are_told_apart_by_ratio_and_lag(runs):
    towns = runs.region.base("urban_share")
    urban, rural = 83.0, 48.0  # the world in 2024 (ITU)
    like = changed(runs, "urban_rural_gap", lambda gap: np.full_like(gap, urban - rural))
    like = changed(
        like, "internet_users", lambda users: 0.0 * users + rural + towns * (urban - rural)
    )
    found = [row for row in zone_rows(like) if row["agrees"] != "not tested"]
    assert found[0]["model"] == pytest.approx(urban / rural)
    assert found[2]["model"] == pytest.approx(8.3, abs=0.1)
    assert answers(found) == ["yes"] * 3
    none = changed(runs, "urban_rural_gap", np.zeros_like)
    assert [row["agrees"] for row in zone_rows(none)][1:] == ["no", "yes", "no"]


def test_the_elasticity_to_distance_is_that_of_gravity_flows():
    random = np.random.default_rng(1)
    places = random.random((9, 2))
    distance = np.linalg.norm(places[:, None] - places, axis=-1) + np.eye(9)
    sizes, remote = np.exp(random.normal(size=9)), np.exp(random.normal(size=9))
    flows = sizes[:, None] * remote * distance**-1.2
    slope, error = facts_trade.distance_elasticity(flows, distance)
    assert slope == pytest.approx(-1.2)
    assert error == pytest.approx(0.0, abs=1e-9)
    noisy = flows * np.exp(0.3 * random.normal(size=flows.shape))
    assert facts_trade.distance_elasticity(noisy, distance)[1] > 0.01
    assert np.isnan(facts_trade.distance_elasticity(flows[:4, :4], distance[:4, :4])[0])


def test_only_the_weaker_partner_moves_trade(runs, monkeypatch):
    weaker, stronger = facts_trade.partner_responses(runs)
    assert (weaker > 1.0).all()
    assert not stronger.any()
    monkeypatch.setattr(facts_trade, "partner_responses", lambda _: (0.1 * weaker, weaker))
    assert answers(facts_trade.trade_rows(runs, 1))[1:3] == ["no", "no"]


def test_a_baseline_that_stands_still_does_not_agree_with_the_pace_of_policy(runs):
    assert pace_row(runs)["agrees"] == "yes"
    still = changed(runs, "paperless_trade", lambda index: 0.0 * index + 20.0)
    assert pace_row(still)["agrees"] == "no"
    rise = 2.0 * np.arange(runs.measured["baseline"].shape[1])[:, None, None]
    paced = changed(runs, "paperless_trade", lambda index: 0.0 * index + 20.0 + rise)
    assert pace_row(paced)["agrees"] == "yes"


def test_the_past_of_agreements_is_played_again(region):
    found = play_joining(region, 1, MEMBERS)
    assert answers(joining_rows(found)) == ["not tested", "yes", "yes", "yes"]
    nobody = Played(np.zeros_like(found.open.parties), found.open.may_join)
    never = replace(found, open=nobody, laws=np.zeros_like(found.laws))
    assert answers(joining_rows(never)) == ["not tested", "no", "no", "no"]
    everybody = Played(np.ones_like(found.open.parties), found.open.may_join)
    everybody.parties[0] = 0.0
    at_once = replace(found, open=everybody, group=everybody)
    assert answers(joining_rows(at_once))[:3] == ["no", "no", "no"]
    assert answers(joining_rows(replace(found, open=None, laws=None))) == 4 * ["not tested"]


def test_complements_gain_more_together_than_alone(runs):
    more = changed(runs, "gdp", lambda gdp: 1.1 * gdp, "both together")
    less = changed(runs, "gdp", lambda gdp: 0.9 * gdp, "both together")
    assert answers(skill_rows(more))[:2] == ["yes", "not tested"]
    assert answers(skill_rows(less))[:2] == ["no", "not tested"]


def test_gaps_between_firms_widen_where_technology_spreads(runs):
    assert firm_gap_row(runs)["agrees"] == "yes"
    years = np.arange(runs.measured["baseline"].shape[1])[:, None, None]
    narrowing = changed(runs, "size_gap", lambda gap: 40.0 - years + 0.0 * gap, "baseline")
    assert firm_gap_row(narrowing)["model"] == -7.0
    everywhere = changed(runs, "msme_adoption", lambda share: 0.0 * share + 90.0, "baseline")
    assert firm_gap_row(everywhere)["agrees"] == "not tested"


def test_bands_are_set_against_how_wrong_published_forecasts_were(runs):
    assert largest_miss("VNM") == pytest.approx(100.0 * (57.0 / 39.0 - 1.0))
    assert largest_miss("SEA-6") == pytest.approx(21.0)
    sure = changed(
        runs, "digital_value_added", lambda value: 0.0 * value + value.mean(axis=1, keepdims=True)
    )
    (row,) = miss_rows(sure)
    assert (row["model"], row["agrees"]) == (0.0, "no")


def test_cover_costs_nothing_more_where_all_are_covered_and_more_where_few_are(runs):
    full = changed(runs, "coverage", lambda cover: np.full_like(cover, 99.5))
    full = changed(full, "rural_coverage", lambda cover: np.full_like(cover, 99.5))
    assert cost_of_cover(full, anew=False) == pytest.approx(0.0)
    fewer = changed(full, "coverage", lambda cover: np.full_like(cover, 80.0))
    fewer = changed(fewer, "rural_coverage", lambda cover: np.full_like(cover, 80.0))
    for anew in (True, False):
        assert (cost_of_cover(fewer, anew) > cost_of_cover(full, anew)).all()
    # 7 % of GDP covers 80 %; 99 % needs ln(0.01) / ln(0.2) times as much, at 10 % wear a year.
    needed = 7.0 * np.log(0.01) / np.log(0.2)
    assert cost_of_cover(fewer, True) == pytest.approx(needed * 0.1 / (1.0 - 0.9**10))


def test_costs_in_reverse_order_do_not_agree(runs):
    turned = changed(runs, "rural_coverage", lambda cover: 99.0 - 0.99 * (cover - 1.0))
    turned = changed(turned, "coverage", lambda cover: 99.0 - 0.99 * (cover - 1.0))
    assert answers(cost_rows(turned))[0] == "no"


@pytest.mark.parametrize(("column", "words"), [("gdp", "GDP"), ("internet_users", "Internet")])
def test_a_lever_that_moves_too_much_does_not_agree(runs, column, words):
    assert answers(lever_rows(runs)) == ["yes"] * 2 * len(LEVERS)
    much = changed(runs, column, lambda values: 1.5 * values, "trade_facilitation")
    wrong = [row["statement"] for row in lever_rows(much) if row["agrees"] == "no"]
    assert len(wrong) == 1
    assert wrong[0].startswith(words)
    assert "trade_facilitation" in wrong[0]


def test_benefits_over_costs_are_discounted_gains_over_spending(region):
    runs = run_scenarios(region, [money_scenario(region)], MEASURED, 1, 10)
    base = runs.measured["baseline"]
    cost, gdp = (runs.columns.index(name) for name in ("cost_lever_broadband_investment", "gdp"))
    measured = dict(runs.measured)
    measured[MONEY] = base.copy()
    measured[MONEY][cost] = 100.0  # USD mn a year
    measured[MONEY][gdp] += 1.0  # USD bn a year
    row = next(benefit_rows(replace(runs, measured=measured)))
    assert row["model"] == pytest.approx(10.0)
    assert row["agrees"] == "yes"
    assert next(benefit_rows(runs))["agrees"] == "no"


def test_figures_of_the_literature_have_a_source_and_say_how_they_are_known():
    for name, figure in cited().items():
        assert figure.source, name
        assert figure.how_known in ("verified", "recalled", "derived"), name
        assert not figure.low > figure.central, name
        assert not figure.central > figure.high, name


def test_progress_is_told_from_nothing_to_all(region):
    told = []
    run_scenarios(region, [], MEASURED, 1, 10, lambda *step: told.append(step))
    partial(read_past, progress=lambda *step: told.append(step))(region, 1, 10)
    for stage in {stage for stage, _, _ in told}:
        steps = [(done, of) for name, done, of in told if name == stage]
        assert steps[0][0] == 0
        assert steps[-1][0] == steps[-1][1]


def test_all_channels_of_internet_use_together_stay_within_the_published_level(region):
    rows = list(counting_rows(region, 1, 20))
    assert answers(rows) == ["yes"] * 3


def test_a_channel_that_is_counted_twice_is_found(region, monkeypatch):
    """Returns at home of all that is published, with trade on top: more than there is."""
    real = Ground.build

    def generous(*given):
        ground = real(*given)
        ground.setup.parameters.digital_shrinkage = np.full((20, 1), 3.0)
        return ground

    monkeypatch.setattr(Ground, "build", generous)
    assert answers(counting_rows(region, 1, 20))[:2] == ["no", "no"]


def test_lines_that_made_output_by_themselves_would_be_found(region, monkeypatch):
    real = Ground.build

    def also_by_lines(*given):
        ground = real(*given)

        def run(setup):
            state = ground.run(setup)
            state.gdp = state.gdp * state.fixed_broadband**0.5
            return state

        return replace(ground, run=run)

    monkeypatch.setattr(Ground, "build", also_by_lines)
    assert answers(counting_rows(region, 1, 20))[2] == "no"
