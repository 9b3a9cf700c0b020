"""Agreements on digital trade: what each asks, who may join, who has joined and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.region.indicators import PROVISIONS

if TYPE_CHECKING:
    from sim.region.reading import Tables

#: How an agreement came about: among all members of a closed group, open to whoever wants to join,
#: or a national law that states copy from each other.
KINDS = ("open", "club", "law")
BINDING = ("voluntary", "best_endeavour", "binding")
#: When it enters into force: once all who may join have ratified, once ``needed`` have, or for each
#: when it joins.
ENTRY = ("all", "count", "each")
EVENTS = (
    "eligible", "negotiating", "signed", "ratified", "acceded", "enacted", "in_force",
)  # fmt: skip
#: Events by which a state becomes a party; of others it is one from entry into force.
JOINING = ("ratified", "acceded", "enacted")
HOW_KNOWN = ("verified", "derived", "recalled", "judgement")
#: Regimes of data across borders, and what of its sovereignty in them a state gives up by a free
#: flow (judgement: China-ASEAN industry cooperation paper for the order).
REGIMES: Mapping[str, float] = MappingProxyType(
    {"localisation": 1.0, "adequacy": 0.5, "free_flow": 0.0}
)
#: Scores of data_flows below which a state without a regime on record counts as localising, and as
#: asking for adequacy (judgement; they hold for five of the seven on record).
LOCALISING, ADEQUATE = 0.45, 0.75


@dataclass(frozen=True)
class Agreement:
    """One agreement as a region sees it.

    ``asked`` is the level of each of the six provisions (0: nothing), ``paperless`` that of
    paperless trade; ``opens`` the year of signature (None: only proposed); ``may_join`` the
    region's economies that can be parties, ``joined`` the years in which parties joined, as far as
    recorded; ``in_force`` the year since when it is in force (None: it is not); ``needed`` how many
    must ratify, among the region's own.
    """

    name: str
    title: str
    kind: str
    binding: str
    needed: int
    opens: int | None
    in_force: int | None
    asked: tuple[float, ...]
    paperless: float
    may_join: tuple[str, ...]
    joined: Mapping[str, int]

    @property
    def levels(self) -> dict[str, float]:
        """Level that it asks of each provision that it covers."""
        pairs = zip(PROVISIONS, self.asked, strict=True)
        return {provision: level for provision, level in pairs if level > 0.0}


def agreements_of(tables: Tables, economies: tuple[str, ...]) -> tuple[Agreement, ...]:
    """The agreements that two or more of the economies may join, in the order of the table."""
    found = (_agreement(row, tables, economies) for row in tables["agreements"].rows())
    return tuple(agreement for agreement in found if len(agreement.may_join) > 1)


def _agreement(row: dict[str, str], tables: Tables, economies: tuple[str, ...]) -> Agreement:
    events = [one for one in tables["instruments"].rows() if one["instrument"] == row["instrument"]]
    parties = {one["iso3"] for one in events}
    may_join = tuple(code for code in economies if code in parties)
    joined = {code: year for code in may_join if (year := _year_joined(events, code))}
    needed = {"all": len(may_join), "each": 1}.get(row["entry"])
    in_force = [_year(one["date"]) for one in events if one["event"] == "in_force"]
    return Agreement(
        name=row["instrument"],
        title=row["title"],
        kind=row["kind"],
        binding=row["binding"],
        needed=int(row["needed"]) if needed is None else needed,
        opens=int(row["opens"]) if row["opens"] else None,
        in_force=min(in_force, default=None),
        asked=tuple(float(row[provision] or 0.0) for provision in PROVISIONS),
        paperless=float(row["paperless_trade"] or 0.0),
        may_join=may_join,
        joined=joined,
    )


def _year_joined(events: list[dict[str, str]], code: str) -> int | None:
    """The year in which an economy became a party, or None."""
    for kinds in (JOINING, ("in_force",)):
        years = [
            _year(one["date"]) for one in events if one["iso3"] == code and one["event"] in kinds
        ]
        if years:
            return min(years)
    return None


def _year(date: str) -> int:
    return int(date[:4])


def undated(tables: Tables) -> Iterator[tuple[int, str]]:
    """Line and event of each row that must have a date and has none."""
    table = tables["instruments"]
    for line, event, date in zip(table.lines, table["event"], table["date"], strict=True):
        if event in (*JOINING, "in_force") and not date:
            yield line, event


def regime_costs(
    tables: Tables, economies: tuple[str, ...], data_flows: tuple[float, ...]
) -> tuple[float, ...]:
    """What of its sovereignty over data each economy would give up by a free flow, 0 to 1.

    From its regime on record, or else from its score of ``data_flows``.
    """
    known = dict(zip(tables["regimes"]["iso3"], tables["regimes"]["regime"], strict=True))
    scores = zip(economies, data_flows, strict=True)
    return tuple(REGIMES[known.get(code) or regime_by_score(score)] for code, score in scores)


def regime_by_score(data_flows: float) -> str:
    """The regime of an economy of which none is on record."""
    if data_flows < LOCALISING:
        return "localisation"
    return "adequacy" if data_flows < ADEQUATE else "free_flow"
