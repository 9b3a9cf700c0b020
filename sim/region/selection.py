"""Selecting a region from its tables: economies, groups, what graphs say of nodes, provisions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.region.checks import member_codes
from sim.region.indicators import PROVISION_SD, PROVISIONS
from sim.region.layout import REST_OF_WORLD
from sim.region.reading import Tables

Array = NDArray[np.float64]


def select(tables: Tables, only: tuple[str, ...] | None) -> tuple[str, ...]:
    """All members, or those in one of the groups ``only``, in the order of economies.csv."""
    members = member_codes(tables)
    if only is None:
        return members
    groups = _groups(tables, members)
    return tuple(code for code in members if any(code in groups[group] for group in only))


def groups_within(tables: Tables, economies: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The groups with somebody among the economies, restricted to them, after "all"."""
    groups = _groups(tables, economies)
    return {"all": economies, **{group: codes for group, codes in groups.items() if codes}}


def _groups(tables: Tables, members: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Groups of groups.csv; landlocked and islands follow from economies.csv if it has none."""
    named: dict[str, set[str]] = {}
    for group, code in zip(tables["groups"]["group"], tables["groups"]["iso3"], strict=True):
        named.setdefault(group, set()).add(code)
    table = tables["economies"]
    for group, column in (("landlocked", "landlocked"), ("islands", "island")):
        if group not in named:
            pairs = zip(table["iso3"], table[column], strict=True)
            named[group] = {code for code, flag in pairs if flag == "1"}
    return {group: tuple(c for c in members if c in codes) for group, codes in named.items()}


def node_attributes(tables: Tables, economies: tuple[str, ...]) -> dict[str, dict[str, object]]:
    """What the graphs say about each node."""
    found: dict[str, dict[str, object]] = {
        row["iso3"]: {
            "name": row["name"],
            "latitude": float(row["latitude"]),
            "longitude": float(row["longitude"]),
            "role": "member" if row["iso3"] in economies else "hub",
        }
        for row in tables["economies"].rows()
    }
    found[REST_OF_WORLD] = {
        "name": "Rest of the world",
        "latitude": float("nan"),
        "longitude": float("nan"),
        "role": "rest of the world",
    }
    return found


def provision_scores(
    tables: Tables, members: tuple[str, ...], economies: tuple[str, ...]
) -> tuple[Array, Array, tuple[tuple[str, ...], ...]]:
    """Scores, standard deviations and status, each (economy, 6).

    A blank score is the median of all members, with low confidence.
    """
    scores = np.full((len(members), len(PROVISIONS)), np.nan)
    sd = np.full(scores.shape, PROVISION_SD["low"])
    for row in tables["provisions"].rows():
        if row["score"] and row["iso3"] in members:
            at = members.index(row["iso3"]), PROVISIONS.index(row["provision"])
            scores[at] = float(row["score"])
            sd[at] = PROVISION_SD[row["confidence"]]
    missing = np.isnan(scores)
    scores = np.where(missing, np.nanmedian(scores, axis=0), scores)
    chosen = [members.index(code) for code in economies]
    status = tuple(
        tuple("estimated" if blank else "observed" for blank in missing[i]) for i in chosen
    )
    return scores[chosen], sd[chosen], status
