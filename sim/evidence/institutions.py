"""Evidence: institutions fitted to the few figures of their indices: weak evidence, kept apart.

E-government, cybersecurity and account ownership are published every few years, by methods that
change. So their figures have large errors, and teach the parameters of their own institution only:
this fit shares no number with that of users, lines and GDP, which stays as it is to the bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evidence.fit import MOST_FITTED, ROUNDS, TIMES_FITTED
from sim.evidence.smoother import Block, assimilate, mismatch
from sim.model import learning
from sim.model.adoption import logistic, logit
from sim.model.parameters import priors
from sim.model.priors import Prior
from sim.model.quantities import Array
from sim.region.layout import FIRST_YEAR
from sim.region.region import Region

#: Figures of 0 and 1 are taken to be this far from it.
EDGE = 0.005
#: Error of an economy's start in the first year in log-odds: where it has a figure then, and where
#: its start is its first later figure, brought back at the others' pace (judgement).
START_SD, UNSEEN_START_SD = 0.2, 0.6
#: Sub-stream of the seed of the first institution; the others follow.
STREAM = 110


@dataclass(frozen=True)
class Index:
    """An institution: its state, the indicator of its figures, and the prefix of its parameters.

    ``scale`` turns figures into 0-1; ``error`` is the SD of a figure in log-odds, and
    ``edition_error`` that of what all figures of an edition share against those of the last one,
    as its method differs (judgement).
    """

    name: str
    indicator: str
    prefix: str
    title: str
    scale: float
    error: float
    edition_error: float

    @property
    def shared(self) -> tuple[str, ...]:
        """Fitted parameters that all economies share."""
        return f"{self.prefix}_drift", f"{self.prefix}_learning"

    @property
    def effect(self) -> str:
        """The fitted parameter that differs by economy."""
        return f"{self.prefix}_effect"


INDICES = (
    Index("egovernment", "egdi", "egovernment", "E-government (EGDI)", 1.0, 0.15, 0.1),
    Index("cybersecurity", "cybersecurity", "cybersecurity", "Cybersecurity (GCI)", 0.01, 0.4, 0.4),
    Index("digital_finance", "account_ownership", "finance", "Accounts (Findex)", 1.0, 0.2, 0.05),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of an index in log-odds, (economy, year) from ``first`` on; NaN where none is."""

    index: Index
    first: int
    odds: Array

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where there is a figure."""
        return np.isfinite(self.odds)


@dataclass(frozen=True, eq=False)
class IndexFit:
    """An institution fitted up to its last figure.

    ``shared`` (draw,) and ``own`` (draw, economy) are its parameters by name; ``path`` the log-odds
    of its index, (draw, economy, year) from ``first``, by the method of the last edition;
    ``misfit`` the mean squared residual in units of the figures' errors, before and after.
    """

    index: Index
    first: int
    figures: Figures
    shared: Mapping[str, Array]
    own: Mapping[str, Array]
    path: Array
    misfit: tuple[float, float]

    def at(self, year: int) -> Array:
        """The index in a year, 0-1, (draw, economy); for others the nearest fitted year's."""
        place = min(max(year - self.first, 0), self.path.shape[2] - 1)
        return logistic(self.path[:, :, place])


def figures_of(index: Index, region: Region, last: int) -> Figures | None:
    """The figures up to ``last``, from the first year with any; None where there are none."""
    if index.indicator not in region.indicators:
        return None
    end = min(last, region.last_year)
    seen = region.series_observed(index.indicator, FIRST_YEAR, end)
    if not seen.any():
        return None
    start = int(np.argmax(seen.any(axis=0)))
    share = index.scale * region.series(index.indicator, FIRST_YEAR, end)
    odds = logit(np.clip(share, EDGE, 1.0 - EDGE))
    return Figures(index, FIRST_YEAR + start, np.where(seen, odds, np.nan)[:, start:])


def last_edition(region: Region, until: int) -> int:
    """The last year whose figures a fit up to ``until`` takes.

    Up to the base year or later: all that the tables hold, as an index describes the year before
    it appears. Of a fit that ends earlier nothing later is known.
    """
    return max(until, region.last_year) if until >= region.base_year else until


def fit_institutions(
    region: Region, last: int, members: int, seed: int = 1
) -> Mapping[str, IndexFit]:
    """Fit each institution that has figures up to ``last``, by name, for ``members`` draws.

    As the main fit is (``fit.fit``): an ensemble smoother in which the shared drift and learning
    see all figures, and an economy's own drift, start and noise its own. More are fitted than are
    kept.
    """
    found = {}
    for number, index in enumerate(INDICES):
        figures = figures_of(index, region, last)
        if figures is not None:
            found[index.name] = _Work(figures, region, members, seed, STREAM + number).fitted()
    return found


class _Work:
    """The fit of one institution in the making.

    A vector of standard normals holds drift and learning; what each edition but the last shares;
    then, economy after economy, its effect, its start and the noise of each year after the first.
    """

    def __init__(
        self, figures: Figures, region: Region, members: int, seed: int, stream: int
    ) -> None:
        self.figures, self.index, self.members = figures, figures.index, members
        self.seed, self.stream = seed, stream
        self.economies, years = figures.odds.shape
        self.years = years - 1
        self.editions = np.flatnonzero(figures.seen.any(axis=0))[:-1]
        registry = {prior.name: prior for prior in priors()}
        self.shared = [registry[name] for name in self.index.shared]
        self.effect = registry[self.index.effect]
        size = max(members, min(MOST_FITTED, TIMES_FITTED * members))
        self.random = np.random.Generator(np.random.Philox(key=[seed, stream]))
        self.normals = self.random.standard_normal((size, self.width))
        self.noise_sd = self._others(registry[f"{self.index.prefix}_noise_sd"])
        slope = self._others(registry["absorptive_slope"])
        last = figures.first + self.years
        government = region.series("government_effectiveness", last, last)[:, 0]
        self.absorptive = logistic(slope * government)
        self.teachers = teachers_of(region, figures.first)
        self.start, self.start_sd = _starts(figures.odds)

    @property
    def width(self) -> int:
        """Length of the vector."""
        return self.common + self.economies * (2 + self.years)

    @property
    def common(self) -> int:
        """Places of what all economies share."""
        return len(self.shared) + len(self.editions)

    def _others(self, prior: Prior) -> Array:
        """A parameter that is not fitted, drawn from its prior, (member, 1)."""
        return prior.sample(self.random.standard_normal((len(self.normals), 1)))

    def fitted(self) -> IndexFit:
        """The ensemble drawn towards the figures, of which ``members`` are kept."""
        seen = self.figures.seen
        observed = self.figures.odds[seen]
        error = np.full(len(observed), self.index.error)
        economy = np.nonzero(seen)[0]
        width = 2 + self.years
        first = self.common
        blocks = [Block(slice(0, first), np.arange(len(observed)))]
        blocks += [
            Block(slice(first + k * width, first + (k + 1) * width), np.flatnonzero(economy == k))
            for k in range(self.economies)
        ]

        def predict(normals: Array) -> Array:
            return (self.path(normals) + self._shift(normals)[:, None, :])[:, seen]

        normals = assimilate(
            self.normals, predict, observed, error, self.seed + self.stream, ROUNDS, blocks=blocks
        )
        misfit = tuple(mismatch(predict(one), observed, error) for one in (self.normals, normals))
        kept = np.linspace(0, len(normals) - 1, self.members).round().astype(int)
        shared, own, _, _ = self._drawn(normals)
        return IndexFit(
            index=self.index, first=self.figures.first, figures=self.figures,
            shared={name: values[kept, 0] for name, values in shared.items()},
            own={self.effect.name: own[kept]}, path=self.path(normals)[kept],
            misfit=(misfit[0], misfit[1]),
        )  # fmt: skip

    def _drawn(self, normals: Array) -> tuple[dict[str, Array], Array, Array, Array]:
        """Shared parameters (m, 1), effects and starts (m, e), noise (m, e, year)."""
        shared = {
            prior.name: prior.sample(normals[:, [place]]) for place, prior in enumerate(self.shared)
        }
        own = normals[:, self.common :].reshape(len(normals), self.economies, -1)
        start = self.start + self.start_sd * own[:, :, 1] - self._shift(normals)[:, :1]
        return shared, self.effect.sample(own[:, :, 0]), start, own[:, :, 2:]

    def _shift(self, normals: Array) -> Array:
        """What figures of each year share, against the method of the last edition, (m, year)."""
        found = np.zeros((len(normals), self.years + 1))
        drawn = normals[:, len(self.shared) : self.common]
        found[:, self.editions] = self.index.edition_error * drawn
        return found

    def path(self, normals: Array) -> Array:
        """Log-odds of the index, (m, e, year), by the model's own step without programmes."""
        shared, effect, level, noise = self._drawn(normals)
        drift, taught = (shared[name] for name in self.index.shared)
        found = np.empty((*level.shape, self.years + 1))
        found[:, :, 0] = level
        for year in range(self.years):
            level = learning.institution_step(
                level, learning.best_practice(level, self.teachers), self.absorptive,
                drift + effect + self.noise_sd * noise[:, :, year], taught,
            )  # fmt: skip
            found[:, :, year + 1] = level
        return found


def teachers_of(region: Region, year: int) -> learning.Teachers:
    """Whom economies learn from, (economy, peer): by income of a year, and by trade."""
    income = region.series("gdp_per_person_ppp", year, year)[:, 0]
    return learning.similar_peers(income, region.trade_weights)


def _starts(values: Array) -> tuple[Array, Array]:
    """Where economies start in the first year, and with what error, both (economy,).

    At its first figure, brought back by the others' median change until then; without any at the
    median of all.
    """
    seen = np.isfinite(values)
    known = np.flatnonzero(seen.any(axis=0))
    middle = np.interp(np.arange(values.shape[1]), known, np.nanmedian(values[:, known], axis=0))
    first = np.argmax(seen, axis=1)
    rows = np.arange(len(values))
    own = values[rows, first] - (middle[first] - middle[0])
    start = np.where(seen.any(axis=1), own, middle[0])
    return start, np.where(seen[:, 0], START_SD, UNSEEN_START_SD)


def forecast(found: IndexFit, years: int, region: Region, seed: int) -> Array:
    """The index in the years after the last fitted one, 0-1, (economy, year, draw).

    With the noise of a year, the error that a figure has, and what an edition's figures share.
    """
    index = found.index
    random = np.random.Generator(np.random.Philox(key=[seed, STREAM + 50]))
    registry = {prior.name: prior for prior in priors()}
    draws, economies = found.path.shape[:2]

    def drawn(name: str) -> Array:
        return registry[name].sample(random.standard_normal((draws, 1)))

    noise_sd, slope = drawn(f"{index.prefix}_noise_sd"), drawn("absorptive_slope")
    last = found.first + found.path.shape[2] - 1
    government = region.series("government_effectiveness", last, last)[:, 0]
    teachers = teachers_of(region, found.first)
    level = found.path[:, :, -1]
    drift, taught = (found.shared[name][:, None] for name in index.shared)
    ahead = np.empty((economies, years, draws))
    for year in range(years):
        noise = noise_sd * random.standard_normal((draws, economies))
        level = learning.institution_step(
            level, learning.best_practice(level, teachers), logistic(slope * government),
            drift + found.own[index.effect] + noise, taught,
        )  # fmt: skip
        published = level + index.error * random.standard_normal((draws, economies))
        published += index.edition_error * random.standard_normal((draws, 1))
        ahead[:, year] = logistic(published).T
    return ahead
