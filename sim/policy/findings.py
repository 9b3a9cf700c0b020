"""Problems and warnings, and whether a number is within its scale."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.errors import Problem
from sim.policy.levers import Scale
from sim.policy.places import Place


@dataclass
class Findings:
    """Problems (it cannot be run) and warnings (it can, but look again)."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take over what another check found."""
        self.problems.extend(other.problems)
        self.warnings.extend(other.warnings)


def scale_findings(value: float, scale: Scale, place: Place) -> Findings:
    """Whether a number is within its range, and within what is usual."""
    found = Findings()
    if not scale.low <= value <= scale.high:
        found.problems.append(
            place.problem(
                "out of range",
                value=value,
                allowed=scale.allowed,
                nearest=_rescaled(value, scale),
            )
        )
    elif value and not scale.usual_low <= value <= scale.usual_high:
        usual = f"usually {scale.usual_low:g} to {scale.usual_high:g} ({scale.unit})"
        nearest = f"{value * 100:g}" if value < scale.usual_low and scale.to_model == 0.01 else ""
        found.warnings.append(place.problem("unusual", value=value, allowed=usual, nearest=nearest))
    return found


def _rescaled(value: float, scale: Scale) -> str:
    """The share that was probably meant where percent was written, or nothing."""
    if not (scale.is_share and 1.0 < value <= 100.0):
        return ""
    return f"{value / 100:.2f}"
