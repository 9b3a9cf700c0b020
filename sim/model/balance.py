"""Balances: what must add up in every year of a run, whoever changes the model.

People online by cohort make the users, money by lever makes money by payer, what is sold is bought,
and GDP is what its terms add up to. A sum that does not come out stops the run, and says where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model import adoption, output
from sim.model.behaviour import Decision
from sim.model.bodies import fund_balance
from sim.model.budget import PRIVATE
from sim.model.quantities import Array, State, total
from sim.model.setup import Setup
from sim.model.talent_flows import labour_force

#: Two sums are equal if they differ by less than this, against the second: rounding.
ROUNDING = 1e-9
#: What may be left of excess demand when markets have cleared, against what is sold
#: (``trade.STEPS`` leaves less than 1e-6 in shipped regions; regions of one's own may be odder).
CLEARED = 1e-4


class Imbalance(ArithmeticError):
    """Raised when a sum does not come out: says which, of what member, year and economy."""


@dataclass(frozen=True)
class Year:
    """What a balance is struck of: a year's start and end, and what was decided in it.

    ``output_terms`` are the quantities that add to log GDP (``year.OUTPUT_TERMS``).
    """

    old: State
    new: State
    decision: Decision
    setup: Setup
    step: int
    output_terms: tuple[str, ...]

    @cached_property
    def goods_money(self) -> tuple[Array, Array]:
        """What goods earn, and what is spent on goods: income and the trade deficit, (m, e)."""
        setup, world = self.setup, self.setup.world
        inside = slice(len(world.economies))
        sizes = setup.node_sizes(self.old.gdp, world.base_year + self.step - 1)[:, inside]
        earned = self.new.producer_price[:, inside] * sizes
        earned *= setup.trade_system.output[inside]
        return earned, earned * (1.0 + setup.trade_system.deficit[inside])


@dataclass(frozen=True, slots=True)
class Balance:
    """Two sums that must be equal: ``one`` and ``other`` say in words what they are.

    ``sums`` gives both in ``unit``, (m, e), or (m,) for the whole region. They may differ by
    ``tolerance`` of the other, and by ``least``, below which a sum counts as none.
    """

    name: str
    one: str
    other: str
    unit: str
    sums: Callable[[Year], tuple[Array, Array]]
    tolerance: float = ROUNDING
    least: float = 0.0


def users_by_cohort(year: Year) -> tuple[Array, Array]:
    """People: those online in the ten cohorts are the internet users, (m, e)."""
    new = year.new
    return adoption.average(new.online, new.urban_share), new.internet_users


def cost_by_payer(year: Year) -> tuple[Array, Array]:
    """Money: public cost by lever is what public payers pay, (m, e)."""
    paid = year.new.cost_by_payer
    return total(year.new.programme_cost), total(paid) - paid[..., PRIVATE]


def fund_money(year: Year) -> tuple[Array, Array]:
    """Money: what the regional fund had and took in, and what it paid and has, (m,)."""
    return fund_balance(year.old, year.new)


def goods_sold(year: Year) -> tuple[Array, Array]:
    """Trade: what an economy sells at home and abroad is what its goods earn, (m, e)."""
    earned, spent = year.goods_money
    return year.new.goods_exports + year.new.domestic_share * spent, earned


def goods_bought(year: Year) -> tuple[Array, Array]:
    """Trade: what an economy buys at home and abroad is what it spends on goods, (m, e)."""
    _, spent = year.goods_money
    return year.new.goods_imports + year.new.domestic_share * spent, spent


def talent_at_home(year: Year) -> tuple[Array, Array]:
    """People: talent of last year, renewed and moved, is the talent of this year, (m, e)."""
    old, new, world = year.old, year.new, year.setup.world
    moved = new.talent_arrivals - new.talent_departures
    there = old.talent * labour_force(old, world) + new.talent_renewal + moved
    return there, new.talent * labour_force(new, world)


def talent_everywhere(year: Year) -> tuple[Array, Array]:
    """People: who left the region's economies on balance stands in the rest of the world, (m,).

    Both sides count all talent, so that rounding is judged against it.
    """
    old, new, p = year.old, year.new, year.setup.parameters
    left = new.talent_departures - new.talent_arrivals
    aged = (1.0 - p.talent_loss) * old.talent_abroad
    known = new.talent * labour_force(new, year.setup.world)
    return (aged + left + known).sum(axis=1), (new.talent_abroad + known).sum(axis=1)


def services_sold(year: Year) -> tuple[Array, Array]:
    """Trade: digital services sold across borders are those bought, the world's included, (m,)."""
    new = year.new
    return (
        new.services_exports.sum(axis=1) + new.services_outside_sales,
        new.services_imports.sum(axis=1) + new.services_outside_purchases,
    )


def services_in_region(year: Year) -> tuple[Array, Array]:
    """Trade: digital services sold within the region are those bought there, (m,)."""
    new = year.new
    bought = new.services_imports.sum(axis=1) - new.services_outside_sales
    return new.services_regional_exports.sum(axis=1), bought


def output_by_term(year: Year) -> tuple[Array, Array]:
    """Output: log GDP is productivity, inputs and each term once, less what shocks take, (m, e)."""
    new, p = year.new, year.setup.parameters
    made = new.log_productivity + output.log_inputs(
        new.capital, new.population, new.working_age_share, new.years_of_schooling, p
    )
    for name in year.output_terms:
        made = made + getattr(new, name)
    return made - year.decision.plan.shocks.output_loss, np.log(new.gdp)


#: Every balance that is struck at the end of a year. A part of the world that moves people, money
#: or goods has its own here.
BALANCES: tuple[Balance, ...] = (
    Balance(
        "people online", "users summed over cohorts", "internet users", "share of population",
        users_by_cohort,
    ),
    Balance(
        "programme money", "public cost by lever", "what public payers pay", "USD",
        cost_by_payer, least=1e-3,
    ),
    Balance(
        "fund money", "balance, contributions and private money of the regional fund",
        "its transfers, administration and new balance", "USD", fund_money, least=1e-3,
    ),
    Balance(
        "goods sold", "goods sold at home and abroad", "income of those who made them", "USD",
        goods_sold, tolerance=CLEARED,
    ),
    Balance(
        "goods bought", "goods bought at home and abroad", "spending on goods", "USD",
        goods_bought,
    ),
    Balance(
        "talent at home", "talent of last year, renewed and moved", "talent", "persons",
        talent_at_home, least=1e-6,
    ),
    Balance(
        "talent everywhere", "talent that left the region", "talent in the rest of the world",
        "persons", talent_everywhere, least=1e-6,
    ),
    Balance(
        "services sold", "digital services sold abroad", "digital services bought abroad", "USD",
        services_sold, least=1.0,
    ),
    Balance(
        "services in the region", "digital services sold in the region",
        "digital services bought in the region", "USD", services_in_region, least=1.0,
    ),
    Balance(
        "output", "log GDP by its terms", "log GDP", "log USD", output_by_term,
    ),
)  # fmt: skip


def check(year: Year, balances: tuple[Balance, ...] = BALANCES) -> None:
    """Strike every balance. Raises Imbalance, naming the worst member and economy of the first."""
    for balance in balances:
        one, other = balance.sums(year)
        allowed = np.abs(other)
        allowed *= balance.tolerance
        allowed += balance.least
        apart = one - other
        # Written so that a sum that is no number does not pass.
        if not (np.abs(apart, out=apart) <= allowed).all():
            raise Imbalance(_told(balance, year, one, other))


def _told(balance: Balance, year: Year, one: Array, other: Array) -> str:
    """The largest gap of a balance in words."""
    gap = np.abs(one - other) - balance.tolerance * np.abs(other) - balance.least
    place = np.unravel_index(int(np.argmax(np.where(np.isnan(gap), np.inf, gap))), gap.shape)
    world = year.setup.world
    where = world.economies[place[1]] if len(place) > 1 else "the region"
    return (
        f"{balance.name}: {balance.one} ({one[place]:.10g} {balance.unit}) should be "
        f"{balance.other} ({other[place]:.10g} {balance.unit}) in member "
        f"{year.setup.first_member + int(place[0])}, {world.base_year + year.step}, {where}"
    )
