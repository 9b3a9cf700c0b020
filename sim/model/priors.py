"""What is known of a parameter before any run: kinds of priors and how they are sampled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PROTOTYPE = "Core prototype, fitted to 22 economies 2000-2023 by ensemble smoother"
JUDGEMENT = "judgement"


@dataclass(frozen=True)
class Prior:
    """What is known of one parameter before any run.

    ``channel`` names the mechanism that the parameter carries, if it is off where the parameter
    is 0.
    """

    name: str
    kind: str
    values: tuple[float, ...]
    scope: str
    unit: str
    meaning: str
    evidence: str
    source: str
    bounds: tuple[float, float]
    channel: str = ""

    @property
    def central(self) -> float:
        """The median of the prior."""
        return self.values[1] if self.kind == "range" else self.values[0]

    def sample(self, normal: Array) -> Array:
        """Turn standard normals into values of the parameter, within its bounds."""
        if self.kind == "fixed":
            return np.full_like(normal, self.values[0])
        if self.kind == "normal":
            mean, deviation = self.values
            drawn = mean + deviation * normal
        else:
            low, central, high = self.values
            upper, lower = (high - central) / Z95, (central - low) / Z95
            drawn = central + np.where(normal > 0, upper, lower) * normal
        return np.clip(drawn, *self.bounds)


#: 95th percentile of the standard normal.
Z95 = 1.6448536269514722
INF = float("inf")


def _prior(
    kind: str,
    values: tuple[float, ...],
    unit: str,
    meaning: str,
    source: str,
    evidence: str = "",
    scope: str = "global",
    bounds: tuple[float, float] = (-INF, INF),
    channel: str = "",
) -> Any:
    return field(
        metadata={
            "kind": kind,
            "values": values,
            "unit": unit,
            "meaning": meaning,
            "source": source,
            "evidence": evidence,
            "scope": scope,
            "bounds": bounds,
            "channel": channel,
        }
    )


def normal(
    mean: float,
    deviation: float,
    unit: str,
    meaning: str,
    source: str = PROTOTYPE,
    *,
    scope: str = "global",
    bounds: tuple[float, float] = (-INF, INF),
    channel: str = "",
) -> Any:
    """A parameter with a normal prior."""
    return _prior("normal", (mean, deviation), unit, meaning, source, "", scope, bounds, channel)


def between(
    low: float,
    central: float,
    high: float,
    unit: str,
    meaning: str,
    source: str,
    evidence: str = "",
    *,
    bounds: tuple[float, float] = (0.0, INF),
    channel: str = "",
) -> Any:
    """A parameter known by a range: 5th, 50th and 95th percentile."""
    return _prior(
        "range", (low, central, high), unit, meaning, source, evidence, "global", bounds, channel
    )


def fixed(
    value: float, unit: str, meaning: str, source: str = PROTOTYPE, *, channel: str = ""
) -> Any:
    """A number that is not sampled."""
    return _prior("fixed", (value,), unit, meaning, source, channel=channel)


def effect(deviation: float, unit: str, meaning: str, source: str = PROTOTYPE) -> Any:
    """A pooled effect of one economy: normal around zero."""
    return normal(0.0, deviation, unit, meaning, source, scope="economy")
