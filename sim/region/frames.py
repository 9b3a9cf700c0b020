"""A region as the tables that economists read: profile, figures with their sources, sources."""

from __future__ import annotations

import pandas as pd

from sim.region.data import RegionData
from sim.region.filling import ESTIMATED, STATUSES
from sim.region.indicators import INDICATORS, PROVISIONS
from sim.region.layout import FIRST_YEAR, REST_OF_WORLD

_SOURCE_COLUMNS = ("publisher", "series_code", "vintage", "licence")


def profile(region: RegionData) -> pd.DataFrame:
    """One row a node but ROW, by code."""
    frame = pd.DataFrame(region._tables["economies"].rows()).set_index("iso3")
    frame = frame.loc[[node for node in region.nodes if node != REST_OF_WORLD]]
    frame = frame.drop(columns="source")
    frame["role"] = ["member" if code in region.economies else "hub" for code in frame.index]
    for column in ("latitude", "longitude"):
        frame[column] = frame[column].astype(float)
    for column in ("landlocked", "island"):
        frame[column] = frame[column] == "1"
    return frame


def sources(region: RegionData) -> pd.DataFrame:
    """sources.csv, by key."""
    return pd.DataFrame(region._tables["sources"].rows()).set_index("key")


def figures(region: RegionData) -> pd.DataFrame:
    """Base-year figures and provisions in the publisher's units, one row each.

    ``last_observed`` is the year of the published figure that a value rests on (the later of two
    for an interpolated one is left out); blank for an estimate.
    """
    rows = [*_indicator_rows(region), *_provision_rows(region)]
    frame = pd.DataFrame(rows)
    frame["last_observed"] = frame["last_observed"].astype("Int64")
    return frame


def _indicator_rows(region: RegionData) -> list[dict[str, object]]:
    table = region._tables["indicators"]
    keys = _by_key(region)
    column = region.base_year - FIRST_YEAR
    rows: list[dict[str, object]] = []
    for code, place in zip(region.economies, region._rows, strict=True):
        for name, filled in region._panel.filled.items():
            indicator, values = INDICATORS[name], filled.values  # noqa: PD011 (no DataFrame)
            status = int(filled.status[place, column])
            source = int(filled.source[place, column])
            estimated = status == ESTIMATED
            rows.append(
                {
                    "iso3": code,
                    "indicator": name,
                    "year": region.base_year,
                    "value": float(values[place, column]) / indicator.scale,
                    "unit": indicator.unit,
                    "status": STATUSES[status],
                    "last_observed": None if estimated else int(table["year"][source]),
                    "rule": indicator.rule_for(STATUSES[status]),
                    **_origin([] if estimated else table["source"][source].split(";"), keys),
                }
            )
    return rows


def _provision_rows(region: RegionData) -> list[dict[str, object]]:
    keys = _by_key(region)
    by_cell = {(row["iso3"], row["provision"]): row for row in region._tables["provisions"].rows()}
    rows: list[dict[str, object]] = []
    for i, code in enumerate(region.economies):
        for j, provision in enumerate(PROVISIONS):
            status = region.provisions_status[i][j]
            rule, used = "median of all economies, low confidence", ""
            if status == "observed":
                row = by_cell[code, provision]
                rule = f"scoring rule {row['rule']}, {row['confidence']} confidence"
                used = row["source"]
            rows.append(
                {
                    "iso3": code,
                    "indicator": provision,
                    "year": region.base_year,
                    "value": float(region.provisions[i, j]),
                    "unit": "score 0-1",
                    "status": status,
                    "last_observed": None,
                    "rule": rule,
                    **_origin(used.split(";") if used else [], keys),
                }
            )
    return rows


def _by_key(region: RegionData) -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in region._tables["sources"].rows()}


def _origin(used: list[str], keys: dict[str, dict[str, str]]) -> dict[str, str]:
    """Publisher, code, vintage and licence of the sources used; an estimate is this project's."""
    if not used:
        return {"publisher": "estimate", "series_code": "", "vintage": "", "licence": ""}
    found = {}
    for column in _SOURCE_COLUMNS:
        parts = dict.fromkeys(keys[key][column] for key in used)
        found[column] = "; ".join(part for part in parts if part)
    return found
