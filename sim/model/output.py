"""Production and growth, returns to internet use, and the digital economy's share."""

from __future__ import annotations

import numpy as np

from sim.model.parameters import Parameters, priors
from sim.model.quantities import Array

#: Log GDP per person (USD of 2015) around which catching up is written (Core prototype).
CATCH_UP_LOG_INCOME = 8.5
#: Log incomes beyond which catching up is no stronger: USD 1,100 and 15,000 per person. There the
#: line is not seen in the data: the poorest do not grow fastest, nor do the richest fall behind.
CATCH_UP_RANGE = (7.0, 9.6)
#: Least investment over the years, share of GDP, behind a stock of capital (judgement: figures may
#: be nil or below it).
LEAST_INVESTMENT = 0.02
#: Depreciation plus growth behind the capital-output ratio of the first year (Core prototype).
CAPITAL_DIVISOR = 0.095
#: Bounds of the standard deviation of own growth shocks (Core prototype).
NOISE_BOUNDS = (0.008, 0.10)
#: Penetration beyond which returns are concave: Katz et al. (2010), evidence A07-A09.
CRITICAL_MASS = 0.30


def log_inputs(
    capital: Array, population: Array, working_age_share: Array, schooling: Array, p: Parameters
) -> Array:
    """phi ln K + (1 - phi)(ln L + 0.06 schooling), (m, e); L is people of 15 to 64."""
    labour = np.log(population * working_age_share) + p.schooling_return * schooling
    return p.capital_share * np.log(capital) + (1.0 - p.capital_share) * labour


def capital_step(capital: Array, gdp: Array, investment_share: Array, p: Parameters) -> Array:
    """K' = (1 - delta) K + I Y, (m, e) in USD of 2015."""
    return (1.0 - p.depreciation) * capital + investment_share * gdp


def catch_up_gap(income: Array) -> Array:
    """Log GDP per person against where catching up is nil, within the range of the data."""
    return np.clip(np.log(income), *CATCH_UP_RANGE) - CATCH_UP_LOG_INCOME


def productivity_growth(
    income: Array, shock: Array, region_shock: Array, crisis: Array, last_crisis: Array,
    digital_history: Array, p: Parameters,
) -> Array:  # fmt: skip
    """Change of ln A in a year, (m, e).

    gamma + g - chi (ln y - 8.5) + e + f - D + 0.4 D(last year), less what rising internet use
    gave in the past, which the trend contains and the digital returns now add on their own.

    Crises are losses below the trend: their mean is not added back. A fit to history draws none,
    and puts the years of crises down to own shocks far below zero, so that the trend it finds is
    closer to that of calm years. With the mean added back forecasts were too high throughout: on
    origins 2010, 2012 and 2014, scored to 2018, by 0.039 in logs against 0.031 without.
    """
    trend = p.trend_growth + p.growth_effect - digital_level(p) * digital_history
    catching_up = p.catching_up * catch_up_gap(income)
    return (
        trend - catching_up + shock + region_shock[:, None] - crisis
        + p.crisis_rebound * last_crisis
    )  # fmt: skip


def crisis_loss(
    own: Array, own_size: Array, region: Array, region_size: Array, p: Parameters
) -> Array:
    """Loss of log GDP by crises of this year, (m, e), from uniform draws.

    Regional crises hit all economies with exponential losses of mean 3.5 %, own crises one with
    mean 8 % (Core prototype).
    """
    regional = p.region_crisis_mean * -np.log1p(-region_size)
    single = p.own_crisis_mean * -np.log1p(-own_size)
    struck = region[:, None] < p.region_crisis_rate
    return np.where(struck, regional, 0.0) + np.where(own < p.own_crisis_rate, single, 0.0)


def s_curve(users: Array) -> Array:
    """Share of the level effect reached: 0 at none online, 1 at all; convex to 30 %, then concave.

    (1 + c^2) x^2 / (x^2 + c^2) with c = 0.3 sqrt(3), whose turning point is x = 0.3.
    """
    square, reached = 3.0 * CRITICAL_MASS**2, users**2
    return (1.0 + square) * reached / (reached + square)


def digital_level(p: Parameters) -> Array:
    """Level effect of internet use on log GDP through productivity at home, (m, 1).

    Evidence A02 (2.7-3.9 %), shrunk by A11; gains from trade come on top through trade itself.
    """
    return p.digital_return * p.digital_shrinkage


def digital_returns(users: Array, base_users: Array, p: Parameters) -> Array:
    """Log GDP gained by internet use since the base year, (m, e)."""
    return digital_level(p) * (s_curve(users) - s_curve(base_users))


def digital_share_step(
    share: Array, gdp_growth: Array, use_change: Array, talent_growth: Array, p: Parameters
) -> Array:
    """Core ICT value added as a share of GDP after a year, (m, e).

    d ln share = (1 - share/ceiling)[w (r - 1) d ln Y + (1 - w) k dx + a d ln talent]: digital
    value added grows r = 2.4 times as fast as GDP (RBI 2022, H10), fading as the share saturates.
    """
    w = p.digital_growth_weight
    drive = (
        w * (p.digital_growth_ratio - 1.0) * gdp_growth
        + (1.0 - w) * p.digital_use_response * use_change
        + p.digital_talent_response * talent_growth
    )
    room = np.maximum(1.0 - share / p.digital_share_ceiling, 0.0)
    return np.clip(share * np.exp(room * drive), 0.0, 1.0)


def first_capital_ratio(investment_share: Array) -> Array:
    """Capital against GDP in the first year, (economy,), from shares of GDP (economy, year).

    ln(K/Y) = half ln(mean I / 0.095) + half ln(own I / 0.095) (Core prototype).
    """
    own = np.maximum(investment_share.mean(axis=1), LEAST_INVESTMENT)
    ratio = 0.5 * np.log(own.mean() / CAPITAL_DIVISOR) + 0.5 * np.log(own / CAPITAL_DIVISOR)
    return np.asarray(np.exp(ratio))


def growth_noise_sd(gdp: Array) -> Array:
    """Stationary SD of own growth shocks, (economy,): half own, half median variance.

    ``gdp`` (economy, year) needs two years; with these two the variance is not known and counts 0.
    """
    growth = np.diff(np.log(gdp), axis=1)
    variance = growth.var(axis=1, ddof=min(1, growth.shape[1] - 1))
    pooled = np.sqrt(0.5 * variance + 0.5 * np.median(variance))
    ratio = next(q.central for q in priors() if q.name == "growth_noise_ratio")
    return np.clip(ratio * pooled, *NOISE_BOUNDS)
