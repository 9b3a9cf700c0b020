"""Projects of international links: who pays for them, and what they add to which cable system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.model.quantities import Levers
from sim.policy.entries import LeverEntry
from sim.policy.groups import economies_of
from sim.policy.levers import Lever

if TYPE_CHECKING:
    from sim.region.region import Region


def project_payers(entry: LeverEntry, region: Region) -> tuple[str, ...]:
    """Those named in ``who`` at the ends of the project, or, if none is, all who are named."""
    named = economies_of(entry.who, region)
    ends = [code for code in named if code in (entry.link or ())]
    return tuple(ends) or named


def lay(
    entry: LeverEntry,
    capacity: float,
    levers: Levers,
    cells: tuple[NDArray[np.int_], ...],
    region: Region,
) -> None:
    """Put a project into the paths: its route by year and payer, its capacity when it is ready.

    The route is paid for in equal parts by the years and the payers. Several projects add up.
    """
    years, payers = cells
    levers.link_route[cells] += (entry.km or 0.0) / (years.size * payers.size)


#: Length of a link of which nothing is known but its ends, in km.
SOME_KM = 2000.0


def needed_options(kind: Lever, region: Region) -> dict[str, Any]:
    """Options without which a lever says nothing in a region: for trials of every lever alike."""
    if kind.form != "project":
        return {}
    return {"link": list(region.nodes[:2]), "km": SOME_KM}
