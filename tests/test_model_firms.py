"""Firms: who adopts first, what programmes change, what it pays; and carbon dioxide."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment import draws, start
from sim.experiment.engine import ALL_COLUMNS, Task, run_task
from sim.experiment.plan import case_of
from sim.model import emissions, firms, parameters
from sim.model.quantities import SECTORS, SEGMENTS, planes
from sim.model.run import run
from sim.policy import Scenario

P = parameters.central(3)
MEMBERS, HORIZON = 24, 2030
SMALL = [name.endswith("_msme") for name in SEGMENTS]
LARGE = [not small for small in SMALL]
SHARE = st.floats(0, 1)


@pytest.fixture(scope="module")
def case():
    return case_of(Scenario.baseline("asean", HORIZON))


def with_paths(case, shocks=False, who=slice(None), **paths):
    held = case.levers.shocks if shocks else case.levers
    changed = {}
    for name, value in paths.items():
        changed[name] = getattr(held, name).copy()
        changed[name][:, who] = value
    changed = replace(held, **changed)
    return replace(case, levers=replace(case.levers, shocks=changed) if shocks else changed)


def planned(case, **options):
    """Runs with paths set to one value in all years: KPIs by id, (year, member, economy)."""
    found = run_task(Task(with_paths(case, **options), 1, range(MEMBERS)))
    return dict(zip(ALL_COLUMNS, found, strict=True))


def states(case, **options):
    """All states of a run of a few members, by year."""
    found = {}
    changed = with_paths(case, **options)
    setup = start.build_setup(case.region, case.world, 1, range(4))
    luck = draws.world_draws(1, range(4), case.world)
    run(setup, changed.levers, luck, lambda state, year: found.__setitem__(year, state))
    return found


@pytest.fixture(scope="module")
def base(case):
    return planned(case)


def change(case, base, kpi, **options):
    """Median change of a KPI in the last year, by economy."""
    return np.median(planned(case, **options)[kpi][-1] - base[kpi][-1], axis=0)


def by_segment(*values):
    return planes(np.broadcast_to(np.array(values, float), (1, 3, len(SEGMENTS))).copy())


# Who adopts


def test_a_large_firm_adopts_before_a_small_one_and_services_before_farms(case):
    for state in states(case).values():
        adoption = state.firm_adoption
        assert (adoption[..., LARGE] > adoption[..., SMALL]).all()
        assert (adoption[..., 4:] > adoption[..., :2]).all()


@given(SHARE, SHARE, st.floats(2000, 2060))
def test_a_ceiling_rises_with_readiness_and_with_the_years(ready, more, year):
    low, high = sorted((ready, more))

    def odds(value, at):
        return firms.threshold_odds(np.full((1, 3), value), at, P)

    assert (odds(low, year) <= odds(high, year)).all()
    assert (odds(low, year) < odds(low, year + 1)).all()


def test_at_its_threshold_half_of_a_segment_would_adopt():
    for index, threshold in enumerate(firms.thresholds(P)):
        odds = firms.threshold_odds(np.broadcast_to(threshold, (1, 3)), 2023, P)
        assert odds[..., index] == pytest.approx(0.0)


@given(SHARE, SHARE, st.floats(0, 50))
def test_adoption_moves_towards_its_ceiling_and_never_past_it(adoption, top, speed):
    now, aim = by_segment(*[adoption] * 6), by_segment(*[top] * 6)
    then = firms.adoption_step(now, aim, by_segment(*[speed] * 6), P)
    low, high = sorted((adoption, top))
    assert (then >= low - 1e-12).all()
    assert (then <= high + 1e-12).all()
    assert (abs(then - aim) <= abs(now - aim) + 1e-12).all()


def test_examples_abroad_count_by_trade():
    weights = by_segment(*[1 / 6] * 6)[0]
    adoption = np.stack([by_segment(*[share] * 6)[0, 0] for share in (0.2, 0.9, 0.1)])[None]
    trade = np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5], [0.0, 1.0, 0.0]])
    seen = firms.exposure(planes(adoption), weights, trade, P)
    own = float(P.firm_own_exposure[0, 0])
    assert seen[0, 0] == pytest.approx(own * 0.2 + (1 - own) * 0.9)
    assert seen[0, 1] == pytest.approx(own * 0.9 + (1 - own) * 0.15)


def test_adoption_in_one_economy_spreads_to_its_partners_and_most_to_the_closest(case):
    leader = case.region.economies.index("SGP")
    gap = states(case, who=leader, msme_support=0.3, digital_economic_zone=30.0)[HORIZON]
    gap = (gap.firm_adoption - gap.firm_adoption_reference).mean(axis=(0, 2))
    others = [i for i in range(len(gap)) if i != leader]
    assert (gap[others] > 0.0).all()
    assert (gap[others] < gap[leader]).all()
    weights = case.world.trade_weights[others, leader]
    assert np.corrcoef(np.argsort(np.argsort(gap[others])), np.argsort(np.argsort(weights)))[
        0, 1
    ] > 0.3  # fmt: skip


# What programmes change


def test_without_programmes_firms_add_nothing_to_output(case):
    for state in states(case).values():
        assert np.array_equal(state.firm_adoption, state.firm_adoption_reference)
        assert not state.firm_returns.any()


def test_networks_and_courses_raise_adoption_but_pay_through_their_own_terms(case, base):
    options = {"broadband_investment": 0.01, "basic_skills_programme": 0.05}
    assert (change(case, base, "msme_adoption", **options) > 0.0).all()
    assert not states(case, **options)[HORIZON].firm_returns.any()


def test_support_raises_small_firms_and_narrows_the_gap(case, base):
    assert (change(case, base, "msme_adoption", msme_support=0.1) > 1.0).all()
    assert (change(case, base, "size_gap", msme_support=0.1) < 0.0).all()


def test_tax_relief_helps_large_firms_most(case, base):
    assert (change(case, base, "industry_4_0", digital_economic_zone=20.0) > 0.0).all()
    found = states(case, digital_economic_zone=20.0)[HORIZON]
    gap = (found.firm_adoption - found.firm_adoption_reference).mean(axis=(0, 1))
    assert (gap[[0, 1]] < gap[[3, 5]]).all()


@pytest.mark.parametrize(
    ("sector", "kpi"),
    list(zip(SECTORS, ("smart_agriculture", "industry_4_0", "new_economy_services"), strict=True)),
)
def test_money_for_a_sector_raises_it_most(case, base, sector, kpi):
    money = np.zeros(len(SECTORS))
    money[SECTORS.index(sector)] = 0.002
    gains = {
        name: change(case, base, name, sector_digitalisation=money)
        for name in ("smart_agriculture", "industry_4_0", "new_economy_services")
    }
    assert (gains[kpi] > 0.5).all()
    assert all((gains[kpi] > gains[other]).all() for other in gains if other != kpi)


def test_smart_places_reach_people_and_their_firms(case, base):
    assert (change(case, base, "smart_places", smart_cities_and_villages=20.0) > 0.0).all()
    assert (change(case, base, "msme_adoption", smart_cities_and_villages=20.0) > 0.0).all()
    assert planned(case, smart_cities_and_villages=1000.0)["smart_places"].max() <= 100.0 + 1e-9


def test_a_platform_is_worth_more_the_more_take_part():
    alone, together = np.zeros((3, 6)), np.zeros((3, 6))
    alone[0, 1], together[:, 1] = 1.0, 1.0
    funded = np.ones((1, 3))
    one = firms.platform_relief(alone, funded, P)[0, 0]
    all_ = firms.platform_relief(together, funded, P)[0, 0]
    assert (all_[SMALL] > one[SMALL]).all()
    assert (one[SMALL] > 0.0).all()
    assert not one[LARGE].any()


# What it pays


def test_adoption_pays_a_year_later_and_more_as_time_goes_by(case):
    found = states(case, msme_support=0.2)
    assert not found[2024].firm_returns.any()
    assert (
        found[2024].firm_adoption[..., SMALL] > found[2024].firm_adoption_reference[..., SMALL]
    ).all()
    paid = [found[year].firm_returns for year in range(2024, HORIZON + 1)]
    assert all((later > earlier).all() for earlier, later in pairwise(paid))


def test_returns_of_ten_points_at_the_frontier_lie_below_the_study_of_europe(case):
    state = states(case)[2023]
    gap = np.where(LARGE, 0.1, 0.0)
    state.firm_adoption = planes(state.firm_adoption_reference + gap)
    for _ in range(4):
        firms.pay(state, state, P)
    large = firms.total(state.segment_weights * np.array(LARGE))
    per_firm = state.firm_returns / large
    assert ((per_firm > 0.002) & (per_firm < 0.039)).all()  # 3.9 % after three years


def test_small_firms_gain_more_from_the_same_adoption_with_support(case):
    state = states(case)[2023]
    state.firm_adoption = planes(state.firm_adoption_reference + np.where(SMALL, 0.05, 0.0))
    state.supported_msmes = np.zeros_like(state.firm_returns)
    firms.pay(state, state, P)
    without = state.firm_returns
    state.firm_returning = np.zeros_like(state.firm_returning)
    state.supported_msmes = np.full_like(without, 0.5)
    firms.pay(state, state, P)
    assert (state.firm_returns > 1.5 * without).all()


@pytest.mark.parametrize(
    "options",
    [
        {"msme_support": 0.3},
        {"digital_economic_zone": 30.0},
        {"sector_digitalisation": 0.02},
        {"smart_cities_and_villages": 1000.0},
        {"regional_platforms": 1.0},
        {"green_digital": 0.02},
    ],
)
def test_no_lever_of_firms_moves_output_beyond_what_is_known(case, base, options):
    effect = planned(case, **options)["gdp"][-1] / base["gdp"][-1] - 1.0
    assert np.quantile(effect, 0.95, axis=0).max() < 0.04
    assert np.median(effect, axis=0).min() >= 0.0


def test_programmes_add_to_what_others_gained_but_less_and_less(case, base):
    one = change(case, base, "industry_4_0", sector_digitalisation=0.001)
    ten = change(case, base, "industry_4_0", sector_digitalisation=0.01)
    assert (ten > one).all()
    assert (ten < 10.0 * one).all()


# Shocks


def test_a_technology_blockade_slows_firms_and_costs_output(case, base):
    assert (change(case, base, "industry_4_0", shocks=True, technology_access=0.5) < 0.0).all()
    assert (change(case, base, "gdp", shocks=True, technology_access=0.5) < 0.0).all()


def test_free_technology_speeds_firms_up(case, base):
    assert (change(case, base, "msme_adoption", shocks=True, technology_access=-0.5) > 0.0).all()


def test_a_pandemic_pushes_firms_and_a_retreat_of_money_holds_them_back(case, base):
    assert (change(case, base, "msme_adoption", shocks=True, adoption_push=0.5) > 0.0).all()
    assert (change(case, base, "msme_adoption", shocks=True, investment_retreat=0.5) < 0.0).all()


# Carbon dioxide


def test_carbon_starts_at_what_was_published(case, base):
    published = case.region.base("co2_per_person") * case.region.base("population") * 1e-6
    assert base["emissions"][0] == pytest.approx(np.broadcast_to(published, (MEMBERS, 11)))


def test_digital_means_and_adoption_lower_carbon_per_unit_of_output(case, base):
    assert (change(case, base, "co2_intensity", green_digital=0.002) < 0.0).all()
    assert (change(case, base, "co2_intensity", sector_digitalisation=0.005) < 0.0).all()
    strongest = planned(case, green_digital=0.02)["co2_intensity"][-1]
    assert (strongest > 0.8 * base["co2_intensity"][-1]).all()  # industry's own claim


def test_data_centres_add_carbon_unless_they_run_on_renewable_power(case, base):
    dirty = planned(case, cloud_and_data_centres=100.0)["co2_intensity"][-1]
    clean = planned(case, cloud_and_data_centres=100.0, renewable_share=1.0)["co2_intensity"][-1]
    assert (dirty > base["co2_intensity"][-1]).all()
    assert clean == pytest.approx(base["co2_intensity"][-1], rel=1e-9)


def test_a_megawatt_on_the_grid_emits_some_thousand_tonnes_a_year():
    assert 0.001 < float(emissions.power_carbon(P)[0, 0]) < 0.006


def test_a_shock_to_carbon_passes(case, base):
    shocked = case.levers.shocks.emissions.copy()
    shocked[1] = 0.1
    changed = replace(case.levers, shocks=replace(case.levers.shocks, emissions=shocked))
    found = run_task(Task(replace(case, levers=changed), 1, range(MEMBERS), ("emissions",)))[0]
    assert found[2] == pytest.approx(base["emissions"][2] * np.exp(0.1))
    assert found[3] == pytest.approx(base["emissions"][3])
