"""What a region holds: its fields, and its figures by indicator and year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem, nearest_name
from sim.region.agreements import Agreement
from sim.region.filling import OBSERVED, STATUSES, Filled, Panel
from sim.region.indicators import INDICATORS
from sim.region.layout import FIRST_YEAR
from sim.region.reading import Tables

Array = NDArray[np.float64]

BASE_YEAR = 2023


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RegionData:
    """The fields of a ``Region``, which says what they mean, and the figures in them."""

    name: str
    folder: Path
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
    agreements: tuple[Agreement, ...]
    sovereignty: tuple[float, ...]
    warnings: tuple[str, ...]
    digest: str
    _groups: dict[str, tuple[str, ...]]
    _panel: Panel
    _rows: NDArray[np.int64]
    _tables: Tables

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators for which the tables have figures."""
        return tuple(self._panel.filled)

    @property
    def instruments(self) -> tuple[str, ...]:
        """Names of the agreements that two or more of the economies may join."""
        return tuple(agreement.name for agreement in self.agreements)

    def agreement(self, name: str) -> Agreement:
        """The agreement of that name. Raises ``InputError`` if the region has none."""
        for found in self.agreements:
            if found.name == name:
                return found
        raise InputError(
            [
                Problem(
                    f"no such agreement in {self.name}",
                    field="instrument",
                    value=name,
                    allowed=", ".join(self.instruments) or "none: agreements.csv has no rows",
                    nearest=nearest_name(name, self.instruments),
                )
            ]
        )

    @property
    def last_year(self) -> int:
        """The last year of ``series``."""
        return int(self._panel.years[-1])

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
        last = self.last_year
        if not FIRST_YEAR <= start <= end <= last:
            message = "no such years"
            allowed = f"{FIRST_YEAR} to {last}"
            raise InputError([Problem(message, field="years", value=(start, end), allowed=allowed)])
        chosen = array[self._rows, start - FIRST_YEAR : end - FIRST_YEAR + 1]
        chosen.setflags(write=False)
        return chosen
