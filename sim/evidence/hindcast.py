"""Evidence: forecasts from origins in the past, scored on the years after beside benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.evidence import benchmarks
from sim.evidence.fit import MEMBERS, carried_to, fit
from sim.evidence.known import LAST_YEAR, SERIES, Array, HeldOut, Known, held_out, known_at
from sim.evidence.scores import PIT_BINS, UNITS, Scores, best, score, skill, summarise
from sim.experiment.summary import QUANTILES
from sim.region.region import Region

#: Origins of the protocol. Structure and priors were chosen on the first three, scored to 2018;
#: 2016 and 2018 are the last test (Core prototype).
ORIGINS = (2010, 2012, 2014, 2016, 2018)
LAST_TEST = (2016, 2018)
#: Years after an origin that are scored (Core prototype).
LONGEST = 8
MODEL = "digiregion"
#: What is told of each figure.
PARTS = ("crps", "error", "inside_50", "inside_90", "pit")

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Scores of the model and of every benchmark: by series and forecaster, one an origin.

    ``names`` are of the economies; ``quantiles`` holds, by series, the model's forecasts from each
    origin, (economy, horizon, quantile in the order of ``QUANTILES``), and ``past`` the figures
    that it was fitted to there, (economy, year up to the origin): units as in ``Known.figures``;
    ``after`` the figures published later, (economy, horizon), NaN where none was.
    ``hindsight`` says whether forecasts had what was chosen after a look at these years.
    """

    region: str
    economies: tuple[str, ...]
    names: tuple[str, ...]
    origins: tuple[int, ...]
    members: int
    seed: int
    hindsight: bool
    scores: Mapping[str, Mapping[str, tuple[Scores, ...]]]
    quantiles: Mapping[str, tuple[Array, ...]]
    past: Mapping[str, tuple[Array, ...]]
    after: Mapping[str, tuple[Array, ...]]

    def only(self, origins: Sequence[int]) -> Hindcast:
        """The same from some of the origins. Raises ``ValueError`` for one that is not there."""
        kept = [self.origins.index(origin) for origin in origins]

        def chosen(held: Mapping[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
            return {name: tuple(one[k] for k in kept) for name, one in held.items()}

        return replace(
            self, origins=tuple(origins),
            scores={series: chosen(held) for series, held in self.scores.items()},
            quantiles=chosen(self.quantiles), past=chosen(self.past), after=chosen(self.after),
        )  # fmt: skip

    def rivals(self, series: str) -> dict[str, tuple[Scores, ...]]:
        """The scores of the benchmarks of a series, by name."""
        return {name: one for name, one in self.scores[series].items() if name != MODEL}

    def best_benchmark(self, series: str) -> str:
        """The benchmark with the lowest mean CRPS over the origins."""
        return best(self.rivals(series))

    def table(self) -> pd.DataFrame:
        """A row a series and forecaster, the model first, then benchmarks from the best.

        CRPS and MAE in ``unit``; ``crps_2010`` and so on by origin; ``inside_90`` the share of
        figures in the 90 % band, ``least_inside_90`` the lowest of the origins. ``skill`` of the
        model against the best benchmark of the series, with its 90 % interval over economies;
        blank for benchmarks.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        return pd.DataFrame([row for series in SERIES for row in self._rows(series)])

    def _rows(self, series: str) -> list[dict[str, object]]:
        held, rivals = self.scores[series], self.rivals(series)
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

    def figures(self) -> pd.DataFrame:
        """A row a figure that was forecast: series, forecaster, origin, economy, horizon (years
        ahead), and its scores as in ``Scores``, in the unit of the series."""
        return self._figures.copy()

    @cached_property
    def _figures(self) -> pd.DataFrame:
        frames = []
        for series in SERIES:
            for name, held in self.scores[series].items():
                for origin, one in zip(self.origins, held, strict=True):
                    economy, ahead = np.nonzero(one.counted)
                    columns = {
                        "series": series, "forecaster": name, "origin": origin,
                        "economy": np.array(self.economies)[economy], "horizon": ahead + 1,
                        **{part: getattr(one, part)[one.counted] for part in PARTS},
                    }  # fmt: skip
                    frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def by(self, key: str) -> pd.DataFrame:
        """Means over the figures of each ``origin``, ``horizon`` or ``economy``, by forecaster.

        ``figures`` says of how many; ``skill`` is 1 - CRPS / CRPS of the series' best benchmark
        (named once for the series, ``best_benchmark``) on the same figures, blank for benchmarks.
        """
        keys = ["series", "forecaster", key]
        found = self._figures.groupby(keys, sort=False)
        rows = found[["crps", "error", "inside_50", "inside_90"]].mean()
        rows = rows.rename(columns={"error": "mae"})
        rows.insert(0, "figures", found.size())
        table = rows.reset_index()
        rival = {series: self.best_benchmark(series) for series in SERIES}
        beside = table[table["forecaster"] == table["series"].map(rival)]
        crps = beside.set_index(["series", key])["crps"]
        other = crps.reindex(pd.MultiIndex.from_frame(table[["series", key]])).to_numpy()
        gained = 1.0 - table["crps"] / other
        table["skill"] = gained.where((table["forecaster"] == MODEL) & (other > 0.0))
        table.insert(2, "best_benchmark", table["series"].map(rival))
        return table

    def pit(self) -> pd.DataFrame:
        """Counts of figures by their place among the members, in ten equal bins.

        Flat where forecasts are calibrated; humped where bands are too wide, and with full ends
        where they are too narrow.
        """
        edges = np.linspace(0.0, 1.0, PIT_BINS + 1)
        frames = []
        for series in SERIES:
            for name, held in self.scores[series].items():
                bins = {"low": edges[:-1], "high": edges[1:], "figures": summarise(held).pit}
                frames.append(pd.DataFrame({"series": series, "forecaster": name, **bins}))
        return pd.concat(frames, ignore_index=True)

    def paths(self) -> pd.DataFrame:
        """The model's forecasts beside what was published, a row a series, origin, economy, year.

        ``published`` is blank where nothing was, quantiles are blank up to the origin. In the unit
        of the series; for GDP the log of USD of 2015.
        """
        frames = []
        for series in SERIES:
            factor = UNITS[series].factor
            for place, origin in enumerate(self.origins):
                past, after = self.past[series][place], self.after[series][place]
                ahead = after.shape[1]
                years = np.arange(origin - past.shape[1] + 1, origin + ahead + 1)
                blank = np.full((*past.shape, len(QUANTILES)), np.nan)
                bands = np.concatenate([blank, self.quantiles[series][place]], axis=1)
                columns = {
                    "series": series, "origin": origin,
                    "economy": np.repeat(self.economies, len(years)),
                    "year": np.tile(years, len(self.economies)),
                    "published": factor * np.concatenate([past, after], axis=1).ravel(),
                    **{name: factor * bands[..., k].ravel() for k, name in enumerate(QUANTILES)},
                }  # fmt: skip
                frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)


def hindcast(
    region: Region, origins: Sequence[int] = ORIGINS, members: int = MEMBERS, seed: int = 1,
    hindsight: bool = False, progress: Progress | None = None,
) -> Hindcast:  # fmt: skip
    """Fit on what was known at each origin, forecast up to eight years, and score.

    Economies without a figure of a series up to an origin are not scored there, for any
    forecaster. ``hindsight`` adds to forecasts what was chosen after a look at the years to come.
    Raises InputError for origins that the tables do not reach.
    """
    held: dict[str, dict[str, list[Scores]]] = {series: {} for series in SERIES}
    quantiles: dict[str, list[Array]] = {series: [] for series in SERIES}
    past: dict[str, list[Array]] = {series: [] for series in SERIES}
    later: dict[str, list[Array]] = {series: [] for series in SERIES}
    for count, origin in enumerate(origins):
        if progress:
            progress("origin", count, len(origins))
        last = min(origin + LONGEST, LAST_YEAR)
        known, after = known_at(region, origin, last), held_out(region, origin, last)
        carried = carried_to(region, origin)
        model = fit(known, members, seed, carried=carried).forecasts(hindsight)
        for series in SERIES:
            forecasts = {MODEL: model[series]} | {
                name: benchmarks.forecast(name, known, series, members=members, seed=seed)
                for name in benchmarks.names(series)
            }
            for name, ensemble in forecasts.items():
                found = _scored(known, series, ensemble, after[series])
                held[series].setdefault(name, []).append(found)
            levels = np.quantile(model[series], list(QUANTILES.values()), axis=-1)
            quantiles[series].append(np.moveaxis(levels, 0, -1))
            past[series].append(known.figures[series])
            later[series].append(after[series].values)
    if progress:
        progress("origin", len(origins), len(origins))
    return Hindcast(
        region=region.name,
        economies=region.economies,
        names=tuple(str(region.profile.loc[code, "name"]) for code in region.economies),
        origins=tuple(origins),
        members=members,
        seed=seed,
        hindsight=hindsight,
        scores={name: _tuples(one) for name, one in held.items()},
        quantiles=_tuples(quantiles),
        past=_tuples(past),
        after=_tuples(later),
    )


def _tuples(held: Mapping[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    return {name: tuple(one) for name, one in held.items()}


def _scored(known: Known, series: str, ensemble: Array, after: HeldOut) -> Scores:
    """Scores at one origin, of the economies that had a figure up to it."""
    begun = known.published(series).any(axis=1, keepdims=True)
    seen = after.seen & begun
    return score(ensemble, after.values, seen, factor=UNITS[series].factor)
