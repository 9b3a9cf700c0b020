"""Turns the shocks of a scenario into paths: what is disturbed, by year and economy or cable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Problem
from sim.model.quantities import Array, Shocks, quantities
from sim.policy.entries import ShockEntry
from sim.policy.groups import economies_of
from sim.policy.places import Place
from sim.policy.shocks import ALIASES, EVENTS, SHOCKS, Effect, Event

if TYPE_CHECKING:
    from sim.region.region import Region

#: The paths that are by cable system and not by economy.
BY_SYSTEM = tuple(item.name for item in quantities(Shocks) if "system" in item.axes)
_TOLERANCE = 1e-9


def events_of(entry: ShockEntry) -> tuple[Event, ...]:
    """The events that an entry stands for; none if its name is unknown."""
    if entry.shock is not None:
        shock = SHOCKS.get(entry.shock)
        return tuple(EVENTS[id] for id in shock.usual) if shock else ()
    event = EVENTS.get(ALIASES.get(entry.event or "", entry.event or ""))
    return (event,) if event else ()


def cuts(event: Event) -> bool:
    """Whether an event takes cable systems away."""
    return any(effect.path in BY_SYSTEM for effect in event.effects)


def parts_hit(entry: ShockEntry, event: Event, region: Region) -> Mapping[str, float]:
    """The part of the size that hits each economy; those that are hit by none are left out."""
    who = event.who if entry.who is None else dict.fromkeys(entry.who, 1.0)
    hit: dict[str, float] = {}
    for name, part in who.items():
        for code in economies_of((name,), region):
            hit[code] = max(part, hit.get(code, 0.0))
    return {code: hit[code] for code in region.economies if code in hit}


def systems_cut(entry: ShockEntry, event: Event, region: Region) -> Mapping[str, float]:
    """The cable systems that an event takes away, with the part of the size that hits each.

    The one that is named, those between two ends, or those in service of the economies that are
    hit.
    """
    from sim.region.cables import OUTSIDE, cables

    known = cables(region)
    if entry.system is not None:
        return {entry.system: 1.0}
    if entry.link is not None:
        a, b = (code if code in region.economies else OUTSIDE for code in entry.link)
        return dict.fromkeys(known.joining(a, b), 1.0)
    hit = parts_hit(entry, event, region)
    return {
        system.name: max(hit[end] for end in system.ends if end in hit)
        for system in known.systems
        if system.status == "built" and any(end in hit for end in system.ends)
    }


def course(entry: ShockEntry, event: Event, effect: Effect, years: Array) -> Array:
    """Strength of an effect in each of ``years``, (year,), 1 for a full year.

    It lasts from the first year to the last, or for some months, or to the end; then it fades
    linearly from the strength of its last year.
    """
    first = entry.first_year
    months = entry.months or effect.months or event.months
    if entry.end is not None:
        months = 12.0 * (entry.end - first + 1)
    if months is None:
        return np.where(years >= first, 1.0, 0.0)
    since = years - first
    strength = np.where(since >= 0, np.clip(months / 12.0 - since, 0.0, 1.0), 0.0)
    fade = event.fade if entry.fade is None else entry.fade
    last = max(int(np.ceil(months / 12.0 - _TOLERANCE)) - 1, 0)
    after = since - last
    falling = np.clip(1.0 - after / (fade + 1.0), 0.0, 1.0) * min(months / 12.0 - last, 1.0)
    return np.where(after > 0, falling, strength)


def add_shocks(shocks: Shocks, entries: Iterable[ShockEntry], region: Region, horizon: int) -> None:
    """Add what checked entries do to the paths; several add up."""
    years = np.arange(region.base_year + 1, horizon + 1, dtype=float)
    for entry in entries:
        for event in events_of(entry):
            for effect in event.effects:
                by_system = effect.path in BY_SYSTEM
                names = region.systems if by_system else region.economies
                found = (systems_cut if by_system else parts_hit)(entry, event, region)
                parts = np.array([found.get(name, 0.0) for name in names])
                size = entry.size * effect.value * course(entry, event, effect, years)
                path = getattr(shocks, effect.path)
                path += size[:, None] * parts


def range_problems(shocks: Shocks, region: Region, place: Place) -> Iterator[Problem]:
    """Paths that shocks together push out of what the model allows."""
    for item in quantities(Shocks):
        path = getattr(shocks, item.name)
        beyond = np.maximum(path - item.high, item.low - path)
        if not path.size or beyond.max() <= _TOLERANCE:
            continue
        year, who = np.unravel_index(int(beyond.argmax()), path.shape)
        names = region.systems if item.name in BY_SYSTEM else region.economies
        yield place.problem(
            f"shocks add up to {item.name} {path[year, who]:.3g} for {names[who]} in "
            f"{region.base_year + 1 + year}",
            allowed=f"{item.low:g} to {item.high:g} ({item.unit})",
            remedy="make them smaller, or let them not come at once",
        )
