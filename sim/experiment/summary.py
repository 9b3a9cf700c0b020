"""From ensemble members to projections, paired effects and costs, in memory of a fixed size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment.store import YEARS_PER_GROUP, Members, positions
from sim.kpi.registry import KPIS, Kpi, aggregate, weight_column
from sim.model.quantities import LEVERS, PAYERS, Array

QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
LEVELS = (*QUANTILES, "mean")
CHANGES = (*LEVELS, "probability_better")
#: Differences smaller than this (in the KPI's unit) are no difference: rounding, not policy.
NO_DIFFERENCE = 1e-9
#: Bytes of members that are held at once. Quantiles are exact: a series (one KPI, place and year)
#: is always whole, and what does not fit is read in several goes.
HELD = 48 * 2**20


@dataclass(frozen=True)
class Layout:
    """What a scenario's members hold: its economies, years, and groups to add up.

    ``wanted_places`` and ``wanted_years`` are what is asked for of it, None for all.
    """

    folder: Path
    members: int
    economies: tuple[str, ...]
    held_years: tuple[int, ...]
    regions: Mapping[str, tuple[str, ...]]
    wanted_places: tuple[str, ...] | None = None
    wanted_years: tuple[int, ...] | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The places asked for: economies, then regions, where it is all."""
        if self.wanted_places is None:
            return (*self.economies, *self.regions)
        return self.wanted_places

    @property
    def years(self) -> tuple[int, ...]:
        """The years asked for."""
        return self.held_years if self.wanted_years is None else self.wanted_years

    def only(self, places: Sequence[str], years: Sequence[int]) -> Layout:
        """The same members, of which no more is asked for."""
        return replace(self, wanted_places=tuple(places), wanted_years=tuple(years))

    def read(
        self, scenario: str, columns: Sequence[str], years: range
    ) -> Iterator[tuple[slice, dict[str, Array]]]:
        """The members of a scenario, part by part, of some years (positions in ``years``)."""
        held = {year: position for position, year in enumerate(self.held_years)}
        chosen = [held[year] for year in self.years[years.start : years.stop]]
        members = Members(self.folder, scenario, self.members, self.economies, self.held_years)
        return members.read(columns, chosen)


@dataclass(frozen=True)
class Tile:
    """As much as is held at once: some KPIs, years (positions) and places (positions)."""

    kpis: tuple[Kpi, ...]
    years: range
    places: range


def tiles(layout: Layout, kpis: Sequence[Kpi], copies: int, held: int = HELD) -> Iterator[Tile]:
    """Cut KPIs × years × places into tiles of at most ``held`` bytes, ``copies`` times over."""
    places, years = len(layout.places), len(layout.years)
    series = max(1, held // (8 * copies * layout.members))
    together = series // (places * years)
    if together:
        for first in range(0, len(kpis), together):
            chosen = tuple(kpis[first : first + together])
            yield Tile(chosen, range(years), range(places))
        return
    some_years = max(1, series // places)
    if some_years > YEARS_PER_GROUP:  # whole row groups: none is read twice
        some_years -= some_years % YEARS_PER_GROUP
    some_places = min(places, series)
    for kpi in kpis:
        for year in range(0, years, some_years):
            for place in range(0, places, some_places):
                yield Tile(
                    (kpi,),
                    range(year, min(year + some_years, years)),
                    range(place, min(place + some_places, places)),
                )


def read_tile(layout: Layout, scenario: str, tile: Tile) -> Array:
    """Every member of a tile, (kpi, place, year, member), places added up by the KPIs' rules."""
    places = [layout.places[place] for place in tile.places]
    alone = [place for place in places if place in layout.economies]
    added_up = len(alone) < len(places)
    rows_alone = positions([places.index(place) for place in alone])
    own = positions([layout.economies.index(place) for place in alone])
    weights = [w for kpi in tile.kpis if (w := weight_column(kpi)) and added_up]
    columns = sorted({*weights, *(kpi.id for kpi in tile.kpis)})
    found = np.empty((len(tile.kpis), len(tile.places), len(tile.years), layout.members))
    for rows, read in layout.read(scenario, columns, tile.years):
        # Economies first in memory: they are taken one by one, and added up in one order.
        arrays = {
            name: np.ascontiguousarray(np.moveaxis(values, -1, 0)) for name, values in read.items()
        }
        for out, kpi in zip(found, tile.kpis, strict=True):
            weight = weight_column(kpi)
            given = arrays[weight] if weight is not None and added_up else None
            if alone:
                out[rows_alone, :, rows] = arrays[kpi.id][own]
            for position, place in enumerate(places):
                if place not in layout.economies:
                    out[position, :, rows] = _added(layout, kpi, arrays[kpi.id], given, place)
    return found


def _added(layout: Layout, kpi: Kpi, values: Array, weights: Array | None, place: str) -> Array:
    """A KPI of a place that is added up, (year, member), from (economy, year, member)."""
    chosen = positions([layout.economies.index(code) for code in layout.regions[place]])
    own = np.moveaxis(values[chosen], 0, -1)
    return aggregate(kpi, own, None if weights is None else np.moveaxis(weights[chosen], 0, -1))


def projections(layout: Layout, scenario: str, kpis: Sequence[Kpi] = KPIS) -> pd.DataFrame:
    """Quantiles over members by KPI, place and year, in the KPI's unit."""
    found = _blank(layout, kpis, len(LEVELS))
    for tile in tiles(layout, kpis, copies=1):
        _put(found, tile, _quantiles(read_tile(layout, scenario, tile)))
    return _frames(layout, scenario, kpis, found, LEVELS)


def effects(
    layout: Layout, scenario: str, baseline: str, kpis: Sequence[Kpi] = KPIS,
    other: Layout | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Paired differences from the baseline, member by member, by KPI, place and year.

    The unit is the KPI's (``points``) or percent of the baseline (``percent``).
    ``probability_better`` is the share of members in which the policy improves the KPI; it is
    blank where no member moves, and for KPIs that have no better direction. ``other`` is where the
    baseline is laid out, if not where the scenario is.
    """
    return both(layout, scenario, baseline, kpis, other)[1]


def both(
    layout: Layout, scenario: str, baseline: str, kpis: Sequence[Kpi] = KPIS,
    other: Layout | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:  # fmt: skip
    """Projections and effects of a policy, for which its members are read once."""
    levels = _blank(layout, kpis, len(LEVELS))
    changes = _blank(layout, kpis, len(CHANGES))
    for tile in tiles(layout, kpis, copies=2):
        values = read_tile(layout, scenario, tile)
        change = _change(tile, values, read_tile(other or layout, baseline, tile))
        better = _probability_better(tile, change)
        _put(levels, tile, _quantiles(values))
        _put(changes, tile, np.concatenate([_quantiles(change), better[None]]))
    frame = _frames(layout, scenario, kpis, changes, CHANGES)
    frame["unit"] = frame["kpi"].map({kpi.id: unit_of_change(kpi) for kpi in kpis})
    frame.insert(1, "baseline", baseline)
    return _frames(layout, scenario, kpis, levels, LEVELS), frame


def _change(tile: Tile, values: Array, without: Array) -> Array:
    """Effect of a policy in every member, (kpi, place, year, member), in place of ``without``."""
    for kpi, policy, base in zip(tile.kpis, values, without, strict=True):
        change(kpi, policy, base)
    return without


def change(kpi: Kpi, policy: Array, base: Array) -> Array:
    """A policy's figures less the baseline's, or in % of them, by the KPI; in place of ``base``."""
    if kpi.effect == "percent":
        np.divide(policy, base, out=base)
        base -= 1.0
        base *= 100.0
    else:
        np.subtract(policy, base, out=base)
    return base


def unit_of_change(kpi: Kpi) -> str:
    """The unit of a policy's effect on a KPI."""
    return "% of baseline" if kpi.effect == "percent" else kpi.unit


def _probability_better(tile: Tile, change: Array) -> Array:
    """Share of members that improve, (kpi, place, year); blank where nothing moves."""
    found = np.full(change.shape[:-1], np.nan)
    for out, kpi, values in zip(found, tile.kpis, change, strict=True):
        if kpi.better:
            moved = (np.abs(values) > NO_DIFFERENCE).any(axis=-1)
            better = (kpi.better * values > NO_DIFFERENCE).mean(axis=-1)
            out[...] = np.where(moved, better, np.nan)
    return found


def _quantiles(values: Array) -> Array:
    """The quantiles and the mean over members (last axis), which are left sorted.

    Linear between order statistics, as numpy.quantile and Stata's default differ only in the
    position: (n - 1) q here (Hyndman and Fan 1996, type 7).
    """
    mean = values.mean(axis=-1)
    values.sort(axis=-1)
    found = []
    for share in QUANTILES.values():
        position = share * (values.shape[-1] - 1)
        low = int(position)
        high = min(low + 1, values.shape[-1] - 1)
        found.append(values[..., low] + (position - low) * (values[..., high] - values[..., low]))
    return np.stack([*found, mean])


def _blank(layout: Layout, kpis: Sequence[Kpi], quantities: int) -> dict[str, Array]:
    shape = (quantities, len(layout.places), len(layout.years))
    return {kpi.id: np.empty(shape) for kpi in kpis}


def _put(found: dict[str, Array], tile: Tile, values: Array) -> None:
    """Enter a tile's (quantity, kpi, place, year) in each KPI's (quantity, place, year)."""
    for position, kpi in enumerate(tile.kpis):
        places = slice(tile.places.start, tile.places.stop)
        years = slice(tile.years.start, tile.years.stop)
        found[kpi.id][:, places, years] = values[:, position]


def _frames(
    layout: Layout, scenario: str, kpis: Sequence[Kpi], found: dict[str, Array],
    columns: Sequence[str],
) -> pd.DataFrame:  # fmt: skip
    """A row a KPI, place (by name) and year."""
    order = sorted(range(len(layout.places)), key=lambda place: layout.places[place])
    places = np.repeat([layout.places[place] for place in order], len(layout.years))
    years = np.tile(layout.years, len(order))
    frames = [
        pd.DataFrame(
            {"scenario": scenario, "kpi": kpi.id, "unit": kpi.unit, "economy": places,
             "year": years}
            | {
                name: values[order].ravel()
                for name, values in zip(columns, found[kpi.id], strict=True)
            }
        )
        for kpi in kpis
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def costs(layout: Layout, scenario: str) -> pd.DataFrame:
    """Mean cost over members by economy, year, lever and payer, in USD mn and % of GDP."""
    kinds = [("lever", name) for name in LEVERS] + [("payer", name) for name in PAYERS]
    columns = [f"cost_{kind}_{name}" for kind, name in kinds]
    money = np.zeros((len(kinds), len(layout.years), len(layout.economies)))
    share = np.zeros_like(money)
    # Part by part: parts have one size, so that the sums do not depend on memory or workers.
    for first in range(0, len(layout.years), YEARS_PER_GROUP):
        years = range(first, min(first + YEARS_PER_GROUP, len(layout.years)))
        rows = slice(years.start, years.stop)
        for _, arrays in layout.read(scenario, ["gdp", *columns], years):
            for position, column in enumerate(columns):
                money[position, rows] += arrays[column].sum(axis=1)
                share[position, rows] += (arrays[column] / (10.0 * arrays["gdp"])).sum(axis=1)
    year, economy = np.meshgrid(layout.years, layout.economies, indexing="ij")
    frames = [
        pd.DataFrame(
            {
                "scenario": scenario, "economy": economy.ravel(), "year": year.ravel(),
                "kind": kind, "name": name,
                "usd_mn_2015": money[position].ravel() / layout.members,
                "percent_of_gdp": share[position].ravel() / layout.members,
            }
        )
        for position, (kind, name) in enumerate(kinds)
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)
