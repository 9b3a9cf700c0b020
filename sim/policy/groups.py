"""Whom the names in a scenario stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.errors import Problem, nearest_name
from sim.policy.places import Place

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


def unknown_members(who: Iterable[str], place: Place, region: Region) -> list[Problem]:
    """Names of economies and groups that the region does not have; ``place`` is the entry's."""
    problems = []
    known = list(dict.fromkeys([*region.economies, *region.groups, "all"]))
    for position, name in enumerate(who):
        if name in known:
            continue
        here = place.at("who", position)
        if here.lines and here.path not in here.lines:
            here = place.at("who")
        problems.append(
            here.problem(
                f"not an economy or group of {region.name}",
                value=name,
                allowed=", ".join(known),
                nearest=nearest_name(name, known),
            )
        )
    return problems


def pair_problems(ends: Sequence[str], region: Region, place: Place) -> list[Problem]:
    """Whether two ends of a link are places, and one of them is in the region."""
    from sim.region.cables import OUTSIDE

    known = (*region.nodes[:-1], OUTSIDE)  # without the rest of the world
    wrong = [end for end in ends if end not in known]
    if wrong:
        return [
            place.problem(
                f"{region.name} has no such place",
                value=end,
                allowed=", ".join(known),
                nearest=nearest_name(end, known),
            )
            for end in wrong
        ]
    if len(set(ends)) < len(ends) or not set(ends) & set(region.economies):
        remedy = "name two places, at least one of them an economy of the region"
        return [place.problem("joins nothing", value=list(ends), remedy=remedy)]
    return []
