"""What a run is given: world, parameters, the base year, and what follows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.errors import InputError, Problem
from sim.model import (
    adoption,
    bodies,
    connectivity,
    joining,
    learning,
    links,
    regulation,
    services_trade,
    trade,
)
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.talent_flows import Ties
from sim.model.world import World

#: Excess demand in the base year, as a share of sales, beyond which there is no equilibrium.
LARGEST_EXCESS = 1e-6


@dataclass(slots=True)
class Setup:
    """The inputs of a run. ``base`` is the state at the end of the base year.

    What follows of them is worked out once: ``quality_range`` is the region's median and best
    score, (m, 1) each; ``base_costs`` what moved trade costs in the base year; ``quintile_shift``
    what quintiles' incomes add to the log-odds of their ceilings, (m, e, 5); ``delivery`` the share
    of public investment that becomes assets, (m, e); ``talent_ties`` what talent moves along;
    ``teachers`` the similar peers that an economy learns from, (e, peer); ``absorptive`` the part
    of what it could learn that it takes in, (m, e);
    ``services_base`` the digital services traded in the base year;
    ``first_link_gains`` what the two ends of each candidate link would have collected in the base
    year, (end, m, candidate). ``first_member`` is the number of the first ensemble member, for
    messages.
    """

    world: World
    parameters: Parameters
    base: State
    trade_system: trade.TradeSystem
    quality_range: tuple[Array, Array]
    base_costs: trade.TradeCosts
    quintile_shift: Array
    delivery: Array
    talent_ties: Ties
    teachers: learning.Teachers
    absorptive: Array
    first_link_gains: Array
    services_base: services_trade.Base
    first_member: int = 0

    @classmethod
    def build(cls, world: World, parameters: Parameters, base: State) -> Setup:
        """Complete the base state with its trade equilibrium, and compute what never changes."""
        score = base.provisions.mean(axis=-1)
        quality_range = (np.median(score, axis=-1)[:, None], score.max(axis=-1)[:, None])
        base.rule_distance = regulation.regulatory_distance(base.provisions)
        costs = trade_costs(base)
        quality = regulation.regulation_quality(base.provisions, *quality_range)
        setup = cls(
            world=world,
            parameters=parameters,
            base=base,
            trade_system=trade.TradeSystem.build(world.base_flows, parameters.trade_elasticity),
            quality_range=quality_range,
            base_costs=costs,
            quintile_shift=adoption.income_shift(world.quintile_income, parameters),
            delivery=connectivity.delivery(world.government_effectiveness, parameters),
            talent_ties=Ties.build(world, base, parameters),
            teachers=learning.similar_peers(
                world.flows_gdp / world.population[0] * world.ppp_ratio, world.trade_weights
            ),
            absorptive=learning.absorptive_capacity(world.government_effectiveness, parameters),
            first_link_gains=links.first_gains(base, world.cables, parameters),
            services_base=services_trade.Base.build(world, base, costs, quality, parameters),
        )
        joining.start(base, setup)
        setup.talent_ties.settle(world, base, parameters)
        setup._open_markets()
        services_trade.settle(setup)
        bodies.settle(base, setup.delivery)
        return setup

    def _open_markets(self) -> None:
        """Solve trade in the base year, where costs are the base costs and only sizes moved."""
        base, world = self.base, self.world
        nodes, economies = len(world.nodes), len(world.economies)
        elasticity = self.parameters.trade_elasticity
        sizes = self.node_sizes(base.gdp, world.base_year)
        market = trade.solve(
            self.trade_system,
            np.ones((1, nodes, nodes)),
            sizes,
            np.ones_like(sizes),
            elasticity,
            trade.FIRST_STEPS,
        )
        income = market.price * sizes * self.trade_system.output
        with np.errstate(invalid="ignore"):
            cleared = np.abs(market.sales() / income - 1.0) < LARGEST_EXCESS
        if not cleared.all():
            _, node = np.argwhere(~cleared)[0]
            raise InputError(
                [
                    Problem(
                        "goods markets do not clear in the base year",
                        field="trade",
                        value=world.nodes[node],
                        remedy="look for flows that are far too large or too small for its GDP",
                    )
                ]
            )
        base.producer_price = market.price
        base.domestic_share = market.domestic_share(economies)
        base.goods_exports, base.goods_imports, base.regional_exports = market.totals(economies)

    def node_sizes(self, gdp: Array, year: int) -> Array:
        """Goods that each node offers against the base flows, (m, n), at the GDP of ``year``."""
        world = self.world
        since = year - world.flows_year
        growth = self.parameters.outside_growth
        return trade.node_sizes(gdp, world.flows_gdp, growth, since, len(world.nodes))

    def quality(self, state: State) -> Array:
        """Quality of regulation, (m, e): 0 at the median of the base year, 1 at its best."""
        return regulation.regulation_quality(state.provisions, *self.quality_range)

    def demand_change(self, state: State, costs: trade.TradeCosts | None = None) -> Array:
        """Trade at given prices in ``state`` against the base year's, (m, n, n).

        ``costs`` are ``trade_costs`` of the state, if they are known already.
        """
        change = trade.demand_change(
            costs or trade_costs(state), self.base_costs, self.quality(state), self.parameters,
            len(self.world.nodes),
        )  # fmt: skip
        sides = state.goods_export_cost, state.goods_import_cost
        if sides[0].any() or sides[1].any():
            trade.raise_barriers(change, *sides, self.parameters.trade_elasticity)
        return change


def trade_costs(state: State) -> trade.TradeCosts:
    """What moves trade costs in a state."""
    return trade.TradeCosts.of(state.internet_users, state.rule_distance, state.facilitation)
