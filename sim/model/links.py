"""New links: those that programmes finish, and those on which two economies decide.

A link is decided on when both ends expect it to pay, or when the regional fund closes the gap, from
the top of its list. It is in service the year after. Sizes are those of the table of systems, and
the list is one for all ensemble members, so that networks stay few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model.behaviour import Decision
from sim.model.budget import FUND
from sim.model.cable_network import Network, flows_of, groups, network
from sim.model.cable_world import CableWorld
from sim.model.parameters import Parameters
from sim.model.quantities import LEVERS, Array, State

if TYPE_CHECKING:
    from sim.model.setup import Setup

INTERNATIONAL_LINKS = LEVERS.index("international_links")
#: Capacity that is paid for in part is finished in steps of a tenth, so that networks stay few.
TENTHS = 10.0
#: Rounds of deciding in a year; in each the best link of all that are left is taken.
ROUNDS = 3


def finished(plan: Array, funded: Array, joins: Array) -> Array:
    """Gbit/s by design that programmes finish this year, (m, s): planned x funded, in tenths.

    A link is funded as far as the mean of the economies that it joins; ``joins`` is (s, node).
    """
    ends = joins[:, :-1]
    count = np.maximum(ends.sum(axis=1), 1.0)
    share = np.einsum("me,se->ms", funded, ends) / count
    return np.asarray(plan * np.floor(TENTHS * share + 1e-9) / TENTHS)


def yearly_gain(
    gdp: Array, users: Array, outage: Array, before: Array, after: Array, p: Parameters
) -> Array:
    """What builders expect to collect of a link each year in USD, same shape as ``gdp``.

    Users gain as capacity gets cheaper (part of the price of what they spend on
    telecommunications) and as outages fall in proportion to the new capacity, a rule of thumb.
    """
    ratio = before / after
    cheaper = p.telecom_share * p.cable_price_share * (1.0 - ratio**p.capacity_price_response)
    steadier = p.outage_cost * users * outage * (1.0 - ratio)
    return np.asarray(p.link_gain_collected * gdp * (cheaper + steadier))


def link_cost(cables: CableWorld, p: Parameters) -> Array:
    """Cost of building each system in USD, (m, s): km times cost per km (C07)."""
    per_km = np.where(cables.submarine > 0.0, p.submarine_link_cost, p.land_link_cost)
    return np.asarray(per_km * cables.length_km)


@dataclass(frozen=True, slots=True)
class Ends:
    """Candidates and their two ends: positions of systems and nodes, (c,) each."""

    system: NDArray[np.intp]
    one: NDArray[np.intp]
    other: NDArray[np.intp]

    @classmethod
    def of(cls, cables: CableWorld) -> Ends:
        """The systems on which two ends may decide."""
        rows = cables.link_system.astype(int)
        at = np.flatnonzero(cables.candidate[rows] > 0.0)
        return cls(rows[at], cables.link_from[at].astype(int), cables.link_to[at].astype(int))

    def inside(self, cables: CableWorld) -> Array:
        """Whether each end is an economy of the region, (end, c), as 0 or 1."""
        return (np.stack([self.one, self.other]) < cables.nodes - 1).astype(float)

    def conflicts(self, cables: CableWorld) -> NDArray[np.bool_]:
        """Which candidates have an economy in common, (c, c), each with itself."""
        found = np.eye(len(self.system), dtype=bool)
        for mine in (self.one, self.other):
            for other in (self.one, self.other):
                found |= (mine[:, None] == other) & (mine[:, None] < cables.nodes - 1)
        return found


def advance(old: State, new: State, decision: Decision, setup: Setup, step: int) -> None:
    """5. Systems open as known beforehand, as programmes finish them, and as decided last year."""
    cables, plan = setup.world.cables, decision.plan
    opened, before = cables.opened[step], cables.opened[step - 1]
    planned, decided = plan.link_capacity.any(), old.system_pipeline.any()
    if planned or decided or (opened != before).any():
        new.system_capacity = old.system_capacity + (opened - before) + old.system_pipeline
    if planned:
        new.system_capacity += finished(plan.link_capacity, decision.funded, cables.joins)
    if decided:
        new.system_pipeline = np.zeros_like(old.system_pipeline)
    new.link_investment = np.zeros_like(old.gdp)
    if cables.candidate.any():
        decide(old, new, decision, setup)


def decide(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """Economies decide on candidates, on last year's state; at most one each and year."""
    cables, p = setup.world.cables, setup.parameters
    ends = Ends.of(cables)
    yearly = link_cost(cables, p)[:, ends.system] * p.link_annuity
    plan = decision.plan
    if plan.infrastructure_sharing.any():
        shared = _at(plan.infrastructure_sharing * decision.delivered, ends).mean(axis=0)
        yearly = yearly * (1.0 - p.codeployment_saving * shared)
    pot = p.fund_link_share[:, 0] * new.fund_balance
    asked = Asked.of(
        gains=gains(old, cables, ends, p),
        first=setup.first_link_gains,
        yearly=yearly,
        inside=ends.inside(cables),
        p=p,
    )
    free = new.system_capacity[:, ends.system] == 0.0  # what opens this year is known
    conflicts = ends.conflicts(cables)
    cost = yearly / p.link_annuity
    chosen = choose(asked, free, conflicts)
    grant = np.minimum(asked.short / p.link_annuity, cost)
    helped = aided(chosen, grant, free, conflicts, cables.priority[ends.system], pot)
    if chosen.any() or helped.any():
        _build(new, cables, ends, chosen | helped, cost, np.where(helped, grant, 0.0))


def first_gains(base: State, cables: CableWorld, p: Parameters) -> Array:
    """What each end would have collected in the base year, (end, m, c)."""
    ends = Ends.of(cables)
    if not len(ends.system):
        return np.zeros((2, len(base.gdp), 0))
    return gains(base, cables, ends, p)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link needs: ``yearly`` cost, what both ends collect (``gain``) and ``short`` of.

    All in USD a year, (m, c).
    """

    yearly: Array
    gain: Array
    short: Array

    @classmethod
    def of(cls, gains: Array, first: Array, yearly: Array, inside: Array, p: Parameters) -> Asked:
        """``gains`` and ``first``, those of the base year, are (end, m, c); ``inside`` (end, c).

        Each end must collect its part of the cost. A link that would have paid in the base year and
        is not there has costs that nobody published (permits, security, gatekeepers), so its gain
        must have grown by ``link_hurdle``.
        """
        part = yearly * inside[:, None] / inside.sum(axis=0)
        needed = np.maximum(part, p.link_hurdle * first * inside[:, None])
        short = np.maximum(needed - gains, 0.0).sum(axis=0)
        return cls(yearly, (gains * inside[:, None]).sum(axis=0), short)


def choose(
    asked: Asked, free: NDArray[np.bool_], conflicts: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which links both ends decide on unaided, (m, c): the best of those that pay.

    ``free`` says which are not there yet, ``conflicts`` which have an economy in common, (c, c).
    """
    able = free & (asked.short <= 0.0)
    chosen = np.zeros_like(able)
    if not able.any():
        return chosen
    members = np.arange(len(able))
    score = asked.gain / np.maximum(asked.yearly, 1.0)
    for _ in range(ROUNDS):
        best = np.argmax(np.where(able, score, -np.inf), axis=1)
        takes = able[members, best]
        chosen[members[takes], best[takes]] = True
        able = able & ~(takes[:, None] & conflicts[best])
        if not able.any():
            break
    return chosen


def aided(
    chosen: NDArray[np.bool_],
    grant: Array,
    free: NDArray[np.bool_],
    conflicts: NDArray[np.bool_],
    priority: Array,
    pot: Array,
) -> NDArray[np.bool_]:
    """Which link the regional fund helps, (m, c): the next of its list, when it has the money.

    The list is the region's, the same for all members (``priority``, (c,), 0: not on it), and taken
    in order, one a year. ``pot`` is what the fund may give, (m,). It waits while one of the two
    economies is busy with a link of its own.
    """
    waiting = free & ~chosen & (priority > 0.0)
    found = np.zeros_like(chosen)
    if not waiting.any() or not pot.any():
        return found
    members = np.arange(len(chosen))
    following = np.argmin(np.where(waiting, priority, np.inf), axis=1)
    busy = (chosen & conflicts[following]).any(axis=1)
    takes = waiting.any(axis=1) & ~busy & (grant[members, following] <= pot)
    found[members[takes], following[takes]] = True
    return found


def gains(state: State, cables: CableWorld, ends: Ends, p: Parameters) -> Array:
    """What each end expects to collect of each candidate, (end, m, c); nothing if it is outside."""
    shape = (2, len(state.gdp), len(ends.system))
    before, after = np.ones(shape), np.ones(shape)
    for rows, found in groups(cables, state.system_capacity):
        without, having = _flows(found, cables, ends)
        before[:, rows], after[:, rows] = without[:, None], having[:, None]
    people = _at(state.internet_users, ends)
    return yearly_gain(
        _at(state.gdp, ends), people, _at(state.expected_outage, ends), before, after, p
    )


def _flows(found: Network, cables: CableWorld, ends: Ends) -> tuple[Array, Array]:
    """Maximum flow of both ends of each candidate without and with it, (end, c) each."""
    key = b"candidates"
    if key not in found.further:
        outside = cables.nodes - 1
        after = np.ones((2, len(ends.system)))
        for c, system in enumerate(ends.system):
            capacity = found.capacity.copy()
            capacity[system] = cables.size[system]
            pair = [int(ends.one[c]), int(ends.other[c])]
            inside = [node for node in pair if node != outside]
            flows = flows_of(cables, capacity, inside)
            after[[pair.index(node) for node in inside], c] = flows
        found.further[key] = after
    flow = np.append(found.flow, 1.0)
    return np.stack([flow[ends.one], flow[ends.other]]), found.further[key]


def fund_list(cables: CableWorld, gdp: Array) -> Array:
    """Rank of each system on the regional fund's list, (s,): 0 is not on it, 1 the first.

    By what both ends gain per km in the base year's network: GDP times the fall of the cost of
    capacity at an elasticity of a half, as the same list holds for all.
    """
    ends, rank = Ends.of(cables), np.zeros(cables.systems)
    if not len(ends.system):
        return rank
    before, after = _flows(network(cables, cables.opened[0]), cables, ends)
    worth = (_at(gdp[None], ends)[:, 0] * (1.0 - np.sqrt(before / after))).sum(axis=0)
    worth = worth / np.maximum(cables.length_km[ends.system], 1.0)
    order = [c for c in np.argsort(-worth, kind="stable") if worth[c] > 0.0]
    rank[ends.system[order]] = np.arange(1.0, len(order) + 1.0)
    return rank


def _at(values: Array, ends: Ends) -> Array:
    """What holds in both ends, (end, m, c), of (m, e); nothing outside."""
    padded = np.concatenate([values, np.zeros((len(values), 1))], axis=1)
    return np.stack([padded[:, ends.one], padded[:, ends.other]])


def _build(
    new: State, cables: CableWorld, ends: Ends, chosen: NDArray[np.bool_], cost: Array, grant: Array
) -> None:
    """Order what was chosen, and book its cost: half to each end, the fund's part to the fund."""
    member, link = np.nonzero(chosen)
    new.system_pipeline = new.system_pipeline.copy()
    new.system_pipeline[member, ends.system[link]] = cables.size[ends.system[link]]
    cost, grant = cost[member, link], grant[member, link]
    inside = ends.inside(cables)
    count = inside.sum(axis=0)[link]
    given = np.zeros_like(new.gdp)
    for end, nodes in enumerate((ends.one, ends.other)):
        here = inside[end, link] > 0.0
        at = member[here], nodes[link[here]]
        np.add.at(new.link_investment, at, ((cost - grant) / count)[here])
        np.add.at(given, at, (grant / count)[here])
    if given.any():
        new.fund_transfers = new.fund_transfers + given
        new.fund_balance = new.fund_balance - given.sum(axis=-1)
        new.programme_cost = new.programme_cost.copy(order="K")
        new.cost_by_payer = new.cost_by_payer.copy(order="K")
        new.programme_cost[..., INTERNATIONAL_LINKS] += given
        new.cost_by_payer[..., FUND] += given
