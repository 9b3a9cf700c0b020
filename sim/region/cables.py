"""Cable systems of a region: who is joined by which, how large, how long, how exposed, since when.

The nodes of the graph are the economies and one outside node, in which the hubs and the rest of the
world are merged. What fails is a system, not a pair: a submarine system with many landings joins
every two of them, and its capacity is shared out so that each landing has it once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sim.region.distances import great_circle

if TYPE_CHECKING:
    from sim.region.region import Region

#: The one node outside the region.
OUTSIDE = "outside"
#: Blank systems for links that scenarios name: they join nothing until a scenario says what.
PROJECT_SLOTS = 12
#: Design capacity of a submarine trunk that was ready in 2016, in Gbit/s (Asia Pacific Gateway),
#: and its growth with the year; systems of two or three landings have half of it. Judgement, which
#: meets the published design capacities within a factor of three.
TRUNK_CAPACITY, TRUNK_YEAR, TRUNK_GROWTH, SHORT_SHARE = 54_800.0, 2016, 0.13, 0.5
#: The oldest and the newest generation for which that growth is followed.
TRUNK_YEARS = (1999, 2030)
#: Design capacity of a link by land in Gbit/s (a hundred channels of 100 Gbit/s), by how sure it is
#: that there is one (judgement).
LAND_CAPACITY = 10_000.0
LAND_SURE = {"high": 1.0, "medium": 0.7, "low": 0.4, "low_inferred": 0.2}
#: Published capacities of links by land that are older are those of their opening.
LAND_PUBLISHED_SINCE = 2022
#: A route is longer than the air line between capitals by this, and what of it can break across
#: a border is at most so long in km (judgement; inland networks are meshed).
DETOUR, LONGEST_LAND_ROUTE = 1.3, 1000.0
#: Without a published length a submarine system is taken to be so long per landing, in km.
KM_PER_LANDING = 1500.0
#: Two capitals that are nearer than this may be joined by a new link by land, in km (judgement).
NEIGHBOURS_WITHIN = 700.0
#: Works without a date in the sources end so many years after the base year (judgement).
YEARS_OF_WORKS = 3
#: Classes of hazard, the mildest first; a class that is not given is moderate.
HAZARDS = ("low", "moderate", "high", "extreme")
MODERATE = HAZARDS.index("moderate")
_BUILT = ("in_service", "trial", "under_construction")


@dataclass(frozen=True, kw_only=True)
class Project:
    """A link that a scenario names: what it joins (economies or ``OUTSIDE``) and its length."""

    name: str
    ends: tuple[str, ...]
    length_km: float
    submarine: bool = False


@dataclass(frozen=True, kw_only=True)
class System:
    """One cable system. ``links`` are (node, node, share of its capacity).

    ``status`` is ``built`` (in service from ``ready_year`` on), ``planned``, ``candidate`` (a new
    route by land that two neighbours may decide on) or ``project`` (a slot for scenarios).
    ``capacity`` is by design, in Gbit/s; ``hazard`` the mean class of its economies, 0 to 3.
    """

    name: str
    status: str
    submarine: bool
    ready_year: int
    capacity: float
    length_km: float
    hazard: float
    landings: int
    links: tuple[tuple[str, str, float], ...]

    @property
    def ends(self) -> tuple[str, ...]:
        """The economies that it joins, and OUTSIDE, in alphabetical order."""
        return tuple(sorted({node for a, b, _ in self.links for node in (a, b)}))


@dataclass(frozen=True)
class Cables:
    """The cable systems of a region, in the order of the ``system`` axis."""

    economies: tuple[str, ...]
    systems: tuple[System, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the systems; those of ``built`` and ``planned`` ones are the tables'."""
        return tuple(system.name for system in self.systems)

    def joining(self, a: str, b: str) -> tuple[str, ...]:
        """Names of the built systems with a link between two economies, or one and OUTSIDE."""
        return tuple(
            system.name
            for system in self.systems
            if system.status == "built" and any({a, b} == {i, j} for i, j, _ in system.links)
        )

    def slot(self, number: int) -> int:
        """Position on the ``system`` axis of a scenario's link, ``number`` counted from 0."""
        return len(self.systems) - PROJECT_SLOTS + number


def cables(region: Region, projects: Sequence[Project] = ()) -> Cables:
    """The systems of a region; ``projects`` fill its slots in turn (at most PROJECT_SLOTS).

    Systems are those of fibre.csv that join two economies, or one and the outside; then new routes
    by land between neighbours; then the slots. Their number depends on the region alone, so that
    scenarios share their luck.
    """
    slots = (_project(region, k, projects) for k in range(PROJECT_SLOTS))
    return Cables(region.economies, (*_without_slots(region), *slots))


@lru_cache(maxsize=16)
def _without_slots(region: Region) -> tuple[System, ...]:
    """What the region alone says; regions are equal if their tables are."""
    return (*_table_systems(region), *_candidates(region))


def _table_systems(region: Region) -> list[System]:
    rows_of: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in region.fibre_rows:
        known = row["a"] in region.economies or row["b"] in region.economies
        if known and row["status"] in (*_BUILT, "planned"):
            rows_of[row["system"]].append(row)
    return [_system(region, name, rows_of[name]) for name in sorted(rows_of)]


def _system(region: Region, name: str, rows: list[dict[str, str]]) -> System:
    """One system from its rows; rows that differ in kind or status count as the first."""
    first = rows[0]
    submarine = first["kind"] == "submarine"
    listed = {code for row in rows for code in (row["a"], row["b"])}
    inside = [code for code in region.economies if code in listed]
    landings = max(int(first["landings"] or 0), len(listed))
    built = first["status"] != "planned"
    year = int(first["ready_year"]) if first["ready_year"] else region.base_year
    if first["status"] == "under_construction" and not first["ready_year"]:
        year = region.base_year + YEARS_OF_WORKS
    given = max((float(row["capacity_tbps"] or 0.0) for row in rows), default=0.0) * 1000.0
    links = _landings(inside, landings) if submarine else _by_land(region, rows)
    length = float(first["length_km"] or 0.0)
    if not length and submarine:
        length = KM_PER_LANDING * landings
    elif not length:
        length = sum(land_route(region, row["a"], row["b"]) for row in rows)
    return System(
        name=name,
        status="built" if built else "planned",
        submarine=submarine,
        ready_year=year,
        capacity=_capacity(submarine, year, landings, first, given),
        length_km=length,
        hazard=_hazard(region, inside, submarine),
        landings=landings,
        links=links,
    )


def _capacity(
    submarine: bool, year: int, landings: int, row: dict[str, str], given: float
) -> float:
    """Design capacity in Gbit/s: as published, or else by kind, generation and confidence."""
    if submarine:
        if given:
            return given
        generation = min(max(year, TRUNK_YEARS[0]), TRUNK_YEARS[1]) - TRUNK_YEAR
        short = SHORT_SHARE if landings <= 3 else 1.0
        return short * TRUNK_CAPACITY * (1.0 + TRUNK_GROWTH) ** generation
    rule = LAND_CAPACITY * LAND_SURE[row["confidence"]]
    recent = int(row["ready_year"] or 0) >= LAND_PUBLISHED_SINCE
    return given if given and recent else max(rule, given)


def _landings(inside: list[str], landings: int) -> tuple[tuple[str, str, float], ...]:
    """Links of a submarine system: every two landings share 1 / (landings - 1) of its capacity.

    Landings that are no economies of the region are outside, also those that no row names.
    """
    share = 1.0 / (landings - 1)
    pairs = [(a, b, share) for i, a in enumerate(inside) for b in inside[i + 1 :]]
    outside = (landings - len(inside)) * share
    return (*pairs, *((code, OUTSIDE, outside) for code in inside if outside > 0.0))


def _by_land(region: Region, rows: list[dict[str, str]]) -> tuple[tuple[str, str, float], ...]:
    """Links of a system by land: one a row, each with all of its capacity."""
    links = {}
    for row in rows:
        a, b = (code if code in region.economies else OUTSIDE for code in (row["a"], row["b"]))
        links[min(a, b), max(a, b)] = 1.0
    return tuple((a, b, share) for (a, b), share in sorted(links.items()) if a != b)


def _candidates(region: Region) -> list[System]:
    """New routes by land: where one is, or where two capitals on the mainland are near."""
    islands = {code for code, row in region.places.items() if row["island"] == "1"}
    pairs = set()
    for row in region.fibre_rows:
        if row["kind"] == "terrestrial" and {row["a"], row["b"]} <= set(region.economies):
            pairs.add((min(row["a"], row["b"]), max(row["a"], row["b"])))
    mainland = [code for code in region.economies if code not in islands]
    for i, a in enumerate(mainland):
        for b in mainland[i + 1 :]:
            if distance_km(region, a, b) <= NEIGHBOURS_WITHIN:
                pairs.add((min(a, b), max(a, b)))
    return [
        System(
            name=f"new route {a}-{b}",
            status="candidate",
            submarine=False,
            ready_year=0,
            capacity=LAND_CAPACITY,
            length_km=land_route(region, a, b),
            hazard=_hazard(region, [a, b], False),
            landings=2,
            links=((a, b, 1.0),),
        )
        for a, b in sorted(pairs)
    ]


def _project(region: Region, number: int, projects: Sequence[Project]) -> System:
    """A slot, blank or filled with a scenario's link: ends that are many share like landings."""
    project = projects[number] if number < len(projects) else None
    inside = [code for code in region.economies if project and code in project.ends]
    abroad = sum(code not in region.economies for code in project.ends) if project else 0
    landings = max(len(inside) + abroad, 2)
    submarine = bool(project and project.submarine)
    return System(
        name=_slot(number),
        status="project",
        submarine=submarine,
        ready_year=0,
        capacity=0.0,
        length_km=project.length_km if project else 0.0,
        hazard=_hazard(region, inside, submarine),
        landings=landings,
        links=_landings(inside, landings) if project else (),
    )


def _slot(number: int) -> str:
    return f"project_{number + 1}"


def _hazard(region: Region, inside: Sequence[str], submarine: bool) -> float:
    """Mean class of hazard over the economies of a system, moderate without any."""
    kind = "submarine" if submarine else "terrestrial"
    found = [HAZARDS.index(region.hazards.get((code, kind), "moderate")) for code in inside]
    return sum(found) / len(found) if found else float(MODERATE)


def land_route(region: Region, a: str, b: str) -> float:
    """Length of a route by land between two economies that can break, in km."""
    return min(DETOUR * distance_km(region, a, b), LONGEST_LAND_ROUTE)


def distance_km(region: Region, a: str, b: str) -> float:
    """Great-circle distance between the capitals of two economies of the tables."""
    one, other = (
        (float(region.places[code]["latitude"]), float(region.places[code]["longitude"]))
        for code in (a, b)
    )
    return float(great_circle(*one, *other))
