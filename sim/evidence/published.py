"""Evidence: published figures against the truth: their errors in a fit and in a forecast."""

from __future__ import annotations

import numpy as np

from sim.model import adoption
from sim.model.quantities import Array

#: Users: part of the error in the log-odds, and in the share (Core prototype).
USERS_LOGIT_SD = 0.06
USERS_SHARE_SD = 0.01
#: Degrees of freedom of the errors of users figures: surveys jump (Lange, Little and Taylor 1989).
JUMP_FREEDOM = 4.0
#: Figures of exactly 0 and 100 % have no log-odds: they are taken to be this far inside, since half
#: a point is below what surveys see (judgement).
NOT_QUITE = 0.005
#: The most that the error of a users figure is in a forecast, log-odds (Core prototype).
LARGEST_USERS_SD = 0.5
#: Lines: relative error, and lines per person added in the fit and in forecasts (Core prototype).
LINES_RELATIVE_SD = 0.05
LINES_FIT_SD = 0.001
LINES_FORECAST_SD = 0.0007
#: Log GDP (Core prototype).
LOG_GDP_SD = 0.01
#: Hindsight: chosen in the prototype after a look at the years to 2023. Users figures jump when a
#: survey is re-based, and the jump stays: chance a year and SD in the log-odds; and a walk that the
#: region shares: SD a year. Without them bands near saturation were too narrow.
REBASING_RATE = 0.05
REBASING_SD = 0.6
SHARED_WALK_SD = 0.04


def within(users: Array) -> Array:
    """Users figures, (economy, year), with those of exactly 0 and 1 inside; NaN stays NaN.

    Half a point inside, or as far as the economy's nearest figure to it where that is less: a zero
    that is a rounded figure says no more than the figures after it.
    """
    inside = np.where((users > 0.0) & (users < 1.0), users, np.nan)
    low = np.fmin(NOT_QUITE, np.fmin.reduce(inside, axis=1, keepdims=True))
    high = np.fmin(NOT_QUITE, 1.0 - np.fmax.reduce(inside, axis=1, keepdims=True))
    return np.where(users <= 0.0, low, np.where(users >= 1.0, 1.0 - high, users))


def users_sd(users: Array) -> Array:
    """SD of a users figure in the log-odds, for shares above 0 and below 1, any shape.

    sqrt(0.06^2 + (0.01 / (x (1 - x)))^2) (Core prototype).
    """
    return np.hypot(USERS_LOGIT_SD, USERS_SHARE_SD / (users * (1.0 - users)))


def doubted(deviation: Array, square: Array) -> Array:
    """SD of users figures with their residuals from a first fit, of the shape of ``deviation``.

    ``square`` are the mean squared residuals in units of ``deviation``. Errors are Student's t with
    four degrees of freedom: sigma^2 <- sigma^2 (4 + r^2) / (4 + 1), so that a figure far from its
    neighbours counts for less (Lange, Little and Taylor 1989).
    """
    return deviation * np.sqrt((JUMP_FREEDOM + square) / (JUMP_FREEDOM + 1.0))


def lines_sd(lines: Array) -> Array:
    """SD of a figure of lines per person in a fit, any shape: 0.05 F + 0.001 (Core prototype)."""
    return LINES_RELATIVE_SD * lines + LINES_FIT_SD


def published_users(users: Array, random: np.random.Generator, rebasing: bool = True) -> Array:
    """Figures as they would be published, (member, economy, year), from shares after an origin.

    ``rebasing`` adds jumps and the shared walk, which begin with the first year: both were chosen
    with hindsight.
    """
    odds = adoption.logit(np.clip(users, 1e-9, 1.0 - 1e-9))
    spread = np.minimum(users_sd(adoption.logistic(odds)), LARGEST_USERS_SD)
    error = spread * random.standard_normal(users.shape)
    if rebasing:
        jumped = random.random(users.shape) < REBASING_RATE
        jumps = np.where(jumped, REBASING_SD * random.standard_normal(users.shape), 0.0)
        shared = SHARED_WALK_SD * random.standard_normal((len(users), 1, users.shape[2]))
        error = error + np.cumsum(jumps + shared, axis=2)
    return adoption.logistic(odds + error)


def published_lines(lines: Array, random: np.random.Generator) -> Array:
    """Figures as they would be published, lines per person, of the shape of ``lines``; at least 0.

    SD 0.05 F + 0.0007 (Core prototype).
    """
    spread = LINES_RELATIVE_SD * lines + LINES_FORECAST_SD
    return np.maximum(lines + spread * random.standard_normal(lines.shape), 0.0)


def published_log_gdp(log_gdp: Array, random: np.random.Generator) -> Array:
    """Figures as they would be published, log USD of 2015, of the shape of ``log_gdp``."""
    return log_gdp + LOG_GDP_SD * random.standard_normal(log_gdp.shape)
