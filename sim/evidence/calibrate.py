"""Calibration: the model fitted to a region's history, and the ensemble that runs start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import InputError, Problem
from sim.evidence.fit import ROUNDS, SERIES_OF, Fit, carried_to, ensembles, fit
from sim.evidence.fitted import FITTED
from sim.evidence.history import History
from sim.evidence.institutions import IndexFit, fit_institutions, last_edition
from sim.evidence.known import COVARIATES, LAST_YEAR, SERIES, Known, known_at
from sim.evidence.past_growth import level_shift
from sim.evidence.past_lines import rescaling
from sim.evidence.past_users import towards
from sim.evidence.smoother import spread_kept
from sim.experiment.posterior import Posterior
from sim.experiment.posteriors import history_digests, model_digest, prior_digest
from sim.model.parameters import priors
from sim.model.quantities import Array
from sim.region.layout import FIRST_YEAR
from sim.region.region import Region

#: Draws that are kept; four times as many are fitted.
MEMBERS = 500
#: Draws of a prior that its percentiles are taken of.
PRIOR_DRAWS = 20_000
#: A growth shock goes on into runs by at most this many log points (judgement: that of the shipped
#: economies is 0.29 at most; what leaps further is a break in the figures, or a war that is over).
LARGEST_SHOCK = 0.3
#: The code that a fit depends on, besides the registry of priors.
FILES = (
    "evidence/calibrate.py", "evidence/carried.py", "evidence/fit.py", "evidence/fitted.py",
    "evidence/given.py", "evidence/history.py", "evidence/institutions.py", "evidence/known.py",
    "evidence/past_growth.py", "evidence/past_lines.py", "evidence/past_users.py",
    "evidence/published.py", "evidence/smoother.py", "experiment/draws.py", "model/adoption.py",
    "model/learning.py", "model/output.py", "model/priors.py",
)  # fmt: skip

#: Told the block that is fitted, the round, how many rounds, and the mean squared misfit.
Progress = Callable[[str, int, int, float], None]


@dataclass(frozen=True, eq=False)
class Calibration:
    """A fit to all of a region's history: the ensemble to keep, and what it learnt.

    ``misfit`` holds, by series, the mean squared residual in units of the errors of the figures
    before the first round and after the last one: about 1 where the fit is as good as the figures.
    ``institutions`` are fitted apart, to weak evidence, and move none of these.
    """

    fit: Fit
    posterior: Posterior
    misfit: Mapping[str, tuple[float, float]]
    institutions: Mapping[str, IndexFit]

    @property
    def gaps(self) -> Mapping[str, tuple[str, ...]]:
        """Economies that no figure of a series taught anything, by series; only series with any.

        Their effects are drawn from the priors; what all economies share is fitted to the others.
        """
        known = self.fit.known
        without = {
            name: tuple(
                code
                for code, figures in zip(known.economies, known.published(name), strict=True)
                if not figures.any()
            )
            for name in SERIES
        }
        return {name: codes for name, codes in without.items() if codes}

    def table(self) -> pd.DataFrame:
        """What history taught: a row a fitted parameter, prior and posterior side by side.

        Median, 5th and 95th percentile of both; of effects that differ by economy, over all
        economies. ``spread_kept`` is the standard deviation after against before (of effects, the
        mean over economies): 1 where nothing was learnt. Where shared parameters had a prior that
        other regions taught (``fit.carried_to``), it is that one.
        """
        rows, shared_before = [], self._shared_before()
        for prior in priors():
            if prior.name not in self.posterior.parameters:
                continue
            shared = prior.scope == "global"
            values = (self.posterior.shared if shared else self.posterior.own)[prior.name]
            before = prior.sample(shared_before.get(prior.name, _normals(1)))
            after = values.reshape(len(values), -1)
            kept = spread_kept(np.broadcast_to(before, (len(before), after.shape[1])), after)
            rows.append(
                {
                    "parameter": prior.name, "meaning": prior.meaning, "unit": prior.unit,
                    "scope": prior.scope, **_band("prior_", before), **_band("", values),
                    "spread_kept": float(np.mean(kept)),
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def _shared_before(self) -> dict[str, Array]:
        """Normals of the shared parameters before the fit, (draw, 1), by name."""
        layout, carried = self.fit.layout, self.fit.carried
        names = layout.names[layout.globals]
        normals = _normals(len(names))
        if carried is not None:
            normals = carried.draw(normals)
        return {name: normals[:, [place]] for place, name in enumerate(names)}


def _normals(width: int) -> Array:
    """Standard normals that show a prior, (draw, width)."""
    return np.random.Generator(np.random.Philox(1)).standard_normal((PRIOR_DRAWS, width))


def _band(prefix: str, values: Array) -> dict[str, float]:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {f"{prefix}median": median, f"{prefix}low": low, f"{prefix}high": high}


def calibrate(
    region: Region, until: int = LAST_YEAR, members: int = MEMBERS, seed: int = 1,
    progress: Progress | None = None,
) -> Calibration:  # fmt: skip
    """Fit the model to a region's figures from 2000 to ``until``, for an ensemble of ``members``.

    More are fitted than are kept (``fit``). A region of one's own has what the shipped ones taught
    up to ``until``, or to 2023 if that is earlier, as its prior. Raises InputError for years that
    the tables do not reach, and series of which nobody has a figure.
    """
    if not FIRST_YEAR < until <= region.last_year:
        allowed = f"{FIRST_YEAR + 1} to {region.last_year}"
        problem = Problem("no year to fit up to", field="until", value=until, allowed=allowed)
        raise InputError([problem])
    known = known_at(region, until, until)
    first: dict[str, float] = {}

    def watch(block: str, turn: int, turns: int, error: float) -> None:
        first.setdefault(SERIES_OF[block], error)
        if progress:
            progress(block, turn, turns, error)

    found = fit(
        known, members, seed, progress=watch, carried=carried_to(region, min(until, LAST_YEAR))
    )
    run = found.history()
    last = found.misfit(run)
    misfit = {name: (first[name], last[name]) for name in SERIES if name in last}
    weak = fit_institutions(region, last_edition(region, until), members, seed)
    own = _own(found, run, region)
    shared = _shared(found)
    for name, one in weak.items():
        shared |= one.shared
        own |= {**one.own, name: one.at(until)}
    posterior = Posterior(
        economies=region.economies,
        fitted=np.ones(len(region.economies), dtype=bool),
        shared=shared,
        own={name: _rounded(values) for name, values in own.items()},
        about=_about(region, known, members, seed, misfit, weak),
    )
    return Calibration(found, posterior, misfit, weak)


def _rounded(values: Array) -> Array:
    """As it is kept on disk, in single precision."""
    return values.astype(np.float32).astype(np.float64)


def _shared(found: Fit) -> dict[str, Array]:
    p = found.drawn().parameters
    scopes = {prior.name: prior.scope for prior in priors()}
    names = [name for block in FITTED.values() for name in block if scopes[name] == "global"]
    return {name: getattr(p, name)[:, 0] for name in names}


def _own(found: Fit, run: History, region: Region) -> dict[str, Array]:
    """Effects, and where history leaves each economy, tied to the last figures as forecasts are."""
    drawn, figures = found.drawn(), found.known.figures
    scopes = {prior.name: prior.scope for prior in priors()}
    names = [name for block in FITTED.values() for name in block if scopes[name] == "economy"]
    own: dict[str, Array] = {name: getattr(drawn.parameters, name) for name in names}
    log_gdp = run.log_gdp[:, :, -1] + level_shift(figures["gdp"], run.log_gdp)
    table = np.log(region.series("gdp", found.known.origin, found.known.origin)[:, 0])
    lines = run.lines[:, :, -1] * rescaling(figures["fixed_broadband"], run.lines)
    return own | {
        "online": towards(run.adoption.online, run.users[:, :, -1], figures["internet_users"]),
        "fixed_broadband": np.clip(lines, 1e-6, 1.0),
        "adoption_noise": run.adoption.noise,
        "broadband_noise": run.rollout.noise,
        "growth_shock": np.clip(run.growth.shock, -LARGEST_SHOCK, LARGEST_SHOCK),
        "capital_ratio": run.growth.capital / np.exp(log_gdp),
        "growth_noise_sd": np.tile(found.given.growth_noise_sd, (len(log_gdp), 1)),
        "gdp_error": np.where(np.isfinite(figures["gdp"][:, -1]), 0.0, log_gdp - table),
    }


def _digits(pair: tuple[float, float]) -> list[float]:
    return [float(f"{value:.6g}") for value in pair]


def _about(
    region: Region, known: Known, members: int, seed: int,
    misfit: Mapping[str, tuple[float, float]], weak: Mapping[str, IndexFit],
) -> dict[str, Any]:  # fmt: skip
    """What was fitted to what, and how: all that tells whether it still fits."""
    indicators = [*SERIES, *COVARIATES]
    fitted = {name for block in FITTED.values() for name in block}
    fitted |= {name for one in weak.values() for name in (*one.shared, *one.own)}
    names = [prior.name for prior in priors() if prior.kind == "fixed" or prior.name in fitted]
    return {
        "region": region.name,
        "until": known.origin,
        "members": sum(size for _, size in ensembles(members)),
        "seed": seed,
        "rounds": ROUNDS,
        "misfit": {name: _digits(pair) for name, pair in misfit.items()},
        "institutions": {
            name: {
                "indicator": one.index.indicator,
                "first": one.first,
                "figures": int(one.figures.seen.sum()),
                "misfit": _digits(one.misfit),
            }
            for name, one in weak.items()
        },
        "history": {
            "indicators": indicators,
            "digests": history_digests(region, indicators, known.origin),
        },
        "model": {"files": list(FILES), "digest": model_digest(FILES)},
        "priors": {"names": names, "digest": prior_digest(names)},
    }
