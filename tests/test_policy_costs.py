"""What levers cost: something where they are used, nothing where not, and in proportion."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.model import costs
from sim.model.quantities import LEVERS, PAYERS
from sim.policy import Scenario, lever, lever_paths
from sim.policy.accounts import account
from sim.policy.levers import REGISTRY
from sim.policy.projects import needed_options
from sim.region.region import Region

REGION = Region.load("asean+carec")
BASE = Scenario.baseline("asean+carec", horizon=2035)
GDP = REGION.base("gdp")
VNM, KGZ = REGION.economies.index("VNM"), REGION.economies.index("KGZ")
#: Levers whose cost is not in proportion to what is planned.
STEPS = {"data_policy_alignment", "data_and_ai_governance", "trade_facilitation"}


def entry(name, part=1.0, who="all", **options):
    kind = REGISTRY[name]
    needed = needed_options(kind, REGION) | options
    return lever(name, part * kind.scale.usual_high, who, years=2026, **needed)


def cost(*entries):
    """Planned public cost, (year, economy, lever)."""
    return account(lever_paths(BASE.plus(*entries, name="x"), REGION), REGION).by_lever


def own_cost(name, *entries):
    return cost(*entries)[..., LEVERS.index(name)]


def test_every_lever_has_one_formula():
    assert {*costs.COSTS, *costs.SURCHARGES, "regional_fund"} == set(LEVERS)


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_costs_money_where_and_when_it_is_used_and_not_before(name):
    bill = own_cost(name, entry(name))
    assert (bill[: 2026 - REGION.base_year - 1] == 0.0).all()
    assert bill.sum() > 0.0
    assert (bill >= 0.0).all()


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_at_zero_costs_nothing(name):
    assert (own_cost(name, entry(name, 0.0)) == 0.0).all()


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_costs_nobody_else(name):
    bill = own_cost(name, entry(name, who="VNM"))
    others = [k for k in range(len(GDP)) if k != VNM]
    assert bill[:, VNM].sum() > 0.0
    assert (bill[:, others] == 0.0).all()


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([n for n in LEVERS if REGISTRY[n].form != "project" and n not in STEPS]),
       st.floats(0.05, 1.0))  # fmt: skip
def test_cost_is_in_proportion_to_what_is_planned(name, part):
    whole, some = own_cost(name, entry(name)), own_cost(name, entry(name, part))
    assert some == pytest.approx(part * whole)


@pytest.mark.parametrize("name", LEVERS)
def test_no_lever_at_its_usual_most_costs_more_than_three_percent_of_gdp(name):
    bill = own_cost(name, entry(name))
    most = (bill.max(axis=0) / GDP).max()
    small = REGISTRY[name].scale.unit in ("MW a year", "places a year", "Tbit/s")
    assert most < (np.inf if small else 0.03)


def test_options_that_move_something_cost_too():
    for name, option, value in (
        ("cybersecurity_programme", "regional_cert", 1.0),
        ("cybersecurity_programme", "anti_fraud", 1.0),
        ("resilience_investment", "repair_days", 7.0),
        ("market_barriers", "digital_services_tax", 6.0),
        ("market_barriers", "export_control", 0.5),
    ):
        found = cost(lever(name, who="VNM", years=2026, **{option: value}))
        assert found[-1, VNM, LEVERS.index(name)] > 0.0, option
        assert found.sum() == pytest.approx(found[..., LEVERS.index(name)].sum())


def test_lowering_a_barrier_costs_as_much_as_raising_it():
    up, down = (cost(lever("market_barriers", v, years=2026)).sum() for v in (5.0, -5.0))
    assert up == pytest.approx(down)
    assert up > 0.0


def test_renewable_power_costs_a_part_of_what_it_runs():
    centres = lever("cloud_and_data_centres", 20.0, "VNM", years=2026)
    green = lever("green_digital", 0.0, "VNM", years=2026, renewable_share=0.5)
    column = LEVERS.index("green_digital")
    assert cost(green)[..., column].sum() == 0.0
    assert cost(green, centres)[..., column].sum() > 0.0
    networks = lever("broadband_investment", 0.4, "VNM", years=2026)
    assert cost(green, networks)[..., column].sum() == 0.0  # their power is not in the model


def test_a_link_costs_its_kilometres_once_however_many_years_it_takes():
    column = LEVERS.index("international_links")
    totals = []
    for years in ((2026, 2026), (2026, 2030)):
        one = lever("international_links", 10, "KGZ", years=years, link=["KAZ", "KGZ"], km=300)
        totals.append(cost(one)[..., column].sum())
    assert totals[0] == pytest.approx(totals[1])
    assert totals[0] == pytest.approx(300 * 13_000.0, rel=0.01)


def test_a_link_is_paid_by_those_at_its_ends_who_are_named():
    column = LEVERS.index("international_links")
    for who, payers in (("all", {"KAZ", "KGZ"}), ("KGZ", {"KGZ"}), ("CHN", {"CHN"})):
        one = lever("international_links", 10, who, years=2026, link=["KAZ", "KGZ"], km=300)
        bill = cost(one)[..., column].sum(axis=0)
        assert {REGION.economies[k] for k in np.flatnonzero(bill)} == payers


def test_a_link_by_sea_costs_more_than_one_by_land():
    column = LEVERS.index("international_links")
    land = cost(lever("international_links", 10, years=2026, link=["KAZ", "KGZ"], km=500))
    sea = cost(lever("international_links", 10, years=2026, link=["IDN", "MYS"], km=500))
    assert sea[..., column].sum() > land[..., column].sum()


def test_a_planned_system_needs_no_length():
    name = REGION.planned_systems[0]
    column = LEVERS.index("international_links")
    assert cost(lever("international_links", 10, years=2026, system=name))[..., column].sum() > 0.0


def test_contributions_to_the_fund_count_against_the_national_budget():
    fund = lever("regional_fund", 0.1, "VNM", years=2026)
    found = account(lever_paths(BASE.plus(fund, name="x"), REGION), REGION)
    assert found.by_payer[-1, VNM, PAYERS.index("national")] == pytest.approx(0.001 * GDP[VNM])
    with pytest.raises(InputError, match="overspent"):
        BASE.plus(fund, name="x", budget={"national": 0.05})


def test_data_centres_draw_in_four_private_dollars_for_a_public_one():
    centres = lever("cloud_and_data_centres", 20.0, "VNM", years=2026)
    found = account(lever_paths(BASE.plus(centres, name="x"), REGION), REGION)
    paid = found.by_payer[-1, VNM]
    assert paid[PAYERS.index("private")] == pytest.approx(4.0 * paid[PAYERS.index("national")])
    assert paid.sum() == pytest.approx(20.0 * 10e6, rel=0.01)
