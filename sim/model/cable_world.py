"""The cables of a world as arrays: what stays the same of them in a run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields

import numpy as np

from sim.model.quantities import INF, Array, quantity


@dataclass(kw_only=True, eq=False)
class CableWorld:
    """Cable systems and their links. Nodes are the economies and, last, the outside.

    A link joins two nodes by a share of the capacity of its system.
    """

    nodes: int
    opened: Array = quantity(
        "year system", "Gbit/s by design", 0, INF, "Systems in service without any new decision"
    )
    size: Array = quantity(
        "system", "Gbit/s by design", 0, INF, "Capacity of a system when it is complete"
    )
    length_km: Array = quantity("system", "km", 0, INF, "Length of a system that can break")
    hazard: Array = quantity("system", "class 0-3", 0, 3, "Mean class of hazard")
    submarine: Array = quantity("system", "0 or 1", 0, 1, "Whether it is a submarine cable")
    several: Array = quantity("system", "0 or 1", 0, 1, "Whether it has more than two landings")
    candidate: Array = quantity(
        "system", "0 or 1", 0, 1, "Whether its two ends may decide to build it"
    )
    priority: Array = quantity(
        "system", "rank, 0: none", 0, INF, "Place on the list of links that the fund may help"
    )
    link_system: Array = quantity("link", "position", 0, INF, "The system of a link")
    link_from: Array = quantity("link", "position", 0, INF, "One node of a link")
    link_to: Array = quantity("link", "position", 0, INF, "The other node of a link")
    link_share: Array = quantity("link", "share of system", 0, 1, "Its share of the capacity")
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = hashlib.sha256(str(self.nodes).encode())
        for item in fields(self):
            if item.metadata:
                content.update(np.ascontiguousarray(getattr(self, item.name)).tobytes())
        self.digest = content.hexdigest()

    @property
    def systems(self) -> int:
        """How many systems there are."""
        return len(self.size)

    @property
    def joins(self) -> Array:
        """Whether a system lands in a node, (system, node), as 0 or 1."""
        found = np.zeros((self.systems, self.nodes))
        rows = self.link_system.astype(int)
        found[rows, self.link_from.astype(int)] = 1.0
        found[rows, self.link_to.astype(int)] = 1.0
        return found


def no_cables() -> CableWorld:
    """A world without cables, in which nothing depends on them."""
    nothing = np.zeros(0)
    return CableWorld(
        nodes=1, opened=np.zeros((1, 0)), size=nothing, length_km=nothing, hazard=nothing,
        submarine=nothing, several=nothing, candidate=nothing, priority=nothing,
        link_system=nothing, link_from=nothing, link_to=nothing, link_share=nothing,
    )  # fmt: skip
