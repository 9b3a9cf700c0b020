"""What a shock, an event that stands behind it, and an effect are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

EVERYBODY: Mapping[str, float] = MappingProxyType({"all": 1.0})


@dataclass(frozen=True)
class Effect:
    """What an event of size 1 does to one path of the model's ``Shocks`` in a full year, and why.

    ``months`` is how long it acts, where that differs from the event.
    """

    path: str
    value: float
    why: str
    months: float | None = None


@dataclass(frozen=True)
class Event:
    """One row of the strategies' conflicts and events (``id``, E001 to E050), in our own words.

    ``who`` are the economies and groups that it hits, with the part of the size that hits each.
    It lasts ``months`` (None: to the horizon), then fades over ``fade`` years.
    """

    id: str
    name: str
    shock: str
    meaning: str
    document: str
    effects: tuple[Effect, ...]
    who: Mapping[str, float] = field(default_factory=lambda: EVERYBODY)
    months: float | None = 12.0
    fade: int = 0


@dataclass(frozen=True)
class Shock:
    """One kind of shock, S01 to S20; by itself it stands for its ``usual`` events together."""

    code: str
    name: str
    title: str
    usual: tuple[str, ...]


def hits(**parts: float) -> Mapping[str, float]:
    """Whom an event hits, and with which part of its size."""
    return MappingProxyType(parts)
