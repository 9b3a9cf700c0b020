"""The layout of a region's tables: every file, its columns, their kind and their range."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from sim.region.agreements import BINDING, ENTRY, EVENTS, HOW_KNOWN, KINDS, REGIMES
from sim.region.indicators import INDICATORS, PROVISION_SD, PROVISIONS

Kind = Literal["text", "name", "code", "choice", "number", "whole", "date", "sources"]

#: The node that stands for every economy that is not listed.
REST_OF_WORLD = "ROW"
FIRST_YEAR = 2000
LAST_YEAR = 2035


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    ``kind``: ``text`` is free; ``name`` is a lower-case name; ``code`` is an economy's code;
    ``choice`` is one of ``choices``; ``number`` and ``whole`` lie between ``low`` and ``high``;
    ``date`` is a year, month or day (2019, 2019-01, 2019-01-22); ``sources`` are keys of
    sources.csv, separated by semicolons.
    """

    name: str
    kind: Kind = "text"
    blank: bool = False
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One table: its columns, and the columns that make up the key of a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def _code(name: str) -> Column:
    return Column(name=name, kind="code")


def _choice(name: str, *choices: str) -> Column:
    return Column(name=name, kind="choice", choices=choices)


def _number(name: str, low: float, high: float, blank: bool = False) -> Column:
    return Column(name=name, kind="number", low=low, high=high, blank=blank)


_YEAR = Column(name="year", kind="whole", low=FIRST_YEAR, high=LAST_YEAR)
_SOURCE = Column(name="source", kind="sources")
_LARGEST_FLOW = 1e15

ECONOMIES = Layout(
    name="economies",
    key=("iso3",),
    columns=(
        _code("iso3"),
        Column(name="name"),
        _choice("role", "member", "hub"),
        Column(name="region", blank=True),
        Column(name="capital", blank=True),
        _number("latitude", -90, 90),
        _number("longitude", -180, 180),
        _choice("landlocked", "0", "1"),
        _choice("island", "0", "1"),
        _SOURCE,
    ),
)
GROUPS = Layout(
    name="groups",
    key=("group", "iso3"),
    columns=(Column(name="group", kind="name"), _code("iso3"), _SOURCE),
    required=False,
)
INDICATOR_TABLE = Layout(
    name="indicators",
    key=("iso3", "indicator", "year"),
    columns=(
        _code("iso3"),
        _choice("indicator", *INDICATORS),
        _YEAR,
        # The range of a value depends on its indicator: see checks.indicator_ranges.
        _number("value", -inf, inf),
        _SOURCE,
    ),
)
PROVISION_TABLE = Layout(
    name="provisions",
    key=("iso3", "provision"),
    columns=(
        _code("iso3"),
        _choice("provision", *PROVISIONS),
        _number("score", 0, 1, blank=True),
        _choice("confidence", *PROVISION_SD),
        Column(name="rule", blank=True),
        _SOURCE,
    ),
)
TRADE = Layout(
    name="trade",
    key=("exporter", "importer", "year"),
    columns=(
        _code("exporter"),
        _code("importer"),
        _YEAR,
        _number("value_usd", 0, _LARGEST_FLOW),
        _SOURCE,
    ),
)
TRADE_TOTALS = Layout(
    name="trade_totals",
    key=("iso3", "year"),
    columns=(
        _code("iso3"),
        _YEAR,
        _number("exports_world_usd", 0, _LARGEST_FLOW),
        _number("imports_world_usd", 0, _LARGEST_FLOW),
        _SOURCE,
    ),
)
FIBRE = Layout(
    name="fibre",
    key=("a", "b", "system"),
    columns=(
        _code("a"),
        _code("b"),
        _choice("kind", "submarine", "terrestrial"),
        Column(name="system"),
        Column(name="ready_year", kind="whole", low=1970, high=2060, blank=True),
        _number("capacity_tbps", 0, 1e6, blank=True),
        _number("length_km", 0, 1e5, blank=True),
        Column(name="landings", kind="whole", low=2, high=200, blank=True),
        _choice("confidence", "high", "medium", "low", "low_inferred"),
        _choice(
            "status",
            "in_service",
            "planned",
            "under_construction",
            "trial",
            "conflicting",
            "removed_from_map",
        ),
        _SOURCE,
        Column(name="note", blank=True),
    ),
)
CABLE_HAZARDS = Layout(
    name="cable_hazards",
    key=("iso3", "kind"),
    columns=(
        _code("iso3"),
        _choice("kind", "submarine", "terrestrial"),
        _choice("class", "low", "moderate", "high", "extreme"),
        _SOURCE,
        Column(name="note", blank=True),
    ),
    required=False,
)
AGREEMENTS = Layout(
    name="agreements",
    key=("instrument",),
    columns=(
        Column(name="instrument", kind="name"),
        Column(name="title"),
        _choice("kind", *KINDS),
        _choice("binding", *BINDING),
        Column(name="opens", kind="whole", low=1950, high=2060, blank=True),
        _choice("entry", *ENTRY),
        Column(name="needed", kind="whole", low=1, high=200, blank=True),
        *(_number(provision, 0, 1, blank=True) for provision in PROVISIONS),
        _number("paperless_trade", 0, 1, blank=True),
        _choice("how_known", *HOW_KNOWN),
        _SOURCE,
        Column(name="note", blank=True),
    ),
    required=False,
)
INSTRUMENTS = Layout(
    name="instruments",
    key=("instrument", "iso3", "event"),
    columns=(
        Column(name="instrument", kind="name"),
        _code("iso3"),
        _choice("event", *EVENTS),
        Column(name="date", kind="date", blank=True),
        _choice("how_known", *HOW_KNOWN),
        _SOURCE,
        Column(name="note", blank=True),
    ),
    required=False,
)
REGIMES_TABLE = Layout(
    name="regimes",
    key=("iso3",),
    columns=(_code("iso3"), _choice("regime", *REGIMES), _SOURCE),
    required=False,
)
SOURCES = Layout(
    name="sources",
    key=("key",),
    columns=(
        Column(name="key"),
        Column(name="publisher"),
        Column(name="title"),
        Column(name="series_code", blank=True),
        Column(name="vintage"),
        Column(name="licence"),
        Column(name="repository", blank=True),
        Column(name="path", blank=True),
        Column(name="commit", blank=True),
        Column(name="note", blank=True),
    ),
)

#: Every table of a region, in the order in which they are read.
LAYOUTS = (
    ECONOMIES,
    SOURCES,
    GROUPS,
    INDICATOR_TABLE,
    PROVISION_TABLE,
    TRADE,
    TRADE_TOTALS,
    FIBRE,
    CABLE_HAZARDS,
    AGREEMENTS,
    INSTRUMENTS,
    REGIMES_TABLE,
)
