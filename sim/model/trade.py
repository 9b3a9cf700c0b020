"""Goods trade in exact hat algebra: costs, flows, gains.

One sector of goods, Armington demand with elasticity epsilon, market clearing at every node (Dekle,
Eaton and Kortum 2008). Nodes are the economies of the region, then hubs, then the rest of the
world. A hat is a value against the base flows of 2015-2019; costs change against the base year.
Shapes: m members, e economies, n nodes; rows sell, columns buy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from sim.model.parameters import Parameters
from sim.model.quantities import Array
from sim.model.regulation import pair_table, pairs, weaker_partner

#: Paperless trade in operation at nodes outside the region, which stays (judgement).
OUTSIDE_PAPERLESS = 0.75
#: Steps to clear the markets of a year, from last year's prices and, in the base year, from one.
#: They leave an excess demand under 1e-6 of a node's sales in all shipped regions (tested).
STEPS = 8
FIRST_STEPS = 12
#: Between which elasticities, and through how many, the Jacobian's inverse is interpolated.
ELASTICITIES = (1.0, 12.0)
KNOTS = 20
#: A step whose square is smaller is rounding; one in log prices that is larger is cut.
TINY = 1e-30
LARGEST_STEP = 0.5
#: Where barriers jump, members whose excess demand is still larger than this go on by Newton's
#: method, at most so many steps.
OPEN = 1e-7
NEWTON_STEPS = 40


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
        # Only relative prices matter: pin the level by the output-weighted mean.
        pin = output / output.sum()

        def inverse(eps: Array) -> Array:
            jacobian = -(1.0 + eps) * identity + sales + eps * (sales @ shares.T)
            return np.asarray(np.linalg.inv(jacobian - pin))

        inverses = _interpolated(inverse, elasticity)
        return cls(shares, output, spending / output - 1.0, inverses)


def _interpolated(function: Callable[[Array], Array], elasticity: Array) -> Array:
    """Matrices that are a smooth function of the elasticity, for many elasticities, (m, n, n).

    The function is worked out for KNOTS elasticities, and between them by Chebyshev polynomials in
    the log: exact to rounding, and three times as fast as to invert a matrix for each member.
    """
    low, high = np.log(ELASTICITIES)
    points = chebyshev.chebpts1(KNOTS)
    values = function(np.exp(low + 0.5 * (high - low) * (points + 1.0))[:, None, None])
    transform = chebyshev.chebvander(points, KNOTS - 1) * (2.0 / KNOTS)
    transform[:, 0] *= 0.5
    terms = np.einsum("kt,kij->itj", transform, values)
    place = 2.0 * (np.log(elasticity) - low) / (high - low) - 1.0
    return np.matmul(chebyshev.chebvander(place, KNOTS - 1)[:, None], terms)[:, :, 0]


@dataclass(slots=True)
class TradeCosts:
    """What moves trade costs in a year: of each economy (m, e), and of each pair (m, pair).

    ``users`` is the log of the share online, ``weaker_users`` that of the weaker partner,
    ``distance`` that between rules; ``facilitation`` is paperless trade, ``both_paperless`` the
    product of both ends'.
    """

    users: Array
    weaker_users: Array
    distance: Array
    facilitation: Array
    both_paperless: Array

    @classmethod
    def of(cls, users: Array, distance: Array, facilitation: Array) -> TradeCosts:
        """From users (m, e), the distance between rules (m, e, e) and paperless trade (m, e)."""
        one, other = pairs(users.shape[1])
        log_users = np.log(users)
        return cls(
            users=log_users,
            weaker_users=weaker_partner(log_users),
            distance=distance.reshape(len(users), -1).take(one * users.shape[1] + other, axis=1),
            facilitation=facilitation,
            both_paperless=facilitation.take(one, axis=1) * facilitation.take(other, axis=1),
        )


def demand_change(
    now: TradeCosts, base: TradeCosts, quality: Array, p: Parameters, nodes: int
) -> Array:
    """Trade at given prices against the base year's, tau hat^-epsilon, (m, n, n), symmetric.

    Between economies the log is eta (1 + phi quality) d ln min(x_i, x_j) for the connectivity of
    the weaker partner (D05, D08), less theta d H_ij for the distance between rules (D09), plus
    epsilon * saving * cost * d(f_i f_j) for paperless trade at both ends (D16); ``quality`` is that
    of regulation, 0-1, (m, e). With outside nodes only an economy's own side changes. Sales at home
    do not change.
    """
    boost = p.trade_connectivity * (1.0 + p.regulation_amplifies * quality)
    paperless = p.trade_elasticity * p.paperless_saving * p.transaction_cost
    inside = weaker_partner(boost) * (now.weaker_users - base.weaker_users)
    inside -= p.regulatory_distance * (now.distance - base.distance)
    inside += paperless * (now.both_paperless - base.both_paperless)
    outside = boost * (now.users - base.users)
    outside += paperless * OUTSIDE_PAPERLESS * (now.facilitation - base.facilitation)
    unmoved = np.ones((len(boost), 1))
    change = np.concatenate([np.exp(inside), unmoved, np.exp(outside)], axis=1)
    return change.take(flow_places(boost.shape[1], nodes), axis=1)


@functools.cache
def flow_places(economies: int, nodes: int) -> NDArray[np.intp]:
    """Where a flow's change stands: pairs first, then no change, then trade with the outside."""
    unmoved = len(pairs(economies)[0])
    places = np.full((nodes, nodes), unmoved)
    outside = unmoved + 1 + np.arange(economies)
    places[:economies, :economies] = pair_table(economies)
    places[:economies, economies:] = outside[:, None]
    places[economies:, :economies] = outside
    return places


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
    spent[:, -1] = income[:, -1] - np.vecdot(income[:, :-1], deficit[:-1])
    return spent


@dataclass(slots=True)
class Market:
    """Goods markets that have cleared.

    ``price`` (m, n) at the factory gate; ``demand`` (m, n, n) what buyers would take from sellers
    at base prices; ``pull`` (m, n) price^-epsilon; ``spent`` (m, n) in USD; ``per_pull`` (m, n)
    spending over the index of all offers, so that flows are pull_i demand_ij per_pull_j.
    """

    price: Array
    demand: Array
    pull: Array
    spent: Array
    per_pull: Array

    def flows(self) -> Array:
        """Flows in USD, (m, n, n), sales at home included; they add up to spending exactly."""
        return self.pull[:, :, None] * self.demand * self.per_pull[:, None, :]

    def sales(self) -> Array:
        """What each node sells, at home and abroad, (m, n) in USD."""
        return self.pull * _times(self.demand, self.per_pull)

    def domestic_share(self, economies: int) -> Array:
        """Share of its goods that each economy buys at home, (m, e)."""
        return self._at_home(economies) / self.spent[:, :economies]

    def totals(self, economies: int) -> tuple[Array, Array, Array]:
        """Goods exports, imports, and exports to the region's economies, each (m, e) in USD."""
        own = self._at_home(economies)
        pull, among = self.pull[:, :economies], self.demand[:, :economies]
        exports = pull * _times(among, self.per_pull) - own
        imports = self.spent[:, :economies] - own
        regional = pull * _times(among[:, :, :economies], self.per_pull[:, :economies]) - own
        return exports, imports, regional

    def _at_home(self, economies: int) -> Array:
        taken = np.diagonal(self.demand, axis1=1, axis2=2)[:, :economies]
        return self.pull[:, :economies] * taken * self.per_pull[:, :economies]


def solve(
    system: TradeSystem,
    change: Array,
    sizes: Array,
    price: Array,
    elasticity: Array,
    steps: int = STEPS,
    jump: bool = False,
) -> Market:
    """Find the producer prices that clear all markets, starting from ``price``, (m, n).

    Prices are such that the world's income is its output at base prices. ``change`` is used up: it
    becomes the demand at base prices, which saves a pass over the largest array of the model. With
    a ``jump`` of costs, members that the usual steps did not clear go on.
    """
    demand = change
    demand *= system.shares
    quantity = sizes * system.output
    start = np.log(price)
    log_price = _clear_markets(system, demand, quantity, start, elasticity, steps)
    if jump:
        log_price = _go_on(system, demand, quantity, log_price, start, elasticity)
    price = np.exp(log_price)
    price *= (quantity.sum(axis=1) / np.vecdot(price, quantity))[:, None]
    spent = spending(price * quantity, system.deficit)
    pull = np.exp(-elasticity * np.log(price))
    return Market(price, demand, pull, spent, spent / _index(demand, pull))


def _clear_markets(
    system: TradeSystem,
    demand: Array,
    quantity: Array,
    log_price: Array,
    elasticity: Array,
    steps: int,
) -> Array:
    """Broyden's method (1965) on log prices, (m, n), from the Jacobian of the base flows.

    Each step corrects the inverse Jacobian by what the last step missed (Sherman and Morrison
    1950): with ``corrections`` kept as pairs, one more costs a few products of length n.
    """
    corrections: list[tuple[Array, Array]] = []
    wanted = taken = np.zeros_like(log_price)
    for number in range(steps):
        step = _times(
            system.inverse, _log_excess_supply(system, demand, quantity, log_price, elasticity)
        )
        for direction, way in corrections:
            step += direction * _dot(way, step)
        if number > 0:
            change = wanted - step  # what the last step did, in the inverse Jacobian's terms
            size = _dot(taken, change)
            direction = (taken - change) * (1.0 / np.where(np.abs(size) < TINY, np.inf, size))
            corrections.append((direction, taken))
            step += direction * _dot(taken, step)
        wanted = step
        taken = np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        log_price = log_price + taken
    return log_price


def _go_on(
    system: TradeSystem,
    demand: Array,
    quantity: Array,
    log_price: Array,
    start: Array,
    elasticity: Array,
) -> Array:
    """Newton's method from ``start`` for the members whose markets are still open, (m, n).

    How far a member goes depends on nothing but itself.
    """
    log_price = log_price.copy()
    with np.errstate(all="ignore"):
        excess = _log_excess_supply(system, demand, quantity, log_price, elasticity)
        rows = np.flatnonzero(~(np.abs(excess).max(axis=1) < OPEN))
    log_price[rows] = start[rows]
    for _ in range(NEWTON_STEPS):
        if not rows.size:
            break
        own = demand[rows], quantity[rows], log_price[rows], elasticity[rows]
        excess = _log_excess_supply(system, *own)
        step = _times(np.asarray(np.linalg.inv(_jacobian(system, *own))), excess)
        log_price[rows] += np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        rows = rows[np.abs(excess).max(axis=1) >= OPEN]
    return log_price


def _jacobian(
    system: TradeSystem, demand: Array, quantity: Array, log_price: Array, elasticity: Array
) -> Array:
    """Of log excess demand at these prices, with the level pinned, as ``TradeSystem.inverse``."""
    pull = np.exp(-elasticity * log_price)
    index = _index(demand, pull)
    shares = demand * pull[:, :, None] / index[:, None]
    flows = shares * spending(np.exp(log_price) * quantity, system.deficit)[:, None]
    sales = flows / flows.sum(axis=2, keepdims=True)
    eps = elasticity[:, :, None]
    jacobian = sales + eps * np.matmul(sales, shares.transpose(0, 2, 1))
    jacobian -= (1.0 + eps) * np.eye(len(system.output))
    return np.asarray(jacobian - system.output / system.output.sum())


def _log_excess_supply(
    system: TradeSystem, demand: Array, quantity: Array, log_price: Array, elasticity: Array
) -> Array:
    """Log of what a node offers against what it sells at these prices, (m, n)."""
    income = np.exp(log_price) * quantity
    pull = np.exp(-elasticity * log_price)
    per_pull = spending(income, system.deficit) / _index(demand, pull)
    return np.log(income / (pull * _times(demand, per_pull)))


def _index(demand: Array, pull: Array) -> Array:
    """All that sellers offer a buyer, sum_i demand_ij pull_i, (m, n)."""
    return np.matmul(pull[:, None, :], demand)[:, 0]


def _times(matrix: Array, vector: Array) -> Array:
    return np.matmul(matrix, vector[:, :, None])[:, :, 0]


def _dot(one: Array, two: Array) -> Array:
    return np.vecdot(one, two)[:, None]


def raise_barriers(change: Array, selling: Array, buying: Array, elasticity: Array) -> None:
    """Multiply trade at given prices, (m, n, n), by e^(-epsilon (s_i + b_j)) across borders.

    ``selling`` and ``buying`` are costs in logs that an economy adds on either side, (m, e).
    """
    economies = selling.shape[1]
    if selling.any():
        change[:, :economies] *= np.exp(-elasticity * selling)[:, :, None]
    if buying.any():
        change[:, :, :economies] *= np.exp(-elasticity * buying)[:, None]
    home = np.arange(economies)
    change[:, home, home] = 1.0


def gains_from_trade(
    domestic_share: Array, base_share: Array, goods_share: Array, elasticity: Array
) -> Array:
    """Log real income gained since the base year, (m, e): -(mu / epsilon) ln(lambda hat).

    lambda is the share of goods bought at home (Arkolakis, Costinot and Rodriguez-Clare 2012), mu
    the share of goods in value added: services are not in this layer of trade.
    """
    return -goods_share / elasticity * np.log(domestic_share / base_share)
