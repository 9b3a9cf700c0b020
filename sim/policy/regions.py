"""Finds the region that a scenario names: one that is shipped, or a folder."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, nearest_name
from sim.policy.places import NOWHERE, Place

if TYPE_CHECKING:
    from sim.region.region import Region

#: The regions that come with the package.
SHIPPED = ("asean", "carec", "asean+carec")


def region_key(written: str, folder: Path) -> str:
    """A shipped name as it is; else the absolute path of the folder, relative to ``folder``."""
    if written in SHIPPED or "\0" in written or not written.strip():
        return written
    return os.path.abspath(folder / written)


def open_region(key: str, place: Place = NOWHERE) -> Region:
    """The region of a key. Raises InputError if there is none or its tables are wrong."""
    if key in SHIPPED:
        return _shipped(key)
    if "\0" in key or not os.path.isdir(key):
        name = os.path.basename(key)
        if "\0" not in key and os.path.exists(key):
            remedy = "give the folder that holds economies.csv and the other tables"
            message = "is a file, not a folder of tables"
            raise InputError([place.problem(message, value=name, remedy=remedy)])
        raise InputError(
            [
                place.problem(
                    "no such region",
                    value=name,
                    allowed=", ".join(SHIPPED) + ", or the path of a folder",
                    nearest=nearest_name(name, SHIPPED),
                )
            ]
        )
    from sim.region.region import Region

    return Region.load(key)


@cache
def _shipped(name: str) -> Region:
    from sim.region.region import Region

    return Region.load(name)
