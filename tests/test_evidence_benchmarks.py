"""What was known at an origin, and the simple forecasts made from it."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError
from sim.evidence import benchmarks
from sim.evidence.known import COVARIATES, SERIES, held_out, known_at
from sim.region.indicators import INDICATORS
from sim.region.region import Region
from sim.region.template import CODE_COLUMNS, copy_tables

QUICK = [name for name in benchmarks.FORECASTERS if name != "damped_ets"]


@pytest.fixture(scope="module")
def region():
    return Region.load("asean+carec")


@pytest.fixture(scope="module")
def known(region):
    return known_at(region, 2014)


def rewrite(file, change):
    """Write a table again with ``change`` of each row; rows for which it gives None go."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    kept = [row for row in map(change, [dict(row) for row in rows]) if row is not None]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)


def everything(known):
    return {**known.figures, **known.covariates, "trade": known.trade_weights}


def assert_same_knowledge(one, other):
    for name, values in everything(one).items():
        np.testing.assert_array_equal(values, everything(other)[name], err_msg=name)
    assert one.trade_known == other.trade_known


def small(known, chosen):
    """Only the economies chosen: smoothing fits are slow."""
    return replace(
        known,
        economies=tuple(known.economies[i] for i in chosen),
        figures={name: values[chosen] for name, values in known.figures.items()},
    )


def with_figures(known, series, values):
    return replace(known, figures={**known.figures, series: values})


@pytest.mark.parametrize("origin", [2012, 2016])
@pytest.mark.parametrize("gone", [False, True], ids=["nonsense", "nothing"])
def test_nothing_published_after_the_origin_changes_what_was_known(tmp_path, origin, gone):
    folder = tmp_path / "mine"
    copy_tables("carec", folder)
    honest = Region.load(folder)

    def poison(row):
        if int(row["year"]) <= origin or (gone and row["indicator"] not in (*SERIES, *COVARIATES)):
            return row
        if gone:
            return None
        limits = INDICATORS[row["indicator"]]
        return row | {"value": str(limits.low + 0.37 * (limits.high - limits.low))}

    def poison_trade(row):
        return row | {"value_usd": "123456"} if int(row["year"]) > origin else row

    before = known_at(honest, origin)
    rewrite(folder / "indicators.csv", poison)
    rewrite(folder / "trade.csv", poison_trade)
    poisoned = Region.load(folder)
    assert poisoned != honest
    after = known_at(poisoned, origin)
    assert_same_knowledge(before, after)
    for series in SERIES:
        for name in benchmarks.names(series):
            if name in QUICK:
                one, other = (
                    benchmarks.forecast(name, k, series, members=5) for k in (before, after)
                )
                np.testing.assert_array_equal(one, other)


def test_the_region_fills_gaps_with_later_figures_and_known_does_not(region):
    """Pakistan's users stop in 2019 and have a figure again in 2024."""
    pakistan = region.economies.index("PAK")
    looked_ahead = region.series("internet_users", 2021, 2021)[pakistan, 0]
    known = known_at(region, 2021)
    last = known.figures["internet_users"][pakistan]
    assert not known.published("internet_users")[pakistan, -1]
    assert known.filled("internet_users")[pakistan, -1] == last[np.isfinite(last)][-1]
    assert looked_ahead > known.filled("internet_users")[pakistan, -1]


def test_held_out_figures_are_published_ones(region):
    after = held_out(region, 2018)
    for series in SERIES:
        seen = region.series_observed(series, 2019, 2023)
        figures = region.series(series, 2019, 2023)
        np.testing.assert_array_equal(after[series].seen, seen)
        wanted = np.log(figures) if series == "gdp" else figures
        np.testing.assert_array_equal(after[series].values[seen], wanted[seen])
        assert np.isnan(after[series].values[~seen]).all()
    assert not after["internet_users"].seen[region.economies.index("TKM")].any()


def test_codes_and_names_do_not_matter(tmp_path):
    folder = tmp_path / "other"
    copy_tables("asean", folder)
    codes = {code: f"Q{chr(65 + i)}X" for i, code in enumerate(Region.load(folder).economies)}
    for file in folder.glob("*.csv"):
        rewrite(
            file,
            lambda row: (
                row
                | {name: codes.get(row[name], row[name]) for name in CODE_COLUMNS if name in row}
            ),
        )
    assert_same_knowledge(known_at(Region.load("asean"), 2014), known_at(Region.load(folder), 2014))


def test_a_folder_of_two_economies_will_do(tmp_path):
    folder = tmp_path / "two"
    copy_tables("asean", folder)
    members = set(Region.load(folder).economies) - {"SGP", "VNM"}
    for file in folder.glob("*.csv"):
        rewrite(
            file,
            lambda row: None if any(row.get(name) in members for name in CODE_COLUMNS) else row,
        )
    known = known_at(Region.load(folder), 2010)
    np.testing.assert_array_equal(known.trade_weights, [[0.0, 1.0], [1.0, 0.0]])
    for series in SERIES:
        for name in benchmarks.names(series):
            assert np.isfinite(benchmarks.forecast(name, known, series, members=20)).all()


def test_what_nobody_knew_is_typical_or_refused(tmp_path):
    folder = tmp_path / "young"
    copy_tables("asean", folder)
    late = ("gini", "years_of_schooling", "fixed_broadband")

    def forget(row):
        return None if row["indicator"] in late and int(row["year"]) <= 2014 else row

    rewrite(folder / "indicators.csv", forget)
    young = Region.load(folder)
    with pytest.raises(InputError, match="add earlier figures") as refused:
        known_at(young, 2014)
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"years_of_schooling", "fixed_broadband"}
    late = ("gini",)
    copy_tables("asean", tmp_path / "older")
    rewrite(tmp_path / "older" / "indicators.csv", forget)
    gini = known_at(Region.load(tmp_path / "older"), 2014).covariates["gini"]
    assert (gini == INDICATORS["gini"].constant).all()


def test_paths_after_the_origin_go_on_as_stated(known):
    at = known.origin - known.first
    people = np.log(known.covariates["population"])
    growth = (people[:, at] - people[:, at - 5]) / 5
    np.testing.assert_allclose(np.diff(people[:, at:], axis=1), growth[:, None] * np.ones(9))
    share = known.covariates["urban_share"]
    slope = (share[:, at] - share[:, at - 5]) / 5
    expected = np.minimum(share[:, at] + 3 * slope, 1.0)
    np.testing.assert_allclose(share[:, at + 3], expected)
    investment = known.covariates["investment_share"]
    own = investment[:, at - 4 : at + 1].mean(axis=1)
    goes_on = 0.7 * own + 0.3 * np.median(own)
    np.testing.assert_allclose(investment[:, at + 1 :], goes_on[:, None] * np.ones(9))
    gini = known.covariates["gini"]
    np.testing.assert_array_equal(gini[:, at:], gini[:, [at]] * np.ones(10))


def test_what_is_known_has_no_gaps_and_cannot_be_changed(known):
    for values in (*known.covariates.values(), known.trade_weights):
        assert np.isfinite(values).all()
        with pytest.raises(ValueError, match="read-only"):
            values[0, 0] = 0.0
    assert known.covariates["gini"].shape == (22, 24)


def test_trade_is_gravity_until_trade_is_recorded(region, known):
    recorded = known_at(region, 2019)
    assert recorded.trade_known
    assert not known.trade_known
    np.testing.assert_allclose(recorded.trade_weights, region.trade_weights)
    np.testing.assert_allclose(known.trade_weights.sum(axis=1), 1.0)
    assert (np.diagonal(known.trade_weights) == 0.0).all()


@pytest.mark.parametrize(("origin", "last"), [(2000, 2023), (2023, 2022), (2018, 2090)])
def test_years_without_figures_are_refused(region, origin, last):
    with pytest.raises(InputError):
        known_at(region, origin, last)
    with pytest.raises(InputError):
        held_out(region, origin, last)


def test_what_is_known_in_the_last_year_has_nothing_held_out(region):
    assert known_at(region, 2023, 2023).horizons == 0
    with pytest.raises(InputError):
        held_out(region, 2023, 2023)


@pytest.mark.parametrize("series", SERIES)
def test_every_benchmark_is_deterministic_and_in_range(known, series):
    few = small(known, [5, 9, 18])
    for name in benchmarks.names(series):
        ensemble = benchmarks.forecast(name, few, series, members=200, seed=3)
        assert ensemble.shape == (3, 9, 200)
        assert np.isfinite(ensemble).all()
        if series != "gdp":
            assert ((ensemble >= 0.0) & (ensemble <= 1.0)).all()
        again = benchmarks.forecast(name, few, series, members=200, seed=3)
        np.testing.assert_array_equal(ensemble, again)
        assert not np.array_equal(ensemble, benchmarks.forecast(name, few, series, members=200))


@pytest.mark.parametrize("name", QUICK)
def test_a_forecast_does_not_depend_on_how_many_years_follow(region, name):
    near, far = known_at(region, 2014, 2016), known_at(region, 2014, 2022)
    one = benchmarks.forecast(name, near, "gdp", members=20)
    np.testing.assert_allclose(one, benchmarks.forecast(name, far, "gdp", members=20)[:, :2])


def test_the_spread_of_a_random_walk_grows_with_the_root_of_time(known):
    ensemble = benchmarks.forecast("random_walk", known, "gdp", members=4000)
    deviation = ensemble.std(axis=-1)
    np.testing.assert_allclose(deviation[:, 8] / deviation[:, 0], 3.0, rtol=0.08)


def test_all_benchmarks_follow_a_steady_trend(known):
    """Growth of 4 % a year everywhere: every forecast but the random walk goes on with it."""
    steady = 20.0 + 0.04 * np.arange(15) + 1e-6 * np.sin(np.arange(15))
    one = with_figures(small(known, [0, 1]), "gdp", np.stack([steady, steady + 1.0]))
    for name in benchmarks.names("gdp"):
        middle = np.median(benchmarks.forecast(name, one, "gdp", members=100), axis=-1)
        wanted = steady[-1] if name == "random_walk" else steady[-1] + 0.04 * 9
        assert middle[0, -1] == pytest.approx(wanted, abs=2e-3 if name != "damped_ets" else 0.05)


def test_pooled_drifts_take_the_regions_speed_and_halves_lie_between(known):
    own, half, pooled = (
        np.median(benchmarks.forecast(name, known, "gdp", members=2000), axis=-1)[:, -1]
        for name in ("own_logit", "half_pooled_logit", "pooled_logit")
    )
    np.testing.assert_allclose(half, (own + pooled) / 2, atol=0.03)
    change = pooled - known.figures["gdp"][:, -1]
    np.testing.assert_allclose(change, np.median(change), atol=0.03)


def test_an_old_last_figure_makes_a_wider_forecast(known):
    figures = np.array(known.figures["gdp"])
    figures[3, -4:] = np.nan
    older = benchmarks.forecast("pooled_logit", with_figures(known, "gdp", figures), "gdp")
    deviation = older.std(axis=-1)
    assert deviation[3, 0] / deviation[4, 0] == pytest.approx(5**0.5, rel=0.1)


def test_an_economy_without_figures_gets_no_forecast(known):
    figures = np.array(known.figures["internet_users"])
    figures[7] = np.nan
    changed = with_figures(known, "internet_users", figures)
    for name in QUICK:
        if name in benchmarks.names("internet_users"):
            ensemble = benchmarks.forecast(name, changed, "internet_users", members=10)
            assert np.isnan(ensemble[7]).all()
            assert np.isfinite(np.delete(ensemble, 7, axis=0)).all()


def test_smoothing_without_enough_figures_falls_back_to_the_own_drift(known):
    few = small(known, [0, 1])
    figures = np.array(few.figures["gdp"])
    figures[:, :-4] = np.nan
    short = with_figures(few, "gdp", figures)
    np.testing.assert_array_equal(
        benchmarks.forecast("damped_ets", short, "gdp", members=10),
        benchmarks.forecast("own_drift", short, "gdp", members=10),
    )


def test_unknown_names_and_empty_series_are_refused(known):
    with pytest.raises(InputError, match="did you mean own_drift"):
        benchmarks.forecast("own_drif", known, "gdp")
    with pytest.raises(InputError, match="no such benchmark"):
        benchmarks.forecast("pooled_ar1", known, "internet_users")
    with pytest.raises(InputError, match="no such series"):
        benchmarks.names("happiness")
    with pytest.raises(InputError, match="too few"):
        benchmarks.forecast("own_drift", known, "gdp", members=1)
    empty = with_figures(known, "gdp", np.full((22, 15), np.nan))
    with pytest.raises(InputError, match="two figures"):
        benchmarks.forecast("pooled_logit", empty, "gdp")
