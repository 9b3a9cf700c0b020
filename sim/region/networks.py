"""The networks between economies: trade and fibre as graphs and as matrices of weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.region.checks import check_connected
from sim.region.data import Array, RegionData
from sim.region.layout import REST_OF_WORLD
from sim.region.reading import Tables
from sim.region.selection import node_attributes

#: An economy outside the region is a node of its own from this share of the region's goods trade.
PARTNER_SHARE = 0.05
#: Strength of a terrestrial link by how sure it is (judgement, see docs/regions.md).
TERRESTRIAL_STRENGTH = {"high": 1.0, "medium": 0.7, "low": 0.4, "low_inferred": 0.2}
#: Gross output per unit of value added in goods (agriculture, industry with construction).
OUTPUT_PER_VALUE_ADDED = 2.4
#: At least this part of goods output is sold at home: construction, power, water, perishables.
LEAST_SOLD_AT_HOME = 0.25
#: At least this part of the goods that a member buys comes from home.
LEAST_BOUGHT_AT_HOME = 0.05
#: Part of the goods bought that comes from home, in nodes outside the region.
OUTSIDE_BOUGHT_AT_HOME = 0.8


@dataclass(frozen=True)
class Networks:
    """What joins the economies of a region; see ``Region`` for the meaning and the shapes."""

    nodes: tuple[str, ...]
    trade: nx.DiGraph
    fibre: nx.MultiGraph
    trade_flows: Array
    trade_weights: Array
    fibre_weights: Array
    warnings: tuple[str, ...]


def join(tables: Tables, economies: tuple[str, ...], base_year: int) -> Networks:
    """Build the networks of the economies chosen.

    Nodes are the economies, other members of the tables that are important partners, the hubs, and
    the rest of the world, into which everybody else is folded. Raises ``InputError`` when trade
    does not join the economies.
    """
    everyone, roles = tables["economies"]["iso3"], tables["economies"]["role"]
    flows, totals = mean_flows(tables, everyone)
    inside = [everyone.index(code) for code in economies]
    left = [i for i, role in enumerate(roles) if role == "member" and i not in inside]
    hubs = [i for i, role in enumerate(roles) if role == "hub"]
    listed = [*inside, *important_partners(flows, totals, inside, left), *hubs]
    nodes = (*(everyone[i] for i in listed), REST_OF_WORLD)
    trade_flows = folded_flows(flows, totals, listed)
    attributes = node_attributes(tables, economies)
    trade = trade_graph(nodes, trade_flows, attributes)
    # The rest of the world joins everything, so it does not count.
    among_listed = trade.subgraph(nodes[:-1])
    parts = list(nx.weakly_connected_components(among_listed))
    check_connected(economies, parts, tables["trade"].file)
    size = len(economies)
    trade_weights, alone = partner_weights(trade_flows[:size, :size])
    fibre = fibre_graph(nodes, tables, attributes, base_year)
    warnings = [
        f"{economies[i]} has no recorded trade with the others: they weigh equally"
        for i in np.flatnonzero(alone)
    ]
    if fibre.number_of_edges():
        warnings += [
            f"{code} reaches no other economy of the region over fibre in service in {base_year}"
            for code in cut_off(fibre, economies)
        ]
    else:
        warnings.append("fibre.csv has no link between economies of the region and hubs")
    fibre_weights = link_weights(fibre, economies)
    return Networks(nodes, trade, fibre, trade_flows, trade_weights, fibre_weights, tuple(warnings))


def mean_flows(tables: Tables, codes: Sequence[str]) -> tuple[Array, Array]:
    """Mean yearly goods flows in USD over the years of trade.csv.

    Returns the flows of shape (code, code), exporter in rows, a pair-year without a row counting as
    zero; and the totals of shape (code, 2): exports to and imports from the world, NaN for a code
    that does not have a total in every year.
    """
    trade, totals = tables["trade"], tables["trade_totals"]
    years = sorted(set(trade["year"]))
    position = {code: i for i, code in enumerate(codes)}
    flows = np.zeros((len(codes), len(codes)))
    np.add.at(
        flows,
        (
            [position[code] for code in trade["exporter"]],
            [position[code] for code in trade["importer"]],
        ),
        trade.numbers("value_usd"),
    )
    sums = np.zeros((len(codes), 2))
    count = np.zeros(len(codes))
    columns = (totals.numbers("exports_world_usd"), totals.numbers("imports_world_usd"))
    for code, year, exports, imports in zip(totals["iso3"], totals["year"], *columns, strict=True):
        if year in years:
            sums[position[code]] += exports, imports
            count[position[code]] += 1
    sums[count < len(years)] = np.nan
    return flows / len(years), sums / len(years)


def important_partners(
    flows: Array, totals: Array, inside: Sequence[int], outside: Sequence[int]
) -> list[int]:
    """Positions among ``outside`` with at least 5 % of the region's exports and imports."""
    whole = float(np.nansum(totals[list(inside)]))
    with_region = [flows[i, inside].sum() + flows[inside, i].sum() for i in outside]
    return [
        i
        for i, value in zip(outside, with_region, strict=True)
        if whole > 0 and value >= PARTNER_SHARE * whole
    ]


def folded_flows(flows: Array, totals: Array, listed: Sequence[int]) -> Array:
    """Flows between the listed nodes and the rest of the world, shape (node + 1, node + 1).

    The last row and column are the rest of the world: a node's total less its listed partners;
    for a node without a total, its flows with the economies that are not listed. The diagonal is
    zero: what the rest of the world trades within itself is not known.
    """
    chosen = np.array(listed, dtype=np.int64)
    others = np.setdiff1d(np.arange(len(flows)), chosen)
    size = len(chosen)
    folded = np.zeros((size + 1, size + 1))
    folded[:size, :size] = flows[np.ix_(chosen, chosen)]
    exports_left = totals[chosen, 0] - folded[:size, :size].sum(axis=1)
    imports_left = totals[chosen, 1] - folded[:size, :size].sum(axis=0)
    to_others = flows[np.ix_(chosen, others)].sum(axis=1)
    from_others = flows[np.ix_(others, chosen)].sum(axis=0)
    folded[:size, size] = np.where(np.isnan(exports_left), to_others, exports_left).clip(min=0)
    folded[size, :size] = np.where(np.isnan(imports_left), from_others, imports_left).clip(min=0)
    return folded


def partner_weights(flows: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Each partner's share of an economy's trade (exports and imports) with the others.

    ``flows`` has the shape (economy, economy). Returns weights of the same shape, with a zero
    diagonal and rows that sum to 1, and which economies trade with none of the others: their row
    is uniform.
    """
    both = flows + flows.T
    np.fill_diagonal(both, 0.0)
    sums = both.sum(axis=1)
    alone = sums <= 0
    uniform = (1 - np.eye(len(both))) / (len(both) - 1)
    weights = np.where(alone[:, None], uniform, both / np.where(alone, 1.0, sums)[:, None])
    return weights, alone


def trade_graph(nodes: Sequence[str], flows: Array, attributes: dict[str, dict]) -> nx.DiGraph:
    """Goods trade as a directed graph: an edge for each recorded flow, exporter to importer.

    Edges have ``value_usd`` (mean a year) and ``share`` (of the exporter's recorded exports).
    """
    graph = nx.DiGraph()
    graph.add_nodes_from((node, attributes[node]) for node in nodes)
    exports = flows.sum(axis=1)
    for i, j in zip(*np.nonzero(flows), strict=True):
        value = float(flows[i, j])
        graph.add_edge(nodes[i], nodes[j], value_usd=value, share=value / float(exports[i]))
    return nx.freeze(graph)


def fibre_graph(
    nodes: Sequence[str], tables: Tables, attributes: dict[str, dict], base_year: int
) -> nx.MultiGraph:
    """Cables as a graph with an edge for each pair and system, whatever its status.

    ``in_service`` says whether the source reports it working, ``at_base`` whether it also was ready
    in the base year, ``strength`` its weight (see ``link_strength``).
    """
    graph = nx.MultiGraph()
    graph.add_nodes_from((node, attributes[node]) for node in nodes if node != REST_OF_WORLD)
    for row in tables["fibre"].rows():
        if row["a"] not in graph or row["b"] not in graph:
            continue
        ready = int(row["ready_year"]) if row["ready_year"] else None
        landings = int(row["landings"]) if row["landings"] else None
        in_service = row["status"] == "in_service"
        graph.add_edge(
            row["a"],
            row["b"],
            kind=row["kind"],
            system=row["system"],
            ready_year=ready,
            capacity_tbps=float(row["capacity_tbps"]) if row["capacity_tbps"] else None,
            length_km=float(row["length_km"]) if row["length_km"] else None,
            landings=landings,
            confidence=row["confidence"],
            status=row["status"],
            in_service=in_service,
            at_base=in_service and (ready is None or ready <= base_year),
            strength=link_strength(row["kind"], row["confidence"], landings),
            source=row["source"],
            note=row["note"],
        )
    return nx.freeze(graph)


def link_strength(kind: str, confidence: str, landings: int | None) -> float:
    """Strength of one link: 1 / (landings − 1) for a submarine system, so that each economy on a
    system counts once; by confidence for a terrestrial link. A submarine link whose landings are
    not given joins two."""
    if kind == "submarine":
        return 1.0 / ((landings or 2) - 1)
    return TERRESTRIAL_STRENGTH[confidence]


def link_weights(graph: nx.MultiGraph, economies: Sequence[str]) -> Array:
    """Summed strength of the links that work at the base year, shape (economy, economy)."""
    position = {code: i for i, code in enumerate(economies)}
    weights = np.zeros((len(economies), len(economies)))
    for a, b, link in graph.edges(data=True):
        if link["at_base"] and a in position and b in position:
            weights[position[a], position[b]] += link["strength"]
            weights[position[b], position[a]] += link["strength"]
    return weights


def cut_off(graph: nx.MultiGraph, economies: Sequence[str]) -> list[str]:
    """Economies that reach no other economy of the region over links that work at the base year."""
    working = nx.Graph()
    working.add_nodes_from(graph)
    working.add_edges_from((a, b) for a, b, link in graph.edges(data=True) if link["at_base"])
    alone = []
    for code in economies:
        reached = nx.node_connected_component(working, code)
        if not any(other in reached for other in economies if other != code):
            alone.append(code)
    return alone


def domestic_sales(region: RegionData) -> Array:
    """Goods that each node sells to itself, USD a year (mean of the trade years), shape (node,).

    A member: output − exports, where output is 2.4 × the value added of agriculture and industry;
    at least a quarter of output, and at least 5 % of the goods it buys, so that economies that
    re-export more than they make stay positive. An outside node buys 80 % of its goods at home. All
    constants are judgement (docs/regions.md).
    """
    first, last = region.trade_years[0], region.trade_years[-1]
    value_added = (
        region.series("agriculture_share", first, last)
        + region.series("industry_share", first, last)
    ) * region.series("gdp_current", first, last)
    output = OUTPUT_PER_VALUE_ADDED * value_added.mean(axis=1)
    members = len(region.economies)
    exports = region.trade_flows.sum(axis=1)[:members]
    imports = region.trade_flows.sum(axis=0)
    sales = imports * (OUTSIDE_BOUGHT_AT_HOME / (1 - OUTSIDE_BOUGHT_AT_HOME))
    least = imports[:members] * (LEAST_BOUGHT_AT_HOME / (1 - LEAST_BOUGHT_AT_HOME))
    sales[:members] = np.maximum.reduce([output - exports, LEAST_SOLD_AT_HOME * output, least])
    return sales


def base_flows(region: RegionData) -> Array:
    """``region.trade_flows`` with the diagonal filled by ``domestic_sales``, shape (node, node)."""
    flows = np.array(region.trade_flows)
    np.fill_diagonal(flows, domestic_sales(region))
    return flows
