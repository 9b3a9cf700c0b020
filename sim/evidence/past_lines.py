"""Evidence: fixed-broadband lines from the first year on, as ``sim.model.adoption`` has them."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from sim.evidence.given import Forecast, Given, last_known
from sim.model import adoption
from sim.model.parameters import Parameters
from sim.model.quantities import Array

#: History had no programmes: nothing is added to ceilings and speeds.
NOTHING = np.zeros((1, 1))
#: Bounds of the factor that takes lines to the last figure (Core prototype).
RESCALED = (0.2, 5.0)


@dataclass(frozen=True, slots=True)
class LinesPath:
    """``lines`` is (member, economy, year), lines per person; ``noise`` is the last year's.

    ``noise`` is that of the speed of roll-out, log, (member, economy).
    """

    lines: Array
    noise: Array


def lines_path(
    p: Parameters,
    first_lines: Array,
    speed_normals: Array,
    lines_normals: Array,
    log_gdp: Array,
    given: Given,
    forecast: Forecast | None = None,
) -> LinesPath:
    """Fixed lines in the years of ``log_gdp``, (member, economy, year): steady roll-out.

    ``log_gdp`` is log USD of 2015 from the first year (one member will do for published GDP);
    ``first_lines`` the log of lines per person, (member, economy); innovations of speed and of
    lines are (member, economy, year). Equations are those of ``year.lines_are_rolled_out``
    without levers: as there, last year's income makes the ceiling (in the prototype, this
    year's). At a forecast's origin lines are rescaled to the last figure and, if it
    asks for ``headroom``, ceilings raised to a tenth above them.
    """
    lines = np.minimum(np.exp(first_lines), 1.0)
    path = np.empty((*lines.shape, log_gdp.shape[2]))
    path[:, :, 0] = lines
    noise = np.zeros_like(lines)
    for column in range(1, path.shape[2]):
        year = given.first_year + column
        if forecast is not None and year - 1 == forecast.origin:
            lines = np.clip(lines * rescaling(forecast.lines, path), 1e-6, 1.0)
            path[:, :, column - 1] = lines
            if forecast.headroom:
                p = _with_headroom(p, lines, log_gdp, given, column - 1)
        income = given.income(np.exp(log_gdp[:, :, column - 1]), column - 1)
        top = adoption.lines_ceiling(income, year, given.child_share[:, column], NOTHING, p)
        persistence = p.rollout_persistence if column > 1 else NOTHING
        noise = adoption.autoregression(
            noise, speed_normals[:, :, column - 1], persistence, p.rollout_noise_sd
        )
        lines = adoption.lines_step(lines, top, noise, lines_normals[:, :, column - 1], NOTHING, p)
        path[:, :, column] = lines
    return LinesPath(path, noise)


def _with_headroom(
    p: Parameters, lines: Array, log_gdp: Array, given: Given, column: int
) -> Parameters:
    """Parameters with ceilings that leave room above lines, as where a run starts."""
    income = given.income(np.exp(log_gdp[:, :, column]), column)
    raised = copy.copy(p)
    raised.lines_per_household, raised.lines_effect = adoption.lines_headroom(
        lines, income, given.first_year + column, given.child_share[:, column], p
    )
    return raised


def rescaling(figures: Array, path: Array) -> Array:
    """The last figure against the path in its year, (m, e), within bounds; 1 without a figure."""
    last, reached = last_known(figures, path)
    return np.nan_to_num(np.clip(last / reached, *RESCALED), nan=1.0)
