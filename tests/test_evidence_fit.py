"""The model fitted to history: it follows the figures, and sees none after the origin."""

import csv

import numpy as np
import pytest
from own_region import keep_only

from sim.evidence import fit as fitting
from sim.evidence.calibrate import calibrate
from sim.evidence.fit import carried_to, ensembles, fit, given
from sim.evidence.given import Forecast
from sim.evidence.history import simulate
from sim.evidence.known import held_out, known_at
from sim.evidence.published import within
from sim.evidence.scores import score, summarise
from sim.experiment import draws
from sim.region.region import Region
from sim.region.template import copy_tables

ORIGIN, MEMBERS = 2014, 120


@pytest.fixture(scope="module")
def region():
    return Region.load("asean")


@pytest.fixture(scope="module")
def fitted(region):
    errors = []
    found = fit(known_at(region, ORIGIN), MEMBERS, progress=lambda *told: errors.append(told))
    return found, errors


def test_every_round_brings_the_model_nearer_to_the_figures(fitted):
    _, errors = fitted
    for block in ("growth", "users", "lines"):
        path = [error for name, _, _, error in errors if name == block]
        assert len(path) == 4
        assert path[-1] < 0.5 * path[0]


def test_the_fitted_history_follows_users_lines_and_gdp(fitted):
    found, _ = fitted
    run, figures = found.history(), found.known.figures
    for values, name, near in (
        (run.users, "internet_users", 0.03), (run.lines, "fixed_broadband", 0.006),
        (run.log_gdp, "gdp", 0.03),
    ):  # fmt: skip
        gap = np.abs(np.median(values, axis=0) - figures[name])
        assert np.nanmean(gap) < near


def test_a_fit_keeps_the_noise_of_the_years_to_come(fitted):
    found, _ = fitted
    later = ~found.layout.known_by(ORIGIN)
    assert found.normals[:, later].std() == pytest.approx(1.0, abs=0.02)


def test_forecasts_hold_what_came(fitted, region):
    found, _ = fitted
    forecasts, after = found.forecasts(), held_out(region, ORIGIN)
    inside = []
    for name, ensemble in forecasts.items():
        assert ensemble.shape == (11, 2023 - ORIGIN, MEMBERS)
        assert np.isfinite(ensemble).all()
        told = summarise([score(ensemble, after[name].values, after[name].seen)])
        inside.append(told.inside_90)
    assert min(inside) > 0.5
    assert np.mean(inside) > 0.75


def test_the_same_seed_gives_the_same_fit(region):
    known = known_at(region, ORIGIN)
    one, two, other = (fit(known, 20, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.normals, two.normals)
    assert not np.array_equal(one.normals, other.normals)


def test_nothing_after_the_origin_reaches_a_fit(tmp_path):
    """Figures after the origin are made nonsense: the fit is the same to the bit."""
    normals, forecasts = [], []
    for name in ("sound", "spoilt"):
        copy_tables("asean", tmp_path / name)
        if name == "spoilt":
            _spoil(tmp_path / name / "indicators.csv", ORIGIN)
        found = fit(known_at(Region.load(tmp_path / name), ORIGIN), 20)
        normals.append(found.normals)
        forecasts.append(found.forecasts())
    assert np.array_equal(*normals)
    for series, ensemble in forecasts[0].items():
        assert np.array_equal(ensemble, forecasts[1][series])


def test_nothing_after_the_origin_reaches_a_prior_that_is_carried_over(tmp_path, monkeypatch):
    own = Region.load(copied(tmp_path / "own"))
    found = []
    for name in ("sound", "spoilt"):
        folder = copied(tmp_path / name)
        if name == "spoilt":
            _spoil(folder / "indicators.csv", ORIGIN)
        monkeypatch.setattr(fitting, "TEACHERS", folder)
        monkeypatch.setattr(fitting, "TEACHERS_MEMBERS", 20)
        fitting._taught.cache_clear()
        found.append(carried_to(own, ORIGIN))
    fitting._taught.cache_clear()
    assert np.array_equal(found[0].mean, found[1].mean)
    assert np.array_equal(found[0].root, found[1].root)
    assert not np.allclose(found[0].mean, 0.0)


def test_shipped_regions_have_the_prior_of_the_registry(region):
    assert carried_to(region, ORIGIN) is None


def test_what_history_taught_is_told_from_the_prior_that_was_carried_over(tmp_path, monkeypatch):
    monkeypatch.setattr(fitting, "TEACHERS_MEMBERS", 20)
    fitting._taught.cache_clear()
    tables = [
        calibrate(region, ORIGIN, 20).table().set_index("parameter")
        for region in (Region.load("asean"), Region.load(copied(tmp_path / "own")))
    ]
    fitting._taught.cache_clear()
    shipped, own = (table.loc["trend_growth"] for table in tables)
    assert shipped["prior_median"] == pytest.approx(0.010, abs=2e-4)
    assert own["prior_high"] - own["prior_low"] < 0.9 * (
        shipped["prior_high"] - shipped["prior_low"]
    )


def copied(folder):
    copy_tables("asean", folder)
    return folder


def test_large_ensembles_are_put_together_of_several():
    for members in (20, 124, 249, 250, 500, 601):
        parts = ensembles(members)
        assert sum(kept for kept, _ in parts) == members
        assert all(size >= kept for kept, size in parts)
    assert [len(ensembles(members)) for members in (100, 250, 600)] == [1, 2, 3]


def test_several_ensembles_differ_and_each_is_a_fit(region, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_KEPT", 30)
    rounds = []
    found = fit(
        known_at(region, ORIGIN),
        60,
        progress=lambda _, turn, turns, __: rounds.append((turn, turns)),
    )
    assert found.normals.shape[0] == 60
    assert not np.isclose(found.normals[:30], found.normals[30:]).any()
    assert (
        rounds
        == [(turn, 8) for turn in (1, 2, 3, 4)] * 3 + [(turn, 8) for turn in (5, 6, 7, 8)] * 3
    )
    misfit = found.misfit(found.history())
    assert max(misfit.values()) < 20.0


def test_a_zero_says_no_more_than_the_figures_after_it():
    users = np.array([[0.0, np.nan, 0.001, 0.2], [0.0, 0.0, 0.0, 0.0], [0.5, 0.9, 1.0, np.nan]])
    found = within(users)
    assert found[0] == pytest.approx([0.001, np.nan, 0.001, 0.2], nan_ok=True)
    assert found[1] == pytest.approx([0.005] * 4)
    assert found[2] == pytest.approx([0.5, 0.9, 0.995, np.nan], nan_ok=True)


def _spoil(path, origin):
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    changed = 0
    for row in rows:
        if row["indicator"] in ("internet_users", "fixed_broadband") and int(row["year"]) > origin:
            row["value"] = "1"
            changed += 1
        elif row["indicator"] in ("gdp", "population") and int(row["year"]) > origin:
            row["value"] = str(float(row["value"]) * 3.0)
            changed += 1
    assert changed > 100
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_history_is_given_nothing_but_what_was_known(region):
    known = known_at(region, ORIGIN)
    path = given(known)
    assert path.first_year == known.first
    assert path.last_year == known.last
    now = ORIGIN - known.first
    assert np.array_equal(path.ppp_ratio[:, now], path.ppp_ratio[:, -1])
    assert np.array_equal(path.investment_share[:, now], path.investment_share[:, -1])


def test_a_region_of_two_economies_is_fitted_too(tmp_path):
    copy_tables("asean", tmp_path / "small")
    keep_only(tmp_path / "small", Region.load("asean").economies[:2])
    found = fit(known_at(Region.load(tmp_path / "small"), ORIGIN), 20)
    assert found.forecasts()["gdp"].shape == (2, 2023 - ORIGIN, 20)


def test_forecasts_lean_towards_the_last_users_figure(fitted):
    """The same members and luck, with and without users figures: those below it end higher."""
    found, _ = fitted
    figures, now = found.known.figures["internet_users"], ORIGIN - found.known.first
    tied, free = (_onwards(found, users).users[:, :, now + 1] for users in (figures, None))
    gap = figures[:, -1] - found.history().users[:, :, now]
    apart = np.abs(gap) > 0.005
    assert apart.sum() > 200
    assert np.sign(tied - free)[apart] == pytest.approx(np.sign(gap)[apart])
    forecast = np.median(found.forecasts()["internet_users"][:, 0], axis=-1)
    near, far = (np.abs(forecast - np.median(run, axis=0)).sum() for run in (tied, free))
    assert near < far


def test_the_fit_sets_the_noise_of_growth_by_what_each_economy_went_through(fitted):
    found, _ = fitted
    before, after = given(found.known).growth_noise_sd, found.given.growth_noise_sd
    growth = np.diff(found.known.figures["gdp"], axis=1)
    stormy = np.nanstd(growth, axis=1)
    assert not np.allclose(before, after)
    assert np.corrcoef(stormy, after / before)[0, 1] > 0.5


def _onwards(found, users):
    """The run on past the origin, tied to users figures or not."""
    known = found.known
    luck = list(draws.year_draws(found.seed, range(MEMBERS), known.horizons, 11))
    forecast = Forecast(
        origin=known.origin,
        luck=luck,
        log_gdp=known.figures["gdp"],
        lines=known.figures["fixed_broadband"],
        users=users,
    )
    return simulate(found.drawn(), found.given, known.last, forecast)
