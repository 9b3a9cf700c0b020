"""Evidence: the model fitted to what was known at an origin, and its forecasts from there."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.evidence.carried import Carried, carried_from
from sim.evidence.fitted import BLOCKS, Drawn, Layout
from sim.evidence.given import LEAST_FIRST_USERS, Forecast, Given
from sim.evidence.history import History, one_block, simulate
from sim.evidence.known import SERIES, Known, known_at
from sim.evidence.past_growth import own_noise_sd
from sim.evidence.published import (
    LOG_GDP_SD,
    doubted,
    lines_sd,
    published_lines,
    published_log_gdp,
    published_users,
    users_sd,
    within,
)
from sim.evidence.smoother import Block, assimilate, mismatch
from sim.experiment import draws
from sim.model import adoption, output, parameters
from sim.model.parameters import Parameters
from sim.model.quantities import Array
from sim.region.region import Region

#: Members of an ensemble, and rounds of the smoother (Core prototype: 400 to 600, and 4). Eight
#: rounds were no better: CRPS of users on origins 2010, 2012 and 2014 to 2018 3.32 and 3.32.
MEMBERS = 600
ROUNDS = 4
#: More are fitted than are kept, as chance correlations with many figures make too sure of what all
#: share (``smoother``): in each ensemble up to this many, but not more than so many times those
#: kept. One ensemble of 2,000 differs from the next: the CRPS of users from 2016 was 4.0 to 4.5
#: with four seeds. So several are put together, each keeping this many at least.
MOST_FITTED = 2000
TIMES_FITTED = 4
ENSEMBLES = 3
LEAST_KEPT = 125
#: The series that each block of the model explains.
SERIES_OF = dict(zip(BLOCKS, ("gdp", "internet_users", "fixed_broadband"), strict=True))
#: The shipped region that teaches the prior of globals of others, and the members of that fit: few
#: will do, as what they say is widened.
TEACHERS = "asean+carec"
TEACHERS_MEMBERS = 150
#: Sub-streams of the seed: what is fitted, and the errors of figures to come.
FITTED, PUBLISHED = 100, 101

Progress = Callable[[str, int, int, float], None]


@dataclass(frozen=True, eq=False)
class Fit:
    """An ensemble fitted to the figures up to an origin.

    ``normals`` (member, place of the layout) are standard normals under the prior; ``others`` are
    the parameters that are not fitted, as drawn from their priors. ``given`` has the noise of
    growth that the fit found, by economy.
    """

    known: Known
    given: Given
    layout: Layout
    normals: Array
    others: Parameters
    seed: int
    carried: Carried | None = None

    def drawn(self) -> Drawn:
        """Parameters, starts and innovations of the members."""
        return self.layout.draw(self.normals, self.others)

    def history(self) -> History:
        """The fitted years, from the first to the origin."""
        return simulate(self.drawn(), self.given, self.known.origin)

    def misfit(self, run: History) -> dict[str, float]:
        """Mean squared residual of a run of history in units of the figures' errors, by series.

        About 1 where residuals are as large as the errors say; series without figures are left out.
        """
        found = {}
        for series in SERIES:
            data = _Data(self.known, series)
            if len(data.observed):
                found[series] = mismatch(data.predicted(run), data.observed, data.error)
        return found

    def forecasts(self, hindsight: bool = False) -> Mapping[str, Array]:
        """Figures as they would be published after the origin, (economy, horizon, member).

        By name in ``SERIES``, units as in ``Known.figures``. ``hindsight`` adds what was
        chosen after a look at later years: jumps of surveys (``published.py``), and room above the
        last lines (``past_lines.py``), which runs have.
        """
        known, members = self.known, len(self.normals)
        luck = list(
            draws.year_draws(self.seed, range(members), known.horizons, len(known.economies))
        )
        forecast = Forecast(
            origin=known.origin,
            luck=luck,
            log_gdp=known.figures["gdp"],
            lines=known.figures["fixed_broadband"],
            users=known.figures["internet_users"],
            headroom=hindsight,
        )
        run = simulate(self.drawn(), self.given, known.last, forecast)
        after = slice(known.origin - known.first + 1, None)
        random = np.random.Generator(np.random.Philox(key=[self.seed, PUBLISHED]))
        found = {
            "internet_users": published_users(run.users[..., after], random, rebasing=hindsight),
            "fixed_broadband": published_lines(run.lines[..., after], random),
            "gdp": published_log_gdp(run.log_gdp[..., after], random),
        }
        return {name: np.moveaxis(found[name], 0, -1) for name in SERIES}


def fit(
    known: Known, members: int = MEMBERS, seed: int = 1, rounds: int = ROUNDS,
    progress: Progress | None = None, carried: Carried | None = None,
) -> Fit:  # fmt: skip
    """Fit the blocks in turn (growth, users, lines) to the figures up to the origin.

    Globals see the figures of all economies, an economy's own effects, start values and
    innovations its own; innovations after the origin see none. Growth and users are fitted twice
    from the same prior: what the first fit finds sets the noise of each economy's growth
    (``past_growth.own_noise_sd``), and which users figures are doubtful (``published.doubted``).
    ``carried`` is the prior of the globals, if not that of the registry (``carried_to``).
    Large ensembles are put together of several fitted independently, since one fit differs from
    another by chance; in each, more are fitted than are kept (``ensembles``). ``progress`` is told
    of the last fit of each block: the block, the round, the rounds of all ensembles, and the mean
    squared error of the figures in standard deviations. Raises InputError where an argument does
    not fit.
    """
    layout = Layout(len(known.economies), known.first, known.last)
    path, count, first = given(known), parameters.count_draws(len(known.economies)), 0
    found, others, noise = [], [], []
    parts = ensembles(members)
    for number, (kept, size) in enumerate(parts):
        own_seed = seed if number == 0 else _seed_of(seed, number)
        random = np.random.Generator(np.random.Philox(key=[own_seed, FITTED]))
        normals = random.standard_normal((size, layout.size))
        if carried is not None:
            normals[:, layout.globals] = carried.draw(normals[:, layout.globals])
        drawn = draws.parameter_normals(seed, range(first, first + size), count)
        rest = parameters.sample(drawn, len(known.economies))
        work = _Work(known, layout, rest, path, own_seed, rounds)
        for block in BLOCKS:
            normals = work.fitted(block, normals, _later(progress, number, len(parts)))
        chosen = np.linspace(0, size - 1, kept).round().astype(int)
        found.append(normals[chosen])
        others.append(drawn[chosen])
        noise.append(work.given.growth_noise_sd)
        first += size
    path = replace(path, growth_noise_sd=np.mean(noise, axis=0))
    rest = parameters.sample(np.concatenate(others), len(known.economies))
    return Fit(known, path, layout, np.concatenate(found), rest, seed, carried)


def _seed_of(seed: int, number: int) -> int:
    """The seed of a further ensemble: far from those of the first and of its blocks."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)[0] >> 1)


def _later(progress: Progress | None, number: int, parts: int) -> Progress | None:
    """Progress of one ensemble of several, in rounds of all of them."""
    if progress is None:
        return None
    tell = progress
    return lambda block, turn, turns, error: tell(
        block, number * turns + turn, parts * turns, error
    )


def ensembles(members: int) -> list[tuple[int, int]]:
    """Sizes of the ensembles that are fitted: how many are kept of each, and how many fitted."""
    parts = max(1, min(ENSEMBLES, members // LEAST_KEPT))
    kept = [members // parts + (number < members % parts) for number in range(parts)]
    return [(size, max(size, min(MOST_FITTED, TIMES_FITTED * members))) for size in kept]


def carried_to(region: Region, origin: int) -> Carried | None:
    """The prior of the globals for a region of one's own; None for a shipped one.

    What the shipped regions taught up to ``origin``: no later figure of anybody enters.
    """
    return None if region.is_shipped else _taught(origin)


@functools.lru_cache(maxsize=16)
def _taught(origin: int) -> Carried:
    found = fit(known_at(Region.load(TEACHERS), origin, origin), TEACHERS_MEMBERS)
    return carried_from(found.normals[:, found.layout.globals])


class _Work:
    """A fit in the making: what the blocks are given, and the path of GDP once it is fitted."""

    def __init__(
        self, known: Known, layout: Layout, others: Parameters, path: Given, seed: int, rounds: int
    ) -> None:
        self.known, self.layout, self.others, self.given = known, layout, others, path
        self.seed, self.rounds = seed, rounds
        self.log_gdp: Array | None = None

    def fitted(self, block: str, normals: Array, progress: Progress | None) -> Array:
        """The normals with those of a block drawn towards its figures."""
        data = _Data(self.known, SERIES_OF[block])
        found = normals
        if len(data.observed):
            if block == "growth":
                self._calm(self._drawn_to(data, block, normals, None))
            elif block == "users":
                first = self._drawn_to(data, block, normals, None)
                gap = (self._predicted(data, block, first) - data.observed) / data.error
                data.error = doubted(data.error, (gap**2).mean(axis=0))
            found = self._drawn_to(data, block, normals, progress)
        if block == "growth":
            self.log_gdp = self._run(block, found)
        return found

    def _calm(self, normals: Array) -> None:
        """Set the noise of growth by the innovations of a first fit."""
        past = self.known.origin - self.known.first
        innovations = self.layout.draw(normals, self.others).innovations["growth"][:, :, :past]
        noise = own_noise_sd(self.given.growth_noise_sd, innovations)
        self.given = replace(self.given, growth_noise_sd=noise)

    def _drawn_to(
        self, data: _Data, block: str, normals: Array, progress: Progress | None
    ) -> Array:
        """The smoother on one block: one group of the layout sees all, the others their own."""

        def report(turn: int, turns: int, error: float) -> None:
            if progress:
                progress(block, turn, turns, error)

        shared, *own, rest = self.layout.groups(self.known.origin, block)
        blocks = [Block(shared, np.arange(len(data.observed)))] if len(shared) else []
        blocks += [
            Block(group, np.flatnonzero(data.economy == position))
            for position, group in enumerate(own)
            if len(group)
        ]
        blocks += [Block(rest, [])] if len(rest) else []
        return assimilate(
            normals, lambda vectors: self._predicted(data, block, vectors), data.observed,
            data.error, self.seed + BLOCKS.index(block), self.rounds, blocks=blocks,
            progress=report,
        )  # fmt: skip

    def _predicted(self, data: _Data, block: str, normals: Array) -> Array:
        return data.of(self._run(block, normals))

    def _run(self, block: str, normals: Array) -> Array:
        """The series of a block up to the origin, (member, economy, year)."""
        drawn = self.layout.draw(normals, self.others)
        return one_block(block, drawn, self.given, self.known.origin, self.log_gdp)


class _Data:
    """The figures of one series up to the origin as the smoother takes them, economy by economy.

    Users in log-odds (figures of 0 and 1 taken ``within``), lines per person, log GDP.
    """

    def __init__(self, known: Known, series: str) -> None:
        figures = known.figures[series]
        usable = np.isfinite(figures)
        self.series, self.usable = series, usable
        self.economy = np.nonzero(usable)[0]
        values = (within(figures) if series == "internet_users" else figures)[usable]
        if series == "internet_users":
            self.observed, self.error = adoption.logit(values), users_sd(values)
        elif series == "fixed_broadband":
            self.observed, self.error = values, lines_sd(values)
        else:
            self.observed, self.error = values, np.full(len(values), LOG_GDP_SD)

    def predicted(self, run: History) -> Array:
        """What a run says of these figures, (member, figure)."""
        path = {"internet_users": run.users, "fixed_broadband": run.lines, "gdp": run.log_gdp}
        return self.of(path[self.series])

    def of(self, path: Array) -> Array:
        """What the path of the series says of these figures, (member, figure)."""
        values = path[:, self.usable]
        if self.series == "internet_users":
            return adoption.logit(np.clip(values, 1e-9, 1.0 - 1e-9))
        return values


def given(known: Known) -> Given:
    """What history is run on, from what was known at the origin and nothing else."""
    paths, now = known.covariates, known.origin - known.first
    gdp = np.exp(known.filled("gdp"))
    population = paths["population"]
    past_ratio = paths["gdp_per_person_ppp"][:, : now + 1] * population[:, : now + 1] / gdp
    ratio = np.concatenate(
        [past_ratio, np.repeat(past_ratio[:, -1:], known.horizons, axis=1)], axis=1
    )
    investment = paths["investment_share"].copy()
    if known.horizons:  # a run from the origin invests in that year as in the next one
        investment[:, now] = investment[:, now + 1]
    users = known.filled("internet_users")[:, 0]
    return Given(
        first_year=known.first,
        population=population,
        working_age_share=1.0 - paths["population_0_14"] - paths["population_65plus"],
        child_share=paths["population_0_14"],
        urban_share=paths["urban_share"],
        years_of_schooling=paths["years_of_schooling"],
        investment_share=investment,
        ppp_ratio=ratio,
        gini=paths["gini"][:, now] / 100.0,
        growth_noise_sd=output.growth_noise_sd(gdp),
        trade_weights=known.trade_weights,
        first_users=np.clip(users, LEAST_FIRST_USERS, 1.0 - LEAST_FIRST_USERS),
        first_gdp=gdp[:, 0].copy(),
        capital_ratio=output.first_capital_ratio(paths["investment_share"][:, : now + 1]),
    )
