"""Evidence: what was known in a year of the past, and what was published for the years after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.model.adoption import logistic, logit
from sim.region.indicators import INDICATORS, LEAST_WORKING_AGE
from sim.region.layout import FIRST_YEAR, INDICATOR_TABLE, TRADE
from sim.region.networks import partner_weights
from sim.region.reading import read_table
from sim.region.region import Region

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: The three series that are forecast.
SERIES = ("internet_users", "fixed_broadband", "gdp")
#: What is known of the economies besides, and how it goes on after the origin.
TRENDING = (
    "gdp_per_person_ppp",
    "population",
    "population_0_14",
    "population_65plus",
    "years_of_schooling",
    "urban_share",
)
COVARIATES = (*TRENDING, "investment_share", "gini")
#: The last year against which forecasts are tested.
LAST_YEAR = 2023
#: Years of the trend and of the mean investment that go on (Core prototype).
RECENT_YEARS = 5
#: Weight of an economy's own investment after the origin; the rest is the regional median's.
OWN_INVESTMENT = 0.7
#: What grows does not stand still before the first figure: yearly change (of the log; of the
#: log-odds, for users) where no economy of the region shows any, as in the shipped tables.
GROWING = {"internet_users": 0.2, "gdp": 0.055, "population": 0.015, "gdp_per_person_ppp": 0.04}
#: Users are kept this far from 0 and 1 where their log-odds are taken.
EDGE = 1e-5


@dataclass(frozen=True, eq=False, kw_only=True)
class Known:
    """What the tables say of a region up to the year ``origin``, and how it goes on to ``last``.

    No figure for a later year enters: gaps are filled from figures up to the origin alone. The
    figures are today's vintage, which may differ from what was published then. Arrays are
    read-only; rows are ``economies``:

    ``figures``
        by name in ``SERIES``, (economy, year) from ``first`` to ``origin``, NaN where nothing was
        published: internet users (share, 0-1), fixed broadband (lines per person), log of GDP in
        constant 2015 USD.
    ``covariates``
        by name in ``COVARIATES``, (economy, year) from ``first`` to ``last``, in the model's units.
        Between figures they are interpolated, beyond the first and last carried (before the first,
        what is ``GROWING`` moves as it did elsewhere); who has none takes the others' median. After
        the origin the trend of the last five years goes on (of the log, for GDP per person and
        population); investment is 0.7 x its own mean of five years + 0.3 x the regional median of
        these; the Gini stays.
    ``trade_weights`` (economy, economy)
        partners' shares in an economy's goods trade within the region; rows sum to 1. The mean of
        the years up to the origin; without any, by gravity: partner's GDP over distance.
    ``trade_known``
        whether trade had been recorded by the origin.
    """

    economies: tuple[str, ...]
    first: int
    origin: int
    last: int
    figures: Mapping[str, Array]
    covariates: Mapping[str, Array]
    trade_weights: Array
    trade_known: bool

    @property
    def horizons(self) -> int:
        """How many years lie after the origin."""
        return self.last - self.origin

    def published(self, series: str) -> Flags:
        """Where ``figures[series]`` has a figure, (economy, year from first to origin)."""
        return np.isfinite(self.figures[series])

    def filled(self, series: str) -> Array:
        """The figures of a series with gaps filled as covariates' are, (economy, year).

        Before their first figure users and GDP go back by the others' median change of the year.
        """
        return _filled(series, np.array(self.figures[series]), "linear")


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Figures of one series after the origin: values and where there are any, (economy, year)."""

    values: Array
    seen: Flags


def known_at(region: Region, origin: int, last: int = LAST_YEAR) -> Known:
    """What was known of the region in the year ``origin``, with paths on to ``last``.

    ``last`` may be the origin itself, for a fit without forecasts. Raises ``InputError`` unless two
    years of the tables lie up to the origin, they reach ``last``, and somebody has a figure by then
    of every series and covariate (the Gini has a typical value).
    """
    _check_years(region, origin, last, last)
    _check_figures(region, origin)
    figures = {name: _figures(region, name, FIRST_YEAR, origin) for name in SERIES}
    covariates = {name: _covariate(region, name, origin, last) for name in COVARIATES}
    _leave_workers(covariates)
    gdp = np.exp(_filled("gdp", figures["gdp"].copy(), "linear")[:, -1])
    weights, recorded = _trade_weights(region, origin, gdp)
    for array in (*figures.values(), *covariates.values(), weights):
        array.setflags(write=False)
    return Known(
        economies=region.economies,
        first=FIRST_YEAR,
        origin=origin,
        last=last,
        figures=MappingProxyType(figures),
        covariates=MappingProxyType(covariates),
        trade_weights=weights,
        trade_known=recorded,
    )


def held_out(region: Region, origin: int, last: int = LAST_YEAR) -> Mapping[str, HeldOut]:
    """Figures published for the years after ``origin``, up to ``last``, by name in ``SERIES``.

    Units as in ``Known.figures``; values are NaN where nothing was published. Raises ``InputError``
    for years that the tables do not reach, unless there is a year after the origin, and where no
    economy has figures of a series both up to the origin and after it.
    """
    _check_years(region, origin, last, last - 1)
    _check_held_out(region, origin, last)
    after = {}
    for name in SERIES:
        values = _figures(region, name, origin + 1, last)
        seen = np.isfinite(values)
        values.setflags(write=False)
        seen.setflags(write=False)
        after[name] = HeldOut(values, seen)
    return MappingProxyType(after)


def _check_years(region: Region, origin: int, last: int, latest: int) -> None:
    if not FIRST_YEAR < origin <= latest:
        raise InputError(
            [
                Problem(
                    "no forecast can be tested from there",
                    field="origin",
                    value=origin,
                    allowed=f"{FIRST_YEAR + 1} to {latest}",
                )
            ]
        )
    region.series_observed("gdp", origin, last)  # raises for years that the tables do not reach


def _check_figures(region: Region, origin: int) -> None:
    needed = [name for name in (*SERIES, *COVARIATES) if INDICATORS[name].constant is None]
    seen = {name: region.series_observed(name, FIRST_YEAR).any(axis=0) for name in needed}
    first = {name: FIRST_YEAR + int(np.argmax(years)) for name, years in seen.items()}
    problems = [
        Problem(
            f"nobody has a figure up to {origin}",
            file=str(region.folder / INDICATOR_TABLE.file),
            field=name,
            remedy=f"add earlier figures, or choose {max(first.values())} or later",
        )
        for name in needed
        if first[name] > origin or not seen[name].any()
    ]
    if problems:
        raise InputError(problems)


def _check_held_out(region: Region, origin: int, last: int) -> None:
    problems = [
        Problem(
            f"no economy has figures both up to {origin} and in {origin + 1} to {last}, "
            "so that no forecast can be scored",
            file=str(region.folder / INDICATOR_TABLE.file),
            field=name,
            remedy="choose other origins, or add figures",
        )
        for name in SERIES
        if not (
            region.series_observed(name, FIRST_YEAR, origin).any(axis=1)
            & region.series_observed(name, origin + 1, last).any(axis=1)
        ).any()
    ]
    if problems:
        raise InputError(problems)


def _figures(region: Region, name: str, start: int, end: int) -> Array:
    """Published figures, NaN elsewhere, (economy, year); GDP in logs."""
    seen = region.series_observed(name, start, end)
    values = np.where(seen, region.series(name, start, end), np.nan)
    return np.log(values) if name == "gdp" else values


def _covariate(region: Region, name: str, origin: int, last: int) -> Array:
    """One covariate from the first year to ``last``, (economy, year)."""
    between = INDICATORS[name].between
    past = _filled(name, _figures(region, name, FIRST_YEAR, origin), between)
    if name == "investment_share":
        past = np.maximum(past, 0.0)  # stocks that shrink scrap no machines
    years = last - origin
    if name in TRENDING:
        after = _trend(past, years, between)
    elif name == "investment_share":
        own = past[:, -RECENT_YEARS:].mean(axis=1)
        goes_on = OWN_INVESTMENT * own + (1.0 - OWN_INVESTMENT) * np.median(own)
        after = np.repeat(goes_on[:, None], years, axis=1)
    else:
        after = np.repeat(past[:, -1:], years, axis=1)
    scale = INDICATORS[name].scale
    within = np.clip(after, INDICATORS[name].low * scale, INDICATORS[name].high * scale)
    return np.concatenate([past, within], axis=1)


def _leave_workers(covariates: Mapping[str, Array]) -> None:
    """Scale children and elderly down, in place, where gaps and trends leave too few workers."""
    ages = covariates["population_0_14"], covariates["population_65plus"]
    fits = np.minimum(1.0, (1.0 - LEAST_WORKING_AGE) / np.maximum(sum(ages), 1e-9))
    for share in ages:
        share *= fits


def _trend(past: Array, years: int, between: str) -> Array:
    """The mean yearly change of the last five years, on and on, (economy, years)."""
    path = np.log(past) if between == "log" else past
    span = min(RECENT_YEARS, path.shape[1] - 1)
    slope = (path[:, -1] - path[:, -1 - span]) / span
    after = path[:, -1:] + slope[:, None] * np.arange(1, years + 1)
    return np.exp(after) if between == "log" else after


def _filled(name: str, values: Array, between: str) -> Array:
    """Interpolate between figures and carry the first and last; others' median for who has none.

    ``values`` (economy, year) are NaN where unknown. What is ``GROWING`` is not carried back but
    goes back as it grew elsewhere. The indicator's typical value if nobody has a figure, or NaN
    without one.
    """
    path = np.log(values) if between == "log" else values
    years = np.arange(path.shape[1])
    has = np.isfinite(path).any(axis=1)
    if not has.any():
        return np.full(path.shape, (INDICATORS[name].constant or np.nan) * INDICATORS[name].scale)
    complete = np.array(path)
    complete[has] = [_interpolated(row, years) for row in path[has]]
    if name in GROWING:
        complete[has] = _grown_back(name, complete[has], np.isfinite(path[has]))
    complete[~has] = np.median(complete[has], axis=0)
    return np.exp(complete) if between == "log" else complete


def _grown_back(name: str, path: Array, seen: Flags) -> Array:
    """The path before each first figure: back from it by the others' median change of the year.

    Of a year without any change elsewhere, by the median of all years; without any, by
    ``GROWING``. ``path`` (economy, year) has no gaps; ``seen`` tells its figures.
    """
    shares = name == "internet_users"
    scaled = logit(np.clip(path, EDGE, 1.0 - EDGE)) if shares else path
    begun = np.maximum.accumulate(seen, axis=1)
    going_on = np.maximum.accumulate(seen[:, ::-1], axis=1)[:, ::-1]
    change = np.where(begun[:, :-1] & going_on[:, 1:], np.diff(scaled, axis=1), np.nan)
    known = np.isfinite(change)
    typical = np.full(change.shape[1], np.median(change[known]) if known.any() else GROWING[name])
    somewhere = known.any(axis=0)
    typical[somewhere] = np.nanmedian(change[:, somewhere], axis=0)
    back = np.append(np.cumsum(typical[::-1])[::-1], 0.0)  # change from each year to the last
    first = np.argmax(seen, axis=1)
    there = scaled[np.arange(len(scaled)), first]
    grown = there[:, None] - (back - back[first][:, None])
    return np.where(begun, path, logistic(grown) if shares else grown)


def _interpolated(row: Array, years: NDArray[np.int64]) -> Array:
    at = np.flatnonzero(np.isfinite(row))
    return np.interp(years, at, row[at])


def _trade_weights(region: Region, origin: int, gdp: Array) -> tuple[Array, bool]:
    """Partners' shares by trade up to the origin, or by gravity; and whether trade was recorded."""
    size = len(region.economies)
    if size == 1:
        return np.zeros((1, 1)), False
    table, problems = read_table(region.folder / TRADE.file, TRADE, [])
    if table is None:
        raise InputError(problems)
    place = {code: i for i, code in enumerate(region.economies)}
    flows = np.zeros((size, size))
    columns = (table["exporter"], table["importer"], table["year"])
    for exporter, importer, year, value in zip(*columns, table.numbers("value_usd"), strict=True):
        if int(year) <= origin and exporter in place and importer in place:
            flows[place[exporter], place[importer]] += value
    recorded = bool(flows.any())
    if not recorded:
        flows = gdp[:, None] * gdp / distance(region)
    return partner_weights(flows)[0], recorded


def distance(region: Region) -> Array:
    """Great-circle distance between capitals in radians, (economy, economy) (Sinnott 1984)."""
    nodes = region.trade.nodes
    latitude, longitude = np.radians(
        [[nodes[code][name] for code in region.economies] for name in ("latitude", "longitude")]
    )
    north = np.sin((latitude[:, None] - latitude) / 2.0) ** 2
    east = np.sin((longitude[:, None] - longitude) / 2.0) ** 2
    half = north + np.cos(latitude)[:, None] * np.cos(latitude) * east
    # Places closer than 60 km count as 60 km apart.
    return np.maximum(2.0 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))), 0.01)
