"""Goods trade in exact hat algebra: costs, flows, gains.

One sector of goods, Armington demand with elasticity epsilon, market clearing at every node (Dekle,
Eaton and Kortum 2008). Nodes are the economies of the region, then hubs, then the rest of the
world. A hat is a value against the base flows of 2015-2019; costs change against the base year.
Shapes: m members, e economies, n nodes; rows sell, columns buy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import Array
from sim.model.regulation import regulation_quality, regulatory_distance, weaker_regulation

#: Paperless trade in operation at nodes outside the region, which stays (judgement).
OUTSIDE_PAPERLESS = 0.75
#: Newton steps a year from last year's prices, and in the base year from prices of one. The
#: Jacobian is that of the base flows: each step leaves about a fifth of excess demand.
STEPS = 8
FIRST_STEPS = 30


@dataclass(slots=True)
class TradeSystem:
    """The base equilibrium and what solving needs, computed once in a run.

    ``shares`` (n, n) is what each buyer buys from each seller; ``output`` (n,) sales of goods in
    USD; ``deficit`` (n,) spending against output, less 1; ``inverse`` (m, n, n) the inverse
    Jacobian of log excess demand at base prices.
    """

    shares: Array
    output: Array
    deficit: Array
    inverse: Array

    @classmethod
    def build(cls, base_flows: Array, elasticity: Array) -> TradeSystem:
        """From flows (n, n) in USD and the trade elasticity (m, 1)."""
        output, spending = base_flows.sum(axis=1), base_flows.sum(axis=0)
        shares = base_flows / spending
        sales = base_flows / output[:, None]
        identity = np.eye(len(output))
        eps = elasticity[:, :, None]
        jacobian = -(1.0 + eps) * identity + sales + eps * (sales @ shares.T)
        # Only relative prices matter: pin the level by the output-weighted mean.
        pin = output / output.sum()
        inverse = np.linalg.inv(jacobian - pin[None, None, :])
        return cls(shares, output, spending / output - 1.0, inverse)


def cost_effect(
    users: Array, base_users: Array, provisions: Array, base_distance: Array,
    facilitation: Array, base_facilitation: Array, quality_range: tuple[Array, Array],
    p: Parameters, nodes: int,
) -> Array:  # fmt: skip
    """Log change of trade at given prices since the base year, -epsilon ln(tau hat), (m, n, n).

    Between economies: connectivity of the weaker partner, eta (1 + phi reg) d ln min(x_i, x_j)
    (D05, D08), distance between rules, -theta d H_ij (D09), and paperless trade at both ends,
    epsilon * saving * cost * d(f_i f_j) (D16). With outside nodes only an economy's own side
    changes. Sales at home do not change. Symmetric.
    """
    members, economies = users.shape
    median, best = quality_range
    weaker = np.minimum(users[:, :, None], users[:, None, :])
    base_weaker = np.minimum(base_users[:, :, None], base_users[:, None, :])
    quality = regulation_quality(weaker_regulation(provisions), median, best)
    boost = p.trade_connectivity[:, :, None] * (1.0 + p.regulation_amplifies[:, :, None] * quality)
    inside = boost * np.log(weaker / base_weaker)
    inside -= p.regulatory_distance[:, :, None] * (regulatory_distance(provisions) - base_distance)
    paperless = p.trade_elasticity * p.paperless_saving * p.transaction_cost
    both = facilitation[:, :, None] * facilitation[:, None, :]
    base_both = base_facilitation[:, :, None] * base_facilitation[:, None, :]
    inside += paperless[:, :, None] * (both - base_both)
    inside[:, np.arange(economies), np.arange(economies)] = 0.0

    own_quality = regulation_quality(provisions.mean(axis=-1), median[:, 0], best[:, 0])
    own = p.trade_connectivity * (1.0 + p.regulation_amplifies * own_quality)
    outside = own * np.log(users / base_users)
    outside += paperless * OUTSIDE_PAPERLESS * (facilitation - base_facilitation)

    effect = np.zeros((members, nodes, nodes))
    effect[:, :economies, :economies] = inside
    effect[:, :economies, economies:] = outside[:, :, None]
    effect[:, economies:, :economies] = outside[:, None, :]
    return effect


def node_sizes(
    gdp: Array, flows_gdp: Array, outside_growth: Array, years: float, nodes: int
) -> Array:
    """Quantity of goods that each node offers against the base flows, (m, n).

    An economy's grows with its GDP, an outside node's at the rate of the rest of the world.
    """
    members, economies = gdp.shape
    sizes = np.empty((members, nodes))
    sizes[:, :economies] = gdp / flows_gdp
    sizes[:, economies:] = np.exp(outside_growth * years)
    return sizes


def spending(income: Array, deficit: Array) -> Array:
    """What nodes spend on goods, (m, n): income times 1 + deficit.

    The last node, the rest of the world, balances the books of all others.
    """
    spent = income * (1.0 + deficit)
    spent[:, -1] = income[:, -1] - (spent[:, :-1] - income[:, :-1]).sum(axis=1)
    return spent


def solve(
    system: TradeSystem, effect: Array, sizes: Array, price: Array, elasticity: Array,
    steps: int = STEPS,
) -> tuple[Array, Array]:  # fmt: skip
    """Producer prices that clear all markets, (m, n), and flows in USD, (m, n, n).

    Newton's method from ``price`` with the Jacobian of the base flows. Prices are such that the
    world's income is its output at base prices. Flows add up to each buyer's spending exactly.
    """
    demand = system.shares * np.exp(effect)
    quantity = sizes * system.output
    world = quantity.sum(axis=1, keepdims=True)
    for _ in range(steps):
        income = price * quantity
        sold = _sales(demand, price, spending(income, system.deficit), elasticity)
        step = np.einsum("mij,mj->mi", system.inverse, np.log(sold / income))
        price = price * np.exp(-step)
        price = price * (world / (price * quantity).sum(axis=1, keepdims=True))
    spent = spending(price * quantity, system.deficit)
    offer = demand * (price**-elasticity)[:, :, None]
    return price, offer * (spent / offer.sum(axis=1))[:, None, :]


def _sales(demand: Array, price: Array, spent: Array, elasticity: Array) -> Array:
    pull = price**-elasticity
    index = np.einsum("mij,mi->mj", demand, pull)
    return pull * np.einsum("mij,mj->mi", demand, spent / index)


def gains_from_trade(
    domestic_share: Array, base_share: Array, goods_share: Array, elasticity: Array
) -> Array:
    """Log real income gained since the base year, (m, e): -(mu / epsilon) ln(lambda hat).

    lambda is the share of goods bought at home (Arkolakis, Costinot and Rodriguez-Clare 2012), mu
    the share of goods in value added: services are not in this layer of trade.
    """
    return -goods_share / elasticity * np.log(domestic_share / base_share)


def domestic_share(flows: Array, economies: int) -> Array:
    """Share of its goods that each economy buys at home, (m, e), from flows (m, n, n)."""
    own = flows[:, np.arange(economies), np.arange(economies)]
    return own / flows[:, :, :economies].sum(axis=1)


def trade_totals(flows: Array, economies: int) -> tuple[Array, Array, Array]:
    """Goods exports, imports, and exports to the region's economies, each (m, e) in USD."""
    own = flows[:, np.arange(economies), np.arange(economies)]
    exports = flows[:, :economies, :].sum(axis=2) - own
    imports = flows[:, :, :economies].sum(axis=1) - own
    regional = flows[:, :economies, :economies].sum(axis=2) - own
    return exports, imports, regional
