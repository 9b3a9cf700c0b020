"""Published history behind the projections, and base-year figures that are imputed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.region.layout import FIRST_YEAR

if TYPE_CHECKING:
    from sim.model.quantities import Array
    from sim.region.region import Region

#: First year shown: what went before is of little use beside a path to 2035.
SHOWN_FROM = 2012
#: A region's figure is shown where published figures cover this part of its people.
COVERED = 0.8
#: KPI, indicators that make it up (the second divides), and the factor to the KPI's unit.
_SOURCES = {
    "internet_users": (("internet_users",), 100.0),
    "fixed_broadband": (("fixed_broadband",), 100.0),
    "basic_skills": (("basic_digital_skills",), 100.0),
    "gdp_per_person": (("gdp", "population"), 1.0),
}


@dataclass(frozen=True)
class History:
    """Published figures of one place: years and values in the KPI's unit.

    ``imputed`` is the base year and its figure where that one was not published, else None.
    """

    years: Array
    values: Array
    imputed: tuple[int, float] | None = None

    @property
    def every_value(self) -> Array:
        """All figures, published and imputed."""
        return self.values if self.imputed is None else np.append(self.values, self.imputed[1])


def history(region: Region | None, kpi: str, place: str) -> History | None:
    """What was published of an economy or group up to the base year, and what is imputed.

    None for a KPI that no indicator gives.
    """
    if region is None or kpi not in _SOURCES:
        return None
    names, factor = _SOURCES[kpi]
    if any(name not in region.indicators for name in names):
        return None
    rows = _members(region, place)
    start = max(SHOWN_FROM, FIRST_YEAR)
    years = np.arange(start, region.base_year + 1)
    series = [region.series(name, start, region.base_year)[rows] for name in names]
    seen = np.logical_and.reduce(
        [region.series_observed(name, start, region.base_year)[rows] for name in names]
    )
    people = region.series("population", start, region.base_year)[rows]
    if len(series) == 2:
        values = series[0].sum(axis=0) / series[1].sum(axis=0)
    else:
        values = (series[0] * people).sum(axis=0) / people.sum(axis=0)
    shown = (people * seen).sum(axis=0) >= COVERED * people.sum(axis=0)
    imputed = None if shown[-1] else (region.base_year, float(factor * values[-1]))
    return History(years[shown], factor * values[shown], imputed)


def history_source(region: Region | None, kpi: str) -> str:
    """Who published the history of a KPI."""
    if region is None or kpi not in _SOURCES:
        return ""
    figures = region.figures
    rows = figures[figures["indicator"].isin(_SOURCES[kpi][0])]
    names = [re.sub(r" \(via .*\)", "", name) for name in rows["publisher"] if name != "estimate"]
    return "; ".join(sorted(set(names))[:2])


def _members(region: Region, place: str) -> list[int]:
    if place in region.economies:
        return [region.economies.index(place)]
    whole, _, left_out = place.partition(" without ")
    codes = region.groups.get(whole, region.economies)
    return [region.economies.index(code) for code in codes if code != left_out]
