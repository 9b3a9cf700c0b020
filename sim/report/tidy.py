"""Ensemble members as a tidy table: a row a scenario, member, place and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.summary import Layout
from sim.model.quantities import Array

#: The names of a part (its scenario, say), its layout, and its values, (place, year, member).
Part = tuple[Mapping[str, str], Layout, Array]


def tidy(keys: Sequence[str], parts: Iterable[Part]) -> pd.DataFrame:
    """Columns ``keys``, ``member``, ``economy``, ``year``, ``value``; names are categories."""
    names: dict[str, dict[str, int]] = {key: {} for key in (*keys, "economy")}
    frames = [_part(names, *part) for part in parts]
    found = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    for key, codes in names.items():
        found[key] = pd.Categorical.from_codes(found[key].to_numpy(), categories=list(codes))
    return found


def _part(
    names: dict[str, dict[str, int]], own: Mapping[str, str], layout: Layout, values: Array
) -> pd.DataFrame:
    places, years, members = values.shape
    columns: dict[str, Any] = {
        key: np.full(values.size, codes.setdefault(own[key], len(codes)), dtype=np.int16)
        for key, codes in names.items()
        if key in own
    }
    known = names["economy"]
    codes = np.array([known.setdefault(p, len(known)) for p in layout.places], dtype=np.int16)
    calendar = np.array(layout.years, dtype=np.int16)
    columns["member"] = np.repeat(np.arange(members, dtype=np.int32), places * years)
    columns["economy"] = np.tile(np.repeat(codes, years), members)
    columns["year"] = np.tile(calendar, members * places)
    columns["value"] = np.moveaxis(values, -1, 0).ravel()
    return pd.DataFrame(columns)
