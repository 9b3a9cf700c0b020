"""Cables: faults, repair, outages, prices, and the links on which economies decide."""

import dataclasses
import math

import numpy as np
import pytest
from test_model_maxflow import world as cable_world

from sim.experiment import draws, start
from sim.experiment.agents import RegionModel
from sim.experiment.engine import run_members
from sim.experiment.plan import case_of
from sim.kpi.registry import COLUMNS
from sim.model import cable_network, fibre, links, parameters
from sim.model.quantities import State
from sim.model.run import run
from sim.policy import Scenario, lever
from sim.policy.paths import empty_paths
from sim.region import Region

MEMBERS = 24
HORIZON = 2030
MANY = 40_000


def central(members=1):
    """Central parameters of two economies for some members alike."""
    count = parameters.count_draws(2)
    return parameters.sample(np.zeros((members, count)), 2)


@pytest.fixture(scope="module")
def region():
    return Region.load("asean+carec")


@pytest.fixture(scope="module")
def baseline(region):
    return Scenario.baseline("asean+carec", HORIZON)


@pytest.fixture(scope="module")
def base(baseline):
    return Ran(baseline)


class Ran:
    """All states of a scenario, by year, and its world; shocks and plans may be changed."""

    def __init__(
        self, scenario, change=lambda levers, world: None, parameter=None, members=MEMBERS
    ):
        case = case_of(scenario)
        self.world, self.region = case.world, scenario.world
        members = range(members)
        setup = start.build_setup(case.region, case.world, 3, members, case.posterior)
        if parameter:
            for name, value in parameter.items():
                setattr(setup.parameters, name, np.full((len(members), 1), value))
        levers = case.levers
        if change:
            change(levers, self.world)
        luck = draws.world_draws(3, members, case.world)
        self.states: dict[int, State] = {}
        run(setup, levers, luck, lambda state, year: self.states.__setitem__(year, state))

    def __call__(self, name, year=HORIZON, economy=None):
        values = getattr(self.states[year], name)
        return values if economy is None else values[:, self.at(economy)]

    def at(self, economy):
        return self.world.economies.index(economy)


# Faults and repair


def test_faults_follow_the_poisson_distribution():
    rng = np.random.default_rng(1)
    rate = np.array([[0.02, 0.5, 3.0, 12.0]])
    counts = fibre.fault_counts(rng.random((MANY, 4)), np.repeat(rate, MANY, axis=0))
    assert counts.mean(axis=0) == pytest.approx(rate[0], rel=0.06)
    assert counts.var(axis=0) == pytest.approx(rate[0], rel=0.08)
    for number in (0, 1, 2, 3):
        share = math.exp(-3.0) * 3.0**number / math.factorial(number)
        assert (counts[:, 2] == number).mean() == pytest.approx(share, abs=0.01)


def test_no_chance_makes_less_than_none_or_endless_faults():
    rate = np.array([[0.0, 1.0, 5.0]])
    assert fibre.fault_counts(np.zeros((1, 3)), rate).tolist() == [[0, 0, 0]]
    worst = fibre.fault_counts(np.full((1, 3), 1.0 - 2.0**-53), rate)
    assert worst[0, 0] == 0
    assert (worst < 60).all()


def test_submarine_repair_takes_7_to_49_days_and_land_repair_less():
    p = central()
    days = fibre.repair_days(np.array([[-1.645, 0.0, 1.645]]), p.submarine_repair, p)
    assert days[0] == pytest.approx([7.96, 21.0, 55.4], rel=0.01)  # evidence: 7, 21, 49
    assert p.land_repair[0, 0] < days[0, 0]


def test_the_fault_rate_is_that_of_the_evidence_where_hazard_is_moderate():
    p = central()
    cables = cable_world(2, [(0, 0, 1, 1)], [1.0], length_km=np.array([10_000.0]))
    assert fibre.fault_rate(cables, p)[0, 0] == pytest.approx(1.03)
    extreme = dataclasses.replace(cables, hazard=np.array([3.0]))
    assert fibre.fault_rate(extreme, p)[0, 0] == pytest.approx(1.03 * p.hazard_step[0, 0] ** 2)


def test_outages_are_on_average_those_that_are_expected():
    """Mean outage of a chain over many members with the same parameters against its closed form."""
    p = central(MANY)
    chain = cable_world(3, [(0, 0, 1, 1), (1, 1, 2, 1)], [1000.0, 1000.0])
    found = cable_network.network(chain, chain.opened[0])
    rng = np.random.default_rng(5)
    luck = dataclasses.make_dataclass("Luck", ["faults", "repair"])(
        rng.random((MANY, 2)), rng.standard_normal((MANY, 2))
    )
    down = fibre.Downtime.drawn(chain, p, found.breaking, luck)
    none = np.zeros((MANY, 2))
    drawn = fibre.service_outage(found, down, slice(None), p.peak_utilisation, none)
    expected = fibre.expected_outage(chain, found, p, (MANY, 2))
    assert expected[0, 0] > expected[0, 1] > 0
    assert drawn.mean(axis=0) == pytest.approx(expected[0], rel=0.05)
    rate, days = 0.103, 21.0 * math.exp(0.59**2 / 2)
    lost = (found.loss[:, 0] - 0.35) / 0.65
    assert expected[0, 0] == pytest.approx(rate * days / 365.0 * lost.sum())


# Service, price, output


def test_spare_capacity_bears_the_first_part_of_a_loss():
    lost = np.array([0.0, 0.2, 0.4, 0.7, 1.0])
    found = fibre.service_lost(lost, np.array(0.6))
    assert found == pytest.approx([0.0, 0.0, 0.0, 0.5, 1.0])


def test_price_is_as_it_was_without_new_capacity_and_falls_by_no_more_than_its_share():
    p = central()
    ratio = np.array([[1.0, 2.0, 1e9]])
    found = fibre.price_factor(ratio, p)[0]
    assert found[0] == 1.0
    assert 1.0 > found[1] > found[2] > 1.0 - p.cable_price_share[0, 0]
    assert found[1] == pytest.approx(1.0 - 0.10 * (1.0 - 2.0**-0.5))
    p.cable_price_share = np.zeros((1, 1))
    assert (fibre.price_factor(ratio, p) == 1.0).all()


def test_a_day_without_service_costs_what_deloitte_finds():
    p = central()
    day = 1.0 / 365.0
    users = np.array([[0.2, 0.5, 0.9]])
    percent = 100.0 * -fibre.output_lost(np.full((1, 3), day), 0.0, users, p)[0] / day
    assert percent == pytest.approx([0.4, 1.0, 1.9], rel=0.06)
    assert fibre.output_lost(day, day, users, p) == pytest.approx(0.0)


def test_a_landlocked_economy_loses_with_its_transit_neighbour():
    chain = cable_world(3, [(0, 0, 1, 1), (1, 1, 2, 1)], [4000.0, 1000.0])
    found = cable_network.network(chain, chain.opened[0])
    coast, inland = 1, 0
    assert found.loss[1, inland] > 0.9  # the coast's cable is its own, too
    assert found.loss[1, coast] > 0.9
    assert found.loss[0, coast] < 0.1
    assert found.transit_left[inland] < 0.1
    assert found.transit_left[coast] > 0.9


# A run


def test_the_baseline_is_as_cheap_as_without_cables_and_builds_nothing_by_2030(base):
    for year, state in base.states.items():
        assert (state.capacity_ratio == 1.0).all(), year
        assert not state.link_investment.any()
        assert (state.relative_price == 1.0).all()


def test_what_is_under_construction_opens_in_its_year(base):
    row = base.world.systems.index("Trans-Caspian Fiber Optic (Sumgayit/Siyazan-Aktau)")
    assert not base("system_capacity", 2025)[:, row].any()
    assert (base("system_capacity", 2026)[:, row] == 400_000.0).all()
    planned = base.world.systems.index("SeaMeWe-6")
    assert not base("system_capacity")[:, planned].any()


def test_those_with_one_route_lose_more_than_hubs(base):
    left = np.median(base("single_cut_left"), axis=0)
    for hub in ("SGP", "MYS", "CHN", "IDN"):
        for exposed in ("TLS", "MNG", "AZE"):
            assert left[base.at(hub)] > left[base.at(exposed)] + 0.2


def test_outages_take_no_output_on_average_and_take_it_when_they_come(base):
    loss = np.stack([base("outage_loss", year) for year in range(2024, HORIZON + 1)])
    beyond = np.stack(
        [base("outage_share", y) - base("expected_outage", y) for y in range(2024, HORIZON + 1)]
    )
    assert ((loss < 0) == (beyond > 0)).all()
    assert abs(loss.mean()) < 5e-5
    assert loss.min() > -0.02


def test_redundancy_and_faster_repair_make_outages_shorter(base, baseline):
    def plan(levers, world):
        levers.resilience_investment[:] = 0.8
        levers.repair_days_saved[:] = 10.0

    safe = Ran(baseline, plan)
    years = range(2026, HORIZON + 1)
    hours = sum(base("outage_share", year) for year in years)
    fewer = sum(safe("outage_share", year) for year in years)
    assert (fewer <= hours + 1e-15).all()
    assert fewer.sum() < 0.7 * hours.sum()
    assert (safe("single_cut_left") >= base("single_cut_left")).all()
    assert (safe("outage_loss") >= base("outage_loss") - 1e-6).all()
    assert (safe("redundancy") <= 0.8 + 1e-12).all()


def test_a_cut_for_a_year_takes_exactly_the_flow_of_the_graph_without_it(base, baseline):
    system = base.world.systems.index("Trans-Caspian Fiber Optic (Sumgayit/Siyazan-Aktau)")
    other = base.world.systems.index("Azerbaijan-Russia links by land")

    def cut(levers, world):
        levers.shocks.outage[2028 - 2024, [system, other]] = 1.0

    hit = Ran(baseline, cut)
    cables = base.world.cables
    capacity = base("system_capacity", 2028)[0]
    without = np.where(np.isin(np.arange(len(capacity)), [system, other]), 0.0, capacity)
    lost = 1.0 - cable_network.flows(cables, without) / cable_network.flows(cables, capacity)
    now, before = hit("outage_share", 2028), base("outage_share", 2028)
    case = case_of(baseline)
    use = start.build_setup(
        case.region, case.world, 3, range(MEMBERS), case.posterior
    ).parameters.peak_utilisation
    expected = np.minimum(before + fibre.service_lost(lost, use), 1.0)
    assert now == pytest.approx(expected)
    assert (hit("gdp", 2028)[:, hit.at("AZE")] < base("gdp", 2028)[:, base.at("AZE")]).all()
    assert hit("outage_share", 2027) == pytest.approx(base("outage_share", 2027), abs=0)


def test_cuts_that_end_one_after_the_other_add_up_step_by_step():
    cables = cable_world(2, [(0, 0, 1, 1), (1, 0, 1, 1)], [600.0, 400.0])
    found = cable_network.network(cables, cables.opened[0])
    none, full = np.zeros((1, 1)), np.ones((1, 1))
    service, lost = fibre.named_cuts(cables, found, np.array([0.5, 0.25]), full, none)
    flow = found.flow[0]
    both = (flow - cable_network.SATELLITE) / flow
    assert lost[0, 0] == pytest.approx(0.25 * both + 0.25 * 600.0 / flow)
    assert service == pytest.approx(lost)  # nothing is spare


def test_luck_of_an_economy_does_not_depend_on_who_runs_beside_it(baseline):
    case = case_of(baseline)
    row = [column.id for column in COLUMNS].index("outage_hours")
    alone = run_members(case, 3, range(5, 6))[row]
    assert (alone == run_members(case, 3, range(9))[row, 5:6]).all()


# Projects


@pytest.fixture(scope="module")
def project(baseline):
    return Ran(
        baseline.plus(
            lever("international_links", 20, who=["TLS", "IDN"], link=["TLS", "IDN"], km=600,
                  years=(2025, 2027)),
            name="Dili",
        )
    )  # fmt: skip


def test_a_project_adds_capacity_in_the_year_in_which_it_is_ready(base, project):
    before, ready = project("capacity_ratio", 2026), project("capacity_ratio", 2027)
    assert (before == 1.0).all()
    assert (ready[:, project.at("TLS")] > 1.5).all()
    assert (ready >= 1.0).all()
    slot = project.world.systems.index("project_1")
    assert (project("system_capacity", 2027)[:, slot] == 20_000.0).all()
    assert (project("relative_price", 2027, "TLS") < base("relative_price", 2027, "TLS")).all()
    assert (project("single_cut_left", 2027, "TLS") > base("single_cut_left", 2027, "TLS")).all()
    assert (project("internet_users", 2030, "TLS") > base("internet_users", 2030, "TLS")).all()


def test_a_project_is_paid_for_by_its_km(project):
    row = links.INTERNATIONAL_LINKS
    cost = sum(project("programme_cost", year)[..., row] for year in range(2025, 2028))
    assert (cost[:, [project.at("TLS"), project.at("IDN")]] > 0).all()
    per_km = cost.sum(axis=1) / 600.0
    assert ((per_km > 10_000) & (per_km < 60_000)).all()
    assert not np.delete(cost, [project.at("TLS"), project.at("IDN")], axis=1).any()


def test_a_link_that_is_half_funded_is_finished_by_half():
    joins = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    funded = np.array([[1.0, 0.0], [0.55, 0.55], [1.0, 1.0]])
    found = links.finished(np.array([100.0, 10.0]), funded, joins)
    assert found == pytest.approx(np.array([[50.0, 0.0], [50.0, 5.0], [100.0, 10.0]]))


def test_planned_systems_open_by_name(baseline):
    system = "SeaMeWe-6"
    plan = baseline.plus(
        lever("international_links", 100, who=["PAK", "SGP"], system=system,
              years=(2025, 2026)),
        name="by name",
    )  # fmt: skip
    ran = Ran(plan, members=4)
    row = ran.world.systems.index(system)
    assert not ran("system_capacity", 2025)[:, row].any()
    assert (ran("system_capacity", 2026)[:, row] == 100_000.0).all()
    assert (ran("capacity_ratio", 2026, "PAK") > 1.2).all()


# Deciding


def test_two_economies_build_what_pays_for_both_and_at_most_one_link_a_year(baseline):
    keen = {"link_gain_collected": 1.0, "link_hurdle": 0.0, "land_link_cost": 2_000.0}
    ran = Ran(baseline, parameter=keen, members=6)
    cables = ran.world.cables
    ends = links.Ends.of(cables)
    built = 0
    for year in range(2024, HORIZON + 1):
        ordered = ran("system_pipeline", year)[:, ends.system] > 0
        built += ordered.sum()
        for node in range(cables.nodes - 1):
            own = (ends.one == node) | (ends.other == node)
            assert (ordered[:, own].sum(axis=1) <= 1).all()
        if year < HORIZON:
            opened = ran("system_capacity", year + 1)[:, ends.system]
            assert (opened[ordered] > 0).all()
    assert built > 10
    assert ran("link_investment", 2024).sum() > 0
    assert (ran("capacity_ratio") >= 1.0).all()
    assert (ran("capacity_ratio") > 1.0).any()
    assert not ran("programme_cost")[..., links.INTERNATIONAL_LINKS].any()


def test_a_link_needs_both_ends():
    cost = np.array([[10.0, 10.0, 10.0]])
    inside = np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]])
    gain = np.array([[[20.0, 20.0, 12.0]], [[4.0, 6.0, 0.0]]])
    p = central()
    asked = links.Asked.of(gain, np.zeros_like(gain), cost, inside, p)
    assert asked.short[0].tolist() == [1.0, 0.0, 0.0]
    free, apart = np.ones((1, 3), dtype=bool), np.eye(3, dtype=bool)
    assert links.choose(asked, free, apart)[0].tolist() == [False, True, True]
    together = np.ones((3, 3), dtype=bool)
    assert links.choose(asked, free, together)[0].tolist() == [False, True, False]
    # One that would have paid in the base year is not there for a reason.
    hurdle = links.Asked.of(gain, gain, cost, inside, p)
    assert not links.choose(hurdle, free, apart).any()


def test_the_fund_takes_links_in_the_order_of_its_list_as_far_as_its_money_reaches():
    grant = np.array([[5.0, 1.0, 2.0]] * 3)
    free = np.array([[True] * 3, [True] * 3, [True, False, True]])
    apart, none = np.eye(3, dtype=bool), np.zeros((3, 3), dtype=bool)
    order = np.array([0.0, 1.0, 2.0])
    pot = np.array([0.5, 9.0, 9.0])
    found = links.aided(none, grant, free, apart, order, pot)
    assert found.tolist() == [[False] * 3, [False, True, False], [False, False, True]]
    busy = none.copy()
    busy[1, 0] = True
    together = np.ones((3, 3), dtype=bool)
    assert not links.aided(busy, grant, free, together, order, pot)[1].any()


def test_a_fund_closes_the_gap_and_its_books_hold(baseline):
    plan = baseline.plus(lever("regional_fund", 0.01, who="all", years=2025), name="fund")
    ran = Ran(plan)  # balances of money are struck every year
    given = sum(
        ran("programme_cost", year)[..., links.INTERNATIONAL_LINKS]
        for year in range(2024, HORIZON + 1)
    )
    assert given.sum() > 0
    assert (ran("capacity_ratio") > 1.0).any()
    paid = sum(ran("fund_transfers", year) for year in range(2024, HORIZON + 1))
    assert (paid >= given - 1.0).all()


def test_a_link_that_a_programme_finishes_is_not_ordered_again(baseline):
    plan = baseline.plus(lever("regional_fund", 0.01, who="all", years=2025), name="fund")
    ordered = Ran(plan, members=4)
    year = next(y for y in range(2025, HORIZON) if ordered("system_pipeline", y).any())
    system = int(ordered("system_pipeline", year).any(axis=0).argmax())
    size = ordered.world.cables.size[system]

    def finish(levers, world):
        levers.link_capacity[year - world.base_year - 1, system] = size

    ran = Ran(plan, finish, members=4)
    assert (ran("system_capacity", year)[:, system] == size).all()
    assert (ran("system_capacity")[:, system] == size).all()


def test_an_agent_sees_the_systems_that_carry_something_this_year():
    model = RegionModel("asean", rng=3)
    timor = model["TLS"]
    assert timor.cable_systems() == {}
    assert timor.single_cut_left == 1.0
    while model.year < 2025:
        model.step()
    (name,) = timor.cable_systems()
    assert name.startswith("Timor-Leste South Submarine Cable")
    assert timor.cable_systems()[name] == 27_000.0
    assert list(model["SGP"].cable_systems().values()) == sorted(
        model["SGP"].cable_systems().values(), reverse=True
    )


def test_regions_without_cables_have_satellites_alone():
    from sim.model.cable_world import no_cables

    assert no_cables().systems == 0
    lonely = cable_world(3, [], [])
    assert (cable_network.flows(lonely, lonely.opened[0]) == cable_network.SATELLITE).all()


def test_paths_of_a_baseline_touch_no_cable(region):
    nothing = empty_paths(3, len(region.economies), len(region.systems))
    assert not nothing.link_capacity.any()
    assert nothing.shocks.outage.shape == (3, len(region.systems))
