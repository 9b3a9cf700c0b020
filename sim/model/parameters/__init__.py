"""The registry of parameters: name, unit, prior, evidence, status. One place for every number.

A prior is one of

* ``normal``: mean and standard deviation (Core prototype, fitted and tested on 2000-2023);
* ``range``: low, central, high, read as the 5th, 50th and 95th percentile of a normal with two
  half-widths;
* ``fixed``: a number that is not sampled.

Scope ``global`` gives an array (member, 1); scope ``economy`` gives (member, economy).
"""

from __future__ import annotations

import functools
from collections.abc import Container, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from sim.model.parameters.access import Access
from sim.model.parameters.adoption import Adoption
from sim.model.parameters.agreements import Agreements
from sim.model.parameters.connectivity import Connectivity
from sim.model.parameters.costs import Costs
from sim.model.parameters.deciding import Deciding
from sim.model.parameters.digital import Digital
from sim.model.parameters.ecommerce import Ecommerce
from sim.model.parameters.emissions import Emissions
from sim.model.parameters.fibre import Fibre
from sim.model.parameters.firms import Firms
from sim.model.parameters.growth import Growth
from sim.model.parameters.institutions import Institutions
from sim.model.parameters.migration import Migration
from sim.model.parameters.programme_costs import ProgrammeCosts
from sim.model.parameters.returns import Returns
from sim.model.parameters.services_trade import ServicesTrade
from sim.model.parameters.skills import Skills
from sim.model.parameters.trade import Trade
from sim.model.priors import JUDGEMENT, Array, Prior

__all__ = [
    "JUDGEMENT",
    "Parameters",
    "Prior",
    "central",
    "channels",
    "count_draws",
    "parameter_table",
    "part_of",
    "priors",
    "sample",
    "without",
]


@dataclass(kw_only=True)
class Parameters(
    # The last is the first in the registry: new parts go to the top, so that draws of the others
    # stay as they are.
    ServicesTrade,
    Ecommerce,
    Agreements,
    ProgrammeCosts,
    Institutions,
    Deciding,
    Emissions,
    Firms,
    Migration,
    Fibre,
    Access,
    Costs,
    Digital,
    Trade,
    Skills,
    Connectivity,
    Returns,
    Growth,
    Adoption,
):
    """One array a parameter: (member, 1) for global ones, (member, economy) for effects."""


@functools.cache
def part_of(name: str) -> str:
    """The part of the model that declares a parameter, such as ``trade``."""
    owner = next(part for part in Parameters.__mro__[1:] if name in part.__annotations__)
    return owner.__module__.rpartition(".")[2]


@functools.cache
def priors() -> tuple[Prior, ...]:
    """Every parameter's prior, in the order of the registry."""
    return tuple(Prior(name=item.name, **item.metadata) for item in fields(Parameters))


@functools.cache
def channels() -> Mapping[str, tuple[str, ...]]:
    """The parameters that carry each mechanism, by channel, in the order of the registry."""
    found: dict[str, tuple[str, ...]] = {}
    for prior in priors():
        if prior.channel:
            found[prior.channel] = (*found.get(prior.channel, ()), prior.name)
    return found


def without(p: Parameters, *off: str) -> Parameters:
    """The same parameters with channels switched off: those that carry them are 0.

    Raises KeyError for a channel that no parameter carries.
    """
    names = [name for channel in off for name in channels()[channel]]
    return replace(p, **{name: np.zeros_like(getattr(p, name)) for name in names})


def parameter_table(
    fitted: Mapping[str, tuple[float, float, float]] | None = None,
) -> list[dict[str, str]]:
    """The registry as rows, for the command line and the documentation.

    ``fitted`` holds the 5th, 50th and 95th percentile of parameters that were fitted to history:
    their status is ``calibrated``. The others are ``fixed``, or ``prior only``: sampled from the
    range of their evidence and touched by no data.
    """
    known = fitted or {}
    shown = {"normal": "{:g} ± {:g}", "range": "{:g} / {:g} / {:g}", "fixed": "{:g}"}
    return [
        {
            "parameter": prior.name,
            "prior": shown[prior.kind].format(*prior.values),
            "kind": {"normal": "mean ± SD", "range": "5 / 50 / 95 %", "fixed": ""}[prior.kind],
            "unit": prior.unit,
            "scope": prior.scope,
            "status": _status(prior, known),
            "fitted": "{:.3g} / {:.3g} / {:.3g}".format(*known[prior.name])
            if prior.name in known
            else "",
            "meaning": prior.meaning,
            "evidence": prior.evidence,
            "source": prior.source,
            "channel": prior.channel,
        }
        for prior in priors()
    ]


def _status(prior: Prior, fitted: Container[str]) -> str:
    if prior.name in fitted:
        return "calibrated"
    return "fixed" if prior.kind == "fixed" else "prior only"


def sample(normals: Array, economies: int) -> Parameters:
    """Parameters from standard normals (member, count_draws(economies))."""
    drawn: dict[str, Array] = {}
    start = 0
    for prior in priors():
        width = economies if prior.scope == "economy" else 1
        if prior.kind == "fixed":
            drawn[prior.name] = np.full((len(normals), 1), prior.values[0])
        else:
            drawn[prior.name] = prior.sample(normals[:, start : start + width])
            start += width
    return Parameters(**drawn)


def count_draws(economies: int) -> int:
    """How many standard normals one ensemble member needs."""
    sampled = [prior for prior in priors() if prior.kind != "fixed"]
    return sum(economies if prior.scope == "economy" else 1 for prior in sampled)


def central(economies: int) -> Parameters:
    """The median of every prior, for one member: for checks before a run."""
    return sample(np.zeros((1, count_draws(economies))), economies)
