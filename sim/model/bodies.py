"""What regional bodies do: a fund, reviews of delivery, upgrades of targets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model import goals
from sim.model.budget import FUND
from sim.model.parameters import Parameters
from sim.model.quantities import Array, Levers, State, mean, planes

#: Given last year's state, the plan and the parameters: an economy's claim on the fund, (m, e);
#: money goes in proportion to it.
Allocate = Callable[[State, Levers, Parameters], Array]
#: The same of a review: the part of under-delivery that is corrected after it, (m, e).
Review = Callable[[State, Levers, Parameters], Array]
#: Paths of which each is an initiative of the region, and those that hold several of them.
INITIATIVES = (
    "regional_cert", "anti_fraud", "digital_finance_interoperability", "best_practice_sharing",
    "regional_governance", "regional_fund", "common_standards",
)  # fmt: skip
SEVERAL = ("regional_platforms", "accession_push")


@dataclass(slots=True)
class Money:
    """The regional fund's year in USD.

    ``contributions`` and ``transfers`` by economy, (m, e); ``private`` money that came in,
    ``admin`` cost and the ``balance`` at the end, (m,). They add up: balance' = balance +
    contributions + private - transfers - admin.
    """

    contributions: Array
    private: Array
    transfers: Array
    admin: Array
    balance: Array

    def pay(self, transfers: Array, p: Parameters) -> None:
        """Pay ``transfers``, (m, e), and the administration that they need."""
        self.transfers = transfers
        self.admin = p.fund_administration[:, 0] * transfers.sum(axis=-1)
        self.balance = np.maximum(self.balance - transfers.sum(axis=-1) - self.admin, 0.0)

    def available(self, plan: Levers, gdp: Array, p: Parameters) -> Array:
        """The most that it can transfer this year, (m,): what is in hand, up to a stated budget."""
        in_hand = self.balance / (1.0 + p.fund_administration[:, 0])
        return np.minimum(in_hand, plan.fund_budget * gdp.sum(axis=-1))


def settle(state: State, investment: Array) -> None:
    """The base year: every goal's target is what the region's leaders have.

    ``investment`` is the share of public investment that becomes assets, (m, e).
    """
    level = goals.levels(state)
    state.targets = planes(np.broadcast_to(goals.leaders(level), level.shape))
    state.delivery_quality = investment


def collect(old: State, plan: Levers) -> Money | None:
    """What comes into the fund this year; None if nothing comes in and nothing is in hand.

    Economies pay a share of last year's GDP, no more than their stated budget, and less as far as
    cooperation is lost; private money comes with it, less as far as it retreats.
    """
    if not plan.regional_fund.any() and not old.fund_balance.any():
        return None
    shocks = plan.shocks
    share = np.minimum(plan.regional_fund * (1.0 - shocks.cooperation_loss), plan.national_budget)
    paid = share * old.gdp
    drawn = paid * (1.0 - shocks.investment_retreat)
    private = plan.fund_private_ratio * drawn.sum(axis=-1)
    balance = old.fund_balance + paid.sum(axis=-1) + private
    return Money(paid, private, np.zeros_like(paid), np.zeros_like(private), balance)


def claims(old: State, plan: Levers, p: Parameters) -> Array:
    """Each economy's claim on the fund, (m, e), the region's sum 1.

    (1 - anchor) by need, people times the mean gap to targets, as cohesion funds are spread (the
    European Union's: people in regions that lag, times how far); anchor by share of the region's
    GDP: the largest economies, whose networks and markets others join.
    """
    need = old.population * mean(goals.gaps(goals.levels(old), old.targets))
    anchor = np.asarray(plan.fund_anchor)[..., None]
    return (1.0 - anchor) * _parts(need) + anchor * _parts(old.gdp)


def _parts(values: Array) -> Array:
    sums = values.sum(axis=-1, keepdims=True)
    equal = np.full_like(values, 1.0 / values.shape[-1])
    return np.where(sums > 0.0, values / np.where(sums > 0.0, sums, 1.0), equal)


def shared_out(money: Array, claim: Array, most: Array) -> Array:
    """``money`` (m,) by economy, (m, e): by claims, and nobody more than its ``most``.

    What one cannot use goes to the others by their claims. The sum is ``money``, or all that those
    with a claim can use.
    """
    given = np.zeros_like(most)
    for _ in range(most.shape[-1]):
        left = np.maximum(money - given.sum(axis=-1), 0.0)[..., None]
        weight = np.where(given < most, claim, 0.0)
        sums = weight.sum(axis=-1, keepdims=True)
        if not ((left > 0.0) & (sums > 0.0)).any():
            break
        given = np.minimum(given + left * weight / np.where(sums > 0.0, sums, 1.0), most)
    return given


def backing(
    money: Money, bill: Array, claim: Array, plan: Levers, gdp: Array, p: Parameters
) -> Array:
    """Share of what plans ask of the fund that it pays, (m, e); 1 where nothing is asked.

    ``bill`` is the plans' cost by payer, (m, e, payer).
    """
    asked = bill[..., FUND]
    if not asked.any():
        return np.ones_like(asked)
    given = shared_out(money.available(plan, gdp, p), claim, asked)
    return np.where(asked > 0.0, given / np.where(asked > 0.0, asked, 1.0), 1.0)


def grants(
    money: Money, used: Array, claim: Array, plan: Levers, gdp: Array, p: Parameters
) -> Array:
    """Free grants in USD, (m, e): a part of what plans did not use, ``used`` (m, e), of the fund.

    Projects take years, so only ``fund_disbursement`` of the free money is paid in a year, and an
    economy can absorb but so much, ``fund_absorption`` of its GDP.
    """
    free = money.available(plan, gdp, p) - used.sum(axis=-1)
    offered = p.fund_disbursement[:, 0] * np.maximum(free, 0.0)
    return shared_out(offered, claim, p.fund_absorption * gdp)


def is_reviewed(old: State, plan: Levers) -> NDArray[np.bool_]:
    """Whether a body reviews delivery this year, (m,)."""
    return _due(old.review_clock, plan.review_years, plan)


def is_upgraded(old: State, plan: Levers) -> NDArray[np.bool_]:
    """Whether a body raises targets this year, (m,)."""
    return _due(old.upgrade_clock, plan.upgrade_years, plan)


def _due(clock: Array, years: Array, plan: Levers) -> NDArray[np.bool_]:
    """A body with a clock acts when its years have passed; without one, never."""
    has_clock = bool(plan.regional_governance.any()) & (np.asarray(years) > 0.0)
    return np.asarray((clock + 1.0 >= years) & has_clock)


def review(old: State, plan: Levers, p: Parameters) -> Array:
    """Part of under-delivery that is corrected after this year's review, (m, e).

    g' = g + step * max(effect * quality - g, 0): a body of full quality ends at ``review_effect``.
    """
    quality = plan.regional_governance * (1.0 - plan.shocks.cooperation_loss)
    missing = np.maximum(p.review_effect * quality - old.review_gain, 0.0)
    return old.review_gain + p.review_step * missing


def reviewed(old: State, plan: Levers, p: Parameters, by: Review = review) -> Array:
    """Part of under-delivery that is corrected from next year on, (m, e): reviewed, or fading."""
    if not plan.regional_governance.any() and not old.review_gain.any():
        return old.review_gain
    fading = (1.0 - p.review_fading) * old.review_gain
    due = is_reviewed(old, plan)
    if not due.any():
        return fading
    return np.where(due[:, None], by(old, plan, p), fading)


def delivery(investment: Array, gain: Array) -> Array:
    """Share of public investment that becomes assets, (m, e), where reviews corrected ``gain``."""
    return investment + (1.0 - investment) * gain


def keep_time(old: State, new: State, plan: Levers, p: Parameters) -> None:
    """Clocks run while a body is there; an upgrade moves targets towards today's leaders."""
    if not plan.regional_governance.any():
        return
    new.review_clock = np.where(is_reviewed(old, plan), 0.0, old.review_clock + 1.0)
    raised = is_upgraded(old, plan)
    new.upgrade_clock = np.where(raised, 0.0, old.upgrade_clock + 1.0)
    if raised.any():
        takes_part = raised[:, None] & (np.asarray(plan.regional_governance) > 0.0)
        step = np.where(takes_part, p.upgrade_step, 0.0)
        new.targets = goals.upgraded(old.targets, goals.levels(old), step)


def count_initiatives(plan: Levers, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """Regional initiatives that an economy takes part in, and partners in them, (m, e) each.

    A partner that is in three of them counts three times: each is an agreement of its own.
    """
    initiatives, partners = np.zeros(shape), np.zeros(shape)
    parts = [getattr(plan, name) for name in INITIATIVES]
    for name in SEVERAL:
        parts.extend(np.moveaxis(getattr(plan, name), -1, 0))
    for part in parts:
        if part.any():
            inside = np.broadcast_to(part > 0.0, shape).astype(float)
            initiatives += inside
            partners += inside * (inside.sum(axis=-1, keepdims=True) - 1.0)
    return initiatives, partners


def book(new: State, money: Money | None) -> None:
    """Write the fund's year into the state."""
    if money is None:
        if new.fund_contributions.any() or new.fund_transfers.any():
            new.fund_contributions = np.zeros_like(new.gdp)
            new.fund_transfers = np.zeros_like(new.gdp)
            new.fund_private = np.zeros_like(new.fund_private)
            new.fund_admin = np.zeros_like(new.fund_admin)
        return
    new.fund_contributions, new.fund_transfers = money.contributions, money.transfers
    new.fund_private, new.fund_admin = money.private, money.admin
    new.fund_balance = money.balance


def fund_balance(old: State, new: State) -> tuple[Array, Array]:
    """The fund's money: what was there and came in, and what went out and is there, (m,)."""
    came = old.fund_balance + new.fund_contributions.sum(axis=-1) + new.fund_private
    went = new.fund_transfers.sum(axis=-1) + new.fund_admin + new.fund_balance
    return came, went
