"""The fields of a scenario, for what reads them without checking them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from sim.policy.entries import BehaviourEntry, Budget, LeverEntry, ShockEntry

if TYPE_CHECKING:
    from sim.region.region import Region

#: The horizon of a baseline that is not told another.
HORIZON = 2035


@dataclass(frozen=True)
class Plan:
    """The fields of a ``Scenario``, which says what they mean and checks them."""

    name: str
    region: str
    horizon: int = HORIZON
    levers: tuple[LeverEntry, ...] = ()
    budget: Budget = field(default_factory=Budget)
    description: str = ""
    behaviour: tuple[BehaviourEntry, ...] = ()
    shocks: tuple[ShockEntry, ...] = ()
    world: Region = field(default=cast("Region", None), compare=False, repr=False)

    @property
    def is_baseline(self) -> bool:
        """Whether nothing is planned and nothing is disturbed: the path to which others compare."""
        return not (self.levers or self.behaviour or self.shocks)
