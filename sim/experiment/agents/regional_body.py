"""The regional body as a Mesa agent: a fund to allocate, delivery to review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.model import bodies

if TYPE_CHECKING:
    from sim.experiment.agents.region_model import RegionModel


class RegionalBody(mesa.Agent):
    """The body that the region's member states set up: its fund, its reviews, its targets.

    It stands at ``model.body`` and not among ``model.agents``, which are member states. It acts if
    the scenario has a regional fund or regional governance.
    """

    model: RegionModel

    def __init__(self, model: RegionModel) -> None:
        """Called by the model, once."""
        super().__init__(model)
        model.deregister_agent(self)

    def allocate(self) -> Mapping[str, float]:
        """Each economy's claim on the fund this year; money goes in proportion to it.

        By default by need and to anchor states, as the scenario says. Override it, or assign a
        function without arguments: economies left out get nothing.
        """
        model = self.model
        claims = bodies.claims(model.state, model.committed, model.setup.parameters)
        return dict(zip(model.economies, claims[0].tolist(), strict=True))

    def review(self) -> Mapping[str, float]:
        """Part of under-delivery that is corrected after this year's review, 0 to 1, by economy.

        Called in years in which a review is due. Economies left out keep what they have.
        """
        model = self.model
        gain = bodies.review(model.state, model.committed, model.setup.parameters)
        return dict(zip(model.economies, gain[0].tolist(), strict=True))

    @property
    def fund_balance(self) -> float:
        """What the regional fund has in hand at the end of the year, USD of 2015."""
        return float(self.model.state.fund_balance[0])

    @property
    def fund_income(self) -> float:
        """Contributions and private money that came in this year, USD of 2015."""
        state = self.model.state
        return float(state.fund_contributions[0].sum() + state.fund_private[0])

    @property
    def transfers(self) -> dict[str, float]:
        """What the fund paid for programmes this year by economy, USD of 2015."""
        paid = np.asarray(self.model.state.fund_transfers[0])
        return dict(zip(self.model.economies, paid.tolist(), strict=True))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.model.region.name!r})"
