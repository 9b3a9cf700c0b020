"""Projects of international links: who pays for them, and what they add to which cable system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.model.quantities import Levers
from sim.policy.entries import LeverEntry
from sim.policy.groups import economies_of
from sim.policy.levers import REGISTRY, Lever
from sim.region.cables import PROJECT_SLOTS, Project, cables

if TYPE_CHECKING:
    from sim.region.region import Region


def projects_of(entries: Iterable[LeverEntry], region: Region) -> tuple[Project, ...]:
    """The new links that entries name, each once, in the order of the slots that they fill.

    A link is submarine if one of its ends is an island, else by land. Raises InputError when there
    are more than slots.
    """
    found = dict.fromkeys(
        _project(entry, region)
        for entry in entries
        if REGISTRY[entry.lever].form == "project" and entry.link and not entry.is_zero
    )
    if len(found) > PROJECT_SLOTS:
        problem = Problem(
            "too many new links in one scenario", field="levers", value=len(found),
            allowed=f"at most {PROJECT_SLOTS}",
            remedy="name planned systems of the region, or join links with the same ends",
        )  # fmt: skip
        raise InputError([problem])
    return tuple(found)


def _project(entry: LeverEntry, region: Region) -> Project:
    ends = tuple(entry.link or ())
    islands = [code for code in ends if region.places[code]["island"] == "1"]
    return Project(name="-".join(ends), ends=ends, length_km=entry.km or 0.0,
                   submarine=bool(islands))  # fmt: skip


def project_payers(entry: LeverEntry, region: Region) -> tuple[str, ...]:
    """Those named in ``who`` at the ends of the project, or, if none is, all who are named."""
    named = economies_of(entry.who, region)
    ends: tuple[str, ...] = tuple(entry.link or ())
    if entry.system:
        ends = next(system.ends for system in _systems(region) if system.name == entry.system)
    return tuple(code for code in named if code in ends) or named


def _systems(region: Region) -> tuple[Any, ...]:
    return cables(region).systems


def lay(
    entry: LeverEntry,
    capacity: float,
    levers: Levers,
    cells: tuple[NDArray[np.int_], ...],
    region: Region,
    projects: tuple[Project, ...],
) -> None:
    """Put a project into the paths: its route by year and payer, its capacity when it is ready.

    The route is paid for in equal parts by the years and the payers. Several projects add up.
    ``projects`` are the new links of the whole scenario, in the order of the slots.
    """
    years, payers = cells
    km = entry.km or 0.0
    if entry.system:
        position = region.systems.index(entry.system)
        km = km or _systems(region)[position].length_km
    else:
        position = cables(region).slot(projects.index(_project(entry, region)))
    levers.link_route[cells] += km / (years.size * payers.size)
    levers.link_capacity[years.max(), position] += capacity


#: Length of a link of which nothing is known but its ends, in km.
SOME_KM = 2000.0


def needed_options(kind: Lever, region: Region) -> dict[str, Any]:
    """Options without which a lever says nothing in a region: for trials of every lever alike."""
    if kind.form != "project":
        return {}
    return {"link": list(region.nodes[:2]), "km": SOME_KM}
