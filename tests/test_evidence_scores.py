"""Scores of forecasts, and the benchmarks' own scores on the shipped tables."""

import numpy as np
import pytest

from sim.errors import InputError
from sim.evidence import benchmarks, scores
from sim.evidence.known import held_out, known_at
from sim.region.region import Region

ORIGINS = (2010, 2012, 2014, 2016, 2018)


def drawn(shape=(40, 6, 400), shift=0.0, scale=1.0, seed=0):
    """Forecasts that are right up to ``shift`` and ``scale``, and the outcomes."""
    draws = np.random.default_rng(seed)
    outcome = draws.standard_normal(shape[:2])
    return shift + scale * draws.standard_normal(shape), outcome, np.ones(shape[:2], dtype=bool)


def of_benchmark(name, series, origins=ORIGINS, horizons=8):
    region = Region.load("asean+carec")
    found = []
    for origin in origins:
        last = min(origin + horizons, 2023)
        known, after = known_at(region, origin, last), held_out(region, origin, last)[series]
        ensemble = benchmarks.forecast(name, known, series)
        counted = after.seen & known.published(series).any(axis=1)[:, None]
        factor = scores.UNITS[series].factor
        found.append(scores.score(ensemble, after.values, counted, factor=factor))
    return found


def test_crps_of_draws_is_that_of_their_distribution():
    """Normal with mean 0: sigma (2 phi(0) - 1 / sqrt(pi)) at zero (Gneiting and Raftery 2007)."""
    ensemble = 3.0 * np.random.default_rng(1).standard_normal((1, 1, 100_000))
    one = scores.score(ensemble, np.zeros((1, 1)), np.ones((1, 1), dtype=bool))
    wanted = 3.0 * (2.0 / np.sqrt(2.0 * np.pi) - 1.0 / np.sqrt(np.pi))
    assert one.crps[0, 0] == pytest.approx(wanted, rel=0.01)


def test_crps_does_not_depend_on_the_number_of_members():
    many, few = (
        scores.summarise([scores.score(*drawn((4000, 2, size)))]).crps for size in (4, 200)
    )
    assert many == pytest.approx(few, rel=0.03)


def test_right_forecasts_hold_their_share_and_have_flat_ranks():
    summary = scores.summarise([scores.score(*drawn((400, 5, 300)))])
    assert summary.inside_50 == pytest.approx(0.5, abs=0.03)
    assert summary.inside_90 == pytest.approx(0.9, abs=0.02)
    assert summary.pairs == 2000 == summary.pit.sum()
    assert ((summary.pit > 150) & (summary.pit < 250)).all()


def test_too_narrow_forecasts_show_in_bands_and_ranks():
    summary = scores.summarise([scores.score(*drawn(scale=0.3))])
    assert summary.inside_90 < 0.6
    assert summary.pit[[0, -1]].sum() > 0.4 * summary.pairs


def test_ranks_of_tied_members_are_spread():
    ensemble, counted = np.zeros((500, 1, 20)), np.ones((500, 1), dtype=bool)
    summary = scores.summarise([scores.score(ensemble, np.zeros((500, 1)), counted)])
    assert (summary.pit > 25).all()


def test_error_is_that_of_the_median_and_units_scale_it():
    ensemble = np.array([[[0.1, 0.2, 0.9]]])
    counted = np.ones((1, 1), dtype=bool)
    one = scores.score(ensemble, np.array([[0.25]]), counted, factor=100.0)
    assert one.error[0, 0] == pytest.approx(5.0)


def test_only_pairs_that_count_are_scored():
    ensemble, outcome, counted = drawn()
    outcome, ensemble, counted = outcome.copy(), ensemble.copy(), counted.copy()
    outcome[0, 0], ensemble[1], counted[0, 0], counted[1] = np.nan, np.nan, False, False
    one = scores.score(ensemble, outcome, counted)
    np.testing.assert_array_equal(one.counted, counted)
    np.testing.assert_array_equal(np.isnan(one.pit), ~counted)


def test_origins_weigh_alike_whatever_their_pairs():
    long, short = drawn((40, 8, 100)), drawn((40, 2, 100), shift=2.0)
    summary = scores.summarise([scores.score(*long), scores.score(*short)])
    assert summary.crps == pytest.approx(np.mean(summary.by_origin))


def test_skill_is_zero_against_oneself_and_positive_against_worse():
    good, bad = [scores.score(*drawn())], [scores.score(*drawn(shift=1.0))]
    assert scores.skill(good, good) == scores.Skill(0.0, 0.0, 0.0)
    better = scores.skill(good, bad)
    assert 0.0 < better.low < better.skill < better.high < 1.0
    assert better == scores.skill(good, bad)
    assert scores.skill(bad, good).high < 0.0
    assert scores.best({"bad": bad, "good": good}) == "good"


def test_the_interval_of_skill_is_paired():
    """Two forecasts that err alike differ little, however much errors differ by economy."""
    ensemble, outcome, counted = drawn((30, 4, 200))
    size = np.linspace(0.1, 20.0, 30)[:, None]
    one = [scores.score(ensemble * size[..., None], outcome * size, counted)]
    wide = [scores.score(1.3 * ensemble * size[..., None], outcome * size, counted)]
    found = scores.skill(one, wide)
    assert found.high - found.low < 0.1


def test_what_cannot_be_scored_is_refused():
    ensemble, outcome, counted = drawn((3, 2, 5))
    with pytest.raises(InputError, match="shapes"):
        scores.score(ensemble, outcome[:2], counted)
    with pytest.raises(InputError, match="two members"):
        scores.score(ensemble[..., :1], outcome, counted)
    with pytest.raises(InputError, match="no figure"):
        scores.score(ensemble, np.full((3, 2), np.nan), counted)
    with pytest.raises(InputError, match="no forecast"):
        scores.score(np.full((3, 2, 5), np.nan), outcome, counted)
    nothing = scores.score(ensemble, outcome, np.zeros((3, 2), dtype=bool))
    some = scores.score(ensemble, outcome, counted)
    with pytest.raises(InputError, match="no figure to score"):
        scores.summarise([nothing])
    with pytest.raises(InputError, match="same figures"):
        scores.skill([some], [nothing])
    with pytest.raises(InputError, match="same figures"):
        scores.skill([some], [some, some])
    with pytest.raises(InputError, match="no benchmark"):
        scores.best({})


def test_a_missing_library_is_named_with_its_remedy():
    with pytest.raises(InputError, match=r"digiregion\[evidence\]"):
        scores.library("no_such_library_here")


@pytest.mark.parametrize(
    ("name", "series", "crps", "inside_90"),
    [
        ("pooled_logit", "internet_users", 5.06, 0.90),
        ("pooled_means", "internet_users", 4.76, 0.93),
        ("own_drift", "fixed_broadband", 1.80, 0.54),
        ("pooled_ar1", "gdp", 0.070, 0.84),
    ],
)
def test_benchmarks_score_as_published_on_the_shipped_tables(name, series, crps, inside_90):
    """Origins 2010 to 2018, horizons to eight years: 5.0 points, 1.8 per 100, 0.07 (AR(1))."""
    summary = scores.summarise(of_benchmark(name, series))
    assert summary.crps == pytest.approx(crps, rel=0.015)
    assert summary.inside_90 == pytest.approx(inside_90, abs=0.015)


def test_smoothing_scores_as_published():
    """0.059 from origin 2014, in logs of GDP; one origin, as fits are slow."""
    summary = scores.summarise(of_benchmark("damped_ets", "gdp", origins=(2014,)))
    assert summary.crps == pytest.approx(0.060, rel=0.02)
