"""Networks: what operators keep up, what programmes lay, who is within reach, what it costs."""

from __future__ import annotations

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import Array, stacked

#: The year in which the cost scales of coverage are stated, and to which their fall was checked.
COST_YEAR = 2010
CHECKED_YEAR = 2023
#: Below this share of the population a zone counts as empty, and money goes to the other.
EMPTY_ZONE = 1e-3


def zone_shares(urban_share: Array) -> Array:
    """Share of people in town and country, (e, z)."""
    return stacked([urban_share, 1.0 - urban_share])


def operator_split(urban_share: Array, rural_ratio: Array) -> Array:
    """Operators' network per person in each zone against the mean, (m, e, z).

    Rural is ``rural_ratio`` times urban, and the mean over people is 1.
    """
    urban = 1.0 / (urban_share + rural_ratio * (1.0 - urban_share))
    return stacked([urban, rural_ratio * urban])


def stock_step(stock: Array, added: Array, depreciation: Array) -> Array:
    """Network per person after a year, (m, e, z): n' = (1 - delta) n + investment per person."""
    return (1.0 - depreciation[..., None]) * stock + added


def laid_per_person(
    money: Array, rural_share: Array, urban_share: Array, population: Array
) -> Array:
    """USD laid per person of each zone, (m, e, z), from USD of investment, (m, e)."""
    people = zone_shares(urban_share)
    empty_urban, empty_rural = people[..., 0] < EMPTY_ZONE, people[..., 1] < EMPTY_ZONE
    rural = np.where(empty_rural, 0.0, np.where(empty_urban, 1.0, rural_share))
    spent = stacked([(1.0 - rural) * money, rural * money])
    return spent / (np.maximum(people, EMPTY_ZONE) * population[..., None])


def sharing_gain(shared: Array, p: Parameters) -> Array:
    """Network per USD when a share of new routes is shared, against none, (m, e): 1/(1 - s v)."""
    return 1.0 / (1.0 - shared * p.sharing_saving)


def shared_step(shared: Array, plan: Array, p: Parameters) -> Array:
    """Share of the network that was built with shared structures, after a year, (m, e).

    Each year the part that wears out is rebuilt, shared as planned.
    """
    return shared + p.network_depreciation * (plan - shared)


def delivery(government_effectiveness: Array, p: Parameters) -> Array:
    """Share of public investment that becomes assets, (m, e), between 0.1 and 1.

    Level and slope: IMF (2015), about 30 % is lost on average, more where government is weak.
    """
    return np.clip(p.delivery_level + p.delivery_slope * government_effectiveness, 0.1, 1.0)


def coverage(
    stock: Array, year: float | Array, p: Parameters, terrain: Array | float = 1.0
) -> Array:
    """People within reach of mobile broadband, (m, e, z): 1 - exp(-stock / cost).

    ``terrain`` (e,) is an economy's cost against the cost scale.
    The cost scale, 60 USD (urban) and 150 USD (rural) per person in 2010, falls 15 % a year,
    checked against 3G coverage of 2010-2018 (Core prototype), and more slowly after 2023, as
    targets rise with technology.
    """
    checked = np.minimum(year, CHECKED_YEAR)
    fall = (1.0 - p.network_cost_decline) ** (checked - COST_YEAR)
    fall = fall * (1.0 - p.later_cost_decline) ** (year - checked)
    fall = fall * terrain
    scale = stacked([p.urban_cost * fall, p.rural_cost * fall])
    return -np.expm1(-stock / scale)


def relative_price(shared: Array, p: Parameters) -> Array:
    """Price against its path without programmes, (m, e): savings by sharing, passed on in part."""
    return 1.0 - p.sharing_pass_through * p.sharing_saving * shared


def price_step(
    price: Array, income_growth: Array, ratio: Array, last_ratio: Array, p: Parameters
) -> Array:
    """Entry price in % of monthly GNI per person after a year, (m, e).

    It falls with technology and as incomes (the denominator) grow, log ``income_growth``.
    """
    return price * np.exp(-p.price_decline - income_growth) * ratio / last_ratio
