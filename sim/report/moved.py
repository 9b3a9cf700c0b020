"""What a policy or shock moves most besides what the tables show, and when, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.kpi.registry import KPIS, Kpi
from sim.report.words import effect_decimals, effect_unit, inside_sentence, number

if TYPE_CHECKING:
    import pandas as pd

#: KPIs that are named at most.
NAMED = 5
#: Added to put headlines first.
_FIRST = 1e6


def moved_most(
    base: pd.DataFrame, change: pd.DataFrame, place: str, years: Sequence[int], banded: bool
) -> str:
    """The KPIs with the largest effect in any year; empty if none shows.

    Headlines come first, but only where an effect is over twice what it is in ``years``, those of
    the tables: a shock may be over by then. Others are ordered by the effect against the baseline's
    90 % band of the same year; what has no band there (counts of what a plan sets up) is left out.
    """
    at = ["kpi", "year"]
    effects = change[change["economy"] == place].set_index(at)
    levels = base[base["economy"] == place].set_index(at)
    rows = effects.join(levels[["median", "q05", "q95"]].add_suffix("_base"), how="inner")
    found: list[tuple[float, str]] = []
    for kpi in KPIS:
        if kpi.better == 0 or kpi.id not in rows.index.get_level_values("kpi"):
            continue
        own = rows.loc[kpi.id]
        width = own["q95_base"] - own["q05_base"]
        size = own["median"].abs() * (own["median_base"].abs() / 100 if _relative(kpi) else 1.0)
        large = (size / width).where(width > 1e-6 * own["median_base"].abs())
        large = large.where(own["median"].abs() >= 0.5 * 10.0 ** -effect_decimals(kpi))
        if kpi.headline:
            shown = own["median"].reindex(years).abs().max()
            large = large.where(own["median"].abs() > 2.0 * shown) + _FIRST
        if large.notna().any():
            year = int(large.idxmax())
            found.append((float(large[year]), _said(kpi, own.loc[year], year, banded)))
    best = [words for _, words in sorted(found, key=lambda one: -one[0])[:NAMED]]
    return f"What else moves most, in its strongest year: {'; '.join(best)}." if best else ""


def _relative(kpi: Kpi) -> bool:
    return kpi.effect == "percent"


def _said(kpi: Kpi, row: pd.Series, year: int, banded: bool) -> str:
    digits = effect_decimals(kpi)
    low, middle, high = (number(row[q], digits, sign=True) for q in ("q05", "median", "q95"))
    band = f" ({low} to {high})" if banded else ""
    return f"{inside_sentence(kpi.title)} {middle} {effect_unit(kpi)}{band} in {year}"
