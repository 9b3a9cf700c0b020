"""Evidence: the model's history of users, lines and GDP, from the first year to any other."""

from __future__ import annotations

from dataclasses import dataclass

from sim.evidence.fitted import Drawn
from sim.evidence.given import Forecast, Given
from sim.evidence.past_growth import GrowthPath, growth_path
from sim.evidence.past_lines import LinesPath, lines_path
from sim.evidence.past_users import UsersPath, users_path
from sim.model.quantities import Array


@dataclass(frozen=True, slots=True)
class History:
    """The three blocks, by member, economy and year; each also holds where its last year ends."""

    growth: GrowthPath
    adoption: UsersPath
    rollout: LinesPath

    @property
    def log_gdp(self) -> Array:
        """Log GDP in USD of 2015, (member, economy, year)."""
        return self.growth.log_gdp

    @property
    def users(self) -> Array:
        """Internet users, share of people, (member, economy, year)."""
        return self.adoption.users

    @property
    def lines(self) -> Array:
        """Fixed-broadband lines per person, (member, economy, year)."""
        return self.rollout.lines


def simulate(
    drawn: Drawn, given: Given, last_year: int | None = None, forecast: Forecast | None = None
) -> History:
    """Run history from the first year to ``last_year`` (else to the end of the given paths).

    Growth comes first; users and lines take their income from it. Without a ``forecast`` every
    year is history: no crises, no regional shock, nothing tied to figures. A year depends on the
    innovations up to it only. Raises ``ValueError`` where paths, innovations or a forecast's luck
    do not reach ``last_year``.
    """
    last = given.last_year if last_year is None else last_year
    _check(drawn, given, last, forecast)
    p, noise = drawn.parameters, drawn.innovations
    growth = growth_path(p, noise["growth"], given, last, forecast)
    adoption = users_path(
        p, drawn.first_users_error, noise["adoption"], growth.log_gdp, given, forecast
    )
    rollout = lines_path(
        p,
        drawn.first_lines,
        noise["broadband"],
        noise["lines"],
        growth.log_gdp,
        given,
        forecast,
    )
    return History(growth, adoption, rollout)


def one_block(
    block: str, drawn: Drawn, given: Given, last_year: int, log_gdp: Array | None = None
) -> Array:
    """One series of history alone, (member, economy, year to ``last_year``), as ``simulate`` has.

    Growth gives log GDP; users and lines need it, ``log_gdp`` (member, economy, year).
    """
    p, noise = drawn.parameters, drawn.innovations
    if block == "growth":
        return growth_path(p, noise["growth"], given, last_year).log_gdp
    if log_gdp is None:
        raise ValueError(f"{block} need the path of GDP")
    if block == "users":
        return users_path(p, drawn.first_users_error, noise["adoption"], log_gdp, given).users
    speed, lines = noise["broadband"], noise["lines"]
    return lines_path(p, drawn.first_lines, speed, lines, log_gdp, given).lines


def _check(drawn: Drawn, given: Given, last_year: int, forecast: Forecast | None) -> None:
    years = last_year - given.first_year
    reached = min(values.shape[2] for values in drawn.innovations.values())
    if not 0 <= years <= min(reached, given.last_year - given.first_year):
        raise ValueError(
            f"cannot run to {last_year}: paths reach {given.last_year}, "
            f"innovations {given.first_year + reached}"
        )
    economies = drawn.first_lines.shape[1]
    if economies != given.economies:
        raise ValueError(f"drawn for {economies} economies, given {given.economies}")
    if forecast is None:
        return
    if last_year - forecast.origin > len(forecast.luck):
        raise ValueError(f"the luck after {forecast.origin} does not reach {last_year}")
    shape = (economies, forecast.origin - given.first_year + 1)
    for name in ("log_gdp", "lines", "users"):
        figures = getattr(forecast, name)
        if figures is not None and figures.shape != shape:
            raise ValueError(f"{name} of the forecast must have shape {shape}")
