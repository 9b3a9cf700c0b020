"""What a network of cables is worth: maximum flows, losses by cut, exactly and once a network.

A network is the capacity of every system, (system,). Ensemble members share networks, and most
years do, so each is analysed once and kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.model.cable_world import CableWorld
from sim.model.maxflow import max_flow, neighbours
from sim.model.quantities import Array

#: Capacity to the outside that does not hang on a cable (satellite, microwave), in Gbit/s by
#: design: so nobody is ever quite without (judgement: 50, of which an eighth or so is equipped).
SATELLITE = 50.0
#: Capacities are whole numbers of this many to a Gbit/s, so that flows are exact.
PER_GBIT = 1000
#: A cut that takes less than this takes no service: use leaves so much spare (its upper bound).
LEAST_SPARE = 0.1
#: How many networks are kept.
KEPT = 4096
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Network:
    """A network and what follows of it, by economy.

    ``flow`` is the maximum flow to the outside in Gbit/s by design, (economy,); ``loss`` the share
    of it that is lost when a system is cut, (system, economy); ``transit_left`` the share left
    when the worst other economy fails; ``routes`` how many routes to the outside share no border
    crossing (edge connectivity), (economy,).

    ``cut_system``, ``cut_economy`` and ``cut_loss`` list the losses that may take service, sorted
    by economy; ``breaking`` are the systems whose cut takes anything of anybody. ``further`` keeps
    flows of networks that differ a little from it.
    """

    capacity: Array
    flow: Array
    loss: Array
    transit_left: Array
    routes: Array
    cut_system: NDArray[np.intp]
    cut_economy: NDArray[np.intp]
    cut_loss: Array
    breaking: NDArray[np.intp]
    further: dict[bytes, Array] = field(default_factory=dict)

    def with_capacity(self, cables: CableWorld, capacity: Array) -> Array:
        """Maximum flow by economy, (economy,), of a network that differs a little; kept."""
        key = capacity.tobytes()
        if key not in self.further:
            self.further[key] = flows(cables, capacity)
        return self.further[key]


def groups(
    cables: CableWorld, capacity: Array
) -> Iterator[tuple[slice | NDArray[np.intp], Network]]:
    """The members of each distinct network, and what it is worth.

    ``capacity`` is (member, system). All members together are a slice, which costs no copy.
    """
    if (capacity == capacity[:1]).all():
        yield slice(None), network(cables, capacity[0])
        return
    rows: dict[bytes, list[int]] = {}
    for row, values in enumerate(np.ascontiguousarray(capacity)):
        rows.setdefault(values.tobytes(), []).append(row)
    for members in rows.values():
        yield np.array(members), network(cables, capacity[members[0]])


_known: OrderedDict[tuple[str, bytes], Network] = OrderedDict()


def network(cables: CableWorld, capacity: Array) -> Network:
    """The network of these capacities, (system,); analysed the first time that it is met."""
    capacity = np.ascontiguousarray(capacity, dtype=float)
    key = (cables.digest, capacity.tobytes())
    if key not in _known:
        _known[key] = analyse(cables, capacity)
        if len(_known) > KEPT:
            _known.popitem(last=False)
    return _known[key]


def pairs(cables: CableWorld, capacity: Array) -> Whole:
    """Capacity between nodes in whole units, (node, node), satellites included, symmetric."""
    return system_pairs(cables, capacity).sum(axis=0) + _satellites(cables.nodes)


def system_pairs(cables: CableWorld, capacity: Array) -> Whole:
    """What each system adds between nodes, in whole units, (system, node, node)."""
    rows, one, other = (
        values.astype(int) for values in (cables.link_system, cables.link_from, cables.link_to)
    )
    found = np.zeros((cables.systems, cables.nodes, cables.nodes), dtype=np.int64)
    amounts = np.rint(capacity[rows] * cables.link_share * PER_GBIT).astype(np.int64)
    np.add.at(found, (rows, one, other), amounts)
    np.add.at(found, (rows, other, one), amounts)
    return found


def _satellites(nodes: int) -> Whole:
    """What does not hang on cables, between nodes, (node, node)."""
    found = np.zeros((nodes, nodes), dtype=np.int64)
    found[:-1, -1] = found[-1, :-1] = round(SATELLITE * PER_GBIT)
    return found


def flows(cables: CableWorld, capacity: Array) -> Array:
    """Maximum flow of each economy to the outside, (economy,), in Gbit/s by design."""
    return flows_of(cables, capacity, range(cables.nodes - 1))


def flows_of(cables: CableWorld, capacity: Array, economies: Iterable[int]) -> Array:
    """Maximum flow of some economies to the outside, (economy,), in Gbit/s by design."""
    return _values(pairs(cables, capacity), economies) / PER_GBIT


def _values(graph: Whole, economies: Iterable[int]) -> Whole:
    """Maximum flow of some economies to the last node, in whole units, (economy,)."""
    rows, outside = graph.tolist(), len(graph) - 1
    joined = neighbours(rows)
    found = [max_flow(rows, int(e), outside, joined)[0] for e in economies]
    return np.array(found, dtype=np.int64)


def analyse(cables: CableWorld, capacity: Array) -> Network:
    """Everything that follows of a network. A cut that a flow can do without loses nothing.

    So a flow is worked out anew only where the one that was found needs what is cut.
    """
    parts = system_pairs(cables, capacity)
    graph = parts.sum(axis=0) + _satellites(cables.nodes)
    outside = cables.nodes - 1
    base = np.zeros(outside, dtype=np.int64)
    used = np.zeros((outside, *graph.shape), dtype=np.int64)
    rows, joined = graph.tolist(), neighbours(graph.tolist())
    for e in range(outside):
        base[e], room = max_flow(rows, e, outside, joined)
        used[e] = np.maximum(graph - np.array(room), 0)
    loss = np.zeros((cables.systems, outside))
    for system in np.flatnonzero(parts.any(axis=(1, 2))):
        left = graph - parts[system]
        needs = np.flatnonzero((used > left).any(axis=(1, 2)))
        if len(needs):
            loss[system, needs] = 1.0 - _values(left, needs) / base[needs]
    listed = np.argwhere(loss.T > LEAST_SPARE)
    return Network(
        capacity=capacity,
        flow=base / PER_GBIT,
        loss=loss,
        transit_left=_transit_left(graph, base, used),
        routes=_routes(graph),
        cut_economy=listed[:, 0],
        cut_system=listed[:, 1],
        cut_loss=loss.T[listed[:, 0], listed[:, 1]],
        breaking=np.flatnonzero(loss.any(axis=1)),
    )


def _transit_left(graph: Whole, base: Whole, used: Whole) -> Array:
    """Share of the flow that is left when the worst other economy fails, (economy,)."""
    outside = len(base)
    left = np.ones(outside)
    for node in range(outside):
        without = graph.copy()
        without[node] = without[:, node] = 0
        needs = np.flatnonzero(used[:, :, node].any(axis=1))
        needs = needs[needs != node]
        if len(needs):
            left[needs] = np.minimum(left[needs], _values(without, needs) / base[needs])
    return left


def _routes(graph: Whole) -> Array:
    """How many routes to the outside have no border crossing in common, (economy,)."""
    outside = len(graph) - 1
    joined = (graph > _satellites(outside + 1)).astype(np.int64)
    return _values(joined, range(outside)).astype(float)
