"""Whom the names in a scenario stand for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.region.region import Region


def economies_of(who: Iterable[str], region: Region) -> tuple[str, ...]:
    """The economies (ISO 3166-1 alpha-3) that names stand for, in the order of the region."""
    chosen: set[str] = set()
    for name in who:
        if name in region.economies:
            chosen.add(name)
        elif name == "all":
            chosen.update(region.economies)
        else:
            chosen.update(region.groups.get(name, ()))
    return tuple(code for code in region.economies if code in chosen)
