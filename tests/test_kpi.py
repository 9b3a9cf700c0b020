"""KPIs: what each one measures, in which range, and how a region's figure follows."""

import numpy as np
import pytest

from sim.experiment import draws, start
from sim.kpi import registry
from sim.kpi.registry import (
    BY_EXPORTS,
    BY_GDP,
    BY_ID,
    BY_POPULATION,
    BY_SERVICES,
    COLUMNS,
    KPIS,
    SUM,
    aggregate,
    measure,
)
from sim.model.quantities import LEVERS, PAYERS
from sim.model.run import run
from sim.policy import Scenario, lever, lever_paths
from sim.region.region import Region

MEMBERS, HORIZON = 8, 2028


@pytest.fixture(scope="module")
def states():
    region = Region.load("asean+carec")
    world = start.build_world(region, HORIZON)
    plan = Scenario.baseline("asean+carec", HORIZON).plus(
        lever("broadband_investment", 0.5, years=2024, private_leverage=1.0),
        lever("basic_skills_programme", 2, years=2024),
        lever("data_policy_alignment", 0.8, years=2024, by=2027),
        name="plan",
    )
    setup = start.build_setup(region, world, seed=5, members=range(MEMBERS))
    found = []
    run(
        setup,
        lever_paths(plan, region),
        draws.world_draws(5, range(MEMBERS), world),
        lambda state, year: found.append(state),
    )
    return found


def kpi(states, name):
    """(year, member, economy)."""
    return np.stack([BY_ID[name].formula(state) for state in states])


def test_every_kpi_has_an_id_a_title_a_unit_a_direction_and_a_rule():
    ids = [column.id for column in COLUMNS]
    assert len(set(ids)) == len(ids)
    for one in KPIS:
        assert one.title, one.id
        assert one.unit, one.id
        assert one.better in (-1, 0, 1), one.id
        assert one.aggregation in (SUM, BY_POPULATION, BY_GDP, BY_EXPORTS, BY_SERVICES), one.id
        assert one.effect in ("points", "percent"), one.id
        assert one.catalogue.startswith("K"), one.id
    assert any(one.headline for one in KPIS)


def test_only_what_adds_up_is_summed():
    summed = {one.id for one in KPIS if one.aggregation == SUM}
    countable = ("USD bn", "USD mn", "persons", "MW", "Mt", "partnerships", "memberships")
    assert summed == {one.id for one in KPIS if one.unit.startswith(countable)}


def test_the_table_has_a_row_for_every_kpi():
    rows = registry.kpi_table()
    assert [row["kpi"] for row in rows] == [one.id for one in KPIS]
    assert {row["direction"] for row in rows} == {"more is better", "less is better", ""}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("internet_users", 0, 100),
        ("fixed_broadband", 0, 100),
        ("coverage", 0, 100),
        ("rural_coverage", 0, 100),
        ("urban_rural_gap", -100, 100),
        ("income_gap", 0, 100),
        ("leader_gap", 0, 100),
        ("basic_skills", 0, 100),
        ("talent", 0, 100),
        ("provisions", 0, 100),
        ("regulatory_distance", 0, 100),
        ("paperless_trade", 0, 100),
        ("regional_trade_share", 0, 100),
        ("digital_share", 0, 100),
    ],
)
def test_shares_and_scores_are_in_percent_and_in_range(states, name, low, high):
    values = kpi(states, name)
    assert (values >= low).all()
    assert (values <= high).all()
    assert np.ptp(values) > 0.0
    # A share of 0-1 that was not turned into percent would stay below one.
    assert values.max() > 1.0


def test_the_leader_has_no_gap_and_gaps_are_to_the_leader(states):
    users, gap = kpi(states, "internet_users"), kpi(states, "leader_gap")
    assert (gap.min(axis=-1) == 0.0).all()
    assert users + gap == pytest.approx(np.broadcast_to(users.max(-1, keepdims=True), users.shape))


def test_gaps_between_town_country_rich_and_poor_are_those_of_cohorts(states):
    state = states[-1]
    online = 100.0 * state.online
    urban, rural = online[..., :5].mean(axis=-1), online[..., 5:].mean(axis=-1)
    assert BY_ID["urban_rural_gap"].formula(state) == pytest.approx(urban - rural)
    town = state.urban_share
    top = town * online[..., 4] + (1.0 - town) * online[..., 9]
    bottom = town * online[..., 0] + (1.0 - town) * online[..., 5]
    assert BY_ID["income_gap"].formula(state) == pytest.approx(top - bottom)
    assert BY_ID["internet_users"].formula(state) == pytest.approx(
        town * urban + (1 - town) * rural
    )


def test_regulatory_distance_is_the_mean_over_the_other_economies(states):
    state = states[0]
    others = state.rule_distance.shape[1] - 1
    expected = 100.0 * state.rule_distance.sum(axis=2) / others
    assert BY_ID["regulatory_distance"].formula(state) == pytest.approx(expected)


def test_growth_is_that_of_gdp(states):
    gdp, growth = kpi(states, "gdp"), kpi(states, "gdp_growth")
    assert 1.0 + growth[1:] / 100.0 == pytest.approx(gdp[1:] / gdp[:-1])


def test_gdp_a_person_and_digital_value_added_follow_from_gdp(states):
    state = states[-1]
    gdp = BY_ID["gdp"].formula(state)
    assert BY_ID["gdp_per_person"].formula(state) * state.population == pytest.approx(gdp * 1e9)
    share = BY_ID["digital_share"].formula(state) / 100.0
    assert BY_ID["digital_value_added"].formula(state) == pytest.approx(share * gdp)


def test_public_cost_is_the_sum_of_levers_in_percent_of_gdp(states):
    columns = {column.id: column for column in COLUMNS}
    for state in states[1:]:
        money = sum(columns[f"cost_lever_{name}"].formula(state) for name in LEVERS)
        percent = 100.0 * money * 1e6 / state.gdp
        assert BY_ID["programme_cost"].formula(state) == pytest.approx(percent)
        paid = sum(columns[f"cost_payer_{name}"].formula(state) for name in PAYERS)
        leverage = columns["cost_lever_broadband_investment"].formula(state)
        assert paid == pytest.approx(money + 1.0 * leverage)
        assert columns["cost_payer_private"].formula(state) == pytest.approx(leverage)


def test_measure_writes_every_column_in_order(states):
    state = states[-1]
    out = np.full((len(COLUMNS), *state.gdp.shape), np.nan)
    measure(state, out)
    for row, column in enumerate(COLUMNS):
        assert (out[row] == column.formula(state)).all(), column.id


def test_a_region_adds_up_sums_and_weights_shares():
    values, weights = np.array([[10.0, 40.0]]), np.array([[3.0, 1.0]])
    assert aggregate(BY_ID["gdp"], values, None) == pytest.approx([50.0])
    assert aggregate(BY_ID["internet_users"], values, weights) == pytest.approx([17.5])
    assert registry.weight_column(BY_ID["gdp"]) is None
    assert registry.weight_column(BY_ID["internet_users"]) == "population"
    assert registry.weight_column(BY_ID["digital_share"]) == "gdp"


def test_income_of_a_region_is_its_gdp_over_its_people(states):
    state = states[-1]
    values, people = BY_ID["gdp_per_person"].formula(state), state.population + 0.0 * state.gdp
    found = aggregate(BY_ID["gdp_per_person"], values, people)
    assert found == pytest.approx(state.gdp.sum(axis=-1) / state.population.sum())


def test_weights_are_columns_of_the_members_tables():
    ids = {column.id for column in COLUMNS}
    assert {registry.weight_column(one) for one in KPIS} - {None} <= ids
