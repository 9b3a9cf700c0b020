"""What each lever costs the public: one formula a lever, in USD of 2015."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from sim.model.parameters import Parameters
from sim.model.quantities import LEVERS, Array, Levers, blank_planes, planes, total

#: Private USD that come with a public USD for data centres, of which the public pays a fifth
#: (judgement, see ``data_centre_cost``).
DATA_CENTRE_PRIVATE = 4.0
#: Part of all spending on telecommunications that is theirs whom vouchers reach: the poorest, and
#: half of the country, most of whom spend less than others (judgement).
VOUCHERED_SPENDING = 0.15


@dataclass(frozen=True, slots=True)
class Work:
    """A year's work on rules and systems in units of a full rise, upkeep included, (..., economy).

    ``laws`` are provisions summed over the six, by alignment and by agreements that are driven;
    ``own_laws`` by own aims; ``systems`` the paperless-trade index.
    """

    laws: Array
    own_laws: Array
    systems: Array


@dataclass(frozen=True, slots=True)
class Scope:
    """How large is what a plan acts on: GDP in USD, people, adults, work on rules; (..., e)."""

    gdp: Array
    people: Array
    adults: Array
    work: Work

    @property
    def income(self) -> Array:
        """GDP per head, USD."""
        return self.gdp / self.people


Cost = Callable[[Levers, Scope, Parameters], Array]


def _share_of_gdp(name: str) -> Cost:
    """A lever that is a share of GDP costs what is spent."""

    def cost(plan: Levers, scope: Scope, p: Parameters) -> Array:
        return np.asarray(getattr(plan, name) * scope.gdp)

    return cost


def _strength(name: str, unit_cost: str) -> Cost:
    """A lever that is a strength costs, in proportion to it, a share of GDP and an office."""

    def cost(plan: Levers, scope: Scope, p: Parameters) -> Array:
        return np.asarray(getattr(plan, name) * _run_by_office(getattr(p, unit_cost), scope, p))

    return cost


def _run_by_office(share: Array, scope: Scope, p: Parameters) -> Array:
    """USD of a programme at full strength: what grows with the economy, and an office of its own.

    Without the office, exchanges and campaigns of small economies would cost next to nothing.
    """
    return share * scope.gdp + p.programme_office


def _sharing(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return plan.infrastructure_sharing * p.sharing_cost * scope.gdp


def _links(plan: Levers, scope: Scope, p: Parameters) -> Array:
    """Kilometres by land, less what is saved where ducts and roads are shared, and by sea."""
    shared = 1.0 - p.codeployment_saving * plan.infrastructure_sharing
    return plan.link_route * shared * p.land_link_cost + plan.sea_route * p.submarine_link_cost


def _data_centres(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return plan.cloud_and_data_centres * p.data_centre_cost


def _platforms(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return total(plan.regional_platforms) * _run_by_office(p.platform_cost, scope, p)


def _basic_skills(plan: Levers, scope: Scope, p: Parameters) -> Array:
    certified = plan.basic_skills_programme * scope.adults * p.training_completion
    return certified * p.course_cost * scope.income


def _advanced_skills(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return plan.advanced_skills_programme * scope.adults * p.graduate_cost * scope.income


def _alignment(plan: Levers, scope: Scope, p: Parameters) -> Array:
    laws = scope.work.laws * (p.law_cost + p.law_cost_share * scope.gdp)
    return laws + plan.accession_push.sum(axis=-1) * p.accession_cost


def _governance(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return scope.work.own_laws * (p.law_cost + p.law_cost_share * scope.gdp)


def _cybersecurity(plan: Levers, scope: Scope, p: Parameters) -> Array:
    team = plan.regional_cert * _run_by_office(p.response_team_cost, scope, p)
    action = plan.anti_fraud * _run_by_office(p.anti_fraud_cost, scope, p)
    return plan.cybersecurity_programme * scope.gdp + team + action


def _resilience(plan: Levers, scope: Scope, p: Parameters) -> Array:
    redundancy = plan.resilience_investment * p.redundancy_cost
    return (redundancy + plan.repair_days_saved * p.repair_day_cost) * scope.gdp


def _zones(plan: Levers, scope: Scope, p: Parameters) -> Array:
    """Revenue that is given up: points of tax on the profits of firms in zones."""
    return plan.digital_economic_zone / 100.0 * p.zone_revenue * scope.gdp


def _small_firms(plan: Levers, scope: Scope, p: Parameters) -> Array:
    reached = plan.msme_support * p.msmes_per_person * scope.people
    return reached * p.msme_cost * scope.income


def _facilitation(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return scope.work.systems * p.facilitation_cost


def _barriers(plan: Levers, scope: Scope, p: Parameters) -> Array:
    """Administration; what tariffs and taxes bring in or lose is not counted."""
    changed = np.abs(plan.market_barriers) + np.abs(plan.digital_services_tax)
    return (changed * p.barrier_cost + plan.export_control * p.control_cost) * scope.gdp


def _sectors(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return total(plan.sector_digitalisation) * scope.gdp


def _vouchers(plan: Levers, scope: Scope, p: Parameters) -> Array:
    """The discount on what those spend on telecommunications whom vouchers reach."""
    spent = VOUCHERED_SPENDING * p.telecom_share * scope.gdp
    return plan.inclusion_targeting * p.voucher_discount * spent


def _places(plan: Levers, scope: Scope, p: Parameters) -> Array:
    return plan.smart_cities_and_villages * p.place_cost * scope.income


#: The formula of each lever, besides ``SURCHARGES``, but for the regional fund: what goes into it
#: is not a cost, what it pays is one of the levers it pays for, and ``behaviour`` adds its
#: administration.
COSTS: Mapping[str, Cost] = MappingProxyType(
    {
        "broadband_investment": _share_of_gdp("broadband_investment"),
        "international_links": _links,
        "telecom_competition_and_spectrum": _strength(
            "telecom_competition_and_spectrum", "reform_cost"
        ),
        "infrastructure_sharing": _sharing,
        "cloud_and_data_centres": _data_centres,
        "regional_platforms": _platforms,
        "basic_skills_programme": _basic_skills,
        "advanced_skills_programme": _advanced_skills,
        "talent_retention": _strength("talent_retention", "retention_cost"),
        "data_policy_alignment": _alignment,
        "data_and_ai_governance": _governance,
        "cybersecurity_programme": _cybersecurity,
        "resilience_investment": _resilience,
        "egovernment_and_open_data": _share_of_gdp("egovernment_and_open_data"),
        "innovation_fund": _share_of_gdp("innovation_fund"),
        "digital_economic_zone": _zones,
        "msme_support": _small_firms,
        "digital_finance_interoperability": _strength(
            "digital_finance_interoperability", "payments_cost"
        ),
        "trade_facilitation": _facilitation,
        "market_barriers": _barriers,
        "sector_digitalisation": _sectors,
        "smart_cities_and_villages": _places,
        "inclusion_targeting": _vouchers,
        "green_digital": _share_of_gdp("green_digital"),
        "best_practice_sharing": _strength("best_practice_sharing", "exchange_cost"),
        "regional_governance": _strength("regional_governance", "body_cost"),
        "awareness_and_trust": _strength("awareness_and_trust", "campaign_cost"),
        "common_standards": _strength("common_standards", "standards_cost"),
    }
)

#: Levers that make the spending on others dearer: path, cost a unit of spending, and on which.
SURCHARGES: Mapping[str, tuple[str, str, tuple[str, ...]]] = MappingProxyType(
    {
        "inclusion_targeting": (
            "inclusion_targeting", "targeting_surcharge",
            ("broadband_investment", "basic_skills_programme", "awareness_and_trust",
             "smart_cities_and_villages"),
        ),
        "green_digital": (
            "renewable_share", "renewable_surcharge",
            ("cloud_and_data_centres",),
        ),
    }
)  # fmt: skip


def public_cost(plan: Levers, scope: Scope, p: Parameters) -> Array:
    """Public cost of one year's plan in USD of 2015, (..., economy, lever).

    Levers that are a share of GDP cost what is spent; courses, degrees, firms and places a share of
    GDP per head (wages are most of the cost); laws and systems a sum in USD and a share of GDP;
    levers that are a strength a share of GDP. Unit costs: evidence C09, E04, else judgement.
    """
    cost = blank_planes(scope.gdp.shape, len(LEVERS))
    for lever, formula in COSTS.items():
        money = formula(plan, scope, p)
        if money.any():
            cost[..., LEVERS.index(lever)] = money
    for lever, (path, surcharge, others) in SURCHARGES.items():
        part = getattr(plan, path)
        if part.any():
            spent = sum(cost[..., LEVERS.index(other)] for other in others)
            cost[..., LEVERS.index(lever)] += part * getattr(p, surcharge) * spent
    return cost


def surcharge(lever: str, plan: Levers, p: Parameters) -> Array | float:
    """USD that levers in ``SURCHARGES`` cost for each USD spent on a lever, (..., economy)."""
    parts = [
        getattr(plan, path) * getattr(p, rate)
        for path, rate, others in SURCHARGES.values()
        if lever in others and getattr(plan, path).any()
    ]
    return sum(parts) if parts else 0.0


def private_money(lever: str, plan: Levers) -> Array | float:
    """Private USD that come with each public USD of a lever, (..., economy) or one number."""
    if lever == "broadband_investment":
        return plan.private_leverage
    if lever == "cloud_and_data_centres":
        return DATA_CENTRE_PRIVATE
    return 0.0


#: Levers whose public money draws in private money.
LEVERAGED = ("broadband_investment", "cloud_and_data_centres")


def law_step(target: Array, pace: Array, provisions: Array) -> Array:
    """Rise of each provision towards a target this year, (..., economy, provision).

    pace * max(target - score, 0): a member never lowers what it has.
    """
    if not pace.any():
        return np.zeros_like(provisions)
    return np.asarray(pace[..., None] * np.maximum(planes(target) - provisions, 0.0))
