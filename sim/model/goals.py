"""What member states aim at: levels, targets and gaps, and which levers serve which goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import BUDGET_RULES, GOALS, LEVERS, Array, State, mean, stacked, total

Level = Callable[[State], Array]
Gain = Callable[[State, State, Parameters], Array]


def _firms(weights: Array, adoption: Array) -> Array:
    """Firms that use digital technology, weighted by value added, (m, e)."""
    return total(weights * adoption) / total(weights)


#: The level of each goal in a state, 0 to 1, (m, e).
LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "internet_users": lambda state: state.internet_users,
        "basic_skills": lambda state: state.basic_skills,
        "talent": lambda state: state.talent,
        "firms": lambda state: _firms(state.segment_weights, state.firm_adoption),
        "egovernment": lambda state: state.egovernment,
        "cybersecurity": lambda state: state.cybersecurity,
        "innovation": lambda state: state.innovation,
        "provisions": lambda state: mean(state.provisions),
    }
)
#: Leaders are this part of the region's economies: the best alone may be beyond anybody's reach.
LEADING_PART = 0.25
#: A target below this counts as this much, so that shortfalls stay finite.
LEAST_TARGET = 1e-6


def _network_gain(old: State, new: State, p: Parameters) -> Array:
    """Users that the network paid for this year will add in the long run, share of population.

    The shift of the ceiling's log-odds, ceiling_network * laid / stock, at its slope u (1 - u).
    """
    laid = mean(new.programme_pipeline)
    stock = mean(new.operator_stock + new.programme_stock)
    users = new.internet_users
    return p.ceiling_network * laid / stock * users * (1.0 - users)


def _trained(old: State, new: State, p: Parameters) -> Array:
    return new.trained_skills - (1.0 - p.skills_obsolescence) * old.trained_skills


def _graduated(old: State, new: State, p: Parameters) -> Array:
    return new.programme_talent - (1.0 - p.talent_loss) * old.programme_talent


def _firms_won(old: State, new: State, p: Parameters) -> Array:
    """Adoption beyond the reference that came this year."""
    won = (new.firm_adoption - new.firm_adoption_reference) - (
        old.firm_adoption - old.firm_adoption_reference
    )
    return _firms(new.segment_weights, won)


def _raised(name: str) -> Gain:
    """An institution's rise this year above its reference, the same without programmes."""

    def gain(old: State, new: State, p: Parameters) -> Array:
        before = getattr(old, name) - getattr(old, f"{name}_reference")
        return np.asarray(getattr(new, name) - getattr(new, f"{name}_reference") - before)

    return gain


#: Levers whose cost is proportional to what is planned of them, so that money may move between
#: them: the goal that each serves, and what this year's money added to it, as a yearly evaluation
#: finds (the state carries what programmes made apart from what would have come anyhow). Levers
#: with one such function cannot be told apart, and share the gain by money.
DIVISIBLE: Mapping[str, tuple[str, Gain]] = MappingProxyType(
    {
        "broadband_investment": ("internet_users", _network_gain),
        "basic_skills_programme": ("basic_skills", _trained),
        "advanced_skills_programme": ("talent", _graduated),
        "msme_support": ("firms", _firms_won),
        "sector_digitalisation": ("firms", _firms_won),
        "egovernment_and_open_data": ("egovernment", _raised("egovernment")),
        "cybersecurity_programme": ("cybersecurity", _raised("cybersecurity")),
        "innovation_fund": ("innovation", _raised("innovation")),
    }
)
#: The column of each divisible lever among all levers.
COLUMNS_OF_DIVISIBLE = tuple(LEVERS.index(name) for name in DIVISIBLE)


def levels(state: State) -> Array:
    """The level of every goal, (m, e, goal)."""
    return stacked([np.broadcast_to(LEVELS[name](state), state.gdp.shape) for name in GOALS])


def leaders(level: Array) -> Array:
    """Mean of the leading quarter of economies in each goal, (m, 1, goal)."""
    economies = level.shape[1]
    count = max(1, round(LEADING_PART * economies))
    ordered = np.sort(np.moveaxis(level, -1, 0), axis=-1)[..., economies - count :]
    return np.moveaxis(ordered.mean(axis=-1), 0, -1)[:, None, :]


def gaps(level: Array, targets: Array) -> Array:
    """What is missing to each target as a share of it, (m, e, goal), 0 where it is met."""
    return np.maximum(1.0 - level / np.maximum(targets, LEAST_TARGET), 0.0)


def composite(level: Array, targets: Array) -> Array:
    """Mean over goals of the part of the target that is reached, (m, e), 0 to 1."""
    return 1.0 - mean(gaps(level, targets))


def upgraded(targets: Array, level: Array, step: Array) -> Array:
    """Targets moved up by ``step`` (m, e) of the distance to today's leaders, (m, e, goal)."""
    ahead = np.maximum(leaders(level) - targets, 0.0)
    return targets + step[..., None] * ahead


def evaluate(old: State, new: State, p: Parameters) -> Array:
    """What a unit of money brought by divisible lever, (m, e, divisible); NaN where none was spent.

    Index points of the composite for 1 % of GDP: the gain towards the target of the lever's goal,
    nothing where the target is met.
    """
    level, found = levels(new), []
    open_goal = gaps(level, old.targets) > 0.0
    aim = np.maximum(old.targets, LEAST_TARGET)
    gdp_percent = old.gdp / 100.0
    percents = [new.programme_cost[..., column] / gdp_percent for column in COLUMNS_OF_DIVISIBLE]
    for goal, gain in DIVISIBLE.values():
        row = GOALS.index(goal)
        alike = [same is gain for _, same in DIVISIBLE.values()]
        percent = total(stacked(percents) * np.array(alike))
        points = np.maximum(gain(old, new, p), 0.0) / aim[..., row] * open_goal[..., row]
        spent = percent > 0.0
        found.append(np.where(spent, points / np.where(spent, percent, 1.0), np.nan))
    return stacked(found) / len(GOALS)


def advance(old: State, new: State, rules: Array, p: Parameters) -> None:
    """Keep in mind how far one got and, where the rule asks for it, what each lever brought.

    ``rules`` is the year's budget rule by economy; nothing is kept while all are fixed. Sets
    ``progress`` and ``lever_yield``.
    """
    if not rules.any():
        return
    weight = p.experience_weight
    rise = composite(levels(new), old.targets) - composite(levels(old), old.targets)
    new.progress = old.progress + weight * (rise - old.progress)
    if not (rules == BUDGET_RULES.index("marginal")).any():
        return
    seen = evaluate(old, new, p)
    kept = [old.lever_yield[..., lever] for lever in range(len(LEVERS))]
    for position, column in enumerate(COLUMNS_OF_DIVISIBLE):
        now, known = seen[..., position], kept[column]
        learned = np.where(known > 0.0, known + weight * (now - known), now)
        kept[column] = np.where(np.isnan(now), known, learned)
    new.lever_yield = stacked(kept)
