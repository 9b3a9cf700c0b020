"""Barriers to trade: tariffs, taxes on digital services, export controls, and shocks to costs.

Shapes: m members, e economies. Costs are in logs, added to those of the base year.
"""

from __future__ import annotations

import numpy as np

from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.setup import Setup

#: The most and the least that a side adds to the cost of goods, log: a doubling, and what a tariff
#: of -30 % takes away. Beyond, next to nothing is left to trade.
COST_BOUNDS = (-0.36, 0.7)


def advance(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """9. What is added to costs of trade this year, on each side; a barrier that ends is gone."""
    p, plan, base = setup.parameters, decision.plan, setup.base
    shocks, control, none = plan.shocks, plan.export_control, np.zeros_like(old.gdp)
    controlled = control.any()
    new.technology_denied = base.technology_denied
    new.goods_export_cost, new.goods_import_cost = base.goods_export_cost, base.goods_import_cost
    if controlled or shocks.goods_trade_cost.any():
        cost = shocks.goods_trade_cost + p.export_control_cost * control
        new.goods_export_cost = np.clip(cost + none, *COST_BOUNDS)
    if plan.market_barriers.any() or shocks.goods_trade_cost.any():
        cost = shocks.goods_trade_cost + np.log1p(plan.market_barriers)
        new.goods_import_cost = np.clip(cost + none, *COST_BOUNDS)
    if controlled:
        new.technology_denied = denied(control + none, setup.world.trade_weights, p)
    new.services_export_cost = base.services_export_cost
    new.services_import_cost = base.services_import_cost
    if shocks.services_trade_cost.any():
        new.services_export_cost = shocks.services_trade_cost + none
    if plan.digital_services_tax.any() or shocks.services_trade_cost.any():
        cost = shocks.services_trade_cost + np.log1p(plan.digital_services_tax)
        new.services_import_cost = cost + none


def denied(control: Array, partner_weights: Array, p: Parameters) -> Array:
    """Part of the speed of firms that partners' export controls take away, (m, e).

    Controls weigh as much as those who hold them in an economy's trade within the region.
    """
    return p.export_control_denies * np.matmul(control[:, None], partner_weights.T)[:, 0]
