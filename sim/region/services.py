"""Digital services trade between economies: an estimate from totals, by gravity.

No table of who sells digital services to whom exists for these economies. Totals of exports are
published for most; the rest is rules, and all flows are marked as estimated.
"""

from __future__ import annotations

import networkx as nx
import numpy as np

from sim.region.data import Array, RegionData
from sim.region.distances import FAR_AWAY, capital_distances, outside_distances
from sim.region.layout import REST_OF_WORLD

INDICATOR = "ict_service_exports"
#: World exports of computer, communications and information services in 2023, USD (UN Trade and
#: Development, World Trade Organization: about 1.0 trillion, recalled), and at least how many times
#: the region's own they are.
WORLD_TRADE = 1.0e12
LEAST_WORLD = 5.0
#: The same against the world's value added of services (about 68 trillion, recalled): what an
#: economy of middling openness buys and sells, as a share of its services.
USUAL_SHARE = 0.0145
#: Elasticity of trade to distance: -0.9 of goods (Disdier and Head 2008, D01), of which platforms
#: take away 65 % (Lendle and others 2016, D02).
DISTANCE_RESPONSE = -0.9 * (1.0 - 0.65)
#: Log trade per unit of distance between rules (Nordas 2016, D09).
RULES_RESPONSE = -0.5
#: Rounds of balancing, and the error of totals at which it stops.
ROUNDS = 2000
BALANCED = 1e-13


def services_totals(region: RegionData) -> tuple[Array, Array]:
    """Exports and imports of digital services in current USD of the base year, each (economy + 1,).

    Exports are the published figure of computer, communications and information services, or its
    estimate; without any figure in the tables, the usual share of the value added of services.
    Imports are halfway (geometric mean) between that share, which is need, and exports, which
    tell how open an economy is: a rule (judgement). The last is the rest of the world: what
    completes world trade on both sides.
    """
    need = USUAL_SHARE * region.base("services_share") * region.base("gdp_current")
    exports = region.base(INDICATOR) if INDICATOR in region.indicators else need
    imports = np.sqrt(exports * need)
    world = max(WORLD_TRADE, LEAST_WORLD * max(exports.sum(), imports.sum()))
    return (
        np.append(exports, world - exports.sum()),
        np.append(imports, world - imports.sum()),
    )


def services_flows(region: RegionData) -> Array:
    """Estimated flows in current USD of the base year, (economy + 1, economy + 1), sellers in rows.

    Gravity, distance^-0.315 e^(-0.5 rule distance), balanced so that rows and columns meet the
    totals (biproportional fitting: Deming and Stephan 1940). Economies sell nothing to themselves
    here; what the rest of the world sells within itself stands on its diagonal. The rest of the
    world's rules are as far as partners' on average, and its own economies a usual way apart.
    """
    count = len(region.economies)
    apart = np.ones((count + 1, count + 1))
    apart[:count, :count] = capital_distances(region)
    np.fill_diagonal(apart, FAR_AWAY)  # of the rest of the world's economies from each other
    apart[count, :count] = apart[:count, count] = outside_distances(region)
    rules = np.zeros_like(apart)
    scores = region.provisions
    rules[:count, :count] = np.abs(scores[:, None] - scores[None]).mean(axis=2)
    others = rules[:count, :count].sum(axis=1) / (count - 1)
    rules[count, :count] = rules[:count, count] = others
    seed = apart**DISTANCE_RESPONSE * np.exp(RULES_RESPONSE * rules)
    seed[:count, :count][np.eye(count, dtype=bool)] = 0.0
    return balanced(seed, *services_totals(region))


def balanced(seed: Array, rows: Array, columns: Array) -> Array:
    """The matrix r_i seed_ij c_j whose rows and columns sum to what is asked, (n, n).

    Rows and columns must ask for the same in all.
    """
    right = np.ones_like(columns)
    for _ in range(ROUNDS):
        left = rows / (seed @ right)
        right = columns / (seed.T @ left)
        found = (seed @ right) * left
        if np.abs(found / rows - 1.0).max() < BALANCED:
            break
    return np.asarray(left[:, None] * seed * right)


def services_graph(region: RegionData, flows: Array) -> nx.DiGraph:
    """Digital services trade as a directed graph, exporter to importer, the rest of the world too.

    Edges have ``value_usd``, ``share`` (of the exporter's exports) and ``estimated``, always True.
    Nodes have the attributes of ``region.trade`` and ``total_exports``, how the total of their
    exports came about: observed, carried, ..., or estimated.
    """
    nodes = (*region.economies, REST_OF_WORLD)
    known = INDICATOR in region.indicators
    status = region.base_status(INDICATOR) if known else ("estimated",) * len(region.economies)
    graph = nx.DiGraph()
    for node, how in zip(nodes, (*status, "estimated"), strict=True):
        graph.add_node(node, **region.trade.nodes[node], total_exports=how)
    exports = flows.sum(axis=1)
    for i, j in zip(*np.nonzero(flows), strict=True):
        if i != j:
            value = float(flows[i, j])
            share = value / float(exports[i])
            graph.add_edge(nodes[i], nodes[j], value_usd=value, share=share, estimated=True)
    return nx.freeze(graph)
