"""Households adopt: a Bass step towards a moving ceiling, in ten cohorts; and fixed lines.

Equations, priors and their test: Core prototype. Cohorts are urban and rural fifths by income.
Shapes: m members, e economies, z zones (urban, rural), k cohorts (urban q1-q5, rural q1-q5).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import QUINTILES, ZONES, Array, mean, planes, stacked, total

#: Part of a country's Gini that is inequality inside a zone, and urban against rural mean income.
GINI_INSIDE_ZONE = 0.93
URBAN_INCOME_RATIO = 1.8
#: The year and the log income around which the ceilings are written.
CEILING_YEAR = 2010
CEILING_LOG_INCOME = 9.0
#: Ceiling of lines against what is there, at least, where forecasts and runs start.
LINES_HEADROOM = 1.1


def quintile_incomes(gini: Array) -> Array:
    """Mean income of each fifth of a zone against the zone's mean, (e, 5); the mean is 1.

    Incomes are lognormal with sigma = sqrt(2) Phi^-1((1 + G) / 2), G = 0.93 gini (0-1); the share
    of the people below quantile q in income is Phi(Phi^-1(q) - sigma) (Aitchison and Brown 1957).
    """
    normal = NormalDist()
    shares = np.empty((len(gini), len(QUINTILES)))
    for economy, coefficient in enumerate(gini):
        sigma = 2**0.5 * normal.inv_cdf((1.0 + GINI_INSIDE_ZONE * float(coefficient)) / 2.0)
        inner = [normal.cdf(normal.inv_cdf(k / 5.0) - sigma) for k in range(1, 5)]
        shares[economy] = np.diff([0.0, *inner, 1.0])
    return shares * len(QUINTILES)


def cohort_incomes(quintile_income: Array, urban_share: Array) -> Array:
    """Income of each cohort against the country's mean, (e, k)."""
    incomes = zone_incomes(urban_share)[:, :, None] * quintile_income[:, None, :]
    return incomes.reshape(len(urban_share), -1)


def zone_incomes(urban_share: Array) -> Array:
    """Mean income of town and country against the country's mean, (e, z).

    Urban mean = 1.8 rural mean; the mean over all people is 1.
    """
    rural = 1.0 / (URBAN_INCOME_RATIO * urban_share + 1.0 - urban_share)
    return stacked([URBAN_INCOME_RATIO * rural, rural])


def cohort_weights(urban_share: Array) -> Array:
    """Share of each cohort in the population, (e, k); the sum is 1."""
    zones = np.stack([urban_share, 1.0 - urban_share], axis=-1) / len(QUINTILES)
    return planes(np.repeat(zones, len(QUINTILES), axis=-1))


def average(by_cohort: Array, urban_share: Array) -> Array:
    """Mean over all people, (m, e), from cohorts (m, e, k)."""
    urban, rural = np.moveaxis(mean(_by_zone(by_cohort)), -1, 0)
    return urban_share * urban + (1.0 - urban_share) * rural


def ceiling_level(income: Array, year: float, p: Parameters) -> Array:
    """Log-odds of the ceiling at mean income, without programmes, (m, e).

    alpha + u + tau (year - 2010) + beta (ln y - 9), y GDP per person in PPP USD of 2021.
    """
    trend = p.ceiling_trend * (year - CEILING_YEAR)
    return (
        p.ceiling_level
        + p.ceiling_effect
        + trend
        + p.ceiling_income * (np.log(income) - CEILING_LOG_INCOME)
    )


def programme_shift(log_network: Array, log_price: Array, trained: Array, p: Parameters) -> Array:
    """What programmes add to the log-odds of the ceiling, (m, e, z).

    gamma_N ln(1 + m/n) - pi ln(P/P0) + gamma_S S: m/n is the stock laid by programmes against the
    operators', by zone; P/P0 the price against its path; ``trained`` the share of adults that a
    programme taught.
    """
    shift = p.ceiling_skills * trained - p.price_response * log_price
    return shift[..., None] + p.ceiling_network[..., None] * log_network


def income_shift(income: Array, p: Parameters) -> Array:
    """What income against the mean, (e, g) of some groups, adds to the log-odds: beta ln r."""
    return planes(p.ceiling_income[..., None] * np.log(income))


def ceiling(level: Array, by_zone: Array, by_quintile: Array) -> Array:
    """Share of each cohort that would be online in the end, (m, e, k).

    The log-odds are the ``level`` (m, e) and what zones (m, e, z) and quintiles add (m, e, 5).
    """
    odds = (level[..., None] + by_zone)[..., None] + by_quintile[:, :, None, :]
    return logistic(odds).reshape(*odds.shape[:2], -1)


def exposure(users: Array, partner_weights: Array, own: Array) -> Array:
    """Users that people meet, (m, e): own and, by trade weights, partners'."""
    partners = np.matmul(partner_weights, users[:, :, None])[:, :, 0]
    return own * users + (1.0 - own) * partners


def hazard(seen: Array, noise: Array, log_network: Array, log_price: Array, p: Parameters) -> Array:
    """Speed of adoption, (m, e, z): generalised Bass (Bass, Krishnan and Jain 1994).

    exp(lambda + s + noise) (p + q exposure) (1 + m/n)^gamma_V (P/P0)^-pi.
    """
    speed = p.speed_level + p.speed_effect + noise - p.price_response * log_price
    bass = np.exp(speed) * (p.innovation + np.exp(p.log_imitation) * seen)
    return bass[..., None] * np.exp(p.speed_network[..., None] * log_network)


def adoption_step(online: Array, top: Array, speed: Array, reversal: Array) -> Array:
    """Online after a year, (m, e, k): a' = a + (1 - e^-h)(c - a); slower where a > c.

    ``reversal``, the speed of giving up against that of joining, is at most 1.
    """
    gap = _by_zone(top - online)
    joining = -np.expm1(-speed)
    leaving = reversal[..., None] * joining
    moved = np.maximum(joining[..., None] * gap, leaving[..., None] * gap)
    return online + moved.reshape(online.shape)


def conversion(online: Array, top: Array, users: Array, trained: Array, p: Parameters) -> Array:
    """People whom courses bring online at once, (m, e, k).

    trained * 0.8 offline * 0.5 stay, spread over cohorts like the room left, (c - a)/(1 - x);
    never above the ceiling.
    """
    stay = trained * p.training_new * p.training_stay
    filled = np.minimum(stay / np.maximum(1.0 - users, 1e-9), 1.0)  # part of the room
    return filled[..., None] * np.maximum(top - online, 0.0)


def autoregression(last: Array, normal: Array, persistence: Array, deviation: Array) -> Array:
    """Next value of an AR(1) whose stationary standard deviation is ``deviation``."""
    return persistence * last + deviation * np.sqrt(1.0 - persistence**2) * normal


def household_size(child_share: Array) -> Array:
    """People per household, 1.8 + 7.5 * (share under 15), (e,) (Core prototype)."""
    return 1.8 + 7.5 * child_share


def lines_ceiling(
    income: Array, year: float, child_share: Array, shift: Array, p: Parameters
) -> Array:
    """Fixed-broadband lines per person in the end, (m, e): lines a household, logistic in income.

    ``shift`` is what programmes add to the log-odds (the mean over zones).
    """
    odds = (
        p.lines_level
        + p.lines_effect
        + p.lines_trend * (year - CEILING_YEAR)
        + p.lines_income * (np.log(income) - CEILING_LOG_INCOME)
        + shift
    )
    return p.lines_per_household / household_size(child_share) * logistic(odds)


def lines_headroom(
    lines: Array, income: Array, year: float, child_share: Array, p: Parameters
) -> tuple[Array, Array]:
    """Lines a household at most and effect of an economy, (m, e), raised as ``lines`` demand.

    The ceiling is at least a tenth above what is there, (m, e) lines per person: nobody is known to
    stop (judgement). What the most that a household has does not allow raises that too.
    """
    least, size = LINES_HEADROOM * lines, household_size(child_share)
    per_household = np.maximum(p.lines_per_household, least * size / 0.95)
    most = per_household / size
    odds = logit(np.clip(least / most, 1e-9, 1.0 - 1e-9))
    top = lines_ceiling(income, year, child_share, np.zeros(1), p) / p.lines_per_household * size
    missing = np.maximum(odds - logit(np.clip(top, 1e-9, 1.0 - 1e-9)), 0.0)
    return per_household, p.lines_effect + missing


def lines_step(
    lines: Array, top: Array, noise: Array, normal: Array, log_network: Array, p: Parameters
) -> Array:
    """Fixed lines per person after a year, (m, e): steady roll-out, little contagion.

    F' = F + (1 - e^-h)(C - F)+ - 0.1 (F - C)+ + 0.08 F z, with
    h = exp(s + noise) (p + q F/C) (1 + m/n)^gamma_V.
    """
    speed = np.exp(p.rollout_effect + noise) * (
        np.exp(p.log_rollout) + np.exp(p.log_contagion) * lines / top
    )
    speed = speed * np.exp(p.speed_network * log_network)
    gap = top - lines
    moved = np.where(gap > 0.0, -np.expm1(-speed) * gap, 0.1 * gap)
    return np.clip(lines + moved + p.lines_noise_sd * lines * normal, 1e-6, 1.0)


def logistic(odds: Array) -> Array:
    """1 / (1 + e^-x)."""
    with np.errstate(over="ignore"):  # e^-x may be infinite, and the share zero
        return 1.0 / (1.0 + np.exp(-odds))


def logit(share: Array) -> Array:
    """ln(x / (1 - x))."""
    return np.log(share) - np.log1p(-share)


def start_online(users: Array, slope: Array, weights: Array) -> tuple[Array, Array]:
    """Cohorts that are logistic in income and average to ``users``.

    Finds the level s, (m, e), with sum_k weights_k * logistic(s + slope_k) = users by Newton's
    method, and returns it with the shares online (m, e, k). ``slope`` is beta ln r, (m, e, k).
    """
    level = logit(users)
    for _ in range(8):  # exact to rounding
        online = logistic(level[..., None] + slope)
        weighted = weights * online
        error = total(weighted) - users
        steepness = total(weighted * (1.0 - online))
        level = level - np.clip(error / np.maximum(steepness, 1e-12), -2.0, 2.0)
    return level, logistic(level[..., None] + slope)


def _by_zone(by_cohort: Array) -> Array:
    """View cohorts as (..., zone, quintile)."""
    return by_cohort.reshape(*by_cohort.shape[:-1], len(ZONES), len(QUINTILES))
