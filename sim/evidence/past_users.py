"""Evidence: internet users from the first year on, as ``sim.model.adoption`` moves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.evidence.given import Forecast, Given
from sim.model import adoption
from sim.model.parameters import Parameters
from sim.model.quantities import ZONES, Array

#: History had no programmes and no levers on prices: log ratios of networks and prices are 0.
NO_NETWORK = np.zeros((1, 1, len(ZONES)))
NO_PRICE = np.zeros((1, 1))
#: Part of the way, in log-odds, that forecasts start towards the figure of the origin. Chosen on
#: origins 2010, 2012 and 2014 scored to 2018: CRPS 3.36, 3.32, 3.31 at 0, 1/2, 1; half, since a
#: last figure may be the jump of a survey.
TOWARDS_FIGURE = 0.5


@dataclass(frozen=True, slots=True)
class UsersPath:
    """``users`` is (member, economy, year), share of people; the rest is the last year's.

    ``online`` is the share of each cohort, (member, economy, cohort); ``noise`` that of the speed
    of adoption, log, (member, economy).
    """

    users: Array
    online: Array
    noise: Array


def users_path(
    p: Parameters, error: Array, normals: Array, log_gdp: Array, given: Given,
    forecast: Forecast | None = None,
) -> UsersPath:  # fmt: skip
    """Users in the years of ``log_gdp``, (member, economy, year): Bass steps in ten cohorts.

    ``log_gdp`` is log USD of 2015 from the first year (one member will do for published GDP);
    ``error`` that of the first figure in log-odds, (member, economy); ``normals`` the innovations
    of speed, (member, economy, year). Equations are those of ``year.households_adopt`` without
    levers: as there, adopters have last year's income (in the prototype, this year's). Cohorts
    start so that they average to the first figure with its error, as in a run (in the prototype
    that figure was the log-odds at mean income). At a forecast's origin they move ``towards`` its
    figure.
    """
    quintiles = adoption.quintile_incomes(given.gini)
    online = _first(p, error, quintiles, given)
    by_quintile = adoption.income_shift(quintiles, p)
    noise = np.zeros(online.shape[:2])
    users: Array = np.empty((*noise.shape, log_gdp.shape[2]))
    users[:, :, 0] = adoption.average(online, given.urban_share[:, 0])
    for column in range(1, users.shape[2]):
        if forecast is not None and given.first_year + column - 1 == forecast.origin:
            online = towards(online, users[:, :, column - 1], forecast.users)
            users[:, :, column - 1] = adoption.average(online, given.urban_share[:, column - 1])
        urban = given.urban_share[:, column]
        income = given.income(np.exp(log_gdp[:, :, column - 1]), column - 1)
        level = adoption.ceiling_level(income, given.first_year + column, p)
        by_zone = adoption.income_shift(adoption.zone_incomes(urban), p)
        top = adoption.ceiling(level, by_zone, by_quintile)
        persistence = p.adoption_persistence if column > 1 else np.zeros((1, 1))
        noise = adoption.autoregression(
            noise, normals[:, :, column - 1], persistence, p.adoption_noise_sd
        )
        seen = adoption.exposure(users[:, :, column - 1], given.trade_weights, p.own_exposure)
        speed = adoption.hazard(seen, noise, NO_NETWORK, NO_PRICE, p)
        online = np.clip(adoption.adoption_step(online, top, speed, p.reversal), 1e-6, 1.0)
        users[:, :, column] = adoption.average(online, urban)
    return UsersPath(users, online, noise)


def towards(online: Array, users: Array, figures: Array | None) -> Array:
    """Cohorts (m, e, k) half the way in log-odds from ``users`` (m, e) to the figure of the year.

    ``figures`` are (economy, year) to the year of ``online``: shares, NaN where unknown. Cohorts
    stay without a figure of the last year, or one of 0 or 1, which has no log-odds.
    """
    if figures is None:
        return online
    last = figures[:, -1]
    usable = (last > 0.0) & (last < 1.0)
    if not usable.any():
        return online
    gap = adoption.logit(last[usable]) - _odds(users[:, usable])
    moved = online.copy()
    moved[:, usable] = adoption.logistic(_odds(online[:, usable]) + TOWARDS_FIGURE * gap[..., None])
    return moved


def _odds(share: Array) -> Array:
    return adoption.logit(np.clip(share, 1e-9, 1.0 - 1e-9))


def _first(p: Parameters, error: Array, quintiles: Array, given: Given) -> Array:
    """Cohorts online in the first year, (m, e, k)."""
    urban = given.urban_share[:, 0]
    drawn = adoption.logistic(adoption.logit(given.first_users) + error)
    slope = adoption.income_shift(adoption.cohort_incomes(quintiles, urban), p)
    return adoption.start_online(drawn, slope, adoption.cohort_weights(urban))[1]
