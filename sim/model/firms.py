"""Firms adopt: a Bass step towards a ceiling set by thresholds; what adoption pays.

Shapes: m members, e economies, s segments (sector by size: agriculture_msme, agriculture_large,
industry_msme, ...), c sectors. Every equation runs twice: for the world as it is, and for the
*reference*, the same economy with the same connectivity, skills and institutions but without
programmes for firms and shocks to them. Only adoption beyond the reference adds to output here:
estimates of the returns to internet use, and those of accounts and e-government in their own rooms,
already hold what firms do with them.
"""

from __future__ import annotations

import numpy as np

from sim.model.adoption import household_size, logistic
from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import PLATFORMS, SECTORS, SEGMENTS, Array, State, planes, stacked, total
from sim.model.setup import Setup

#: The year in which thresholds of firms are stated.
THRESHOLD_YEAR = 2023
#: What share of a relief for large firms reaches small ones (judgement).
ZONE_FOR_SMALL = 0.25
#: A platform that one economy runs alone is worth half of one in which all take part (judgement).
PLATFORM_ALONE = 0.5
#: Segments that each regional platform serves; skills and innovation act elsewhere.
PLATFORM_SEGMENTS = {
    "sme": ("agriculture_msme", "industry_msme", "services_msme"),
    "procurement": ("industry_msme", "industry_large", "services_msme"),
    "agriculture": ("agriculture_msme", "agriculture_large"),
    "tourism": ("services_msme",),
}
#: Segments in which smart towns and villages make it easier to adopt.
PLACE_SEGMENTS = ("agriculture_msme", "services_msme")
#: A sector below this share of value added counts as if it had it, so that money per value added
#: stays within reason (Singapore has 0.03 % in agriculture).
LEAST_SECTOR = 0.01

_SECTOR_OF = tuple(SECTORS.index(name.rsplit("_", 1)[0]) for name in SEGMENTS)
_SMALL = tuple(name.endswith("_msme") for name in SEGMENTS)


def advance(old: State, new: State, decision: Decision, setup: Setup, step: int) -> None:
    """Support works or wears out, firms adopt, and adoption beyond the reference pays."""
    support(old, new, decision, setup)
    p, world, shocks = setup.parameters, setup.world, decision.plan.shocks
    year = world.base_year + step
    odds = threshold_odds(readiness(old, p), year, p)
    top = logistic(odds)
    weights = old.segment_weights

    def examples(adoption: Array) -> Array:
        return exposure(adoption, weights, world.trade_weights, p)

    reference = old.firm_adoption_reference
    speed = bass(examples(reference), p)
    new.firm_adoption_reference = adoption_step(reference, top, speed, p)
    relief = threshold_relief(old, new, decision, p)
    denied = np.minimum(shocks.technology_access + old.technology_denied, 1.0)
    pace = shock_pace(shocks.adoption_push, denied, shocks.investment_retreat, p)
    if relief is None and pace is None and np.array_equal(old.firm_adoption, reference):
        new.firm_adoption = new.firm_adoption_reference.copy("K")
    else:
        speed = bass(examples(old.firm_adoption), p)
        if relief is not None:
            top = logistic(odds + relief / p.threshold_spread[..., None])
            speed = speed * np.exp(p.relief_speed[..., None] * relief)
        if pace is not None:
            speed = speed * np.asarray(pace)[..., None]
        adopted = adoption_step(old.firm_adoption, top, speed, p)
        new.firm_adoption = adopted + conversion(adopted, top, decision, p)
    pay(old, new, p)


def readiness(state: State, p: Parameters) -> Array:
    """How ready an economy is for its firms to adopt, (m, e), 0-1.

    A weighted mean of internet users, fixed lines a household (at most one), basic skills, and
    institutions: the mean of accounts, e-government and trust.
    """
    lines = np.minimum(state.fixed_broadband * household_size(state.child_share), 1.0)
    institutions = (state.digital_finance + state.egovernment + state.trust) / 3.0
    return (
        p.use_weight * state.internet_users
        + p.lines_weight * lines
        + p.skills_weight * state.basic_skills
        + p.institutions_weight * institutions
    )


def thresholds(p: Parameters) -> list[Array]:
    """Readiness at which half of the firms of each segment would adopt, (m, 1) by segment."""
    sector = (p.agriculture_threshold, p.industry_threshold, 0.0 * p.industry_threshold)
    return [
        p.firm_threshold + sector[which] - (0.0 if small else 1.0) * p.large_advantage
        for which, small in zip(_SECTOR_OF, _SMALL, strict=True)
    ]


def threshold_odds(ready: Array, year: float, p: Parameters) -> Array:
    """Log-odds of the ceiling, (m, e, s): (readiness + fall - threshold) / spread.

    Firms differ in how ready their surroundings must be before digital technology pays (a
    threshold model of diffusion: David 1969, Karshenas and Stoneman 1993); thresholds are logistic
    among them, lower for large firms, and fall as technology gets cheaper.
    """
    eased = ready + p.threshold_fall * (year - THRESHOLD_YEAR)
    return stacked([(eased - one) / p.threshold_spread for one in thresholds(p)])


def exposure(adoption: Array, weights: Array, trade_weights: Array, p: Parameters) -> Array:
    """Examples that firms see, (m, e, s): their own kind at home, all firms of trade partners.

    Partners count by their share in trade within the region, their firms by value added.
    """
    mean = weighted_mean(adoption, weights)
    partners = np.matmul(trade_weights, mean[:, :, None])[:, :, 0]
    own = p.firm_own_exposure[..., None]
    return own * adoption + ((1.0 - p.firm_own_exposure) * partners)[..., None]


def bass(seen: Array, p: Parameters) -> Array:
    """Speed of adoption, (m, e, s): p + q times the examples seen (Bass 1969)."""
    return p.firm_innovation[..., None] + p.firm_imitation[..., None] * seen


def adoption_step(adoption: Array, top: Array, speed: Array, p: Parameters) -> Array:
    """Adoption after a year, (m, e, s): a' = a + (1 - e^-h)(c - a); slower where a > c."""
    gap = top - adoption
    moved = -np.expm1(-speed) * gap
    return adoption + np.where(gap > 0.0, moved, p.firm_reversal[..., None] * moved)


def conversion(adoption: Array, top: Array, decision: Decision, p: Parameters) -> Array | float:
    """Small firms that support brings to adopt in the year, (m, e, s); never above the ceiling.

    Reached times converted, of those without technology.
    """
    reached = decision.plan.msme_support * decision.funded
    if not reached.any():
        return 0.0
    turned = (reached * p.support_conversion)[..., None] * np.maximum(top - adoption, 0.0)
    return turned * np.array(_SMALL)


def shock_pace(push: Array, access: Array, retreat: Array, p: Parameters) -> Array | None:
    """What shocks make of the speed of adoption, (m, e); None without any.

    e^(push that firms feel) (1 - technology lost) (1 - part that waits for money times what stays
    away); technology gained, a negative loss, speeds up.
    """
    if not (push.any() or access.any() or retreat.any()):
        return None
    waiting = 1.0 - p.finance_reliance * retreat
    return np.asarray(np.exp(p.push_to_firms * push) * (1.0 - access) * waiting)


def support(old: State, new: State, decision: Decision, setup: Setup) -> None:
    """What of support works this year: small firms reached, money by sector, smart places."""
    p, plan = setup.parameters, decision.plan
    funded, delivered = decision.funded, decision.delivered
    new.supported_msmes, new.sector_support = old.supported_msmes, old.sector_support
    new.smart_places = old.smart_places
    if plan.msme_support.any() or old.supported_msmes.any():
        reached = plan.msme_support * funded
        new.supported_msmes = supported_step(old.supported_msmes, reached, p)
    if plan.sector_digitalisation.any() or old.sector_support.any():
        value = np.maximum(sector_weights(old.segment_weights), LEAST_SECTOR)
        money = plan.sector_digitalisation * delivered[..., None] / value
        kept = (1.0 - p.support_wear[..., None]) * old.sector_support
        new.sector_support = planes(kept + money)
    if plan.smart_cities_and_villages.any():
        joined = plan.smart_cities_and_villages * delivered * p.place_size / new.population
        new.smart_places = np.minimum(old.smart_places + joined, 1.0)


def supported_step(supported: Array, reached: Array, p: Parameters) -> Array:
    """Small firms within reach of recent support, (m, e): B' = (1 - w) B + r (1 - (1 - w) B)."""
    kept = (1.0 - p.support_wear) * supported
    return kept + reached * (1.0 - kept)


def threshold_relief(old: State, new: State, decision: Decision, p: Parameters) -> Array | None:
    """By how much programmes lower thresholds, (m, e, s) in units of readiness; None if none do.

    What is built for sectors and places is in use a year after it was paid for.
    """
    plan, funded = decision.plan, decision.funded
    parts: list[Array] = []
    if new.supported_msmes.any():
        parts.append(_for(_SMALL, p.support_relief * new.supported_msmes))
    if old.sector_support.any():
        half = p.sector_half[..., None]
        by_sector = old.sector_support / (old.sector_support + half) * p.sector_relief[..., None]
        parts.append(stacked([by_sector[..., which] for which in _SECTOR_OF]))
    if plan.digital_economic_zone.any():
        points = plan.digital_economic_zone * funded
        zone = p.zone_relief * points / (points + p.zone_half)
        parts.append(stacked([zone * share for share in _ZONE_SHARES]))
    if plan.regional_platforms.any():
        parts.append(platform_relief(plan.regional_platforms, funded, p))
    if old.smart_places.any():
        served = [name in PLACE_SEGMENTS for name in SEGMENTS]
        parts.append(_for(served, p.place_relief * old.smart_places))
    return sum(parts[1:], parts[0]) if parts else None


#: Part of a digital zone's relief that segments feel: firms in industry and services, large first.
_ZONE_SHARES = tuple(
    0.0 if SECTORS[which] == "agriculture" else ZONE_FOR_SMALL if small else 1.0
    for which, small in zip(_SECTOR_OF, _SMALL, strict=True)
)


def platform_relief(taking_part: Array, funded: Array, p: Parameters) -> Array:
    """What regional platforms take off thresholds, (m, e, s).

    relief * own part * (half + half the mean part over all economies): the more take part, the
    more a platform is worth to each. ``taking_part`` is (..., e, platform).
    """
    segments = [np.zeros_like(funded) for _ in SEGMENTS]
    for platform, served in PLATFORM_SEGMENTS.items():
        own = taking_part[..., PLATFORMS.index(platform)] * funded
        if own.any():
            others = PLATFORM_ALONE + (1.0 - PLATFORM_ALONE) * own.mean(axis=-1, keepdims=True)
            for name in served:
                segments[SEGMENTS.index(name)] += p.platform_relief * own * others
    return stacked(segments)


def pay(old: State, new: State, p: Parameters) -> None:
    """Adoption beyond the reference starts to pay a year later, in part each year.

    R' = R + k (a - a_ref - R), with last year's a; returns are sum_s w_s r_s F R_s, where r is 1
    for large firms and, for small ones, the laggards' ratio that support raises towards 1 (H01,
    H03).
    """
    gap = old.firm_adoption - old.firm_adoption_reference
    if not (gap.any() or old.firm_returning.any()):
        new.firm_returning, new.firm_returns = gap, np.zeros_like(gap[..., 0])
        return
    speed = p.return_speed[..., None]
    new.firm_returning = old.firm_returning + speed * (gap - old.firm_returning)
    small = p.laggard_ratio + (1.0 - p.laggard_ratio) * new.supported_msmes
    large = np.ones_like(small)
    ratio = stacked([small if is_small else large for is_small in _SMALL])
    paying = total(old.segment_weights * ratio * new.firm_returning)
    new.firm_returns = p.firm_return * paying


def segment_weights(by_sector: Array, p: Parameters) -> Array:
    """Value added by segment, (e, s), of that of the three sectors, (e, c); the sum is 1."""
    small = (p.msme_agriculture[0, 0], p.msme_industry[0, 0], p.msme_services[0, 0])
    parts = by_sector / total(by_sector)[..., None]
    return stacked(
        [
            parts[..., which] * (small[which] if is_small else 1.0 - small[which])
            for which, is_small in zip(_SECTOR_OF, _SMALL, strict=True)
        ]
    )


def sector_weights(weights: Array) -> Array:
    """Value added by sector, (e, c), from that of segments, (e, s)."""
    return stacked(
        [
            sum((weights[..., s] for s, of in enumerate(_SECTOR_OF) if of == which), np.zeros(1))
            for which in range(len(SECTORS))
        ]
    )


def weighted_mean(by_segment: Array, weights: Array, which: tuple[int, ...] = ()) -> Array:
    """Mean over segments, or over ``which`` of them, by value added, (m, e)."""
    if which:
        by_segment, weights = by_segment[..., list(which)], weights[..., list(which)]
    return total(by_segment * weights) / np.maximum(total(weights), 1e-12)


def _for(served: list[bool] | tuple[bool, ...], relief: Array) -> Array:
    """A relief for some segments, (m, e, s)."""
    nothing = np.zeros_like(relief)
    return stacked([relief if one else nothing for one in served])
