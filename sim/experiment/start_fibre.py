"""Where a run starts: cable systems as arrays, and the network of the base year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.model import fibre, links
from sim.model.cable_world import CableWorld
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.world import World
from sim.region.cables import OUTSIDE, Cables


def cable_world(found: Cables, gdp: Array, base_year: int, horizon: int) -> CableWorld:
    """Cable systems as arrays, with those in service by year from the base year to ``horizon``.

    ``gdp`` is that of the base year, (economy,): it says which links the regional fund puts first.
    """
    systems = found.systems
    years = np.arange(base_year, horizon + 1)
    place = {code: i for i, code in enumerate((*found.economies, OUTSIDE))}
    joined = [(k, place[a], place[b], share) for k, system in enumerate(systems)
             for a, b, share in system.links]  # fmt: skip
    table = np.array(joined, dtype=float).reshape(-1, 4)
    size = np.array([system.capacity for system in systems])
    ready = np.array([system.ready_year for system in systems])
    built = np.array([system.status == "built" for system in systems])
    cables = CableWorld(
        nodes=len(place),
        opened=np.where(built & (years[:, None] >= ready), size, 0.0),
        size=size,
        length_km=np.array([system.length_km for system in systems]),
        hazard=np.array([system.hazard for system in systems]),
        submarine=np.array([float(system.submarine) for system in systems]),
        several=np.array([float(system.landings > 2) for system in systems]),
        candidate=np.array(
            [float(s.status in ("planned", "candidate") and len(s.ends) == 2) for s in systems]
        ),
        priority=np.zeros(len(systems)),
        link_system=table[:, 0],
        link_from=table[:, 1],
        link_to=table[:, 2],
        link_share=table[:, 3],
    )
    return replace(cables, priority=links.fund_list(cables, gdp))


def settle(state: State, world: World, p: Parameters) -> None:
    """Fill in the cables of the base year: those in service, and what is expected of them."""
    members = len(state.gdp)
    state.capacity_ratio += 1.0
    if world.cables.systems:
        state.system_capacity = np.tile(world.cables.opened[0], (members, 1))
        fibre.settle(state, world.cables, p)
