"""Evidence: how well weak evidence is met: fits of institutions, and a forecast from one origin."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.evidence.institutions import (
    INDICES,
    Figures,
    Index,
    figures_of,
    fit_institutions,
    forecast,
    last_edition,
)
from sim.evidence.known import Flags
from sim.evidence.scores import score
from sim.model.adoption import logistic
from sim.model.quantities import Array
from sim.region.region import Region

#: The year from which each institution is forecast: after some editions, with later ones to score.
#: Two editions of cybersecurity, by two methods, leave nothing to forecast from.
ORIGINS: Mapping[str, int] = {"egovernment": 2014, "digital_finance": 2017}
#: Sub-stream of the seed of the benchmarks.
BENCHMARKS = 170
COLUMNS = (
    "index", "figures", "misfit_before", "misfit", "origin", "scored", "crps", "crps_last",
    "crps_drift", "inside_90",
)  # fmt: skip


def hindcast_institutions(region: Region, members: int = 200, seed: int = 1) -> pd.DataFrame:
    """A row an institution that has figures.

    ``misfit`` is the mean squared residual of the fit to all figures in units of their errors (and
    before it). From ``origin``, ``scored`` later figures are forecast: ``crps`` in points of the
    index, beside ``crps_last`` (the last figure stays) and ``crps_drift`` (all go on at the median
    yearly change of their log-odds), and the share ``inside_90`` of the 90 % band. NaN where there
    is no origin, or nothing to score.
    """
    fits = fit_institutions(region, last_edition(region, region.base_year), members, seed)
    rows = []
    for index in INDICES:
        if index.name in fits:
            one = fits[index.name]
            scores = _scores(index, region, members, seed)
            before, after = one.misfit
            rows.append(
                {"index": index.title, "figures": int(one.figures.seen.sum()),
                 "misfit_before": before, "misfit": after, **scores}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _scores(index: Index, region: Region, members: int, seed: int) -> dict[str, float]:
    """Scores of the forecast from the origin, and of both benchmarks."""
    blank = dict.fromkeys(COLUMNS[4:], math.nan) | {"scored": 0.0}
    origin = ORIGINS.get(index.name)
    whole = figures_of(index, region, region.last_year)
    known = None if origin is None else figures_of(index, region, origin)
    if origin is None or whole is None or known is None:
        return blank
    truth = logistic(whole.odds[:, origin + 1 - whole.first :])
    started: Flags = np.any(known.seen, axis=1, keepdims=True)
    counted = np.isfinite(truth) & started
    if not counted.any() or (known.seen.sum(axis=1) > 1).sum() < 2:
        return blank
    fitted = fit_institutions(region, origin, members, seed)[index.name]
    ours = forecast(fitted, truth.shape[1], region, seed)
    found = score(ours, truth, counted, factor=100.0)
    scored = {
        name: float(np.nanmean(score(one, truth, counted, factor=100.0).crps))
        for name, one in _benchmarks(known, truth.shape[1], members, seed).items()
    }
    return {
        "origin": float(origin), "scored": float(counted.sum()),
        "crps": float(np.nanmean(found.crps)), **scored,
        "inside_90": float(np.nanmean(found.inside_90)),
    }  # fmt: skip


def _benchmarks(known: Figures, years: int, members: int, seed: int) -> dict[str, Array]:
    """Simple forecasts of an index, 0-1, (economy, year, member): no change, and pooled drift.

    Spread: that of past changes around the rule, growing with the root of the years.
    """
    random = np.random.Generator(np.random.Philox(key=[seed, BENCHMARKS]))
    changes, spans, last, age = _changes(known)
    normals = random.standard_normal((len(last), 1, members))
    ahead = (np.arange(1, years + 1)[None, :] + age[:, None])[..., None]
    found = {}
    for name, drift in (("crps_last", 0.0), ("crps_drift", float(np.median(changes / spans)))):
        spread = float(np.std((changes - drift * spans) / np.sqrt(spans)))
        found[name] = logistic(
            last[:, None, None] + drift * ahead + spread * np.sqrt(ahead) * normals
        )
    return found


def _changes(known: Figures) -> tuple[Array, Array, Array, Array]:
    """Changes between an economy's editions and their years; its last figure, and its age."""
    changes, spans = [], []
    last, age = np.zeros(len(known.odds)), np.zeros(len(known.odds))
    for row, values in enumerate(known.odds):
        seen = np.flatnonzero(np.isfinite(values))
        changes += list(np.diff(values[seen]))
        spans += list(np.diff(seen))
        if len(seen):
            last[row], age[row] = values[seen[-1]], len(values) - 1 - seen[-1]
    return np.array(changes), np.array(spans, dtype=float), last, age
