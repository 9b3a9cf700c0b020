"""Maximum flow on a small undirected graph with whole capacities: shortest augmenting paths."""

from __future__ import annotations

from collections.abc import Sequence

#: Capacities: a symmetric square of whole numbers, the diagonal is not read.
Capacity = Sequence[Sequence[int]]


def neighbours(capacity: Capacity) -> list[int]:
    """The nodes that each node has an edge to, as bits of a whole number."""
    return [
        sum(1 << v for v, room in enumerate(row) if room > 0 and v != u)
        for u, row in enumerate(capacity)
    ]


def max_flow(
    capacity: Capacity, source: int, sink: int, joined: Sequence[int] | None = None
) -> tuple[int, list[list[int]]]:
    """The most that gets from one node to another, and what each edge still could carry.

    Edmonds and Karp (1972): as long as there is a path with room, fill the shortest one. Rows of
    nodes with room are kept as bits, so that a step of the search is a few operations on whole
    numbers. The result is exact: all numbers are whole. ``joined`` are the ``neighbours``, for who
    asks for several flows of one graph.
    """
    room = [list(row) for row in capacity]
    open_to = list(neighbours(capacity) if joined is None else joined)
    value = 0
    while path := _shortest_path(open_to, source, sink):
        least = min([room[u][v] for u, v in path])
        value += least
        for u, v in path:
            room[u][v] -= least
            room[v][u] += least
            open_to[v] |= 1 << u
            if not room[u][v]:
                open_to[u] &= ~(1 << v)
    return value, room


def _shortest_path(open_to: Sequence[int], source: int, sink: int) -> list[tuple[int, int]]:
    """Edges of a shortest path with room, from its end; empty if there is none."""
    before = [-1] * len(open_to)
    unseen = ~(1 << source)
    layer = [source]
    goal = 1 << sink
    while layer:
        following = []
        for u in layer:
            found = open_to[u] & unseen
            if found & goal:
                before[sink] = u
                return _edges(before, source, sink)
            unseen &= ~found
            while found:
                v = (found & -found).bit_length() - 1
                found &= found - 1
                before[v] = u
                following.append(v)
        layer = following
    return []


def _edges(before: Sequence[int], source: int, sink: int) -> list[tuple[int, int]]:
    edges, node = [], sink
    while node != source:
        edges.append((before[node], node))
        node = before[node]
    return edges
