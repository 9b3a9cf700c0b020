"""Projects of international links: who pays for them, and what they add to which cable system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import Levers
from sim.policy.entries import LeverEntry
from sim.policy.groups import OUTSIDE, economies_of
from sim.policy.levers import Lever

if TYPE_CHECKING:
    from sim.region.cables import Project, System
    from sim.region.region import Region

#: Length of a link of which nothing is known but its ends, in km.
SOME_KM = 2000.0


def planned_systems(region: Region) -> dict[str, System]:
    """Cable systems that are planned and new routes by land that are possible, by name."""
    from sim.region.cables import cables

    systems = cables(region).systems
    return {one.name: one for one in systems if one.status in ("planned", "candidate")}


def names_among(region: Region, among: str) -> tuple[str, ...]:
    """The names of one kind of the region's things that an option may hold."""
    if among == "planned_systems":
        return tuple(planned_systems(region))
    return tuple(getattr(region, among))


def new_links(entries: Iterable[LeverEntry]) -> list[LeverEntry]:
    """The entries that name new links, each once, in an order that does not depend on theirs."""
    found = {
        str(sorted(entry.written().items())): entry
        for entry in entries
        if entry.link is not None and not entry.is_zero
    }
    return [found[key] for key in sorted(found)]


def projects_of(entries: Iterable[LeverEntry], region: Region) -> tuple[Project, ...]:
    """The new links that entries name, in the order of the slots of the region's cables."""
    from sim.region.cables import Project

    return tuple(
        Project(
            name="-".join(entry.link or ()),
            ends=_ends(entry, region),
            length_km=entry.km or 0.0,
            submarine=_is_submarine(_ends(entry, region), region),
        )
        for entry in new_links(entries)
    )


def most_links() -> int:
    """How many new links a scenario may name."""
    from sim.region.cables import PROJECT_SLOTS

    return PROJECT_SLOTS


def project_payers(entry: LeverEntry, region: Region) -> tuple[str, ...]:
    """Those named in ``who`` at the ends of the project, or, if none is, all who are named."""
    named = economies_of(entry.who, region)
    ends = [code for code in named if code in _ends(entry, region)]
    return tuple(ends) or named


def lay(
    entry: LeverEntry,
    capacity: float,
    levers: Levers,
    cells: tuple[NDArray[np.int_], ...],
    region: Region,
    slots: list[LeverEntry],
) -> None:
    """Put a project into the paths: its route by year and payer, its capacity when it is ready.

    ``capacity`` is in Gbit/s; ``slots`` are the entries that name new links, in order. The route is
    paid for in equal parts by the years and the payers. Several projects add up.
    """
    from sim.region.cables import cables

    years, payers = cells
    known = cables(region)
    if entry.system is None:
        place, length = known.slot(slots.index(entry)), entry.km or 0.0
        submarine = _is_submarine(_ends(entry, region), region)
    else:
        system = planned_systems(region)[entry.system]
        place, length = known.names.index(entry.system), entry.km or system.length_km
        submarine = system.submarine
    levers.link_capacity[years.ravel()[-1], place] += capacity
    route = levers.sea_route if submarine else levers.link_route
    route[cells] += length / (years.size * payers.size)


def needed_options(kind: Lever, region: Region) -> dict[str, Any]:
    """Options without which a lever says nothing in a region: for trials of every lever alike."""
    if kind.form != "project":
        return {}
    return {"link": list(region.nodes[:2]), "km": SOME_KM}


def _ends(entry: LeverEntry, region: Region) -> tuple[str, ...]:
    """The economies at the ends of a project; whatever is not in the region is the outside."""
    if entry.system is not None:
        return planned_systems(region)[entry.system].ends
    return tuple(code if code in region.economies else OUTSIDE for code in entry.link or ())


def _is_submarine(ends: Iterable[str], region: Region) -> bool:
    """Whether a link runs by sea: to or from an island, or the outside of the region."""
    islands = {code for code, row in region.places.items() if row["island"] == "1"}
    return any(code == OUTSIDE or code in islands for code in ends)
