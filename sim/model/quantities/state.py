"""The world at the end of a year: one array a quantity, by the parts of the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.model.quantities.access import Access
from sim.model.quantities.agreements import Pacts
from sim.model.quantities.axes import FIXED_AXES
from sim.model.quantities.connectivity import Connectivity
from sim.model.quantities.deciding import Deciding
from sim.model.quantities.declare import quantities
from sim.model.quantities.ecommerce import Ecommerce
from sim.model.quantities.emissions import Emissions
from sim.model.quantities.fibre import Fibre
from sim.model.quantities.firms import Firms
from sim.model.quantities.institutions import Institutions
from sim.model.quantities.layout import blank_planes
from sim.model.quantities.migration import Migration
from sim.model.quantities.money import Money
from sim.model.quantities.output import Output
from sim.model.quantities.people import People
from sim.model.quantities.rules import Rules
from sim.model.quantities.services_trade import ServicesTrade
from sim.model.quantities.trade import Trade


@dataclass(kw_only=True)
class State(
    ServicesTrade,
    Ecommerce,
    Pacts,
    Institutions,
    Deciding,
    Emissions,
    Firms,
    Migration,
    Fibre,
    Access,
    Money,
    Trade,
    Rules,
    Connectivity,
    Output,
    People,
):
    """The world at the end of a year, for every member of an ensemble side by side.

    Quantities stand in the order of the last part first: people, output, connectivity, ...
    """


def blank_state(lengths: Mapping[str, int]) -> State:
    """A state of zeros: every quantity in the shape that its axes say.

    ``lengths`` gives those that differ from run to run: ``member``, ``economy``, ``node``,
    ``system`` and ``instrument``.
    """
    known = {"partner": lengths["economy"], **FIXED_AXES, **lengths}
    arrays = {}
    for item in quantities(State):
        shape = tuple(known[axis] for axis in item.axes)
        short = item.axes[-1] in FIXED_AXES
        arrays[item.name] = blank_planes(shape[:-1], shape[-1]) if short else np.zeros(shape)
    return State(**arrays)
