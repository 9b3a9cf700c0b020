"""Region: what the world is, as arrays, graphs and tables that do not change."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, nearest_name
from sim.region import networks, services
from sim.region.agreements import agreements_of, regime_costs
from sim.region.cables import cables
from sim.region.checks import check, member_codes
from sim.region.data import BASE_YEAR, Array, RegionData
from sim.region.doubts import check_ages, jumps
from sim.region.filling import LAST_FILLED_YEAR, complete
from sim.region.reading import digest, read_tables
from sim.region.selection import groups_within, provision_scores, select

if TYPE_CHECKING:
    import pandas as pd

#: The shipped regions and the groups of the shipped tables that make them up.
SHIPPED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"asean": ("asean",), "carec": ("carec",), "asean+carec": ("asean", "carec")}
)
TABLES = Path(__file__).parent / "tables"
#: Tables that a loaded region keeps, for its profile, figures, sources and cables.
_SHOWN = ("economies", "sources", "indicators", "provisions", "fibre", "cable_hazards")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Region(RegionData):
    """A region's economies, their figures and the networks between them. Nothing in it changes.

    ``folder`` holds the tables that it was read from. ``economies`` are in the order of
    economies.csv; ``nodes`` are the economies, then the outside nodes, then ROW for the rest of the
    world. Arrays are read-only:

    ``trade_flows`` (node, node)
        goods, USD a year, mean of ``trade_years``; exporter in rows, zero diagonal.
    ``trade_weights`` (economy, economy)
        each partner's share of an economy's goods trade within the region; rows sum to 1.
    ``fibre_weights`` (economy, economy)
        strength of the links that work at the base year; symmetric.
    ``provisions``, ``provisions_sd`` (economy, 6)
        scores of 0 to 1 in the order of ``PROVISIONS``, and their standard deviation.

    ``agreements`` are those that two or more of the economies may join; ``sovereignty`` is what of
    it each economy would give up by a free flow of data, 0 to 1.
    """

    @classmethod
    def load(cls, name_or_path: str | Path) -> Region:
        """Load "asean", "carec" or "asean+carec", or a folder with the same tables.

        Raises ``InputError`` with every problem of the tables.
        """
        if isinstance(name_or_path, str) and name_or_path in SHIPPED:
            return _load(name_or_path, TABLES, SHIPPED[name_or_path])
        folder = Path(name_or_path)
        if not str(name_or_path) or not os.path.isdir(folder):
            raise InputError([_no_region(name_or_path)])
        return _load(folder.resolve().name, folder, None)

    def __repr__(self) -> str:
        outside = len(self.nodes) - len(self.economies)
        return (
            f"Region({self.name!r}: {len(self.economies)} economies, {outside} outside nodes, "
            f"base year {self.base_year}, {len(self.indicators)} indicators, "
            f"digest {self.digest[:12]})"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Region) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def is_shipped(self) -> bool:
        """Whether its tables come with the package."""
        return self.folder == TABLES

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Groups of economies, restricted to the region; "all" is the whole region."""
        return MappingProxyType(self._groups)

    @property
    def outside(self) -> tuple[str, ...]:
        """The nodes that are not economies of the region, ROW last."""
        return self.nodes[len(self.economies) :]

    def positions(self, names: str | Iterable[str]) -> NDArray[np.int64]:
        """Positions in ``economies`` of economies and groups, in order and without repetition.

        Raises ``InputError`` for a name that is neither.
        """
        wanted: set[str] = set()
        problems = []
        for name in [names] if isinstance(names, str) else names:
            if name in self._groups:
                wanted.update(self._groups[name])
            elif name in self.economies:
                wanted.add(name)
            else:
                known = (*self.economies, *self._groups)
                problems.append(
                    Problem(
                        f"neither an economy nor a group of {self.name}",
                        field="who",
                        value=name,
                        nearest=nearest_name(name, known),
                        allowed=", ".join(known),
                    )
                )
        if problems:
            raise InputError(problems)
        chosen = [i for i, code in enumerate(self.economies) if code in wanted]
        return np.array(chosen, dtype=np.int64)

    @cached_property
    def services_flows(self) -> Array:
        """Digital services, current USD of the base year, (economy + 1, economy + 1), sellers in
        rows, the rest of the world last: an estimate by gravity (``sim.region.services``)."""
        return _fixed(services.services_flows(self))

    @cached_property
    def services(self) -> nx.DiGraph:
        """Digital services trade as a graph: every edge has ``estimated`` True."""
        return services.services_graph(self, self.services_flows)

    @property
    def places(self) -> Mapping[str, dict[str, str]]:
        """The rows of economies.csv by code: names, coordinates, islands."""
        return {row["iso3"]: row for row in self._tables["economies"].rows()}

    @property
    def fibre_rows(self) -> list[dict[str, str]]:
        """The rows of fibre.csv, those of economies outside the region included."""
        return self._tables["fibre"].rows()

    @property
    def hazards(self) -> Mapping[tuple[str, str], str]:
        """Class of hazard by economy and kind of cable, for those that the tables classify."""
        return {(row["iso3"], row["kind"]): row["class"] for row in self._hazard_rows}

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the cable systems, of new routes and of the slots for scenarios' links."""
        return cables(self).names

    @property
    def planned_systems(self) -> tuple[str, ...]:
        """Names of the cable systems that are planned: scenarios may build them."""
        return tuple(one.name for one in cables(self).systems if one.status == "planned")

    @property
    def _hazard_rows(self) -> list[dict[str, str]]:
        return self._tables["cable_hazards"].rows()

    @property
    def profile(self) -> pd.DataFrame:
        """Name, role, region, capital, place and kind of every node but ROW, by code."""
        from sim.region import frames  # pandas takes half a second to import

        return frames.profile(self)

    @property
    def figures(self) -> pd.DataFrame:
        """Every base-year figure and provision, with status, rule and source; one row each."""
        from sim.region import frames

        return frames.figures(self)

    @property
    def sources(self) -> pd.DataFrame:
        """Publisher, series, vintage, licence and place of origin of every source, by key."""
        from sim.region import frames

        return frames.sources(self)


def _no_region(asked: str | Path) -> Problem:
    """Why what was asked for is not a region."""
    if str(asked) and os.path.exists(asked):
        return Problem(
            "is a file, not a folder of tables",
            field="region",
            value=str(asked),
            remedy="give the folder that holds economies.csv and the other tables",
        )
    return Problem(
        "neither a shipped region nor a folder of tables",
        field="region",
        value=str(asked),
        allowed=", ".join(SHIPPED) + ", or the path of a folder",
        nearest=nearest_name(asked, SHIPPED),
    )


def _load(name: str, folder: Path, only: tuple[str, ...] | None) -> Region:
    """Load a folder's members, or those in the groups ``only``."""
    tables, warnings = read_tables(folder)
    check(tables)
    members = member_codes(tables)
    economies = select(tables, only)
    joined = networks.join(tables, economies, BASE_YEAR)
    scores, deviations, status = provision_scores(tables, members, economies)
    trade_years = tuple(sorted({int(year) for year in tables["trade"]["year"]}))
    last_year = max(LAST_FILLED_YEAR, trade_years[-1])
    panel = complete(tables["indicators"], members, BASE_YEAR, last_year)
    check_ages(panel, tables["indicators"].file)
    return Region(
        name=name,
        folder=folder,
        economies=economies,
        nodes=joined.nodes,
        base_year=BASE_YEAR,
        trade_years=trade_years,
        trade=joined.trade,
        fibre=joined.fibre,
        trade_flows=_fixed(joined.trade_flows),
        trade_weights=_fixed(joined.trade_weights),
        fibre_weights=_fixed(joined.fibre_weights),
        provisions=_fixed(scores),
        provisions_sd=_fixed(deviations),
        provisions_status=status,
        agreements=agreements_of(tables, economies),
        sovereignty=regime_costs(tables, economies, tuple(scores[:, 0])),
        warnings=(*warnings, *joined.warnings, *jumps(panel, economies)),
        digest=digest(tables, economies),
        _groups=groups_within(tables, economies),
        _panel=panel,
        _rows=np.array([members.index(code) for code in economies], dtype=np.int64),
        _tables={shown: tables[shown] for shown in _SHOWN},
    )


def _fixed(array: Array) -> Array:
    array.setflags(write=False)
    return array
