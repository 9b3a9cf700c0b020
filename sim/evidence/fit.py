"""Evidence: the model fitted to what was known at an origin, and its forecasts from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.evidence.fitted import BLOCKS, Drawn, Layout
from sim.evidence.given import LEAST_FIRST_USERS, Forecast, Given
from sim.evidence.history import History, simulate
from sim.evidence.known import SERIES, Known
from sim.evidence.published import (
    LOG_GDP_SD,
    lines_sd,
    published_lines,
    published_log_gdp,
    published_users,
    users_sd,
)
from sim.evidence.smoother import Block, assimilate, mismatch
from sim.experiment import draws, start
from sim.model import adoption, parameters
from sim.model.parameters import Parameters
from sim.model.quantities import Array

#: Members of an ensemble, and rounds of the smoother (Core prototype: 400 to 600, and 4).
MEMBERS = 600
ROUNDS = 4
#: The series that each block of the model explains.
SERIES_OF = dict(zip(BLOCKS, ("gdp", "internet_users", "fixed_broadband"), strict=True))
#: Sub-streams of the seed: what is fitted, and the errors of figures to come.
FITTED, PUBLISHED = 100, 101

Progress = Callable[[str, int, int, float], None]


@dataclass(frozen=True, eq=False)
class Fit:
    """An ensemble fitted to the figures up to an origin.

    ``normals`` (member, place of the layout) are standard normals under the prior; ``others`` are
    the parameters that are not fitted, as drawn from their priors.
    """

    known: Known
    given: Given
    layout: Layout
    normals: Array
    others: Parameters
    seed: int

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

    def forecasts(self, rebasing: bool = False) -> Mapping[str, Array]:
        """Figures as they would be published after the origin, (economy, horizon, member).

        By name in ``SERIES``, units as in ``Known.figures``. ``rebasing`` adds jumps of surveys
        that were chosen with hindsight (``published.py``).
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
        )
        run = simulate(self.drawn(), self.given, known.last, forecast)
        after = slice(known.origin - known.first + 1, None)
        random = np.random.Generator(np.random.Philox(key=[self.seed, PUBLISHED]))
        found = {
            "internet_users": published_users(run.users[..., after], random, rebasing),
            "fixed_broadband": published_lines(run.lines[..., after], random),
            "gdp": published_log_gdp(run.log_gdp[..., after], random),
        }
        return {name: np.moveaxis(found[name], 0, -1) for name in SERIES}


def fit(
    known: Known, members: int = MEMBERS, seed: int = 1, rounds: int = ROUNDS,
    progress: Progress | None = None,
) -> Fit:  # fmt: skip
    """Fit the blocks in turn (growth, users, lines) to the figures up to the origin.

    Globals see the figures of all economies, an economy's own effects, start values and
    innovations its own; innovations after the origin see none. ``progress`` is told the block, the
    round, the rounds, and the mean squared error of the figures in standard deviations. Raises
    InputError where an argument does not fit.
    """
    economies = len(known.economies)
    layout = Layout(economies, known.first, known.last)
    random = np.random.Generator(np.random.Philox(key=[seed, FITTED]))
    normals = random.standard_normal((members, layout.size))
    count = parameters.count_draws(economies)
    drawn = draws.parameter_normals(seed, range(members), count)
    others = parameters.sample(drawn, economies)
    path = given(known)
    for place, block in enumerate(BLOCKS):
        data = _Data(known, SERIES_OF[block])
        if not len(data.observed):
            continue

        def predict(vectors: Array, data: _Data = data) -> Array:
            run = simulate(layout.draw(vectors, others), path, known.origin)
            return data.predicted(run)

        def report(turn: int, turns: int, error: float, block: str = block) -> None:
            if progress:
                progress(block, turn, turns, error)

        shared, *own, rest = layout.groups(known.origin, block)
        blocks = [Block(shared, np.arange(len(data.observed)))] if len(shared) else []
        blocks += [
            Block(group, np.flatnonzero(data.economy == position))
            for position, group in enumerate(own)
            if len(group)
        ]
        blocks += [Block(rest, [])] if len(rest) else []
        normals = assimilate(
            normals, predict, data.observed, data.error, seed + place, rounds, blocks=blocks,
            progress=report,
        )  # fmt: skip
    return Fit(known, path, layout, normals, others, seed)


class _Data:
    """The figures of one series up to the origin as the smoother takes them, economy by economy.

    Users in log-odds (figures of 0 and 1 have none and are left out), lines per person, log GDP.
    """

    def __init__(self, known: Known, series: str) -> None:
        figures = known.figures[series]
        usable = np.isfinite(figures)
        if series == "internet_users":
            usable &= (figures > 0.0) & (figures < 1.0)
        self.series, self.usable = series, usable
        self.economy = np.nonzero(usable)[0]
        values = figures[usable]
        if series == "internet_users":
            self.observed, self.error = adoption.logit(values), users_sd(values)
        elif series == "fixed_broadband":
            self.observed, self.error = values, lines_sd(values)
        else:
            self.observed, self.error = values, np.full(len(values), LOG_GDP_SD)

    def predicted(self, run: History) -> Array:
        """What a run says of these figures, (member, figure)."""
        path = {"internet_users": run.users, "fixed_broadband": run.lines, "gdp": run.log_gdp}
        values = path[self.series][:, self.usable]
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
        growth_noise_sd=start.growth_noise_sd(gdp),
        trade_weights=known.trade_weights,
        first_users=np.clip(users, LEAST_FIRST_USERS, 1.0 - LEAST_FIRST_USERS),
        first_gdp=gdp[:, 0].copy(),
        capital_ratio=start.first_capital_ratio(paths["investment_share"][:, : now + 1]),
    )
