"""Maximum flows, single cuts and routes: exactly those of networkx on the same graph."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.cable_network import (
    PER_GBIT,
    SATELLITE,
    analyse,
    flows,
    groups,
    network,
    pairs,
)
from sim.model.cable_world import CableWorld
from sim.model.maxflow import max_flow


def world(nodes, links, capacities, **changes):
    """Cables of plain systems: ``links`` are (system, node, node, share)."""
    systems = len(capacities)
    table = np.array(links, dtype=float).reshape(-1, 4)
    given = {
        "opened": np.array([capacities], dtype=float),
        "size": np.array(capacities, dtype=float),
        "length_km": np.full(systems, 1000.0),
        "hazard": np.ones(systems),
        "submarine": np.ones(systems),
        "several": np.zeros(systems),
        "candidate": np.zeros(systems),
        "priority": np.zeros(systems),
    }
    return CableWorld(
        nodes=nodes, link_system=table[:, 0], link_from=table[:, 1], link_to=table[:, 2],
        link_share=table[:, 3], **(given | changes),
    )  # fmt: skip


@st.composite
def networks(draw):
    """A few economies and the outside, joined by random systems of one to three links."""
    nodes = draw(st.integers(2, 7))
    systems = draw(st.integers(1, 8))
    node = st.integers(0, nodes - 1)
    links = []
    for system in range(systems):
        for _ in range(draw(st.integers(1, 3))):
            a, b = draw(node), draw(node)
            if a != b:
                links.append((system, a, b, draw(st.sampled_from([1.0, 0.5, 1 / 3]))))
    sizes = st.one_of(st.just(0.0), st.floats(0.01, 1e6))
    return world(nodes, links, [draw(sizes) for _ in range(systems)])


def as_graph(square):
    graph = nx.Graph()
    graph.add_nodes_from(range(len(square)))
    for a, b in np.argwhere(np.triu(square, 1)):
        graph.add_edge(int(a), int(b), capacity=int(square[a, b]))
    return graph


def by_networkx(square, economy):
    return nx.maximum_flow_value(as_graph(square), economy, len(square) - 1)


@st.composite
def squares(draw):
    """Symmetric squares of whole capacities."""
    nodes = draw(st.integers(2, 9))
    sizes = st.one_of(st.just(0), st.integers(1, 10), st.integers(1, 10**12))
    count = nodes * (nodes - 1) // 2
    values = draw(st.lists(sizes, min_size=count, max_size=count))
    square = np.zeros((nodes, nodes), dtype=np.int64)
    square[np.triu_indices(nodes, 1)] = values
    return square + square.T


@given(squares())
@settings(max_examples=150, deadline=None)
def test_a_maximum_flow_is_that_of_networkx(square):
    for source in range(len(square) - 1):
        value, _ = max_flow(square.tolist(), source, len(square) - 1)
        assert value == by_networkx(square, source)


@given(squares())
@settings(max_examples=80, deadline=None)
def test_a_flow_keeps_to_capacities_and_nothing_is_lost_on_the_way(square):
    value, room = max_flow(square.tolist(), 0, len(square) - 1)
    flow = square - np.array(room)
    assert (np.array(room) >= 0).all()
    assert (np.abs(flow) <= square).all()
    out = flow.sum(axis=1)
    assert out[0] == value == -out[-1]
    assert not out[1:-1].any()


@given(networks())
@settings(max_examples=60, deadline=None)
def test_what_is_lost_by_each_cut_is_that_of_networkx_on_the_cut_graph(cables):
    capacity = cables.opened[0]
    found = analyse(cables, capacity)
    whole = pairs(cables, capacity)
    for economy in range(cables.nodes - 1):
        base = by_networkx(whole, economy)
        assert found.flow[economy] == base / PER_GBIT
        for system in range(cables.systems):
            cut = np.where(np.arange(cables.systems) == system, 0.0, capacity)
            left = by_networkx(pairs(cables, cut), economy)
            assert found.loss[system, economy] == 1.0 - left / base


@given(networks())
@settings(max_examples=60, deadline=None)
def test_what_is_left_without_a_neighbour_is_that_of_networkx_without_the_node(cables):
    found = analyse(cables, cables.opened[0])
    whole, outside = pairs(cables, cables.opened[0]), cables.nodes - 1
    for economy in range(outside):
        base, worst = by_networkx(whole, economy), 1.0
        for other in set(range(outside)) - {economy}:
            graph = as_graph(whole)
            graph.remove_node(other)
            worst = min(worst, nx.maximum_flow_value(graph, economy, outside) / base)
        assert found.transit_left[economy] == worst


@given(networks())
@settings(max_examples=60, deadline=None)
def test_routes_are_the_edge_connectivity_of_the_graph_of_cables(cables):
    found = analyse(cables, cables.opened[0])
    without = np.zeros_like(pairs(cables, cables.opened[0]))
    without[:-1, -1] = without[-1, :-1] = round(SATELLITE * PER_GBIT)
    graph = as_graph(pairs(cables, cables.opened[0]) - without)
    for economy in range(cables.nodes - 1):
        routes = nx.edge_connectivity(graph, economy, cables.nodes - 1)
        assert found.routes[economy] == routes


def test_capacity_is_passed_on_hop_by_hop():
    chain = world(4, [(0, 0, 1, 1), (1, 1, 2, 1), (2, 2, 3, 1)], [500, 300, 400])
    assert flows(chain, chain.opened[0]).tolist() == [
        300.0 + SATELLITE + SATELLITE,  # its own, and what the first hop has beside the second
        300.0 + SATELLITE + SATELLITE,
        400.0 + SATELLITE + 2 * SATELLITE,
    ]


def test_more_capacity_never_lowers_anybody_s_flow():
    rng = np.random.default_rng(3)
    for _ in range(40):
        links = [(s, *rng.choice(6, 2, replace=False), 1.0) for s in range(9)]
        cables = world(6, links, rng.uniform(0, 1e4, 9))
        more = cables.opened[0] * np.where(np.arange(9) == rng.integers(9), 2.0, 1.0)
        assert (flows(cables, more) >= flows(cables, cables.opened[0])).all()


def test_members_of_one_network_are_found_together_and_each_once():
    cables = world(3, [(0, 0, 1, 1), (1, 1, 2, 1)], [10, 20])
    capacity = np.array([[10.0, 20.0], [0.0, 20.0], [10.0, 20.0]])
    seen = np.zeros(3)
    for rows, found in groups(cables, capacity):
        seen[rows] += 1
        assert (capacity[rows] == found.capacity).all()
    assert seen.tolist() == [1, 1, 1]
    assert network(cables, capacity[0]) is network(cables, capacity[2])


@pytest.mark.parametrize("cut", [(0,), (0, 1), (0, 1, 2)])
def test_cuts_that_come_together_are_flows_of_the_graph_without_them(cut):
    cables = world(3, [(0, 0, 2, 1), (1, 0, 1, 1), (2, 1, 2, 1)], [700, 200, 900])
    found = network(cables, cables.opened[0])
    left = np.where(np.isin(np.arange(3), cut), 0.0, cables.opened[0])
    expected = [by_networkx(pairs(cables, left), e) / PER_GBIT for e in (0, 1)]
    assert found.with_capacity(cables, left).tolist() == expected
