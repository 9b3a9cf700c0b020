"""The shocks: twenty kinds, and the fifty events of the strategies that stand behind them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sim.policy.levers import Scale
from sim.policy.shocks import markets, nature, security
from sim.policy.shocks.kinds import Effect, Event, Shock

__all__ = ["ALIASES", "EVENTS", "FADE", "MONTHS", "SHOCKS", "SIZE", "Effect", "Event", "Shock"]

_PARTS = (nature, security, markets)

#: Every kind of shock by name, in the order of its code.
SHOCKS: Mapping[str, Shock] = MappingProxyType(
    {
        shock.name: shock
        for shock in sorted((s for part in _PARTS for s in part.SHOCKS), key=lambda s: s.code)
    }
)

#: Every event by its id, in order.
EVENTS: Mapping[str, Event] = MappingProxyType(
    {
        event.id: event
        for event in sorted((e for part in _PARTS for e in part.EVENTS), key=lambda e: e.id)
    }
)

#: Other names under which events are found: their own.
ALIASES: Mapping[str, str] = MappingProxyType({event.name: event.id for event in EVENTS.values()})

#: What may be written of a shock.
SIZE = Scale("times the usual", 0.0, 10.0, 0.1, 3.0)
MONTHS = Scale("months", 0.1, 480.0, 0.1, 120.0)
FADE = Scale("years", 0.0, 20.0, 1.0, 10.0)
