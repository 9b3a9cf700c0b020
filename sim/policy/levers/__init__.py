"""The levers: name, unit, range, options, delay, mechanism, evidence and the measures behind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sim.policy.levers.cooperation import COOPERATION
from sim.policy.levers.firms import FIRMS
from sim.policy.levers.institutions import INSTITUTIONS
from sim.policy.levers.kinds import FORMS, KINDS, PROJECT_PATHS, Lever, Option, Scale
from sim.policy.levers.networks import NETWORKS
from sim.policy.levers.people import PEOPLE
from sim.policy.levers.rules import RULES

__all__ = [
    "BUDGETS",
    "FORMS",
    "KINDS",
    "LAST_YEAR",
    "LONGEST_RAMP",
    "OPTIONS",
    "PROJECT_PATHS",
    "PUBLIC_PAYERS",
    "REGISTRY",
    "Lever",
    "Option",
    "Scale",
]

_LEVERS = sorted(
    (*NETWORKS, *PEOPLE, *RULES, *INSTITUTIONS, *FIRMS, *COOPERATION), key=lambda lever: lever.code
)

#: Every lever by name, in the order of its code.
REGISTRY: Mapping[str, Lever] = MappingProxyType({lever.name: lever for lever in _LEVERS})

#: Every option of any lever, by name.
OPTIONS: Mapping[str, Option] = MappingProxyType(
    {option.name: option for lever in _LEVERS for option in lever.options}
)

#: Who can pay the public cost, as written in files (private money comes by private_leverage).
PUBLIC_PAYERS: tuple[str, ...] = ("national", "regional_fund", "partner")

#: What one payer may spend in a year: of the economy's own GDP, or of the region's.
BUDGETS: Mapping[str, Scale] = MappingProxyType(
    {
        "national": Scale("% of own GDP a year", 0.0, 20.0, 0.0, 5.0, 0.01),
        "regional_fund": Scale("% of the region's GDP a year", 0.0, 5.0, 0.0, 1.0, 0.01),
        "partner": Scale("% of the region's GDP a year", 0.0, 5.0, 0.0, 1.0, 0.01),
    }
)

#: The last year for which a scenario may be written.
LAST_YEAR = 2060

#: The longest ramp, in years.
LONGEST_RAMP = 20
