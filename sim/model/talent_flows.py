"""Flows of talent: gravity between economies and the rest of the world, and what sets its level.

From i to j go talent_i tie_ij (w_j / w_i)^beta people a year, with GDP per person for wages. No
figures of bilateral flows of talent exist: ties are gravity's, and their level follows from how
many skilled natives live abroad. All of it is an estimate.
Shapes: m members, e economies.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.world import World

#: At most this part of an economy's talent, or of its talent abroad, moves in a year (judgement).
LARGEST_MOVE = 0.25


@dataclass(slots=True)
class Pushes:
    """What holds or draws talent in a year, (m, e) or (e,): ``retention`` is the delivered lever,
    0-1; ``pull`` the rise of wages elsewhere as talent sees it, log."""

    retention: Array
    pull: Array


#: A year without programmes and shocks.
NOTHING = Pushes(np.zeros(1), np.zeros(1))


@dataclass(slots=True)
class Flows:
    """Moves of a year in persons, (m, e): to and from other economies and the rest of the world."""

    to_region: Array
    to_world: Array
    from_region: Array
    from_world: Array

    @property
    def departures(self) -> Array:
        """All who left an economy."""
        return self.to_region + self.to_world

    @property
    def arrivals(self) -> Array:
        """All who came to an economy."""
        return self.from_region + self.from_world


def flows(
    talent: Array, abroad: Array, draw: Array, pushes: Pushes, ties: Ties, p: Parameters
) -> Flows:
    """Moves of a year from ``talent`` at home and ``abroad``, in persons (m, e).

    ``draw`` is the wage against the rest of the world's, to the power of beta. The part of talent
    that leaves i for j is tie_ij draw_j / draw_i; it falls with retention, and rises with a pull
    by e^(beta pull). Of those abroad a part comes back, more if wages at home caught up.
    """
    pull = np.exp(p.talent_wage_response * pushes.pull)
    leave = (1.0 - p.retention_keeps * pushes.retention) * pull / draw
    within = leave * ties.inside * ties.reached(draw)
    outside = leave * ties.outside
    part = _at_most(within + outside, LARGEST_MOVE)
    leavers = talent * part * leave * ties.inside
    back = p.return_migration * draw / ties.base_draw / pull
    back = back * (1.0 + p.retention_returns * pushes.retention)
    return Flows(
        to_region=talent * part * within,
        to_world=talent * part * outside,
        from_region=ties.mass * draw * ties.received(leavers),
        from_world=abroad * np.minimum(back, LARGEST_MOVE),
    )


def _at_most(rate: Array, most: float) -> Array:
    """The factor that brings rates down to ``most`` where they are above it, else 1."""
    return np.minimum(1.0, most / np.maximum(rate, most))


def abroad_step(abroad: Array, moves: Flows, p: Parameters) -> Array:
    """Talent in the rest of the world after a year, persons (m, e): it ages as talent at home."""
    return (1.0 - p.talent_loss) * abroad + moves.to_world - moves.from_world


@dataclass(slots=True)
class Ties:
    """Ties of the base year.

    ``closeness`` (e, e) is symmetric, zero on the diagonal; ``mass`` (m, e) each economy's share
    of the region's talent; ``inside`` (m, 1) and ``outside`` (m, e) scale the yearly part of talent
    that moves within the region and to the rest of the world; ``base_draw`` (m, e) is the wage of
    the base year as talent sees it; ``replacement`` (m, e) the net loss of the base year, share of
    talent a year.
    """

    closeness: Array
    mass: Array
    inside: Array
    outside: Array
    base_draw: Array
    replacement: Array

    def reached(self, draw: Array) -> Array:
        """What the region offers from each economy, (m, e): sum_j closeness_ij mass_j draw_j."""
        return np.matmul((self.mass * draw)[:, None], self.closeness.T)[:, 0]

    def received(self, leavers: Array) -> Array:
        """What each economy can draw from, (m, e): sum_i closeness_ij leavers_i."""
        return np.matmul(leavers[:, None], self.closeness)[:, 0]

    @classmethod
    def build(cls, world: World, base: State, p: Parameters) -> Ties:
        """Ties that keep up the emigration of the base year.

        Of the middle economy's skilled natives ``emigration_rate`` live in the rest of the world;
        of others more, the lower their wages and the smaller their labour force. In the base year
        ``talent_regional_share`` of all leavers stay within the region.
        """
        workers = labour_force(base, world)
        talent = base.talent * workers
        draw = appeal(base.gdp / base.population, 0.0, p)
        size = (workers / workers.max()) ** -p.emigration_by_size
        rate = size / draw
        lost = p.talent_loss + p.return_migration
        level = lost * p.emigration_rate / (1.0 - p.emigration_rate)
        outside = level * size / np.median(rate, axis=1)[:, None]
        ties = cls(
            closeness=world.talent_closeness,
            mass=talent / talent.sum(axis=1, keepdims=True),
            inside=np.ones_like(lost),
            outside=outside,
            base_draw=draw,
            replacement=np.zeros_like(talent),
        )
        within, abroad = ties.reached(draw) / draw, outside / draw
        share = p.talent_regional_share / (1.0 - p.talent_regional_share)
        moved = (talent * within).sum(axis=1, keepdims=True)
        ties.inside = share * (talent * abroad).sum(axis=1, keepdims=True) / moved
        return ties

    def settle(self, world: World, base: State, p: Parameters) -> None:
        """Put into the base year who lives abroad and who moves, and what replaces them.

        Abroad live as many as the moves of the base year keep up. Entry and retirement of talent
        were estimated without moves: what they lose by them in the base year is part of entry.
        """
        workers = base.talent * labour_force(base, world)
        leaving = workers * self.outside / self.base_draw
        base.talent_abroad = leaving / (p.talent_loss + p.return_migration)
        base.reference_abroad = base.talent_abroad
        moves = flows(workers, base.talent_abroad, self.base_draw, NOTHING, self, p)
        base.talent_departures, base.talent_arrivals = moves.departures, moves.arrivals
        lost = (moves.departures - moves.arrivals) / workers
        self.replacement = np.clip(lost, -LARGEST_MOVE, LARGEST_MOVE)


def labour_force(state: State, world: World) -> Array:
    """Workers, (e,) persons: people of 15 to 64 who take part in work."""
    return state.population * state.working_age_share * world.participation


def appeal(income: Array, years: float, p: Parameters) -> Array:
    """Wages against the rest of the world's as talent sees them, (m, e): (w / w_world)^beta.

    Income per person stands for the wage; ``years`` have passed since the base year.
    """
    outside = np.log(p.outside_income) + p.outside_income_growth * years
    return np.exp(p.talent_wage_response * (np.log(income) - outside))
