"""Electronic commerce, the digital share's gain by firms, digital jobs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.engine import ALL_COLUMNS, Task, run_task
from sim.experiment.plan import case_of
from sim.model import ecommerce, parameters
from sim.policy import Scenario

P = parameters.central(2)
MEMBERS, HORIZON = 32, 2030
SHARE = st.floats(0, 1)
DRIVE = st.floats(-3, 3)


@pytest.fixture(scope="module")
def case():
    return case_of(Scenario.baseline("asean", HORIZON))


def planned(case, shocks=False, **paths):
    """Runs with paths set to one value in all years: KPIs by id, (year, member, economy)."""
    held = case.levers.shocks if shocks else case.levers
    changed = replace(held, **{n: np.full_like(getattr(held, n), v) for n, v in paths.items()})
    levers = replace(case.levers, shocks=changed) if shocks else changed
    found = run_task(Task(replace(case, levers=levers), 1, range(MEMBERS)))
    return dict(zip(ALL_COLUMNS, found, strict=True))


@pytest.fixture(scope="module")
def base(case):
    return planned(case)


def change(case, base, kpi, **options):
    """Median change of a KPI in the last year, by economy."""
    return np.median(planned(case, **options)[kpi][-1] - base[kpi][-1], axis=0)


def at(value):
    return np.full((1, 2), value)


def test_at_the_anchor_the_rule_gives_the_anchor():
    anchors = ("users", "finance", "trust")
    values = [getattr(P, f"ecommerce_anchor_{name}") for name in anchors]
    assert ecommerce.ecommerce_level(*values, P) == pytest.approx(P.ecommerce_anchor)


@given(SHARE, DRIVE)
def test_orders_follow_what_drives_them_and_stop_at_their_ceiling(share, drive):
    ceiling = float(P.ecommerce_ceiling[0, 0])
    after = ecommerce.ecommerce_step(at(share), at(drive), P)
    assert ((after >= 0.0) & (after <= 1.0)).all()
    if share >= ceiling or share == 0.0:
        assert after == pytest.approx(at(share))
    else:
        assert (np.sign(np.round(after - share, 12)) * np.sign(drive) >= 0.0).all()


@given(SHARE, SHARE)
def test_a_shock_displaces_jobs_that_come_back(share, shock):
    after = ecommerce.displaced_step(at(share), at(shock), P)
    assert ((after >= 0.0) & (after <= 1.0 + 1e-12)).all()
    assert (after >= shock - 1e-12).all()
    for _ in range(60):
        after = ecommerce.displaced_step(after, at(0.0), P)
    assert after == pytest.approx(at(0.0), abs=1e-3)


def test_orders_start_near_published_sums_that_are_no_input(case, base):
    six = [case.region.economies.index(c) for c in ("IDN", "MYS", "PHL", "SGP", "THA", "VNM")]
    total = np.median(base["ecommerce_gmv"][0][:, six].sum(axis=1))
    # e-Conomy SEA 2023: 139 bn of goods ordered online, 218 bn with rides, travel and media.
    assert 90.0 < total < 300.0


def test_orders_grow_faster_than_output_and_slower_than_the_boldest_forecasts(case, base):
    six = [case.region.economies.index(c) for c in ("IDN", "MYS", "PHL", "SGP", "THA", "VNM")]
    total = np.median(base["ecommerce_gmv"][:, :, six].sum(axis=-1), axis=1)
    output = np.median(base["gdp"][:, :, six].sum(axis=-1), axis=1)
    assert total[-1] / total[0] > output[-1] / output[0]
    assert total[-1] / total[0] < 1000.0 / 218.0  # e-Conomy SEA 2022 and 2023: up to 1 tn in 2030


@pytest.mark.parametrize(
    "options",
    [
        {"broadband_investment": 0.01},
        {"digital_finance_interoperability": 1.0},
        {"awareness_and_trust": 1.0},
        {"msme_support": 0.1},
        {"sector_digitalisation": 0.005},
    ],
)
def test_users_accounts_trust_and_firms_raise_orders_online(case, base, options):
    assert (change(case, base, "ecommerce_gmv", **options) > 0.0).all()


def test_saturation_takes_growth_and_a_pandemic_adds_to_it(case, base):
    full = planned(case, shocks=True, ecommerce_saturation=1.0)["ecommerce_share"]
    assert (full[-1] <= full[0] + 1e-9).all()
    assert (change(case, base, "ecommerce_share", shocks=True, adoption_push=0.3) > 0.0).all()
    assert (change(case, base, "ecommerce_share", shocks=True, trust_loss=0.1) < 0.0).all()


def test_programmes_for_firms_raise_the_digital_economy_modestly_and_jobs_with_it(case, base):
    with_it = planned(case, msme_support=0.3, sector_digitalisation=0.01)
    gain = with_it["digital_share"][-1] / base["digital_share"][-1]
    assert (np.median(gain, axis=0) > 1.0).all()
    assert gain.max() < 1.3
    assert (np.median(with_it["digital_jobs"][-1] / base["digital_jobs"][-1], axis=0) > 1.0).all()


def test_digital_workers_make_more_than_others(base):
    assert (base["digital_jobs"] > 0.0).all()
    share_of_people = base["digital_jobs"] / base["population"]
    assert share_of_people.max() < 0.1


def test_displaced_jobs_are_lost_and_output_has_its_own_shock(case, base):
    lost = planned(case, shocks=True, job_displacement=0.2)
    assert (lost["digital_jobs"][-1] < 0.8 * base["digital_jobs"][-1]).all()
    assert np.array_equal(lost["gdp"], base["gdp"])
