"""Evidence: nothing is counted twice: what internet use does to GDP by all channels together."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.evidence.facts.rows import CAP, Fact, Row, cited
from sim.evidence.facts.runs import LAST
from sim.experiment import draws, start
from sim.experiment.plan import case_of
from sim.model import output, trade
from sim.model.parameters import Parameters
from sim.model.quantities import Array, State
from sim.model.run import run
from sim.model.setup import Setup
from sim.policy import Scenario
from sim.region.region import Region

COUNTING = Fact(14, "Nothing is counted twice")

#: Members that the runs have at most.
MEMBERS = 64
#: Shift of ceilings in log-odds by which more people come online, or get lines, than do.
SHIFT = 1.0
#: Rise of users by which effects are told, in points, and the least rise that tells anything.
RISE, LEAST = 10.0, 2.0
#: Users from hardly any to saturation: the whole of the curve of returns.
HARDLY, NEARLY = 0.05, 0.95
#: The meta-analysis halves published effects (A11).
HALF = 0.5


@dataclass(frozen=True, eq=False)
class Ground:
    """A start, the luck of its members, and how the baseline of it goes."""

    setup: Setup
    case: object
    run: Callable[[Setup], State]

    @classmethod
    def build(cls, region: Region, seed: int, members: int) -> Ground:
        """The baseline of a region to the last year of the checks."""
        case = case_of(Scenario.baseline(region, region.base_year + LAST))
        chosen = range(min(members, MEMBERS))
        setup = start.build_setup(region, case.world, seed, chosen, case.posterior)
        luck = list(draws.world_draws(seed, chosen, case.world))
        return cls(setup, case, lambda one: run(one, case.levers, luck, lambda *_: None))

    def shifted(self, name: str) -> Setup:
        """The same start with a ceiling raised in every economy: a parameter by ``SHIFT``."""
        setup = copy.copy(self.setup)
        p: Parameters = copy.copy(setup.parameters)
        setattr(p, name, getattr(p, name) + SHIFT)
        setup.parameters = p
        return setup


def counting_rows(region: Region, seed: int, members: int) -> Iterator[Row]:
    """The checks of fact 14."""
    ground = Ground.build(region, seed, members)
    yield _ten_points(ground)
    yield _whole_curve(ground)
    yield _lines(ground)


def _ten_points(ground: Ground) -> Row:
    """More users for reasons of their own: what GDP gains by all channels together."""
    base, more = ground.run(ground.setup), ground.run(ground.shifted("ceiling_effect"))
    rise = 100.0 * (more.internet_users - base.internet_users)
    gain = 100.0 * np.log(more.gdp / base.gdp)
    part = output.s_curve(more.internet_users) - output.s_curve(base.internet_users)
    last = ground.setup.world.base_year + LAST
    told = cited()["A02"]
    statement = f"GDP for {RISE:g} points more of internet use, all channels, {last}"
    clear = rise > LEAST
    if not clear.any():
        return COUNTING.untested(statement, "hardly anybody is left to come online")
    ours = float(np.median(RISE * gain[clear] / rise[clear]))
    # The published level is for the whole curve: the part of it that these points stand for.
    reach, even = float(np.median(RISE * part[clear] / rise[clear])), RISE / 100.0
    return COUNTING.compare(
        statement, ours, even * told.central, "% of GDP",
        (HALF * reach * told.low, even * told.high),
        f"Ceilings of use raised by {SHIFT:g} log-odds in every economy, against the baseline; "
        "economies with at least two points to gain. Everything that use moves is in it: returns "
        "at home, goods trade, firms, services of government, capital. Data: a tenth of the "
        "published level effect; by the S-curve late points are worth less, "
        f"{reach * told.central:.2f} % here, but trade responds to the log of users. From half of "
        "the S-curve's low end (A11, publication bias) to a tenth of the high end: above it "
        "something would be counted twice. Growth effects and elasticities (A01, A04, A05) "
        "would give more.", told.told,
    )  # fmt: skip


def _whole_curve(ground: Ground) -> Row:
    """From hardly any users to saturation: returns at home and gains from trade, added up."""
    setup, told = ground.setup, cited()["A02"]
    p, world = setup.parameters, setup.world
    low, high = (_with_users(setup.base, share) for share in (HARDLY, NEARLY))
    home = output.digital_returns(high.internet_users, low.internet_users, p)
    shares = [_domestic_share(setup, state) for state in (low, high)]
    gains = trade.gains_from_trade(shares[1], shares[0], world.goods_share, p.trade_elasticity)
    both = 100.0 * (home + gains)
    by_trade = gains / np.where(both == 0.0, math.inf, home + gains)
    return COUNTING.compare(
        f"GDP from {100 * HARDLY:g} to {100 * NEARLY:g} % online, returns at home and trade",
        float(np.median(both)), told.central, "% of GDP", (HALF * told.low, told.high),
        f"Median economy; {100 * np.median(by_trade):.0f} % of it by goods trade. The estimates "
        "hold all channels, so that both together must not exceed the published level; from half "
        "of its low end (A11) to its high end.", told.told,
    )  # fmt: skip


def _lines(ground: Ground) -> Row:
    """More fixed lines with the same people online: GDP must not move a second time."""
    base, more = ground.run(ground.setup), ground.run(ground.shifted("lines_effect"))
    rise = 100.0 * np.log(more.fixed_broadband / base.fixed_broadband)
    gain = 100.0 * np.log(more.gdp / base.gdp)
    told = cited()["A04"]
    ours = float(np.median(gain / np.maximum(rise, LEAST)))
    return COUNTING.compare(
        "GDP for 1 % more fixed lines with the same people online",
        ours, told.central, "% of GDP", (-1e-6, told.high - told.central),
        f"Ceilings of lines raised by {SHIFT:g} log-odds: lines rise by {np.median(rise):.0f} %. "
        "What lines yield comes by the people whom they bring online, and is in the rows above: "
        "agrees if lines alone give hardly anything more.", told.told, CAP,
    )  # fmt: skip


def _with_users(base: State, share: float) -> State:
    state = copy.copy(base)
    state.internet_users = np.full_like(base.internet_users, share)
    return state


def _domestic_share(setup: Setup, state: State) -> Array:
    """Share of goods bought at home when all markets clear at these users, (m, e)."""
    world, p = setup.world, setup.parameters
    sizes = setup.node_sizes(setup.base.gdp, world.base_year)
    market = trade.solve(
        setup.trade_system, setup.demand_change(state), sizes, setup.base.producer_price,
        p.trade_elasticity, trade.FIRST_STEPS,
    )  # fmt: skip
    return market.domestic_share(len(world.economies))
