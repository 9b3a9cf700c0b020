"""Region: what the world is, as arrays, graphs and tables that do not change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, nearest_name
from sim.region import networks
from sim.region.checks import check, member_codes
from sim.region.filling import LAST_FILLED_YEAR, OBSERVED, STATUSES, Filled, Panel, complete
from sim.region.indicators import INDICATORS
from sim.region.layout import FIRST_YEAR
from sim.region.reading import Tables, digest, read_tables
from sim.region.selection import groups_within, provision_scores, select

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

#: The shipped regions and the groups of the shipped tables that make them up.
SHIPPED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"asean": ("asean",), "carec": ("carec",), "asean+carec": ("asean", "carec")}
)
TABLES = Path(__file__).parent / "tables"
BASE_YEAR = 2023
#: Tables that a loaded region keeps, for its profile, figures and sources.
_SHOWN = ("economies", "sources", "indicators", "provisions")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Region:
    """A region's economies, their figures and the networks between them. Nothing in it changes.

    ``economies`` are in the order of economies.csv; ``nodes`` are the economies, then the outside
    nodes, then ROW for the rest of the world. Arrays are read-only:

    ``trade_flows`` (node, node)
        goods, USD a year, mean of ``trade_years``; exporter in rows, zero diagonal.
    ``trade_weights`` (economy, economy)
        each partner's share of an economy's goods trade within the region; rows sum to 1.
    ``fibre_weights`` (economy, economy)
        strength of the links that work at the base year; symmetric.
    ``provisions``, ``provisions_sd`` (economy, 6)
        scores of 0 to 1 in the order of ``PROVISIONS``, and their standard deviation.
    """

    name: str
    economies: tuple[str, ...]
    nodes: tuple[str, ...]
    base_year: int
    trade_years: tuple[int, ...]
    trade: nx.DiGraph
    fibre: nx.MultiGraph
    trade_flows: Array
    trade_weights: Array
    fibre_weights: Array
    provisions: Array
    provisions_sd: Array
    provisions_status: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]
    digest: str
    _groups: dict[str, tuple[str, ...]]
    _panel: Panel
    _rows: NDArray[np.int64]
    _tables: Tables

    @classmethod
    def load(cls, name_or_path: str | Path) -> Region:
        """Load "asean", "carec" or "asean+carec", or a folder with the same tables.

        Raises ``InputError`` with every problem of the tables.
        """
        if isinstance(name_or_path, str) and name_or_path in SHIPPED:
            return _load(name_or_path, TABLES, SHIPPED[name_or_path])
        folder = Path(name_or_path)
        if not str(name_or_path) or not folder.is_dir():
            raise InputError(
                [
                    Problem(
                        "neither a shipped region nor a folder of tables",
                        field="region",
                        value=str(name_or_path),
                        allowed=", ".join(SHIPPED) + ", or the path of a folder",
                        nearest=nearest_name(name_or_path, SHIPPED),
                    )
                ]
            )
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
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        """Groups of economies, restricted to the region; "all" is the whole region."""
        return MappingProxyType(self._groups)

    @property
    def outside(self) -> tuple[str, ...]:
        """The nodes that are not economies of the region, ROW last."""
        return self.nodes[len(self.economies) :]

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators for which the tables have figures."""
        return tuple(self._panel.filled)

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

    def base(self, indicator: str) -> Array:
        """The indicator at the base year in model units, shape (economy,); filled where missing."""
        return self.series(indicator, self.base_year, self.base_year)[:, 0]

    def base_status(self, indicator: str) -> tuple[str, ...]:
        """How each figure of ``base`` came about: one of ``STATUSES``, by economy."""
        codes = self._select(self._filled(indicator).status, self.base_year, self.base_year)
        return tuple(STATUSES[code] for code in codes[:, 0])

    def series(self, indicator: str, start: int = FIRST_YEAR, end: int = BASE_YEAR) -> Array:
        """The indicator by year in model units, shape (economy, year), filled by its rule.

        Years between two figures know the later one: use ``series_observed`` to tell them apart.
        """
        return self._select(self._filled(indicator).values, start, end)

    def series_observed(
        self, indicator: str, start: int = FIRST_YEAR, end: int = BASE_YEAR
    ) -> NDArray[np.bool_]:
        """Which figures of ``series`` were published, shape (economy, year)."""
        observed: NDArray[np.bool_] = self._select(self._filled(indicator).status, start, end) == 0
        observed.setflags(write=False)
        return observed

    def years_since_observed(self, indicator: str) -> Array:
        """Years from the last figure up to the base year, shape (economy,); inf without any."""
        status = self._select(self._filled(indicator).status, FIRST_YEAR, self.base_year)
        seen = status == OBSERVED
        since = np.where(seen.any(axis=1), np.argmax(seen[:, ::-1], axis=1), np.inf)
        since.setflags(write=False)
        return since

    @property
    def goods_share(self) -> Array:
        """Agriculture and industry as a share of GDP at the base year, shape (economy,)."""
        return self.base("agriculture_share") + self.base("industry_share")

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

    def _filled(self, indicator: str) -> Filled:
        if indicator not in self._panel.filled:
            known = indicator in INDICATORS
            raise InputError(
                [
                    Problem(
                        f"the tables of {self.name} have no figure"
                        if known
                        else "no such indicator",
                        field="indicator",
                        value=indicator,
                        nearest="" if known else nearest_name(indicator, self._panel.filled),
                    )
                ]
            )
        return self._panel.filled[indicator]

    def _select(self, array: NDArray[Any], start: int, end: int) -> NDArray[Any]:
        """The region's rows and the years from ``start`` to ``end``, read-only."""
        last = int(self._panel.years[-1])
        if not FIRST_YEAR <= start <= end <= last:
            message = "no such years"
            allowed = f"{FIRST_YEAR} to {last}"
            raise InputError([Problem(message, field="years", value=(start, end), allowed=allowed)])
        chosen = array[self._rows, start - FIRST_YEAR : end - FIRST_YEAR + 1]
        chosen.setflags(write=False)
        return chosen


def _load(name: str, folder: Path, only: tuple[str, ...] | None) -> Region:
    """Load a folder's members, or those in the groups ``only``."""
    tables, warnings = read_tables(folder)
    check(tables)
    members = member_codes(tables)
    economies = select(tables, only)
    joined = networks.join(tables, economies, BASE_YEAR)
    scores, deviations, status = provision_scores(tables, members, economies)
    trade_years = tuple(sorted({int(year) for year in tables["trade"]["year"]}))
    return Region(
        name=name,
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
        warnings=(*warnings, *joined.warnings),
        digest=digest(tables, economies),
        _groups=groups_within(tables, economies),
        _panel=complete(
            tables["indicators"], members, BASE_YEAR, max(LAST_FILLED_YEAR, trade_years[-1])
        ),
        _rows=np.array([members.index(code) for code in economies], dtype=np.int64),
        _tables={shown: tables[shown] for shown in _SHOWN},
    )


def _fixed(array: Array) -> Array:
    array.setflags(write=False)
    return array
