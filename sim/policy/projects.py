"""Projects of international links: who pays for them, and what they add to which cable system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import Levers
from sim.policy.entries import LeverEntry
from sim.policy.groups import economies_of
from sim.policy.levers import Lever

if TYPE_CHECKING:
    from sim.region.cables import Project, System
    from sim.region.region import Region

#: Length of a link of which nothing is known but its ends, in km.
SOME_KM = 2000.0


# What reads the region's cables imports them on use: scenarios open without its libraries.


def most_links() -> int:
    """How many new links a scenario may name."""
    from sim.region.cables import PROJECT_SLOTS

    return PROJECT_SLOTS


def projects_of(entries: Iterable[LeverEntry], region: Region) -> tuple[Project, ...]:
    """The new links that entries name, each once, in the order of the slots that they fill.

    Entries with the same ends and length are one link. The order is that of names and lengths, and
    does not depend on that of the entries.
    """
    found = {_project(entry, region) for entry in entries if entry.link and not entry.is_zero}
    return tuple(sorted(found, key=lambda project: (project.name, project.length_km)))


def _project(entry: LeverEntry, region: Region) -> Project:
    """The new link of an entry: submarine if an end is an island or outside, else by land."""
    from sim.region.cables import OUTSIDE, Project

    ends = tuple(sorted(entry.link or ()))
    by_sea = any(end == OUTSIDE or region.places[end]["island"] == "1" for end in ends)
    return Project(name="-".join(ends), ends=ends, length_km=entry.km or 0.0, submarine=by_sea)


def _system(name: str, region: Region) -> System:
    from sim.region.cables import cables

    return next(system for system in cables(region).systems if system.name == name)


def project_payers(entry: LeverEntry, region: Region) -> tuple[str, ...]:
    """Those named in ``who`` at the ends of the project, or, if none is, all who are named."""
    named = economies_of(entry.who, region)
    ends = _system(entry.system, region).ends if entry.system else entry.link or ()
    return tuple(code for code in named if code in ends) or named


def lay(
    entry: LeverEntry,
    capacity: float,
    levers: Levers,
    cells: tuple[NDArray[np.int_], ...],
    region: Region,
    projects: tuple[Project, ...],
) -> None:
    """Put a project into the paths: its route by year and payer, its capacity when it is ready.

    ``capacity`` is in Gbit/s; ``projects`` are the new links of the scenario, in the order of their
    slots. The route is paid for in equal parts by the years and the payers. Several add up.
    """
    from sim.region.cables import cables

    years, payers = cells
    if entry.system is None:
        project = _project(entry, region)
        place = cables(region).slot(projects.index(project))
        length, by_sea = project.length_km, project.submarine
    else:
        system = _system(entry.system, region)
        place = region.systems.index(entry.system)
        length, by_sea = entry.km or system.length_km, system.submarine
    levers.link_capacity[years.ravel()[-1], place] += capacity
    route = levers.sea_route if by_sea else levers.link_route
    route[cells] += length / (years.size * payers.size)


def needed_options(kind: Lever, region: Region) -> dict[str, Any]:
    """Options without which a lever says nothing in a region: for trials of every lever alike."""
    if kind.form != "project":
        return {}
    return {"link": list(region.nodes[:2]), "km": SOME_KM}
