"""How economies are joined: goods trade and fibre as graphs and as matrices."""

import networkx as nx
import numpy as np
import pytest

from sim.region import Region, base_flows, domestic_sales
from sim.region.networks import link_strength, partner_weights

NAMES = ("asean", "carec", "asean+carec")


@pytest.fixture(scope="module")
def regions() -> dict[str, Region]:
    return {name: Region.load(name) for name in NAMES}


@pytest.fixture(scope="module")
def region(regions) -> Region:
    return regions["asean+carec"]


def flow(region: Region, exporter: str, importer: str) -> float:
    nodes = region.nodes
    return float(region.trade_flows[nodes.index(exporter), nodes.index(importer)])


@pytest.mark.parametrize(
    ("exporter", "importer", "billion"),
    [("CHN", "VNM", 70.9), ("VNM", "CHN", 32.2), ("MYS", "SGP", 36.1), ("TKM", "CHN", 6.5)],
)
def test_flows_are_the_mean_of_2015_to_2019(region, exporter, importer, billion):
    assert region.trade_years == (2015, 2016, 2017, 2018, 2019)
    assert flow(region, exporter, importer) / 1e9 == pytest.approx(billion, abs=0.06)


@pytest.mark.parametrize("name", NAMES)
def test_exports_and_imports_add_up_to_world_totals(regions, region, name):
    """Folding economies into the rest of the world loses nothing."""
    part = regions[name]
    for axis in (0, 1):
        whole = dict(zip(region.nodes, region.trade_flows.sum(axis=axis), strict=True))
        sums = dict(zip(part.nodes, part.trade_flows.sum(axis=axis), strict=True))
        for code in part.economies:
            assert sums[code] == pytest.approx(whole[code], rel=1e-12)
    indonesia = region.trade_flows[region.nodes.index("IDN")].sum()
    assert indonesia / 1e9 == pytest.approx(171.8, rel=0.2)


@pytest.mark.parametrize("name", NAMES)
def test_nodes_are_economies_then_outside_nodes_then_the_rest_of_the_world(regions, name):
    part = regions[name]
    size = len(part.nodes)
    assert part.nodes[: len(part.economies)] == part.economies
    assert part.nodes[-1] == "ROW"
    assert part.trade_flows.shape == (size, size)
    assert np.all(np.diag(part.trade_flows) == 0)
    assert np.all(part.trade_flows >= 0)
    assert np.isfinite(part.trade_flows).all()


def test_an_important_partner_outside_the_region_stays_a_node(regions):
    assert regions["asean"].outside[0] == "CHN"
    assert len(regions["asean"].outside) == 11
    assert len(regions["carec"].outside) == 10
    assert not set(regions["asean"].economies) & set(regions["carec"].nodes)


@pytest.mark.parametrize("name", NAMES)
def test_trade_weights_are_shares_of_trade_within_the_region(regions, name):
    weights = regions[name].trade_weights
    assert np.allclose(weights.sum(axis=1), 1)
    assert np.all(np.diag(weights) == 0)
    assert np.all(weights >= 0)


def test_china_weighs_most_for_viet_nam(region):
    row = region.trade_weights[region.economies.index("VNM")]
    assert region.economies[int(row.argmax())] == "CHN"


def test_an_economy_without_trade_inside_the_region_weighs_others_equally():
    weights, alone = partner_weights(np.array([[0, 1, 0], [3, 0, 0], [0, 0, 0]], dtype=float))
    assert weights[2].tolist() == [0.5, 0.5, 0]
    assert weights[0].tolist() == [0, 1, 0]
    assert alone.tolist() == [False, False, True]


def test_the_trade_graph_holds_the_same_flows_as_the_matrix(region):
    graph = region.trade
    assert tuple(graph) == region.nodes
    assert graph["CHN"]["VNM"]["value_usd"] == flow(region, "CHN", "VNM")
    assert sum(edge["value_usd"] for _, _, edge in graph.edges(data=True)) == pytest.approx(
        region.trade_flows.sum()
    )
    assert sum(edge["share"] for _, _, edge in graph.out_edges("LAO", data=True)) == pytest.approx(
        1
    )
    assert graph.nodes["KAZ"]["role"] == "member"
    assert graph.nodes["USA"]["role"] == "hub"


def test_graphs_do_not_change(region):
    with pytest.raises(nx.NetworkXError):
        region.trade.remove_node("LAO")
    with pytest.raises(nx.NetworkXError):
        region.fibre.add_edge("LAO", "KAZ")


def test_fourteen_systems_in_service_join_indonesia_and_singapore(region):
    links = region.fibre["IDN"]["SGP"].values()
    assert sum(link["in_service"] for link in links) == 14
    assert sum(link["status"] == "planned" for link in links) == 5


def test_timor_leste_has_no_cable_in_service_and_is_named_in_a_warning(region):
    assert not any(link["in_service"] for _, _, link in region.fibre.edges("TLS", data=True))
    assert any(link["status"] == "trial" for _, _, link in region.fibre.edges("TLS", data=True))
    assert any("TLS" in warning for warning in region.warnings)
    assert region.fibre_weights[region.economies.index("TLS")].sum() == 0


def test_azerbaijan_and_georgia_reach_the_others_only_through_russia(region):
    sure = [
        (a, b)
        for a, b, link in region.fibre.edges(data=True)
        if link["in_service"] and link["confidence"] != "low_inferred"
    ]
    members = set(region.economies)
    inside = nx.Graph([(a, b) for a, b in sure if a in members and b in members])
    assert nx.node_connected_component(inside, "AZE") == {"AZE", "GEO"}
    assert len(nx.node_connected_component(inside, "KAZ")) == 19
    with_russia = nx.Graph([(a, b) for a, b in sure if {a, b} <= members | {"RUS"}])
    assert nx.has_path(with_russia, "AZE", "KAZ")


def test_landlocked_economies_have_no_submarine_cable_in_service(region):
    for code in region.groups["landlocked"]:
        for _, _, link in region.fibre.edges(code, data=True):
            assert link["kind"] == "terrestrial" or not link["in_service"]


def test_planned_links_stay_in_the_graph_but_have_no_weight(region):
    planned = region.fibre["AFG"]["CHN"].values()
    assert [link["status"] for link in planned] == ["planned"]
    afg, chn = region.economies.index("AFG"), region.economies.index("CHN")
    assert region.fibre_weights[afg, chn] == 0


def test_a_link_that_is_ready_after_the_base_year_has_no_weight_yet(region):
    later = [
        link
        for _, _, link in region.fibre.edges(data=True)
        if link["in_service"] and not link["at_base"]
    ]
    assert later
    assert all(link["ready_year"] > region.base_year for link in later)


def test_fibre_weights_are_symmetric_and_count_a_shared_system_once(region):
    weights = region.fibre_weights
    assert np.array_equal(weights, weights.T)
    assert np.all(np.diag(weights) == 0)
    assert link_strength("submarine", "high", 11) == pytest.approx(0.1)
    assert link_strength("terrestrial", "medium", None) == 0.7
    kgz, uzb = region.economies.index("KGZ"), region.economies.index("UZB")
    assert weights[kgz, uzb] == pytest.approx(0.2)


@pytest.mark.parametrize("name", NAMES)
def test_base_flows_have_positive_sales_at_home(regions, name):
    part = regions[name]
    flows = base_flows(part)
    assert np.array_equal(np.diag(flows), domestic_sales(part))
    off_diagonal = flows - np.diag(np.diag(flows))
    assert np.array_equal(off_diagonal, part.trade_flows)
    share = np.diag(flows) / flows.sum(axis=0)
    size = len(part.economies)
    assert np.all((share[:size] >= 0.05) & (share[:size] < 0.95))
    assert np.allclose(share[size:], 0.8)


def test_economies_that_re_export_buy_least_at_home(region):
    flows = base_flows(region)
    share = dict(zip(region.nodes, np.diag(flows) / flows.sum(axis=0), strict=True))
    members = sorted(region.economies, key=share.__getitem__)
    assert members[0] == "SGP"
    assert share["CHN"] > share["VNM"]
