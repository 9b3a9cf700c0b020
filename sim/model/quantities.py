"""The one list of every quantity: what a state of the world, a plan and a year's luck consist of.

Each field of the classes below is one array, declared once with its axes, unit, range, meaning and
source. Allocation, checks, the Mesa view and the tables of the documentation are all built from it.

Words: a ``member`` is a member of the ensemble; a member state is an ``economy``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ZONES = ("urban", "rural")
QUINTILES = ("q1", "q2", "q3", "q4", "q5")
COHORTS = tuple(f"{zone}_{quintile}" for zone in ZONES for quintile in QUINTILES)
PROVISIONS = (
    "data_flows",
    "data_protection",
    "e_transactions",
    "digital_id_payments",
    "cybersecurity_law",
    "digital_tax_customs",
)
LEVERS = (
    "broadband_investment",
    "infrastructure_sharing",
    "data_policy_alignment",
    "trade_facilitation",
    "basic_skills_programme",
    "advanced_skills_programme",
)
PAYERS = ("national", "regional_fund", "partner", "private")

#: Length of each axis; ``member``, ``economy`` and ``node`` differ from run to run.
FIXED_AXES = {
    "zone": len(ZONES),
    "cohort": len(COHORTS),
    "provision": len(PROVISIONS),
    "lever": len(LEVERS),
    "payer": len(PAYERS),
}


@dataclass(frozen=True)
class Quantity:
    """What one array means: ``axes`` in order, ``unit``, closed range, meaning and source."""

    name: str
    axes: tuple[str, ...]
    unit: str
    low: float
    high: float
    meaning: str
    source: str


def quantity(
    axes: str, unit: str, low: float, high: float, meaning: str, source: str = "model"
) -> Any:
    """Declare a field of State, Levers or Draws (axes separated by blanks)."""
    return field(
        metadata={
            "axes": tuple(axes.split()),
            "unit": unit,
            "low": low,
            "high": high,
            "meaning": meaning,
            "source": source,
        }
    )


def quantities(kind: Any) -> Iterator[Quantity]:
    """Every quantity that a class of this module declares, in order."""
    for item in fields(kind):
        if "axes" in item.metadata:
            yield Quantity(name=item.name, **item.metadata)


def planes(values: Array) -> Array:
    """The same numbers with the last, short axis first in memory.

    Zones, cohorts, provisions, levers and payers are a handful of numbers an economy. Kept apart as
    planes of members by economies they are added and multiplied twice as fast as side by side.
    NumPy passes the order on from arrays to what is computed of them, unless one of them differs.
    """
    return _first_last(np.ascontiguousarray(np.moveaxis(values, -1, 0)))


def stacked(parts: Sequence[Array]) -> Array:
    """Arrays of one shape along a new last, short axis, as ``planes``."""
    return _first_last(np.stack(parts))


def blank_planes(shape: tuple[int, ...], length: int) -> Array:
    """Zeros with a last, short axis after those of ``shape``, as ``planes``."""
    return _first_last(np.zeros((length, *shape)))


def _first_last(values: Array) -> Array:
    """A view with the first axis as the last."""
    return values.transpose(*range(1, values.ndim), 0)


def total(values: Array) -> Array:
    """Sum over the last, short axis."""
    return np.asarray(values.sum(axis=-1))


def mean(values: Array) -> Array:
    """Mean over the last, short axis."""
    return total(values) / values.shape[-1]


INF = float("inf")
USD = "USD, constant 2015 prices"


@dataclass(slots=True, kw_only=True)
class State:
    """The world at the end of a year, for every member of an ensemble side by side."""

    population: Array = quantity(
        "economy", "persons", 0, INF, "Total population", "UN DESA via World Bank SP.POP.TOTL"
    )
    working_age_share: Array = quantity(
        "economy", "share of population", 0, 1, "People of 15 to 64 years", "UN DESA WPP"
    )
    child_share: Array = quantity(
        "economy", "share of population", 0, 1, "People under 15 years", "UN DESA WPP"
    )
    urban_share: Array = quantity(
        "economy", "share of population", 0, 1, "People in towns", "World Bank SP.URB.TOTL.IN.ZS"
    )
    years_of_schooling: Array = quantity(
        "economy", "years", 0, 25, "Mean years of schooling of adults", "UNDP HDR"
    )
    gdp: Array = quantity(
        "member economy", USD, 0, INF, "Gross domestic product", "World Bank NY.GDP.MKTP.KD"
    )
    gdp_growth: Array = quantity(
        "member economy", "log points a year", -INF, INF, "Growth of GDP in the year"
    )
    capital: Array = quantity(
        "member economy", USD, 0, INF, "Capital stock, perpetual inventory at 5 % depreciation"
    )
    log_productivity: Array = quantity(
        "member economy",
        "log",
        -INF,
        INF,
        "Log of productivity A, without the digital, skills and trade terms",
    )
    growth_shock: Array = quantity(
        "member economy", "log points", -INF, INF, "Own AR(1) shock to productivity growth"
    )
    region_shock: Array = quantity(
        "member", "log points", -INF, INF, "Regional AR(1) shock to productivity growth"
    )
    crisis_loss: Array = quantity(
        "member economy", "log points", 0, INF, "Loss by a crisis of this year"
    )
    operator_stock: Array = quantity(
        "member economy zone", "USD per person", 0, INF, "Network that operators keep up"
    )
    programme_stock: Array = quantity(
        "member economy zone", "USD per person", 0, INF, "Network laid by programmes"
    )
    programme_pipeline: Array = quantity(
        "member economy zone",
        "USD per person",
        0,
        INF,
        "Network paid for this year and delivered next year",
    )
    shared_network: Array = quantity(
        "member economy", "share of network", 0, 1, "Network built with shared structures"
    )
    coverage: Array = quantity(
        "member economy zone", "share of people", 0, 1, "People within reach of mobile broadband"
    )
    broadband_price: Array = quantity(
        "member economy",
        "% of monthly GNI per person",
        0,
        INF,
        "Entry-level broadband: data-only mobile basket of 2 GB",
        "ITU ICT price baskets",
    )
    relative_price: Array = quantity(
        "member economy", "ratio", 0, INF, "Price against its path without programmes"
    )
    online: Array = quantity(
        "member economy cohort", "share of cohort", 0, 1, "People who use the internet"
    )
    internet_users: Array = quantity(
        "member economy",
        "share of population",
        0,
        1,
        "Individuals using the internet",
        "ITU via World Bank IT.NET.USER.ZS",
    )
    adoption_noise: Array = quantity(
        "member economy", "log", -INF, INF, "AR(1) noise in the speed of adoption"
    )
    fixed_broadband: Array = quantity(
        "member economy",
        "subscriptions per person",
        0,
        1,
        "Fixed-broadband subscriptions",
        "ITU via World Bank IT.NET.BBND.P2",
    )
    broadband_noise: Array = quantity(
        "member economy", "log", -INF, INF, "AR(1) noise in the speed of broadband roll-out"
    )
    basic_skills: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults with basic digital skills", "SDG 4.4.1"
    )
    trained_skills: Array = quantity(
        "member economy", "share of adults", 0, 1, "Adults whose skills a programme gave them"
    )
    talent: Array = quantity(
        "member economy", "share of labour force", 0, 1, "Workers with advanced ICT skills"
    )
    programme_talent: Array = quantity(
        "member economy", "share of labour force", 0, 1, "Talent that a programme added"
    )
    provisions: Array = quantity(
        "member economy provision",
        "score 0-1",
        0,
        1,
        "Legal provisions: 1 is open with safeguards, complete, interoperable",
        "own coding on published criteria; see the sources of each score",
    )
    laws_raised: Array = quantity(
        "member economy", "scores", 0, 6, "Rise of provisions by programmes, summed over the six"
    )
    rule_distance: Array = quantity(
        "member economy partner", "score 0-1", 0, 1, "Regulatory distance between two economies"
    )
    facilitation: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Cross-border paperless trade in operation"
    )
    facilitation_base: Array = quantity(
        "member economy", "index 0-1", 0, 1, "Cross-border paperless trade in the base year"
    )
    producer_price: Array = quantity(
        "member node", "ratio to base", 0, INF, "Price of a node's goods at the factory gate"
    )
    domestic_share: Array = quantity(
        "member economy", "share of goods bought", 0, 1, "Goods bought at home"
    )
    goods_exports: Array = quantity(
        "member economy", USD, 0, INF, "Goods exports to all partners", "CEPII BACI base flows"
    )
    goods_imports: Array = quantity(
        "member economy", USD, 0, INF, "Goods imports from all partners", "CEPII BACI base flows"
    )
    regional_exports: Array = quantity(
        "member economy", USD, 0, INF, "Goods exports to the economies of the region"
    )
    trade_gains: Array = quantity(
        "member economy", "log points", -INF, INF, "Gains from trade since the base year"
    )
    digital_returns: Array = quantity(
        "member economy", "log points", -INF, INF, "Returns to internet use since the base year"
    )
    skill_returns: Array = quantity(
        "member economy", "log points", -INF, INF, "Returns to skills that programmes added"
    )
    digital_share: Array = quantity("member economy", "share of GDP", 0, 1, "Core ICT value added")
    funded: Array = quantity(
        "member economy", "share of plan", 0, 1, "Part of the year's plan that budgets could bear"
    )
    programme_cost: Array = quantity(
        "member economy lever", USD, 0, INF, "Cost of this year's programmes by lever"
    )
    cost_by_payer: Array = quantity(
        "member economy payer", USD, 0, INF, "Cost of this year's programmes by payer"
    )


def blank_state(members: int, economies: int, nodes: int) -> State:
    """A state of zeros: every quantity in the shape that its axes say."""
    lengths = {"member": members, "economy": economies, "partner": economies, "node": nodes}
    lengths |= FIXED_AXES
    arrays = {}
    for item in quantities(State):
        shape = tuple(lengths[axis] for axis in item.axes)
        short = item.axes[-1] in FIXED_AXES
        arrays[item.name] = blank_planes(shape[:-1], shape[-1]) if short else np.zeros(shape)
    return State(**arrays)


@dataclass(slots=True, kw_only=True)
class Levers:
    """What is planned, by year: the lever paths of a scenario.

    The leading axis is the year of the run; ``at`` takes one year of it.
    """

    broadband_investment: Array = quantity(
        "year economy", "share of GDP a year", 0, 0.05, "Public money for broadband networks"
    )
    rural_share: Array = quantity(
        "year economy", "share of spending", 0, 1, "Part of the network laid in rural areas"
    )
    private_leverage: Array = quantity(
        "year economy", "USD per public USD", 0, 3, "Private money drawn in by public money"
    )
    infrastructure_sharing: Array = quantity(
        "year economy", "share of new route-km", 0, 1, "New network built with shared structures"
    )
    alignment_target: Array = quantity(
        "year economy provision", "score 0-1", 0, 1, "Agreed level of each provision"
    )
    alignment_pace: Array = quantity(
        "year economy", "share of the gap", 0, 1, "Part of the gap to be closed this year"
    )
    trade_facilitation: Array = quantity(
        "year economy",
        "share of the gap",
        0,
        1,
        "Part of the base year's paperless-trade gap to be closed by then",
    )
    basic_skills_programme: Array = quantity(
        "year economy", "share of adults a year", 0, 0.2, "Adults enrolled in basic courses"
    )
    advanced_skills_programme: Array = quantity(
        "year economy", "graduates per worker a year", 0, 0.02, "Advanced ICT graduates added"
    )
    payer_share: Array = quantity(
        "year economy lever payer",
        "share of public cost",
        0,
        1,
        "Who pays the public cost of each lever (private money comes on top, by leverage)",
    )
    national_budget: Array = quantity(
        "year economy", "share of GDP a year", 0, INF, "The most that the national budget pays"
    )
    fund_budget: Array = quantity(
        "year", "share of the region's GDP a year", 0, INF, "The most that the regional fund pays"
    )

    def at(self, year: int) -> Levers:
        """The plan of one year of the run (0 is the first year after the base year)."""
        return Levers(**{item.name: getattr(self, item.name)[year] for item in fields(self)})


@dataclass(slots=True, kw_only=True)
class Draws:
    """Random numbers of one year: standard normals, and uniforms for rare events.

    Their shape never depends on the scenario, so that scenarios share their luck.
    """

    adoption: Array = quantity("member economy", "standard normal", -INF, INF, "Adoption speed")
    broadband: Array = quantity("member economy", "standard normal", -INF, INF, "Roll-out speed")
    lines: Array = quantity("member economy", "standard normal", -INF, INF, "Broadband lines")
    growth: Array = quantity("member economy", "standard normal", -INF, INF, "Own growth")
    region_growth: Array = quantity("member", "standard normal", -INF, INF, "Regional growth")
    crisis: Array = quantity("member economy", "uniform 0-1", 0, 1, "Own crisis or not")
    crisis_size: Array = quantity("member economy", "uniform 0-1", 0, 1, "Size of an own crisis")
    region_crisis: Array = quantity("member", "uniform 0-1", 0, 1, "Regional crisis or not")
    region_crisis_size: Array = quantity(
        "member economy", "uniform 0-1", 0, 1, "Size of a regional crisis in an economy"
    )
