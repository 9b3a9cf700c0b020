"""Evidence: forecasts from origins in the past, scored on the years after beside benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.evidence import benchmarks
from sim.evidence.fit import MEMBERS, fit
from sim.evidence.known import LAST_YEAR, SERIES, Array, HeldOut, Known, held_out, known_at
from sim.evidence.scores import UNITS, Scores, best, score, skill, summarise
from sim.region.region import Region

#: Origins of the protocol. Structure and priors were chosen on the first three, scored to 2018;
#: 2016 and 2018 are the last test (Core prototype).
ORIGINS = (2010, 2012, 2014, 2016, 2018)
#: Years after an origin that are scored (Core prototype).
LONGEST = 8
MODEL = "digiregion"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Scores of the model and of every benchmark: by series and forecaster, one an origin."""

    region: str
    economies: tuple[str, ...]
    origins: tuple[int, ...]
    scores: Mapping[str, Mapping[str, tuple[Scores, ...]]]

    def table(self) -> pd.DataFrame:
        """A row a series and forecaster, the model first, then benchmarks from the best.

        CRPS and MAE in ``unit``; ``crps_2010`` and so on by origin; ``inside_90`` the share of
        figures in the 90 % band, ``least_inside_90`` the lowest of the origins. ``skill`` of the
        model against the best benchmark of the series, with its 90 % interval over economies;
        blank for benchmarks.
        """
        rows = [row for series in SERIES for row in self._rows(series)]
        return pd.DataFrame(rows)

    def _rows(self, series: str) -> list[dict[str, object]]:
        held = self.scores[series]
        rivals = {name: scores for name, scores in held.items() if name != MODEL}
        ranked = sorted(rivals, key=lambda name: summarise(rivals[name]).crps)
        rows = [self._row(series, name) for name in (MODEL, *ranked)]
        against = best(rivals)
        gained = skill(held[MODEL], rivals[against])
        rows[0] |= {
            "best_benchmark": against, "skill": gained.skill, "skill_low": gained.low,
            "skill_high": gained.high,
        }  # fmt: skip
        return rows

    def _row(self, series: str, name: str) -> dict[str, object]:
        scores = self.scores[series][name]
        told = summarise(scores)
        inside = [float(np.nanmean(one.inside_90)) for one in scores]
        by_origin = zip(self.origins, told.by_origin, strict=True)
        return {
            "series": series,
            "forecaster": name,
            "unit": UNITS[series].words,
            "figures": told.pairs,
            "crps": told.crps,
            "mae": told.mae,
            "inside_50": told.inside_50,
            "inside_90": told.inside_90,
            "least_inside_90": min(inside),
            **{f"crps_{origin}": value for origin, value in by_origin},
        }


def hindcast(
    region: Region, origins: Sequence[int] = ORIGINS, members: int = MEMBERS, seed: int = 1,
    rebasing: bool = False, progress: Progress | None = None,
) -> Hindcast:  # fmt: skip
    """Fit on what was known at each origin, forecast up to eight years, and score.

    Economies without a figure of a series up to an origin are not scored there, for any
    forecaster. ``rebasing`` adds jumps of surveys to forecasts, which were chosen with hindsight.
    Raises InputError for origins that the tables do not reach.
    """
    held: dict[str, dict[str, list[Scores]]] = {series: {} for series in SERIES}
    for count, origin in enumerate(origins):
        if progress:
            progress("origin", count, len(origins))
        last = min(origin + LONGEST, LAST_YEAR)
        known, after = known_at(region, origin, last), held_out(region, origin, last)
        model = fit(known, members, seed).forecasts(rebasing)
        for series in SERIES:
            forecasts = {MODEL: model[series]} | {
                name: benchmarks.forecast(name, known, series, members=members, seed=seed)
                for name in benchmarks.names(series)
            }
            for name, ensemble in forecasts.items():
                found = _scored(known, series, ensemble, after[series])
                held[series].setdefault(name, []).append(found)
    if progress:
        progress("origin", len(origins), len(origins))
    return Hindcast(
        region.name,
        region.economies,
        tuple(origins),
        {series: {name: tuple(one) for name, one in held[series].items()} for series in SERIES},
    )


def _scored(known: Known, series: str, ensemble: Array, after: HeldOut) -> Scores:
    """Scores at one origin, of the economies that had a figure up to it."""
    begun = known.published(series).any(axis=1, keepdims=True)
    seen = after.seen & begun
    return score(ensemble, after.values, seen, factor=UNITS[series].factor)
