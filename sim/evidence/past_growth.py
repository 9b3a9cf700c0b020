"""Evidence: GDP from the first year on, as ``sim.model.output`` makes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.evidence.given import Forecast, Given, last_known
from sim.model import adoption, output
from sim.model.parameters import Parameters
from sim.model.quantities import Array

#: Years that the regional mean counts for beside an economy's own noise (Core prototype).
NOISE_YEARS = 5.0


@dataclass(frozen=True, slots=True)
class GrowthPath:
    """``log_gdp`` is (member, economy, year), log USD of 2015; the rest is the last year's.

    ``capital`` (USD of 2015) and ``shock`` (log points) are (member, economy).
    """

    log_gdp: Array
    capital: Array
    shock: Array


def growth_path(
    p: Parameters,
    normals: Array,
    given: Given,
    last_year: int,
    forecast: Forecast | None = None,
) -> GrowthPath:
    """GDP from the first year's figure to ``last_year``: Solow with pooled productivity growth.

    ``normals`` are the innovations of own growth shocks, (member, economy, year). Equations are
    those of ``year.output_is_made`` with three differences. In history crises are not drawn: own
    shocks stand for them. Returns to internet use, trade and skills are not added, and what rising
    use gave is left in the trend it was fitted with. The shock of the first year is drawn from its
    stationary distribution.
    """
    gdp = np.tile(given.first_gdp, (len(normals), 1))
    capital = gdp * given.capital_ratio * np.exp(p.start_capital_error)
    productivity = np.log(gdp) - _inputs(capital, given, 0, p)
    path = np.empty((*gdp.shape, last_year - given.first_year + 1))
    path[:, :, 0] = np.log(gdp)
    shock = np.zeros_like(gdp)
    outside = _Outside(p, len(normals), forecast)
    for column in range(1, path.shape[2]):
        if forecast is not None and given.first_year + column - 1 == forecast.origin:
            shift = level_shift(forecast.log_gdp, path)
            productivity, gdp = productivity + shift, gdp * np.exp(shift)
            path[:, :, column - 1] += shift
        persistence = p.growth_persistence if column > 1 else np.zeros((1, 1))
        shock = adoption.autoregression(
            shock, normals[:, :, column - 1], persistence, given.growth_noise_sd
        )
        outside.go_on(given.first_year + column)
        productivity = productivity + output.productivity_growth(
            gdp / given.population[:, column - 1],
            shock,
            outside.region_shock,
            outside.loss,
            outside.last_loss,
            np.zeros(1),
            p,
        )
        capital = output.capital_step(capital, gdp, given.investment_share[:, column - 1], p)
        path[:, :, column] = productivity + _inputs(capital, given, column, p)
        gdp = np.exp(path[:, :, column])
    return GrowthPath(path, capital, shock)


def own_noise_sd(deviation: Array, innovations: Array) -> Array:
    """SD of own growth shocks, (economy,), from the innovations fitted with ``deviation``.

    sigma^2 <- sigma^2 (nu g + sum xi^2) / (nu + n): the mean over members of the squares of n
    innovations (member, economy, year), half-pooled with their regional mean g by nu = 5 years.
    A fit with the new figures gives economies whose past was stormy wider bands.
    """
    square = (innovations**2).mean(axis=0)
    pooled = NOISE_YEARS * square.mean()
    factor = (pooled + square.sum(axis=1)) / (NOISE_YEARS + square.shape[1])
    return deviation * np.sqrt(factor)


def _inputs(capital: Array, given: Given, column: int, p: Parameters) -> Array:
    return output.log_inputs(
        capital,
        given.population[:, column],
        given.working_age_share[:, column],
        given.years_of_schooling[:, column],
        p,
    )


def level_shift(figures: Array, path: Array) -> Array:
    """The last figure of log GDP less the path in its year, (m, e); 0 without a figure."""
    last, reached = last_known(figures, path)
    return np.nan_to_num(last - reached)


class _Outside:
    """Crises and the regional shock: none in history, drawn after the origin."""

    def __init__(self, p: Parameters, members: int, forecast: Forecast | None) -> None:
        self.p, self.forecast = p, forecast
        self.region_shock = np.zeros(members)
        self.loss = self.last_loss = np.zeros((1, 1))

    def go_on(self, year: int) -> None:
        """To a calendar year."""
        if self.forecast is None or year <= self.forecast.origin:
            return
        p, luck = self.p, self.forecast.luck[year - self.forecast.origin - 1]
        self.last_loss = self.loss
        self.region_shock = adoption.autoregression(
            self.region_shock,
            luck.region_growth,
            p.region_persistence[:, 0],
            p.region_noise_sd[:, 0],
        )
        self.loss = output.crisis_loss(
            luck.crisis, luck.crisis_size, luck.region_crisis, luck.region_crisis_size, p
        )
