"""How a member state spreads its budget over levers: the same money, other programmes.

Arrays with a last axis ``divisible`` have one number for each lever of ``goals.DIVISIBLE``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model import budget, costs, goals
from sim.model.budget import NATIONAL
from sim.model.goals import COLUMNS_OF_DIVISIBLE, DIVISIBLE
from sim.model.learning import Teachers
from sim.model.parameters import Parameters
from sim.model.quantities import (
    BUDGET_RULES,
    GOALS,
    LEVERS,
    PAYERS,
    SECTORS,
    Array,
    Levers,
    Quantity,
    State,
    planes,
    quantities,
    stacked,
    total,
)

FIXED, GAP_CLOSING, IMITATE, MARGINAL = range(len(BUDGET_RULES))
#: Given last year's state, the year's plan, the built-in rules' shares of the budget by lever,
#: (m, e, divisible), and the parameters: the shares that are wanted instead, or None.
Spread = Callable[[State, Levers, Array, Parameters], Array | None]
#: Given last year's state and the parameters: numbers of the economies from which each learns,
#: (e, k) or (m, e, k); UNCHOSEN where it is left to the model, one's own number for nobody.
LearnFrom = Callable[[State, Parameters], Teachers]
UNCHOSEN = -1

_PATHS: dict[str, Quantity] = {
    item.name: item for item in quantities(Levers) if item.name in DIVISIBLE
}
#: The most that may be planned of each divisible lever, in the unit of its path.
_MOST = np.array([_PATHS[name].high for name in DIVISIBLE])
#: The divisible lever whose path is by sector.
BY_SECTOR = "sector_digitalisation"
#: Goal of each divisible lever, and how many levers serve the same goal.
_GOAL = [GOALS.index(goal) for goal, _ in DIVISIBLE.values()]
_SERVED = np.array([float(_GOAL.count(goal)) for goal in _GOAL])


@dataclass(slots=True)
class Purse:
    """What may be spread: ``money`` in USD by payer, (m, e, payer), of levers that are divisible.

    ``unit`` is the cost of one unit of each divisible lever in USD, ``planned`` what the scenario
    would spend on it, (m, e, divisible).
    """

    money: Array
    unit: Array
    planned: Array


def spread_budgets(
    old: State,
    plan: Levers,
    asked: Array,
    contributions: Array,
    p: Parameters,
    teachers: Teachers | None,
    spread: Spread | None = None,
) -> Levers:
    """The plan with every economy's divisible budget spread by its rule; cost by payer is kept.

    ``asked`` is what the plan costs by lever, (m, e, lever); ``contributions`` to the regional fund
    come first out of a stated budget. Economies with the rule ``fixed`` keep their plan,
    unless ``spread`` is given and says otherwise. ``teachers`` are whom economies chose to learn
    from, None for the built-in choice.
    """
    rule = np.broadcast_to(plan.budget_rule, old.gdp.shape)
    if spread is None and not rule.any():
        return plan
    purse = open_purse(old, plan, asked, contributions, p)
    shares = wanted_shares(old, purse, rule, p, teachers)
    moved = rule != FIXED
    if spread is not None:
        own = spread(old, plan, shares, p)
        if own is not None:
            moved = moved | (own != shares).any(axis=-1)
            shares = own
    if not moved.any():
        return plan
    spent = within(shares, total(purse.money), purse.unit * _MOST)
    return _write(plan, spent, purse, moved)


def open_purse(
    old: State, plan: Levers, asked: Array, contributions: Array, p: Parameters
) -> Purse:
    """The money that may be spread: what the divisible part of the plan would cost, by payer.

    An economy that plans nothing of it but has a stated national budget spreads what that leaves,
    after its other programmes and its contribution.
    """
    unit = unit_costs(old, plan, p)
    planned = unit * amounts(plan, old.gdp.shape)
    divisible = np.zeros_like(asked)
    divisible[..., COLUMNS_OF_DIVISIBLE] = planned
    money = _public_bill(divisible, plan)
    stated = np.isfinite(plan.national_budget) & (total(planned) == 0.0)
    if stated.any():
        others = _public_bill(asked, plan)[..., NATIONAL] + contributions
        limit = np.where(stated, plan.national_budget, 0.0)
        left = np.maximum(limit * old.gdp - others, 0.0)
        money[..., NATIONAL] = np.where(stated, left, money[..., NATIONAL])
    return Purse(money, unit, planned)


def unit_costs(old: State, plan: Levers, p: Parameters) -> Array:
    """Public cost of one unit of each divisible lever in USD, (m, e, divisible).

    By the cost function itself, what the plan costs with one unit of each and with none, and with
    what levers that make spending dearer cost for it.
    """
    none = np.zeros_like(old.gdp)
    one, idle = none + 1.0, costs.Work(none, none, none)

    def cost(amount: Array) -> Array:
        everybody = np.ones(old.gdp.shape, dtype=bool)
        some = with_amounts(plan, stacked([amount] * len(DIVISIBLE)), everybody)
        return budget.public_cost(some, old.gdp, old.population, old.working_age_share, idle, p)

    unit = (cost(one) - cost(none))[..., COLUMNS_OF_DIVISIBLE]
    dearer = [1.0 + none + costs.surcharge(name, plan, p) for name in DIVISIBLE]
    return unit * stacked(dearer)


def amounts(plan: Levers, shape: tuple[int, ...]) -> Array:
    """What is planned of each divisible lever, (m, e, divisible); sectors are added up."""
    paths = {name: getattr(plan, name) for name in DIVISIBLE}
    paths[BY_SECTOR] = total(paths[BY_SECTOR])
    return stacked([np.broadcast_to(path, shape) for path in paths.values()])


def with_amounts(plan: Levers, wanted: Array, who: NDArray[np.bool_]) -> Levers:
    """The plan with ``wanted`` (m, e, divisible) of each lever for those in ``who``, (m, e).

    Sectors keep the parts that the plan gives them, equal ones where it gives none.
    """
    paths = {}
    for row, name in enumerate(DIVISIBLE):
        path, amount = getattr(plan, name), wanted[..., row]
        if name == BY_SECTOR:
            parts = mix(path, np.full_like(path, 1.0 / len(SECTORS)))
            paths[name] = planes(np.where(who[..., None], parts * amount[..., None], path))
        else:
            paths[name] = np.where(who, amount, path)
    return plan.having(**paths)


def wanted_shares(
    old: State, purse: Purse, rule: Array, p: Parameters, teachers: Teachers | None
) -> Array:
    """Shares of the budget by divisible lever, (m, e, divisible), as each economy's rule says.

    Every rule moves a part ``budget_speed`` of the way, from last year's mix (or the plan's, or
    equal parts) to the mix that it wants: budgets change by increments.
    """
    planned = mix(purse.planned, equal_parts(purse.planned))
    last = mix(old.programme_cost[..., COLUMNS_OF_DIVISIBLE], planned)
    shares = planned
    if (rule == GAP_CLOSING).any():
        step = last + p.budget_speed[..., None] * (by_gaps(old, last) - last)
        shares = np.where((rule == GAP_CLOSING)[..., None], step, shares)
    if (rule == IMITATE).any():
        peers = best_similar_peer(old, p)
        if teachers is not None:
            peers = chosen_teachers(teachers, peers)
        step = last + p.budget_speed[..., None] * (by_peers(last, peers) - last)
        shares = np.where((rule == IMITATE)[..., None], step, shares)
    if (rule == MARGINAL).any():
        step = by_returns(last, old, p)
        shares = np.where((rule == MARGINAL)[..., None], step, shares)
    return shares


def equal_parts(like: Array) -> Array:
    """The same share for every divisible lever."""
    return np.full_like(like, 1.0 / len(DIVISIBLE))


def mix(money: Array, otherwise: Array) -> Array:
    """Shares of ``money`` over the last axis; ``otherwise`` where there is none."""
    sums = total(money)[..., None]
    some = sums > 0.0
    return np.where(some, money / np.where(some, sums, 1.0), otherwise)


def by_gaps(old: State, otherwise: Array) -> Array:
    """Gap closing: money in proportion to what is missing to the target of each lever's goal.

    Levers of one goal share its part equally; ``otherwise`` where every target is met.
    """
    missing = goals.gaps(goals.levels(old), old.targets)[..., _GOAL]
    return mix(missing / _SERVED, otherwise)


def by_peers(mixes: Array, teachers: Teachers) -> Array:
    """Imitation: the mean mix of last year of those one learns from; own where that is oneself.

    ``teachers`` holds numbers of economies, (e, k) or (m, e, k).
    """
    numbers = np.broadcast_to(teachers, (len(mixes), *teachers.shape[-2:]))
    parts = np.moveaxis(mixes, -1, 0)
    return stacked(
        [np.take_along_axis(part[:, None, :], numbers, axis=2).mean(axis=-1) for part in parts]
    )


def best_similar_peer(old: State, p: Parameters) -> Teachers:
    """From whom states learn: the peer with the best record, less a distance in income; (m, e, 1).

    The record is ``progress``, the recent yearly rise of the composite of goals; who has a better
    one itself than any peer less its distance learns from itself, that is from nobody.
    """
    income = np.log(old.gdp / old.population)
    far = np.abs(income[:, :, None] - income[:, None, :])
    score = old.progress[:, None, :] - p.peer_distance[..., None] * far
    return score.argmax(axis=-1)[..., None]


def chosen_teachers(own: Teachers, built_in: Teachers) -> Teachers:
    """``own`` choice, (..., e, k), or that which is built in where a row's first is UNCHOSEN.

    Within a row UNCHOSEN repeats the first, so rows may name fewer peers than others.
    """
    count = max(own.shape[-1], built_in.shape[-1])
    shape = np.broadcast_shapes(own.shape[:-1], built_in.shape[:-1])

    def wide(numbers: Teachers) -> Teachers:
        column = np.arange(count) % numbers.shape[-1]
        return np.broadcast_to(numbers[..., column], (*shape, count))

    first = wide(own[..., :1])
    named = np.where(wide(own) == UNCHOSEN, first, wide(own))
    return np.where(first == UNCHOSEN, wide(built_in), named)


def by_returns(mixes: Array, old: State, p: Parameters) -> Array:
    """Marginal: more for what brought more than the average unit of money, less for the rest.

    s' = s (1 + speed (y / mean y - 1)), the replicator equation (Taylor and Jonker 1978), so a
    lever that brought nothing loses ``budget_speed`` of its share each year; a part
    ``budget_trials`` of the money is spread equally, so that every lever is tried.
    """
    brought = old.lever_yield[..., COLUMNS_OF_DIVISIBLE]
    mean = total(mixes * brought)[..., None]
    known = mean > 0.0
    relative = np.where(known, brought / np.where(known, mean, 1.0), 1.0)
    grown = mixes * (1.0 + p.budget_speed[..., None] * (relative - 1.0))
    trials = p.budget_trials[..., None]
    return (1.0 - trials) * grown + trials / len(DIVISIBLE)


def within(shares: Array, money: Array, most: Array) -> Array:
    """Money by lever in USD, (m, e, divisible): as shares say, but no lever beyond its ``most``.

    What does not fit goes to the other levers in proportion to their shares, then to any with room;
    what fits nowhere is not spent. The sum is ``money`` wherever there is room for it.
    """
    spent = np.minimum(shares * money[..., None], most)
    for _ in range(shares.shape[-1]):
        left = np.maximum(money - total(spent), 0.0)
        room = most - spent
        open_shares = np.where(room > 0.0, shares, 0.0)
        spent = np.minimum(spent + left[..., None] * mix(open_shares, mix(room, room)), most)
    return spent


def add_grants(old: State, plan: Levers, grants: Array, p: Parameters) -> tuple[Levers, Array]:
    """The plan with ``grants`` in USD, (m, e), spent on top of it by gaps; and what each buys.

    What is bought is in USD by divisible lever, (m, e, divisible); a lever at its most takes none.
    """
    unit = unit_costs(old, plan, p)
    planned = amounts(plan, old.gdp.shape)
    room = unit * np.maximum(_MOST - planned, 0.0)
    extra = within(by_gaps(old, equal_parts(unit)), grants, room)
    bought = extra / np.where(unit > 0.0, unit, np.inf)
    return with_amounts(plan, planned + bought, np.ones(old.gdp.shape, dtype=bool)), extra


def _public_bill(cost: Array, plan: Levers) -> Array:
    """Cost by payer in USD, (m, e, payer), without private money."""
    bill = budget.by_payer(cost, plan.having(private_leverage=np.zeros(1)))
    return np.array(bill)


def _write(plan: Levers, spent: Array, purse: Purse, moved: NDArray[np.bool_]) -> Levers:
    """The plan with the levers of those who moved money set to what it buys, and their payers."""
    bought = spent / np.where(purse.unit > 0.0, purse.unit, np.inf)
    return with_amounts(plan, bought, moved).having(payer_share=_payers(plan, purse, moved))


def _payers(plan: Levers, purse: Purse, moved: NDArray[np.bool_]) -> Array:
    """Who pays, (…, lever, payer): those who paid for the divisible budget pay for each lever."""
    own = plan.payer_share[..., COLUMNS_OF_DIVISIBLE, :]
    if (own == own[..., :1, :]).all():  # whatever is bought, the same pay
        return plan.payer_share
    national = np.zeros(len(PAYERS))
    national[NATIONAL] = 1.0
    shares = mix(purse.money, np.broadcast_to(national, purse.money.shape))
    new = np.broadcast_to(plan.payer_share, (*moved.shape, len(LEVERS), len(PAYERS))).copy()
    for column in COLUMNS_OF_DIVISIBLE:
        new[..., column, :] = np.where(moved[..., None], shares, new[..., column, :])
    return planes(new)
