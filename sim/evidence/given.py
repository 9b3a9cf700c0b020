"""Evidence: what the model's history is given, by economy and year, and what comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.model.quantities import Array, Draws

#: A first figure of users is at least this: zero has no log-odds (judgement).
LEAST_FIRST_USERS = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Paths and figures that history is run on. Nothing here is simulated or fitted.

    Arrays are (economy, year) from ``first_year`` on, unless said:

    ``population``
        persons.
    ``working_age_share``, ``child_share``, ``urban_share``
        people of 15 to 64, under 15 and in towns, share of the population.
    ``years_of_schooling``
        years, of adults.
    ``investment_share``
        share of the GDP of that year, which becomes capital of the next one.
    ``ppp_ratio``
        GDP per person in PPP USD of 2021 against that in USD of 2015.
    ``gini``
        inequality of income, 0 to 1, (economy,).
    ``growth_noise_sd``
        stationary standard deviation of own growth shocks, log points, (economy,).
    ``trade_weights``
        partners' shares in trade within the region, (economy, economy); rows sum to 1.
    ``first_users``, ``first_gdp``, ``capital_ratio``
        of the first year, (economy,): internet users (share, above 0 and below 1), GDP (USD of
        2015) and capital against GDP (years of GDP).

    Raises ``ValueError`` where shapes do not fit, or a number is missing or impossible.
    """

    first_year: int
    population: Array
    working_age_share: Array
    child_share: Array
    urban_share: Array
    years_of_schooling: Array
    investment_share: Array
    ppp_ratio: Array
    gini: Array
    growth_noise_sd: Array
    trade_weights: Array
    first_users: Array
    first_gdp: Array
    capital_ratio: Array

    def __post_init__(self) -> None:
        by_year, economies = self.population.shape, self.economies
        for name in PATHS:
            self._check(name, by_year)
        for name in FIGURES:
            self._check(name, (economies,))
        self._check("trade_weights", (economies, economies))
        for name in ("population", "working_age_share", "ppp_ratio", "first_gdp", "capital_ratio"):
            if not (getattr(self, name) > 0.0).all():
                raise ValueError(f"{name} must be above zero")
        if not ((self.first_users > 0.0) & (self.first_users < 1.0)).all():
            raise ValueError("first_users must be above 0 and below 1")

    def _check(self, name: str, shape: tuple[int, ...]) -> None:
        values = getattr(self, name)
        if values.shape != shape:
            raise ValueError(f"{name} has shape {values.shape}, not {shape}")
        if not np.isfinite(values).all():
            raise ValueError(f"{name} has a number that is missing or infinite")

    @property
    def economies(self) -> int:
        """How many economies there are."""
        return self.population.shape[0]

    @property
    def last_year(self) -> int:
        """The last year that the paths reach."""
        return self.first_year + self.population.shape[1] - 1

    def income(self, gdp: Array, column: int) -> Array:
        """GDP per person in PPP USD of 2021, (member, economy), from GDP of the year in column."""
        return gdp / self.population[:, column] * self.ppp_ratio[:, column]


#: Fields of ``Given`` by economy and year, and by economy.
PATHS = (
    "population",
    "working_age_share",
    "child_share",
    "urban_share",
    "years_of_schooling",
    "investment_share",
    "ppp_ratio",
)
FIGURES = ("gini", "growth_noise_sd", "first_users", "first_gdp", "capital_ratio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What sets the years after ``origin`` apart: crises, the regional shock, the last figures.

    ``luck`` holds one ``Draws`` a year from the year after the origin; of it the regional shock and
    crises are used (other normals are fitted or drawn with the innovations). ``log_gdp``, ``lines``
    and ``users`` are the published figures, (economy, year) from the first year to the origin, NaN
    where unknown: at the origin GDP is shifted and lines are rescaled to the last one (the stock of
    capital stays as it was). Users go half the way to a figure of the origin itself, so that a
    doubtful one counts as doubtful (``past_users``); without ``users`` they stay. ``headroom``
    raises ceilings of lines above the last figure, as runs do: chosen with hindsight.
    """

    origin: int
    luck: Sequence[Draws]
    log_gdp: Array
    lines: Array
    users: Array | None = None
    headroom: bool = False


def last_known(figures: Array, path: Array) -> tuple[Array, Array]:
    """The last figure of each economy, (e,), and the path in its year, (m, e).

    ``figures`` (e, y) are NaN where unknown; both are NaN for an economy without any.
    """
    known = np.isfinite(figures)
    column = figures.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    rows = np.arange(len(figures))
    last = figures[rows, column]
    return last, np.where(np.isfinite(last), path[:, rows, column], np.nan)
