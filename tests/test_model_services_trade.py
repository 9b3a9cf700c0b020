"""Digital services trade and barriers: books balance, and costs have the right sign."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.experiment import draws, start
from sim.experiment.agents import RegionModel
from sim.model import barriers, parameters, services_trade
from sim.model.quantities import quantities
from sim.model.quantities.services_trade import ServicesTrade
from sim.model.run import run
from sim.model.setup import trade_costs
from sim.policy import Scenario
from sim.policy.paths import lever_paths
from sim.region.distances import great_circle
from sim.region.region import SHIPPED, Region
from sim.region.services import balanced, services_totals

MEMBERS, HORIZON = 24, 2030


# The estimated flows


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_balanced_flows_meet_their_totals(seed, size):
    rng = np.random.default_rng(seed)
    seeds = rng.uniform(0.2, 2.0, (size, size))
    seeds[:-1, :-1][np.eye(size - 1, dtype=bool)] = 0.0
    rows, columns = rng.uniform(0.1, 10.0, size), rng.uniform(0.1, 10.0, size)
    most = 3.0 * max(rows[:-1].sum(), columns[:-1].sum())
    rows[-1], columns[-1] = most - rows[:-1].sum(), most - columns[:-1].sum()
    found = balanced(seeds, rows, columns)
    assert found.sum(axis=1) == pytest.approx(rows, rel=1e-9)
    assert found.sum(axis=0) == pytest.approx(columns, rel=1e-9)


def test_balancing_keeps_the_odds_that_gravity_gives():
    seeds = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 5.0]])
    found = balanced(seeds, np.array([1.0, 2.0, 30.0]), np.array([2.0, 1.0, 30.0]))
    odds = found[0, 2] * found[2, 1] / (found[0, 1] * found[2, 2])
    assert odds == pytest.approx(2.0 * 3.0 / (1.0 * 5.0))


@pytest.mark.parametrize("name", SHIPPED)
def test_flows_of_a_shipped_region_add_up_to_published_exports(name):
    region = Region.load(name)
    exports, imports = services_totals(region)
    flows = region.services_flows
    assert flows[:-1].sum(axis=1) == pytest.approx(region.base("ict_service_exports"))
    assert flows.sum(axis=1) == pytest.approx(exports)
    assert flows.sum(axis=0) == pytest.approx(imports)
    assert exports.sum() == pytest.approx(imports.sum())
    assert (np.diagonal(flows)[:-1] == 0.0).all()


def test_the_graph_of_services_says_that_it_is_estimated():
    region = Region.load("asean")
    graph = region.services
    assert nx.is_frozen(graph)
    assert all(estimated for _, _, estimated in graph.edges(data="estimated"))
    assert graph.number_of_edges() == 12 * 11
    assert graph.nodes["VNM"]["total_exports"] == "estimated"
    assert graph.nodes["SGP"]["total_exports"] == "observed"
    flow = region.services_flows[region.economies.index("SGP"), -1]
    assert graph.edges["SGP", "ROW"]["value_usd"] == pytest.approx(flow)


def test_great_circles_between_known_capitals():
    jakarta, singapore = (-6.13, 106.75), (1.28, 103.85)
    assert great_circle(*jakarta, *singapore) == pytest.approx(885, abs=15)
    assert great_circle(0.0, 0.0, 0.0, 180.0) == pytest.approx(np.pi * 6371.0)


# A year


@pytest.fixture(scope="module")
def region():
    return Region.load("asean+carec")


@pytest.fixture(scope="module")
def setup(region):
    return start.build_setup(region, start.build_world(region, HORIZON), 5, range(MEMBERS))


def flows_of(setup, state):
    market = services_trade.market_of(state, setup.base, 0.0, setup, trade_costs(state))
    return market.flows()


def changed(setup, **values):
    """The base state with some quantities changed, and the distance between rules with them."""
    state = replace(setup.base, **values)
    if "provisions" in values:
        state.rule_distance = services_trade_distance(state)
    return state


def services_trade_distance(state):
    scores = state.provisions
    return np.abs(scores[:, :, None] - scores[:, None]).mean(axis=-1)


def test_the_base_year_reproduces_the_estimated_flows(setup, region):
    flows = np.array(region.services_flows)
    flows[-1, -1] = 0.0
    assert flows_of(setup, setup.base) == pytest.approx(
        np.broadcast_to(flows, (MEMBERS, *flows.shape))
    )
    assert setup.base.services_exports == pytest.approx(
        np.broadcast_to(region.base("ict_service_exports"), (MEMBERS, 22))
    )


def test_the_weaker_partner_binds(setup):
    users = setup.base.internet_users
    strong, weak = users.argmax(axis=1)[0], users.argmin(axis=1)[0]
    more = users.copy()
    more[:, strong] = 0.5 * (1.0 + more[:, strong])

    def offered(online):
        state = changed(setup, internet_users=online)
        held = setup.services_base
        gain = services_trade.gain_by_connectivity(
            trade_costs(state), held.costs, held.factor, setup.parameters
        )
        return services_trade.offers(gain, setup.services_base.flows)

    base = offered(users)
    assert (offered(more)[:, strong, weak] == base[:, strong, weak]).all()
    better = users.copy()
    better[:, weak] *= 1.1
    response = np.log(offered(better)[:, strong, weak] / base[:, strong, weak])
    p = setup.parameters
    assert (response >= p.services_connectivity[:, 0] * np.log(1.1) - 1e-12).all()


def test_restrictive_rules_lower_trade(setup, region):
    scores = setup.base.provisions.copy()
    one = region.economies.index("VNM")
    scores[:, one] = 0.0
    before, after = flows_of(setup, setup.base), flows_of(setup, changed(setup, provisions=scores))
    assert (after[:, :, one].sum(axis=1) < before[:, :, one].sum(axis=1)).all()
    assert (after[:, one, :-1].sum(axis=1) < before[:, one, :-1].sum(axis=1)).all()


def test_a_common_rulebook_brings_services_into_the_region(setup):
    aligned = np.ones_like(setup.base.provisions)
    before, after = setup.base, changed(setup, provisions=aligned)
    inside = slice(None, -1)
    was, is_ = flows_of(setup, before)[:, inside, inside], flows_of(setup, after)[:, inside, inside]
    assert (is_.sum(axis=(1, 2)) > was.sum(axis=(1, 2))).all()


def test_a_tax_lowers_imports_and_not_exports(setup, region):
    one = region.economies.index("IDN")
    cost = np.zeros((MEMBERS, 22))
    cost[:, one] = np.log(1.1)
    before = flows_of(setup, setup.base)
    after = flows_of(setup, changed(setup, services_import_cost=cost))
    assert (after[:, :, one].sum(axis=1) < before[:, :, one].sum(axis=1)).all()
    assert after[:, one] == pytest.approx(before[:, one])
    index = setup.services_base.budget[:, one] - before[:, :, one].sum(axis=1)
    fall = after[:, -1, one] / before[:, -1, one]
    assert (fall > 1.1 ** -setup.parameters.services_elasticity[:, 0]).all()
    assert (index > 0.0).all()


# Runs


def history(region, setup, shocks=False, **paths):
    levers = lever_paths(Scenario.baseline(region, HORIZON), region)
    held = levers.shocks if shocks else levers
    filled = {}
    for name, value in paths.items():
        filled[name] = np.zeros_like(getattr(held, name))
        filled[name][:] = value
    new = replace(held, **filled)
    levers = replace(levers, shocks=new) if shocks else new
    states = {}
    luck = draws.world_draws(5, range(MEMBERS), setup.world)
    run(setup, levers, luck, lambda s, year: states.__setitem__(year, s))
    return states


def only(region, code, value):
    """A path row with a value for one economy."""
    return np.where(np.array(region.economies) == code, value, 0.0)


@pytest.fixture(scope="module")
def base(region, setup):
    return history(region, setup)


@pytest.mark.parametrize(
    "options",
    [{}, {"digital_services_tax": 0.3}, {"shocks": True, "services_trade_cost": 0.5}],
)
def test_all_that_is_sold_is_bought(region, setup, options):
    for state in history(region, setup, **options).values():
        sold = state.services_exports.sum(axis=1) + state.services_outside_sales
        bought = state.services_imports.sum(axis=1) + state.services_outside_purchases
        assert sold == pytest.approx(bought, rel=1e-12)


def test_the_baseline_gains_next_to_nothing_by_services_trade(base):
    gains = base[2030].services_trade_gains
    assert np.abs(gains.mean(axis=0)).max() < 0.002
    assert abs(gains.mean()) < 0.0005
    grown = base[2030].services_exports.sum(axis=1) / base[2023].services_exports.sum(axis=1)
    assert 1.2 < np.median(grown) < 2.2


def test_connectivity_alone_gains_nothing_on_top_of_its_returns(setup):
    more = changed(setup, internet_users=0.5 * (1.0 + setup.base.internet_users))
    more.trust = more.trust_reference
    last = replace(setup.base)
    services_trade.advance(last, more, trade_costs(more), setup, 1)
    assert (more.services_imports > setup.base.services_imports).all()
    assert more.services_trade_gains == pytest.approx(np.zeros((MEMBERS, 22)), abs=1e-12)


def test_linked_payments_and_trust_bring_services_in(setup):
    linked = changed(setup, payment_links=np.ones((MEMBERS, 22)))
    assert (flows_of(setup, linked)[:, 0, 1] >= flows_of(setup, setup.base)[:, 0, 1]).all()
    trusting = changed(setup, trust=setup.base.trust + 0.1)
    imports = flows_of(setup, trusting).sum(axis=1)[:, :-1]
    assert (imports >= flows_of(setup, setup.base).sum(axis=1)[:, :-1]).all()


def test_a_shock_to_services_trade_costs_output(region, setup, base):
    hit = history(region, setup, shocks=True, services_trade_cost=0.3)[HORIZON]
    assert (hit.services_exports < base[HORIZON].services_exports).all()
    assert (hit.services_trade_gains < base[HORIZON].services_trade_gains).all()
    assert np.median(hit.gdp / base[HORIZON].gdp - 1.0) > -0.02


def test_a_tax_on_services_from_abroad_costs_the_one_who_taxes(region, setup, base):
    taxed = history(region, setup, digital_services_tax=only(region, "MYS", 0.1))[HORIZON]
    one = region.economies.index("MYS")
    lost = taxed.services_trade_gains[:, one] - base[HORIZON].services_trade_gains[:, one]
    assert ((lost < 0.0) & (lost > -0.005)).all()
    others = np.delete(taxed.services_exports / base[HORIZON].services_exports, one, axis=1)
    assert (np.median(others, axis=0) <= 1.0).all()


def test_nothing_is_gained_by_services_where_no_value_added_is_tradable(region, setup):
    p = replace(setup.parameters, services_part=np.zeros((MEMBERS, 1)))
    without = start.Setup.build(setup.world, p, replace(setup.base))
    state = history(region, without, digital_services_tax=0.2)[HORIZON]
    assert (state.services_trade_gains == 0.0).all()


# Barriers to goods


def test_a_tariff_keeps_goods_out(region, setup, base):
    one = region.economies.index("THA")
    state = history(region, setup, market_barriers=only(region, "THA", 0.2))[HORIZON]
    ratio = state.goods_imports / base[HORIZON].goods_imports
    assert (ratio[:, one] < 0.9).all()
    assert (state.domestic_share[:, one] > base[HORIZON].domestic_share[:, one]).all()
    change = np.median(state.gdp / base[HORIZON].gdp, axis=0) - 1.0
    assert -0.04 < change[one] < 0.0
    assert (np.abs(change) < 0.04).all()


def test_lower_tariffs_let_goods_in(region, setup, base):
    one = region.economies.index("THA")
    state = history(region, setup, market_barriers=only(region, "THA", -0.05))[HORIZON]
    assert (state.goods_imports[:, one] > base[HORIZON].goods_imports[:, one]).all()


@pytest.mark.parametrize("value", [0.25, 1.0, -0.3])
def test_markets_clear_when_everybody_raises_or_lowers_tariffs_at_once(region, setup, value):
    state = history(region, setup, market_barriers=value)[HORIZON]  # or the run stops
    assert np.isfinite(state.gdp).all()


def test_the_markets_of_a_member_do_not_depend_on_who_else_is_solved(region, setup):
    whole = history(region, setup, market_barriers=0.6)[HORIZON]
    alone = start.build_setup(region, setup.world, 5, range(7, 8))
    levers = lever_paths(Scenario.baseline(region, HORIZON), region)
    levers = replace(levers, market_barriers=np.full_like(levers.market_barriers, 0.6))
    states = {}
    luck = draws.world_draws(5, range(7, 8), setup.world)
    run(alone, levers, luck, lambda s, year: states.__setitem__(year, s))
    assert states[HORIZON].gdp[0] == pytest.approx(whole.gdp[7], rel=1e-12)


def test_export_controls_slow_the_firms_of_partners(region, setup, base):
    controlled = history(region, setup, export_control=only(region, "CHN", 1.0))[HORIZON]
    denied = controlled.technology_denied
    assert denied[:, region.economies.index("CHN")] == pytest.approx(np.zeros(MEMBERS))
    near, far = (np.median(denied[:, region.economies.index(code)]) for code in ("MNG", "BRN"))
    assert near > far > 0.0
    one = region.economies.index("CHN")
    assert (controlled.goods_exports[:, one] <= base[HORIZON].goods_exports[:, one]).all()
    slower = controlled.firm_adoption.mean(axis=-1) - base[HORIZON].firm_adoption.mean(axis=-1)
    assert np.median(slower[:, region.economies.index("MNG")]) < 0.0


def test_nobody_is_denied_technology_without_controls():
    p = parameters.central(3)
    weights = (1.0 - np.eye(3)) / 2.0
    assert (barriers.denied(np.zeros((1, 3)), weights, p) == 0.0).all()
    found = barriers.denied(np.array([[1.0, 0.0, 0.0]]), weights, p)
    assert found == pytest.approx(np.array([[0.0, 0.15, 0.15]]))


# Mesa


def test_agents_know_their_partners_in_services():
    model = RegionModel("asean")
    singapore = model["SGP"]
    partners = singapore.services_partners()
    assert partners[0].iso3 == "ROW"
    assert partners[0].agent is None
    assert sum(partner.exports for partner in partners) == pytest.approx(singapore.services_exports)
    model.step()
    partners = singapore.services_partners()
    assert sum(partner.imports for partner in partners) == pytest.approx(singapore.services_imports)
    assert model["VNM"] in [partner.agent for partner in partners]
    with pytest.raises(InputError):
        model["ROW"]


def test_every_quantity_of_services_is_shown_by_agents():
    agent = RegionModel("asean")["MYS"]
    for item in quantities(ServicesTrade):
        if "economy" in item.axes:
            assert np.isfinite(getattr(agent, item.name))
