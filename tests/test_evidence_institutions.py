"""Institutions fitted to weak evidence: what it teaches, and that it moves nothing else."""

import warnings

import numpy as np
import pandas as pd
import pytest

from sim.evidence import calibrate as calibration
from sim.evidence import institutions_hindcast
from sim.evidence.institutions import (
    INDICES,
    figures_of,
    fit_institutions,
    forecast,
    last_edition,
    teachers_of,
)
from sim.evidence.institutions_hindcast import hindcast_institutions
from sim.experiment import posteriors
from sim.experiment.draws import world_draws
from sim.experiment.posterior import INSTITUTIONS
from sim.experiment.start import build_setup, build_world
from sim.model import learning
from sim.model.adoption import logistic, logit
from sim.model.parameters import parameter_table, priors
from sim.model.run import run
from sim.policy.paths import empty_paths
from sim.region.region import Region
from sim.report import validation_sections as sections

MEMBERS, UNTIL = 60, 2023


@pytest.fixture(scope="module")
def region():
    return Region.load("asean")


@pytest.fixture(scope="module")
def fits(region):
    return fit_institutions(region, UNTIL + 1, MEMBERS)


@pytest.fixture(scope="module")
def calibrated(region):
    return calibration.calibrate(region, UNTIL, MEMBERS)


def deviation(name):
    """Standard deviation of a normal prior."""
    prior = next(prior for prior in priors() if prior.name == name)
    return float(prior.sample(np.ones(1))[0] - prior.central)


def test_weak_evidence_moves_nothing_of_users_lines_and_gdp(region, calibrated, monkeypatch):
    """To the bit: the main fit is the same with and without it."""
    monkeypatch.setattr(calibration, "fit_institutions", lambda *_: {})
    without = calibration.calibrate(region, UNTIL, MEMBERS)
    assert without.misfit == calibrated.misfit
    for kind in ("shared", "own"):
        with_all, alone = getattr(calibrated.posterior, kind), getattr(without.posterior, kind)
        assert set(alone) < set(with_all)
        for name, values in alone.items():
            assert np.array_equal(values, with_all[name]), name


def test_figures_are_those_of_the_tables_and_none_is_later_than_asked(region):
    for index in INDICES:
        found = figures_of(index, region, 2021)
        share = index.scale * region.series(index.indicator, found.first, 2021)
        seen = region.series_observed(index.indicator, found.first, 2021)
        assert np.array_equal(found.seen, seen)
        assert seen[:, 0].any()
        assert found.odds[seen] == pytest.approx(logit(np.clip(share, 0.005, 0.995))[seen])


def test_the_fit_is_nearer_to_the_figures_than_the_prior_and_not_nearer_than_they_are_sure(fits):
    for found in fits.values():
        before, after = found.misfit
        assert after < 0.3 * before
        assert 0.2 < after < 4.0


def test_history_narrows_the_drift_of_long_series(fits):
    """E-government has eleven editions; its drift is nearer to that of the figures."""
    found = fits["egovernment"]
    drift = found.shared["egovernment_drift"]
    assert drift.std() < 0.7 * deviation("egovernment_drift")
    assert 0.02 < drift.mean() < 0.12


def test_two_editions_by_two_methods_leave_the_drift_of_cybersecurity_wide(fits):
    """What all figures of an edition share may be its method: the error of the edition is kept."""
    assert fits["cybersecurity"].shared["cybersecurity_drift"].std() > 0.5 * deviation(
        "cybersecurity_drift"
    )


def test_an_economys_own_figures_teach_its_effect_and_not_anothers(region, fits):
    """Localised: with another last figure of Laos no other effect moves but by what all share."""
    index = INDICES[0]
    laos = region.economies.index("LAO")
    real = Region.series

    def raised(self, name, *years):
        values = np.array(real(self, name, *years))
        if name == index.indicator:
            values[laos, -6:] = np.minimum(values[laos, -6:] + 0.2, 0.95)
        return values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Region, "series", raised)
        other = fit_institutions(region, UNTIL + 1, MEMBERS)["egovernment"]
    moved = other.own[index.effect].mean(axis=0) - fits["egovernment"].own[index.effect].mean(
        axis=0
    )
    others = np.delete(moved, laos)
    assert moved[laos] > 0.005
    assert np.abs(others).max() < 0.5 * moved[laos]


def test_a_run_without_programmes_goes_on_by_the_equations_of_the_fit(region, calibrated):
    """From the same state, with the same parameters and luck: one step of the model."""
    posterior = calibrated.posterior
    world = build_world(region, UNTIL + 1, posterior)
    setup = build_setup(region, world, 1, range(5), posterior)
    rows = posterior.rows(1, range(5))
    assert np.array_equal(setup.base.egovernment, posterior.own["egovernment"][rows])
    assert np.array_equal(setup.base.egovernment_reference, setup.base.egovernment)
    p, luck = setup.parameters, list(world_draws(1, range(5), world))
    after = run(setup, empty_paths(1, len(region.economies)), luck, lambda *_: None)
    level = logit(setup.base.egovernment)
    drift = p.egovernment_drift + p.egovernment_effect
    step = learning.institution_step(
        level, learning.best_practice(level, setup.teachers), setup.absorptive,
        drift + p.egovernment_noise_sd * luck[0].egovernment, p.egovernment_learning,
    )  # fmt: skip
    assert after.egovernment == pytest.approx(logistic(step))


def test_peers_in_history_are_those_of_runs_where_incomes_are_alike(region):
    peers = teachers_of(region, 2003)
    assert peers.shape == (len(region.economies), learning.PEERS)
    assert not (peers == np.arange(len(region.economies))[:, None]).any()


def test_the_ensemble_keeps_institutions_on_disk(calibrated, tmp_path):
    held = posteriors.read(posteriors.write(calibrated.posterior, tmp_path))
    for name in INSTITUTIONS:
        assert held.own[name] == pytest.approx(calibrated.posterior.own[name], abs=1e-7)
        assert name not in held.parameters
    assert "egovernment_drift" in held.shared
    assert held.about["institutions"]["egovernment"]["figures"] > 100


def test_what_is_fitted_says_so_and_the_rest_is_prior_only(calibrated):
    rows = {row["parameter"]: row for row in parameter_table(calibrated.posterior.bands())}
    for index in INDICES:
        for name in (*index.shared, index.effect):
            assert rows[name]["status"] == "calibrated"
        assert rows[f"{index.prefix}_noise_sd"]["status"] == "prior only"
    assert rows["innovation_drift"]["status"] == "prior only"


def test_a_region_without_these_figures_is_fitted_without_them(region, monkeypatch):
    kept = tuple(name for name in region.indicators if name not in ("egdi", "account_ownership"))
    monkeypatch.setattr(type(region), "indicators", kept)
    assert set(fit_institutions(region, UNTIL, 10)) == {"cybersecurity"}


def test_an_economy_without_a_figure_starts_among_the_others(region):
    index = INDICES[2]
    found = fit_institutions(region, 2014, 40)[index.name]
    empty = ~found.figures.seen.any(axis=1)
    assert empty.any()
    start = found.path[:, empty, 0]
    assert start.std() > 0.3
    assert np.abs(start.mean() - np.nanmedian(found.figures.odds)) < 1.5


def test_a_fit_to_an_earlier_year_knows_no_later_edition(region):
    assert last_edition(region, 2018) == 2018
    assert last_edition(region, region.base_year) == region.last_year


def test_a_forecast_widens_and_stays_a_share(region, fits):
    ahead = forecast(fits["egovernment"], 8, region, seed=1)
    assert ahead.shape == (len(region.economies), 8, MEMBERS)
    assert ((ahead > 0.0) & (ahead < 1.0)).all()
    spread = logit(ahead).std(axis=-1).mean(axis=0)
    assert spread[-1] > spread[0]


def test_no_warning_of_numpy_in_any_fit(region):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit_institutions(region, 2012, 10)


@pytest.fixture(scope="module")
def held(region):
    return hindcast_institutions(region, MEMBERS).set_index("index")


def test_a_forecast_from_the_past_is_scored_beside_simple_rules(held):
    row = held.loc["E-government (EGDI)"]
    assert row["origin"] == 2014
    assert row["scored"] == 5 * 11
    assert 0.0 < row["crps"] < row["crps_last"]
    assert 0.3 < row["inside_90"] <= 1.0


def test_what_has_two_editions_is_not_scored_and_says_so(held):
    row = held.loc["Cybersecurity (GCI)"]
    assert row["scored"] == 0
    assert np.isnan(row["crps"])
    assert row["misfit"] < row["misfit_before"]


def test_scores_of_the_past_know_nothing_later(region, monkeypatch, held):
    """Later figures change what is scored, and not the forecast: fits see the origin only."""
    asked = []
    real = institutions_hindcast.fit_institutions

    def watched(region, last, members, seed):
        asked.append(last)
        return real(region, last, members, seed)

    monkeypatch.setattr(institutions_hindcast, "fit_institutions", watched)
    again = hindcast_institutions(region, MEMBERS).set_index("index")
    assert asked == [region.last_year, *institutions_hindcast.ORIGINS.values()]
    pd.testing.assert_frame_equal(again, held)


def test_the_report_has_a_line_an_institution(held):
    text = "\n".join(sections.institutions(held.reset_index()))
    assert "weak evidence" in text
    for name in held.index:
        assert name in text
    assert "nan" not in text
