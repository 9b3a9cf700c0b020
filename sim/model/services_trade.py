"""Digital services trade: who sells to whom, by shares of the markets.

Each buyer spends a budget that grows with its digital value added; sellers share it by what they
offer, which grows with theirs, and by costs (Anderson and van Wincoop 2003: the buyer's index of
all offers is the multilateral resistance). Prices at the seller do not move, so that one step
solves it: in services, where capacity follows demand, that is closer than in goods. Whatever is
sold is bought.
Shapes: m members, e economies, n markets: the economies, then the rest of the world. Rows sell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import PROVISIONS, Array, State
from sim.model.regulation import weaker_partner
from sim.model.trade import TradeCosts, flow_places
from sim.model.world import World

if TYPE_CHECKING:
    from sim.model.setup import Setup

DATA_FLOWS = PROVISIONS.index("data_flows")
#: At least this part of an economy's sales of digital services, and of its purchases, is at home
#: (judgement, as for goods).
LEAST_SOLD_AT_HOME = 0.25
LEAST_BOUGHT_AT_HOME = 0.05


@dataclass(slots=True)
class Gain:
    """Log of trade at given sizes and sides' costs: ``inside`` the region by pair of economies,
    (m, pair), and with the rest of the world, ``outside`` (m, e)."""

    inside: Array
    outside: Array


@dataclass(slots=True)
class Base:
    """The base year: ``flows`` (n, n) across borders, 0 on the diagonal; ``home`` (m, n) sales at
    home; ``budget`` (m, n) what each buys in all; ``costs`` what moved costs; ``factor`` how
    much regulation amplifies connectivity; ``openness`` (m, e) the score on data flows."""

    flows: Array
    home: Array
    budget: Array
    costs: TradeCosts
    factor: Gain
    openness: Array

    @classmethod
    def build(
        cls, world: World, base: State, costs: TradeCosts, quality: Array, p: Parameters
    ) -> Base:
        """Sales at home are output, estimated from digital value added, less exports."""
        flows = np.array(world.services_flows)
        outside = flows[-1, -1]
        np.fill_diagonal(flows, 0.0)
        exports, imports = flows.sum(axis=1)[:-1], flows.sum(axis=0)
        made = p.services_output * p.services_part * base.digital_share
        made = made * base.gdp * world.price_level
        least = imports[:-1] * (LEAST_BOUGHT_AT_HOME / (1.0 - LEAST_BOUGHT_AT_HOME))
        home = np.maximum(np.maximum(made - exports, LEAST_SOLD_AT_HOME * made), least)
        home = np.concatenate([home, np.full((len(home), 1), outside)], axis=1)
        return cls(
            flows, home, home + imports, costs, amplified(quality, p),
            base.provisions[..., DATA_FLOWS],
        )  # fmt: skip


@dataclass(slots=True)
class Market:
    """Digital services of a year.

    ``offer`` (m, n, n) is what would be sold at the sizes of the base year, 0 on the diagonal;
    ``sell`` and ``buy`` (m, n) each side's factor on it; ``home`` (m, n) what is offered at home;
    ``budget`` (m, n) in USD.
    """

    offer: Array
    sell: Array
    buy: Array
    home: Array
    budget: Array

    def from_abroad(self) -> Array:
        """What sellers abroad offer each buyer, (m, n)."""
        return self.buy * np.matmul(self.sell[:, None], self.offer)[:, 0]

    def flows(self) -> Array:
        """Flows across borders in USD, (m, n, n)."""
        taken = self.buy * self.budget / (self.home + self.from_abroad())
        return self.sell[:, :, None] * self.offer * taken[:, None]

    def record(self, state: State) -> None:
        """Put exports, imports and shares into a state."""
        abroad = self.from_abroad()
        per_offer = self.budget / (self.home + abroad)
        bought, taken = abroad * per_offer, self.buy * per_offer
        sold = self.sell * np.matmul(self.offer, taken[:, :, None])[:, :, 0]
        to_outside = self.sell[:, :-1] * self.offer[:, :-1, -1] * taken[:, -1:]
        state.services_exports, state.services_imports = sold[:, :-1], bought[:, :-1]
        state.services_regional_exports = sold[:, :-1] - to_outside
        state.services_outside_sales = sold[:, -1]
        state.services_outside_purchases = bought[:, -1]
        state.services_domestic_share = (self.home * per_offer / self.budget)[:, :-1]


def offers(gain: Gain, flows: Array) -> Array:
    """What is offered across borders at given sizes, (m, n, n), from base flows (n, n)."""
    outside = gain.outside
    change = np.concatenate([gain.inside, np.zeros((len(outside), 1)), outside], axis=1)
    places = flow_places(outside.shape[1], len(flows))
    offer = np.exp(change, out=change).take(places, axis=1)
    offer *= flows
    return np.asarray(offer)


def amplified(quality: Array, p: Parameters) -> Gain:
    """How much more connectivity does by the quality of regulation, 1 + phi quality (D08).

    Between economies that of the weaker partner counts.
    """
    own = 1.0 + p.regulation_amplifies * quality
    return Gain(weaker_partner(own), own)


def gain_by_connectivity(now: TradeCosts, base: TradeCosts, factor: Gain, p: Parameters) -> Gain:
    """eta (1 + phi quality) d ln min(x_i, x_j): connectivity of the weaker partner, in logs.

    D06, times ``factor`` for the quality of regulation. With the rest of the world an economy's own
    side counts.
    """
    # In place: these are the larger arrays of the layer.
    inside = now.weaker_users - base.weaker_users
    inside *= p.services_connectivity
    inside *= factor.inside
    return Gain(inside, p.services_connectivity * factor.outside * (now.users - base.users))


def gain_by_rules(
    gain: Gain, now: TradeCosts, base: TradeCosts, links: Array, p: Parameters
) -> Gain:
    """The same with what rules and linked payments add between economies.

    Less theta d H_ij for the distance between rules (D09); plus epsilon times what payments save,
    as far as the weaker partner is linked, ``links`` 0-1 (m, e).
    """
    inside = base.distance - now.distance
    inside *= p.services_rules
    inside += gain.inside
    if links.any():
        inside += p.services_elasticity * p.payments_saving * weaker_partner(links)
    return Gain(inside, gain.outside)


def sides(state: State, base: Base, p: Parameters) -> tuple[Array, Array]:
    """Factors of costs on what each sells and buys abroad, (m, e) each.

    A cost t of one side moves its trade by (1 + t)^-epsilon; a buyer more open to flows of data
    buys more (D15), and so does one that trusts more than usual.
    """
    openness = state.provisions[..., DATA_FLOWS] - base.openness
    trust = state.trust - state.trust_reference
    sell = np.exp(-p.services_elasticity * state.services_export_cost)
    buy = p.services_openness * openness + p.services_trust * trust
    return sell, np.exp(buy - p.services_elasticity * state.services_import_cost)


def market_of(state: State, last: State, years: float, setup: Setup, costs: TradeCosts) -> Market:
    """The market of a state at the sizes of ``last`` year, ``years`` after the base year."""
    p, base = setup.parameters, setup.services_base
    inside = last.digital_share * last.gdp / (setup.base.digital_share * setup.base.gdp)
    grown = _with_outside(inside, np.exp(p.services_outside_growth * years))
    factor = amplified(setup.quality(state), p)
    gain = gain_by_connectivity(costs, base.costs, factor, p)
    gain = gain_by_rules(gain, costs, base.costs, state.payment_links, p)
    sell, buy = sides(state, base, p)
    one = np.ones((len(sell), 1))
    return Market(
        offer=offers(gain, base.flows),
        sell=_with_outside(sell, one) * grown,
        buy=_with_outside(buy, one),
        home=base.home * grown,
        budget=base.budget * grown,
    )


def _with_outside(values: Array, outside: Array) -> Array:
    return np.concatenate([values, np.broadcast_to(outside, (len(values), 1))], axis=1)


def undisturbed(market: Market, setup: Setup, costs: TradeCosts) -> Array:
    """Domestic shares under the rules of the base year, without barriers, shocks and new links.

    At the same connectivity and sizes, with trust as usual; (m, e).
    """
    p, base = setup.parameters, setup.services_base
    gain = gain_by_connectivity(costs, base.costs, base.factor, p)
    grown = market.home / base.home
    abroad = np.matmul(grown[:, None], offers(gain, base.flows))[:, 0]
    return (market.home / (market.home + abroad))[:, :-1]


def advance(old: State, new: State, costs: TradeCosts, setup: Setup, step: int) -> None:
    """9. Digital services are traded at this year's costs and last year's sizes.

    Gains are against the same economies under the rules of the base year, without barriers and
    shocks, but with the same connectivity: what trade adds by connectivity is part of the returns
    to it. The revenue of a tax is not counted as output.
    """
    p = setup.parameters
    market = market_of(new, old, step - 1.0, setup, costs)
    market.record(new)
    closed = new.services_domestic_share / undisturbed(market, setup, costs)
    weight = p.services_part * old.digital_share
    new.services_trade_gains = -weight / p.services_elasticity * np.log(closed)


def settle(setup: Setup) -> None:
    """Put the base year's trade into the base state: the estimated flows as they are."""
    base = setup.base
    market_of(base, base, 0.0, setup, setup.services_base.costs).record(base)
