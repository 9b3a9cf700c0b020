"""What a run is given: world, parameters, the base year, and what follows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model import adoption, regulation, trade
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.world import World


@dataclass(slots=True)
class Setup:
    """The inputs of a run. ``base`` is the state at the end of the base year."""

    world: World
    parameters: Parameters
    base: State
    trade_system: trade.TradeSystem
    base_distance: Array
    quality_range: tuple[Array, Array]

    @classmethod
    def build(cls, world: World, parameters: Parameters, base: State) -> Setup:
        """Complete the base state with its trade equilibrium, and compute what never changes."""
        score = base.provisions.mean(axis=-1)
        quality_range = (
            np.median(score, axis=-1)[:, None, None],
            score.max(axis=-1)[:, None, None],
        )
        setup = cls(
            world=world,
            parameters=parameters,
            base=base,
            trade_system=trade.TradeSystem.build(world.base_flows, parameters.trade_elasticity),
            base_distance=regulation.regulatory_distance(base.provisions),
            quality_range=quality_range,
        )
        setup._open_markets()
        return setup

    def _open_markets(self) -> None:
        """Solve trade in the base year, where costs are the base costs and only sizes moved."""
        base, world = self.base, self.world
        nodes = len(world.nodes)
        members, economies = base.gdp.shape
        elasticity = self.parameters.trade_elasticity
        sizes = trade.node_sizes(
            base.gdp, world.flows_gdp, self.parameters.outside_growth,
            world.base_year - world.flows_year, nodes,
        )  # fmt: skip
        base.producer_price, flows = trade.solve(
            self.trade_system,
            np.zeros((members, nodes, nodes)),
            sizes,
            np.ones((members, nodes)),
            elasticity,
            trade.FIRST_STEPS,
        )
        base.domestic_share = trade.domestic_share(flows, economies)
        base.goods_exports, base.goods_imports, base.regional_exports = trade.trade_totals(
            flows, economies
        )

    def trade_effect(self, state: State) -> Array:
        """Log change of trade at given prices between the base year and ``state``, (m, n, n)."""
        return trade.cost_effect(
            state.internet_users,
            self.base.internet_users,
            state.provisions,
            self.base_distance,
            state.facilitation,
            self.base.facilitation,
            self.quality_range,
            self.parameters,
            len(self.world.nodes),
        )

    def log_income_ratio(self, urban_share: Array) -> Array:
        """Log of each cohort's income against the country's mean, (e, k)."""
        return np.log(adoption.cohort_incomes(self.world.quintile_income, urban_share))
