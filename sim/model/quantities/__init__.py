"""The one list of every quantity: what a state of the world, a plan and a year's luck consist of.

Each field of the classes of this room is one array, declared once with its axes, unit, range,
meaning and source. Allocation, checks, the Mesa view and the tables of the documentation are all
built from it.

Words: a ``member`` is a member of the ensemble; a member state is an ``economy``.
"""

from sim.model.quantities.axes import (
    ALIGNMENT_MODES,
    BUDGET_RULES,
    COHORTS,
    FIXED_AXES,
    GOALS,
    LEVERS,
    PAYERS,
    PLATFORMS,
    PROVISIONS,
    QUINTILES,
    SECTORS,
    SEGMENTS,
    SIZES,
    ZONES,
)
from sim.model.quantities.declare import INF, USD, Array, Quantity, quantities, quantity
from sim.model.quantities.draws import Draws
from sim.model.quantities.layout import blank_planes, mean, planes, stacked, total
from sim.model.quantities.levers import Levers
from sim.model.quantities.shocks import Shocks
from sim.model.quantities.state import State, blank_state

__all__ = [
    "ALIGNMENT_MODES", "BUDGET_RULES", "COHORTS", "FIXED_AXES", "GOALS", "INF", "LEVERS", "PAYERS",
    "PLATFORMS", "PROVISIONS", "QUINTILES", "SECTORS", "SEGMENTS", "SIZES", "USD", "ZONES",
    "Array", "Draws", "Levers", "Quantity", "Shocks", "State", "blank_planes", "blank_state",
    "mean", "planes", "quantities", "quantity", "stacked", "total",
]  # fmt: skip
