"""Which links of a region a map shows, and how strong each is drawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.region.region import Region

#: Trade links shown: for each economy so many within the region, and so many to the outside.
TRADE_WITHIN, TRADE_OUTSIDE = 2.5, 1.5
#: Fibre links shown to the outside, the strongest, for each economy.
FIBRE_OUTSIDE = 1.5


@dataclass(frozen=True)
class Link:
    """A line between two nodes. ``kind``: trade, submarine, terrestrial or planned."""

    a: str
    b: str
    kind: str
    value: float
    outside: bool


def trade_links(region: Region) -> list[Link]:
    """The largest goods flows, both ways together, in USD bn a year, strongest first.

    Every economy keeps its largest partner, so that none stands alone.
    """
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for a, b, flow in region.trade.edges(data=True):
        if "ROW" in (a, b) or (a in region.outside and b in region.outside):
            continue
        sums[_pair(region, a, b)] += flow["value_usd"] / 1e9
    links = [
        Link(a, b, "trade", value, b in region.outside)
        for (a, b), value in sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    ]
    count = len(region.economies)
    within = [link for link in links if not link.outside]
    outside = [link for link in links if link.outside]
    kept = within[: round(TRADE_WITHIN * count)] + outside[: round(TRADE_OUTSIDE * count)]
    for code in region.economies:
        largest = next((link for link in links if code in (link.a, link.b)), None)
        if largest is not None and largest not in kept:
            kept.append(largest)
    return sorted(kept, key=lambda link: (-link.value, link.a, link.b))


def fibre_links(region: Region) -> list[Link]:
    """Fibre links by summed strength: those in service in the base year, and planned ones.

    A planned link is shown where two economies have none of its kind in service.
    """
    working: dict[tuple[str, str, str], float] = defaultdict(float)
    planned: dict[tuple[str, str, str], float] = defaultdict(float)
    for a, b, link in region.fibre.edges(data=True):
        if a in region.outside and b in region.outside:
            continue
        key = (*_pair(region, a, b), link["kind"])
        if link["at_base"]:
            working[key] += link["strength"]
        elif link["status"] in ("planned", "under_construction", "in_service"):
            planned[key] += link["strength"]
    links = [Link(a, b, kind, value, b in region.outside) for (a, b, kind), value in
             sorted(working.items(), key=lambda item: (-item[1], item[0]))]  # fmt: skip
    outside = [link for link in links if link.outside]
    kept = [link for link in links if not link.outside]
    kept += outside[: round(FIBRE_OUTSIDE * len(region.economies))]
    kept += [Link(a, b, "planned", value, False) for (a, b, kind), value in sorted(planned.items())
             if (a, b, kind) not in working and b not in region.outside]  # fmt: skip
    return kept


def _pair(region: Region, a: str, b: str) -> tuple[str, str]:
    """Two nodes in the region's order: an economy before an outside node."""
    first, second = sorted((a, b), key=region.nodes.index)
    return first, second
