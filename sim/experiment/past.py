"""What an economy's own past says of its speed and its growth, pooled hard with the prior.

Closed-form updates of the effects that differ by economy, so that a run starts with the momentum
that the economy has. Every update is a normal prior meeting an estimate from the years before the
base year; nothing after the base year enters.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from sim.model import adoption, output, parameters
from sim.model.parameters import Parameters
from sim.model.quantities import Array, stacked, total
from sim.model.world import World
from sim.region.region import Region

#: First year of the history that capital and past returns are built up from.
FIRST_YEAR = 2000
#: Depreciation plus growth behind the capital-output ratio of the first year (Core prototype).
CAPITAL_DIVISOR = 0.095
#: Years of the past that count for speeds, and for the momentum in them.
SPEED_YEARS = 10
MOMENTUM_YEARS = 3
#: Variance of a year's residual that is measurement and not speed (log units).
MEASUREMENT_VARIANCE = 0.5
#: Residuals are cut at this many standard deviations of the noise: surveys re-base.
LARGEST_RESIDUAL = 3.0


def capital_history(region: Region, p: Parameters) -> list[Array]:
    """Capital by perpetual inventory, (member, economy) in each year from 2000 to the base year."""
    gdp = region.series("gdp", FIRST_YEAR, region.base_year)
    share = region.series("investment_share", FIRST_YEAR, region.base_year)
    capital = [gdp[:, 0] * first_capital_ratio(share) * np.exp(p.start_capital_error)]
    for year in range(gdp.shape[1] - 1):
        capital.append(output.capital_step(capital[-1], gdp[:, year], share[:, year], p))
    return capital


def first_capital_ratio(investment_share: Array) -> Array:
    """Capital against GDP in the first year, (economy,), from shares of GDP (economy, year).

    ln(K/Y) = half ln(mean I / 0.095) + half ln(own I / 0.095) (Core prototype).
    """
    own = investment_share.mean(axis=1)
    ratio = 0.5 * np.log(own.mean() / CAPITAL_DIVISOR) + 0.5 * np.log(own / CAPITAL_DIVISOR)
    return np.asarray(np.exp(ratio))


def condition_growth(region: Region, world: World, p: Parameters) -> None:
    """Update trend growth, catching up and each economy's growth effect, in place.

    Bayesian regression d ln A = gamma + g_i - chi (ln y - 8.5) + noise on the years from
    2000 to the base year, with the noise's AR(1) in its variance. Prior draws are moved
    to the posterior by the linear map that takes one normal distribution to the other.
    """
    change, income = _past_productivity(region)
    economies, years = change.shape
    priors = {prior.name: prior for prior in parameters.priors()}
    names = ("trend_growth", "catching_up", "growth_effect")
    mean = np.array([priors[n].values[0] for n in names[:2]] + [0.0] * economies)
    deviation = np.array(
        [priors[n].values[1] for n in names[:2]] + [priors[names[2]].values[1]] * economies
    )
    persistence = priors["growth_persistence"].central
    variance = world.growth_noise_sd**2 * (1.0 + persistence) / (1.0 - persistence)
    design = np.zeros((economies, years, economies + 2))
    design[:, :, 0] = 1.0
    design[:, :, 1] = -output.catch_up_gap(income)
    design[np.arange(economies), :, np.arange(economies) + 2] = 1.0
    weighted = design / variance[:, None, None]
    precision = np.einsum("ety,etz->yz", design, weighted) + np.diag(deviation**-2)
    covariance = np.linalg.inv(precision)
    posterior = covariance @ (np.einsum("ety,et->y", weighted, change) + mean / deviation**2)

    drawn = np.concatenate([p.trend_growth, p.catching_up, p.growth_effect], axis=1)
    standard = (drawn - mean) / deviation
    moved = posterior + np.einsum("yz,mz->my", np.linalg.cholesky(covariance), standard)
    p.trend_growth, p.catching_up = moved[:, :1], np.maximum(moved[:, 1:2], 0.0)
    p.growth_effect = moved[:, 2:]


def condition_adoption(region: Region, world: World, p: Parameters) -> None:
    """Update each economy's speed of adoption and the noise it starts with, in place."""
    first = region.base_year - SPEED_YEARS
    users = region.series("internet_users", first, region.base_year)
    seen_here = region.series_observed("internet_users", first, region.base_year)
    income = _income(region, first)
    by_zone = adoption.income_shift(adoption.zone_incomes(world.urban_share[0]), p)
    by_quintile = adoption.income_shift(world.quintile_income, p)
    residuals = []
    for year in range(SPEED_YEARS):
        level = adoption.ceiling_level(income[:, year], first + year, p)
        top = adoption.average(adoption.ceiling(level, by_zone, by_quintile), world.urban_share[0])
        seen = adoption.exposure(users[None, :, year], world.trade_weights, p.own_exposure)
        expected = p.speed_level + np.log(p.innovation + np.exp(p.log_imitation) * seen)
        known = seen_here[:, year] & seen_here[:, year + 1]
        residuals.append(_residual(users[:, year], users[:, year + 1], top, expected, known))
    p.speed_effect, p.start_adoption_noise = _update(
        stacked(residuals),
        (p.speed_effect, _deviation("speed_effect")),
        (p.start_adoption_noise, p.adoption_noise_sd, p.adoption_persistence),
    )


def condition_lines(region: Region, p: Parameters) -> None:
    """Update each economy's speed of broadband roll-out and the noise it starts with, in place."""
    first = region.base_year - SPEED_YEARS
    lines = np.maximum(region.series("fixed_broadband", first, region.base_year), 1e-6)
    seen = region.series_observed("fixed_broadband", first, region.base_year)
    children = region.series("population_0_14", first, region.base_year)
    income = _income(region, first)
    residuals = []
    for year in range(SPEED_YEARS):
        top = adoption.lines_ceiling(
            income[:, year], first + year, children[:, year], np.zeros(1), p
        )
        share = lines[:, year] / top
        expected = np.log(np.exp(p.log_rollout) + np.exp(p.log_contagion) * share)
        known = seen[:, year] & seen[:, year + 1]
        residuals.append(_residual(lines[:, year], lines[:, year + 1], top, expected, known))
    p.rollout_effect, p.start_rollout_noise = _update(
        stacked(residuals),
        (p.rollout_effect, _deviation("rollout_effect")),
        (p.start_rollout_noise, p.rollout_noise_sd, p.rollout_persistence),
    )


def _residual(
    before: Array, after: Array, top: Array, expected: Array, known: NDArray[np.bool_]
) -> Array:
    """Log of the speed that a year's change implies less the one expected, NaN where unknown."""
    gap = top - before
    usable = known & (gap > 0.02 * top)
    taken = np.clip((after - before) / np.where(usable, gap, 1.0), 1e-4, 0.95)
    return np.where(usable, np.log(-np.log1p(-taken)) - expected, np.nan)


def _update(
    residuals: Array, effect: tuple[Array, float], noise: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """Posterior draws of an effect and of the noise at the start, from residuals (m, e, year)."""
    drawn_effect, effect_sd = effect
    drawn_noise, noise_sd, persistence = noise
    limit = LARGEST_RESIDUAL * noise_sd[..., None]
    residuals = np.clip(residuals, -limit, limit)
    spread = noise_sd**2 * (1.0 + persistence) / (1.0 - persistence)
    count, mean = _count_and_mean(residuals)
    new_effect = _meet(drawn_effect, effect_sd**2, mean, (spread + MEASUREMENT_VARIANCE), count)
    count, recent = _count_and_mean(residuals[..., -MOMENTUM_YEARS:])
    new_noise = _meet(
        drawn_noise, noise_sd**2, recent - new_effect, 2.0 * MEASUREMENT_VARIANCE, count
    )
    return new_effect, new_noise


def _meet(
    drawn: Array, prior: Array | float, estimate: Array, error: Array | float, count: Array
) -> Array:
    """A draw of a zero-mean normal prior, moved to the posterior given a mean of ``count``."""
    weight = prior / (prior + error / np.maximum(count, 1.0)) * (count > 0)
    return weight * estimate + np.sqrt(1.0 - weight) * drawn


def _count_and_mean(residuals: Array) -> tuple[Array, Array]:
    known = np.isfinite(residuals)
    count = known.sum(axis=-1).astype(float)
    return count, total(np.where(known, residuals, 0.0)) / np.maximum(count, 1.0)


def _deviation(name: str) -> float:
    return next(prior.values[1] for prior in parameters.priors() if prior.name == name)


def _income(region: Region, first: int) -> Array:
    """GDP per person in PPP USD of 2021, (economy, year)."""
    return region.series("gdp_per_person_ppp", first, region.base_year)


@functools.lru_cache(maxsize=2)
def _past_productivity(region: Region) -> tuple[Array, Array]:
    """Yearly change of ln A and GDP per person of the year before, (economy, year)."""
    base = region.base_year
    one = parameters.central(len(region.economies))
    gdp = region.series("gdp", FIRST_YEAR, base)
    population = region.series("population", FIRST_YEAR, base)
    working = (
        1.0
        - region.series("population_0_14", FIRST_YEAR, base)
        - region.series("population_65plus", FIRST_YEAR, base)
    )
    schooling = region.series("years_of_schooling", FIRST_YEAR, base)
    capital = np.concatenate(capital_history(region, one)).T
    share = one.capital_share[0, 0]
    labour = np.log(population * working) + one.schooling_return[0, 0] * schooling
    productivity = np.log(gdp) - share * np.log(capital) - (1.0 - share) * labour
    return np.diff(productivity, axis=1), (gdp / population)[:, :-1]
