"""The goods market of the pure-Python model: costs, prices and flows by plain loops."""

from __future__ import annotations

from math import exp, log
from operator import add, mul
from typing import TYPE_CHECKING

from pure_python_inputs import Inputs

from sim.model.trade import LARGEST_STEP, OUTSIDE_PAPERLESS, STEPS, TINY

if TYPE_CHECKING:
    from pure_python_mesa import Economy


def dot(left: list[float], right: list[float]) -> float:
    """Sum of products."""
    return sum(map(mul, left, right))


def _added(vector: list[float], direction: list[float], times: float) -> list[float]:
    return [value + times * part for value, part in zip(vector, direction, strict=True)]


class GoodsMarket:
    """Buyers and sellers of goods at all nodes; it clears once a year."""

    def __init__(self, inputs: Inputs, economies: list[Economy]) -> None:
        self.inputs = inputs
        self.economies = economies
        self.price = list(inputs.price)
        self.size = len(inputs.price)
        self.elasticity = economies[0].p.trade_elasticity

    def clear(self, years: int) -> None:
        """Find prices at this year's costs and last year's output; tell everybody their trade.

        ``years`` is the age of the base flows. Broyden's method, as in ``sim.model.trade``.
        """
        bought = self._demand()
        growth = exp(self.economies[0].p.outside_growth * years)
        sizes = [economy.gdp / economy.given.flows_gdp for economy in self.economies]
        sizes += [growth] * (self.size - len(sizes))
        quantity = list(map(mul, sizes, self.inputs.output))
        price = self._clearing_prices(bought, quantity)
        level = sum(quantity) / dot(price, quantity)
        self.price = [value * level for value in price]
        self._deliver(bought, quantity)

    def _clearing_prices(self, bought: list[list[float]], quantity: list[float]) -> list[float]:
        """Steps by the Jacobian of the base flows, corrected by what earlier steps missed."""
        sold_by = [list(column) for column in zip(*bought, strict=True)]
        log_price = [log(value) for value in self.price]
        corrections: list[tuple[list[float], list[float]]] = []
        wanted = taken = [0.0] * len(log_price)
        for number in range(STEPS):
            price = [exp(value) for value in log_price]
            excess = self._log_excess_demand(bought, sold_by, quantity, price)
            step = [-dot(row, excess) for row in self.inputs.inverse]
            for direction, way in corrections:
                step = _added(step, direction, dot(way, step))
            if number > 0:
                change = [before - now for before, now in zip(wanted, step, strict=True)]
                size = dot(taken, change)
                if abs(size) >= TINY:
                    direction = [(t - c) / size for t, c in zip(taken, change, strict=True)]
                    corrections.append((direction, taken))
                    step = _added(step, direction, dot(taken, step))
            wanted = step
            taken = [min(max(value, -LARGEST_STEP), LARGEST_STEP) for value in step]
            log_price = list(map(add, log_price, taken))
        return [exp(value) for value in log_price]

    def _log_excess_demand(
        self,
        bought: list[list[float]],
        sold_by: list[list[float]],
        quantity: list[float],
        price: list[float],
    ) -> list[float]:
        """Log of what each node sells against what it offers."""
        income = list(map(mul, price, quantity))
        pull = [value**-self.elasticity for value in price]
        spent = self._spending(income)
        per_index = [
            money / dot(column, pull) for money, column in zip(spent, sold_by, strict=True)
        ]
        return [
            log(own * dot(row, per_index) / earned)
            for own, row, earned in zip(pull, bought, income, strict=True)
        ]

    def _spending(self, income: list[float]) -> list[float]:
        spent = [
            money * (1.0 + deficit)
            for money, deficit in zip(income, self.inputs.deficit, strict=True)
        ]
        spent[-1] = income[-1] - (sum(spent[:-1]) - sum(income[:-1]))
        return spent

    def _deliver(self, bought: list[list[float]], quantity: list[float]) -> None:
        """Flows at the prices found, and what each economy makes of them."""
        spent = self._spending(list(map(mul, self.price, quantity)))
        flows = []
        for row, value in zip(bought, self.price, strict=True):
            pull = value**-self.elasticity
            flows.append([share * pull for share in row])
        offered = [sum(column) for column in zip(*flows, strict=True)]
        scale = [money / offer for money, offer in zip(spent, offered, strict=True)]
        flows = [list(map(mul, row, scale)) for row in flows]
        inside = len(self.economies)
        for position, economy in enumerate(self.economies):
            own = flows[position][position]
            bought_in_all = sum(row[position] for row in flows)
            economy.trades(
                domestic_share=own / bought_in_all,
                exports=sum(flows[position]) - own,
                imports=bought_in_all - own,
                regional=sum(flows[position][:inside]) - own,
            )

    def _demand(self) -> list[list[float]]:
        """What each node would buy of each at base prices, with this year's trade costs."""
        change = [[1.0] * self.size for _ in range(self.size)]
        inside = len(self.economies)
        for i, seller in enumerate(self.economies):
            for j in range(i):
                between = exp(self._change_between(seller, self.economies[j]))
                change[i][j] = change[j][i] = between
            outside = exp(self._change_outside(seller))
            for node in range(inside, self.size):
                change[i][node] = change[node][i] = outside
        return [
            list(map(mul, row, shares))
            for row, shares in zip(change, self.inputs.shares, strict=True)
        ]

    @staticmethod
    def _change_between(one: Economy, other: Economy) -> float:
        """Log change of trade between two economies at given prices since the base year."""
        p = one.p
        paperless = p.trade_elasticity * p.paperless_saving * p.transaction_cost
        weaker = min(one.log_users, other.log_users)
        base_weaker = min(one.base_log_users, other.base_log_users)
        distance = one.rule_distance[other.position] - one.base_rule_distance[other.position]
        both = one.facilitation * other.facilitation
        base_both = one.facilitation_base * other.facilitation_base
        return (
            min(one.trade_boost, other.trade_boost) * (weaker - base_weaker)
            - p.regulatory_distance * distance
            + paperless * (both - base_both)
        )

    @staticmethod
    def _change_outside(economy: Economy) -> float:
        """The same with any node outside the region: only the economy's own side changes."""
        p = economy.p
        paperless = p.trade_elasticity * p.paperless_saving * p.transaction_cost
        return economy.trade_boost * (
            economy.log_users - economy.base_log_users
        ) + paperless * OUTSIDE_PAPERLESS * (economy.facilitation - economy.facilitation_base)
