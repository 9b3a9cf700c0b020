"""Cables: capacity in service, faults, repair, outages, and what they cost and are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.model import links
from sim.model.behaviour import Decision
from sim.model.cable_network import Network, groups, network
from sim.model.cable_world import CableWorld
from sim.model.parameters import Parameters
from sim.model.quantities import Array, Draws, State

if TYPE_CHECKING:
    from sim.model.setup import Setup

Rows = slice | NDArray[np.intp]
ALL = slice(None)
DAYS = 365.0
#: Repair takes at least this part of its usual time, whatever is done to hasten it (judgement).
FASTEST_REPAIR = 0.2
#: No system breaks more often a year than this in the inverse of the Poisson distribution.
MOST_FAULTS = 60


def fault_rate(cables: CableWorld, p: Parameters, at: Rows = ALL) -> Array:
    """Expected faults of systems a year, (m, s): rate per 1000 km by kind x km x hazard.

    ICPC (2025) for submarine cables (G02); a class of hazard above or below moderate raises or
    lowers the rate by a constant ratio (judgement).
    """
    rate = np.where(cables.submarine[at] > 0.0, p.submarine_fault_rate, p.land_fault_rate)
    hazard = p.hazard_step ** (cables.hazard[at] - 1.0)
    return np.asarray(rate * (cables.length_km[at] / 1000.0) * hazard)


def fault_counts(chance: Array, rate: Array) -> Array:
    """Faults of a year from uniforms: the inverse of the Poisson distribution, same shape."""
    count = np.zeros(rate.size)
    chance, rate_left = chance.reshape(-1), rate.reshape(-1)
    term = np.exp(-rate_left)
    below = term.copy()
    # Most systems have no fault or one: each round goes on with those that have more.
    at = np.flatnonzero(chance > below)
    for number in range(1, MOST_FAULTS):
        if not len(at):
            break
        count[at] += 1.0
        term[at] *= rate_left[at] / number
        below[at] += term[at]
        at = at[chance[at] > below[at]]
    return count.reshape(rate.shape)


def repair_days(normal: Array, median: Array, p: Parameters) -> Array:
    """Days to repair from standard normals: lognormal (G03), same shape as ``median``."""
    return np.asarray(median * np.exp(p.repair_spread * normal))


def expected_repair_days(median: Array, p: Parameters) -> Array:
    """Mean of the lognormal, exp(s^2 / 2) above its median."""
    return np.asarray(median * np.exp(0.5 * p.repair_spread**2))


def median_repair(cables: CableWorld, p: Parameters, at: Rows = ALL) -> Array:
    """Median days to repair systems, (m, s)."""
    return np.where(cables.submarine[at] > 0.0, p.submarine_repair, p.land_repair)


def fault_reach(cables: CableWorld, p: Parameters, at: Rows = ALL) -> Array:
    """Part of a system that one fault takes, (m, s): all of it where it joins two landings."""
    return np.where(cables.several[at] > 0.0, p.fault_share, 1.0)


def service_lost(capacity_lost: Array, utilisation: Array) -> Array:
    """Share of service lost when a share of capacity is: spare capacity bears the first part.

    At the busy hour ``utilisation`` u of the capacity is used, so max(0, lost - (1 - u)) / u of
    what is used finds no room.
    """
    return np.maximum(capacity_lost - (1.0 - utilisation), 0.0) / utilisation


def price_factor(capacity_ratio: Array, p: Parameters) -> Array:
    """Price of broadband against that with the reference network, (m, e): 1 where they are equal.

    The part of the price that pays for international capacity falls with it: 1 - c (1 - r^-n).
    """
    fall = 1.0 - capacity_ratio**-p.capacity_price_response
    return np.asarray(1.0 - p.cable_price_share * fall)


def output_lost(outage: Array, expected: Array, users: Array, p: Parameters) -> Array:
    """Output in log points, (m, e), negative for outages beyond the expected (Deloitte 2016, G04).

    A day of total outage costs 0.4, 1.0 or 1.9 % of a day's GDP by connectivity, about 2.1 % times
    the share of people online. The trend of productivity contains what is lost in a usual year.
    """
    return np.asarray(-p.outage_cost * users * (outage - expected))


@dataclass(frozen=True, slots=True)
class Downtime:
    """Faults of systems in a year, days to repair each, part of the system that one takes.

    ``column`` says where a system stands along the second axis of the others, (m, column); only
    systems that matter to somebody are kept. Faults and repairs follow each other: times add up.
    """

    column: NDArray[np.intp]
    faults: Array
    days: Array
    reach: Array

    @classmethod
    def of(cls, cables: CableWorld, p: Parameters, systems: NDArray[np.intp]) -> Downtime:
        """What is expected of some systems."""
        days = expected_repair_days(median_repair(cables, p, systems), p)
        column = np.full(cables.systems, -1)
        column[systems] = np.arange(len(systems))
        return cls(column, fault_rate(cables, p, systems), days, fault_reach(cables, p, systems))

    @classmethod
    def drawn(
        cls, cables: CableWorld, p: Parameters, systems: NDArray[np.intp], luck: Draws
    ) -> Downtime:
        """What happens to some systems in a year."""
        usual = cls.of(cables, p, systems)
        faults = fault_counts(luck.faults[:, systems], usual.faults)
        median = median_repair(cables, p, systems)
        return replace(usual, faults=faults, days=repair_days(luck.repair[:, systems], median, p))

    def at(self, rows: Rows, systems: NDArray[np.intp]) -> tuple[Array, Array, Array]:
        """Faults, days and reach of some members and systems, (m, s) each."""
        at = self.column[systems]
        faults, days, reach = (a[rows][:, at] for a in (self.faults, self.days, self.reach))
        return faults, days, reach


def service_outage(
    found: Network, down: Downtime, rows: Rows, utilisation: Array, avoided: Array,
    days_saved: Array | None = None,
) -> Array:  # fmt: skip
    """Share of the year's service that is lost to faults, (m, e), by members ``rows``.

    ``avoided`` is the part of each cut's loss that doubled routes avoid, ``days_saved`` by which
    repairs are shorter, (m, e) each.
    """
    economies = found.cut_economy
    lost = np.zeros_like(avoided)
    if not len(economies):
        return lost
    faults, days, reach = down.at(rows, found.cut_system)
    if days_saved is not None:
        days = np.maximum(days - days_saved[:, economies], FASTEST_REPAIR * days)
    cut = found.cut_loss * reach * (1.0 - avoided[:, economies])
    each = faults * days / DAYS * service_lost(cut, utilisation)
    concerned, starts = np.unique(economies, return_index=True)
    lost[:, concerned] = np.add.reduceat(each, starts, axis=1)
    return lost


def capacity_outage(found: Network, down: Downtime, rows: Rows, avoided: Array) -> Array:
    """Share of the year's capacity that is lost to faults, (m, e), by members ``rows``."""
    faults, days, reach = down.at(rows, found.breaking)
    away = np.einsum("ms,se->me", faults * days * reach / DAYS, found.loss[found.breaking])
    return np.asarray(away * (1.0 - avoided))


def named_cuts(
    cables: CableWorld, found: Network, cut: Array, utilisation: Array, avoided: Array
) -> tuple[Array, Array]:
    """Service and capacity lost to cuts that a scenario names, (m, e) each, shares of the year.

    ``cut`` is the share of the year for which each system is away, (s,). Cuts begin together, so
    the systems that are away shrink step by step; each step's flow is that of the network without
    them, exactly.
    """
    service, capacity = np.zeros_like(avoided), np.zeros_like(avoided)
    lengths = np.unique(cut[cut > 0.0])
    for length, shorter in zip(lengths, (0.0, *lengths[:-1]), strict=True):
        left = found.with_capacity(cables, np.where(cut >= length, 0.0, found.capacity))
        lost = (1.0 - left / found.flow) * (1.0 - avoided)
        capacity += (length - shorter) * lost
        service += (length - shorter) * service_lost(lost, utilisation)
    return service, capacity


def advance(
    old: State, new: State, decision: Decision, luck: Draws, setup: Setup, step: int
) -> None:
    """5. Links are built, cables break and are repaired: capacity, outages, what they cost."""
    cables, p, plan = setup.world.cables, setup.parameters, decision.plan
    if not cables.systems:
        return
    new.redundancy = redundancy_step(old.redundancy, plan.resilience_investment, decision, p)
    links.advance(old, new, decision, setup, step)
    if new.system_capacity is not old.system_capacity:
        measure_network(new, cables, p, step)
    saved = plan.repair_days_saved * decision.delivered if plan.repair_days_saved.any() else None
    new.repair_days_saved = np.zeros_like(old.gdp) if saved is None else saved + 0.0 * old.gdp
    down = Downtime.drawn(cables, p, breaking_systems(cables, new.system_capacity), luck)
    outages(new, cables, down, plan.shocks.outage, p, step, saved)
    new.outage_loss = output_lost(new.outage_share, new.expected_outage, old.internet_users, p)


def redundancy_step(old: Array, plan: Array, decision: Decision, p: Parameters) -> Array:
    """Share of routes that is doubled after a year, (m, e): built as delivered, worn otherwise."""
    kept = (1.0 - p.redundancy_wear) * old
    return np.asarray(kept + decision.delivered * np.maximum(plan - kept, 0.0))


def outages(
    state: State, cables: CableWorld, down: Downtime, cut: Array, p: Parameters, step: int,
    saved: Array | None,
) -> None:  # fmt: skip
    """The year's outages and capacity, from faults and from cuts that are named.

    ``cut`` is (s,) or (m, s); ``saved`` are days by which repairs are shorter, (m, e) or None.
    """
    avoided = state.redundancy * p.redundancy_effect
    service, gone = np.empty_like(avoided), np.empty_like(avoided)
    use = p.peak_utilisation
    for rows, found in groups(cables, state.system_capacity):
        spared = avoided[rows]
        shorter = None if saved is None else saved[rows]
        service[rows] = service_outage(found, down, rows, use[rows], spared, shorter)
        gone[rows] = capacity_outage(found, down, rows, spared)
        if cut.any():
            named = np.broadcast_to(cut, state.system_capacity.shape)[rows]
            for values in np.unique(named, axis=0):
                same = (named == values).all(axis=1)
                lost = named_cuts(cables, found, values, use[rows][same], spared[same])
                at = np.arange(len(avoided))[rows][same]
                service[at] += lost[0]
                gone[at] += lost[1]
    state.outage_share = np.minimum(service, 1.0)
    equipped = p.lit_share * (1.0 + p.lit_growth) ** step
    state.international_capacity = (
        state.maximum_flow * equipped * np.maximum(1.0 - np.maximum(gone, 0.0), 0.0)
    )
    state.single_cut_left = 1.0 - state.worst_cut * (1.0 - avoided)


def breaking_systems(cables: CableWorld, capacity: Array) -> NDArray[np.intp]:
    """Systems whose cut takes anything of anybody in any member's network."""
    found = [network_.breaking for _, network_ in groups(cables, capacity)]
    return np.unique(np.concatenate(found))


def measure_network(state: State, cables: CableWorld, p: Parameters, step: int) -> None:
    """What follows of the systems in service by themselves, and of those of the reference."""
    shape = state.gdp.shape
    reference = network(cables, cables.opened[step])
    state.expected_outage = expected_outage(cables, reference, p, shape)
    down = Downtime.of(cables, p, breaking_systems(cables, state.system_capacity))
    names = ("maximum_flow", "worst_cut", "transit_left", "route_count", "repair_days")
    values = {name: np.empty(shape) for name in names}
    for rows, found in groups(cables, state.system_capacity):
        values["maximum_flow"][rows] = found.flow
        values["worst_cut"][rows] = found.loss.max(axis=0)
        values["transit_left"][rows] = found.transit_left
        values["route_count"][rows] = found.routes
        values["repair_days"][rows] = mean_repair(found, down, rows, p)
    for name in names:
        setattr(state, name, values[name])
    state.capacity_ratio = state.maximum_flow / reference.flow


def expected_outage(
    cables: CableWorld, found: Network, p: Parameters, shape: tuple[int, ...]
) -> Array:
    """Service that a network is expected to lose without redundancy, share of the year, (m, e)."""
    down = Downtime.of(cables, p, found.breaking)
    return service_outage(found, down, ALL, p.peak_utilisation, np.zeros(shape))


def mean_repair(found: Network, down: Downtime, rows: Rows, p: Parameters) -> Array:
    """Expected days to repair what an economy depends on, (m, e), by members ``rows``.

    Systems weigh by how often they break and by what their cut takes of the economy.
    """
    faults, days, reach = down.at(rows, found.breaking)
    # A little of every system, so that an economy that depends on none has the region's mean.
    loss = found.loss[found.breaking] + 1e-9
    rate = faults * reach
    weight = np.einsum("ms,se->me", rate, loss)
    weighted = np.einsum("ms,se->me", rate * days, loss)
    usual = expected_repair_days(p.submarine_repair, p)[rows]
    return np.where(weight > 0.0, weighted / np.where(weight > 0.0, weight, 1.0), usual)


def settle(state: State, cables: CableWorld, p: Parameters) -> None:
    """The base year: the network in service, and outages as expected of it."""
    measure_network(state, cables, p, 0)
    down = Downtime.of(cables, p, breaking_systems(cables, state.system_capacity))
    outages(state, cables, down, np.zeros(cables.systems), p, 0, None)
