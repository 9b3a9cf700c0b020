"""Evidence: stylised facts about use, rules and costs, checked on runs of the model."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.evidence.facts.rows import (
    CAP,
    FEWEST,
    OWN_TABLES,
    Fact,
    Row,
    cited,
    correlation,
    number,
    ranks,
    table,
)
from sim.evidence.facts.runs import READ, Runs, cost_of_cover
from sim.evidence.facts.scenarios import BOTH, BROADBAND, TRAINING
from sim.model import connectivity, parameters
from sim.model.adoption import logit
from sim.model.quantities import Array
from sim.region.region import Region

USAGE = Fact(5, "Usage gap exceeds coverage gap")
ZONES = Fact(6, "Town and country, women and men")
SKILLS = Fact(8, "Skill bias")
POLICY = Fact(9, "Policy arrives slowly")
MISSES = Fact(10, "Published forecasts miss")
COSTS = Fact(12, "Order of costs")

COVER = "coverage_3g"
#: Yearly growth of the log-odds by which the evidence turns a gap into years.
LAG_GROWTH = 0.2
#: Rows of projections.csv that say how 2025 turned out (that of ASEAN-10 for its six largest).
OUTTURN = {"VNM": "P23", "SEA-6": "P11"}
#: A region with fewer people than this in town or country has no gap between them.
LEAST_ZONE = 0.01


def policy_rows(runs: Runs) -> Iterator[Row]:
    """The checks of facts 5, 6, 8 to 10 and 12."""
    yield from usage_rows(runs)
    yield from zone_rows(runs)
    yield from skill_rows(runs)
    yield pace_row(runs)
    yield from miss_rows(runs)
    yield from cost_rows(runs)


def usage_rows(runs: Runs) -> Iterator[Row]:
    """Fact 5: more people are covered and offline than not covered."""
    region, year = runs.region, runs.region.base_year
    people = region.base("population")
    seen: NDArray[np.bool_] = np.zeros(len(people), dtype=bool)
    apart = np.zeros(len(people))
    if COVER in region.indicators:
        seen = np.asarray(region.series_observed(COVER).any(axis=1))
        apart = 100.0 * (2.0 * region.base(COVER) - region.base("internet_users") - 1.0)
    world = cited()["B18"]
    data = world.central - 4.0
    source, told = world.told, "Data: the world in 2024 (96 % covered, 68 % online)"
    counted = people * (seen if seen.any() else 1.0)
    if seen.any():
        data = float(np.average(apart, weights=counted))
        source, told = (
            f"{OWN_TABLES}: {COVER}, internet_users",
            "Data: the last published 3G cover, which is older",
        )
    ours = 2.0 * runs.values("coverage", year) - runs.values("internet_users", year) - 100.0
    yield USAGE.compare(
        f"Covered and offline, less not covered, all people, {year}",
        float(np.median(np.average(ours, axis=1, weights=counted))), data, "percentage points",
        (0.0, 100.0) if data > 0.0 else (-100.0, 0.0),
        f"{told}. Agrees on the same side of zero. The model's cover starts at published 3G "
        "cover, and adoption does not read it.", source, CAP,
    )  # fmt: skip
    statement = f"Economies in which more are covered and offline than not covered, {year}"
    if not seen.any():
        yield USAGE.untested(statement, "the region's tables have no figures of 3G cover")
        return
    share = 100.0 * float((apart > 0.0)[seen].mean())
    yield USAGE.compare(
        statement, 100.0 * float((np.median(ours, axis=0) > 0.0)[seen].mean()), share,
        "% of economies", (50.0, 100.0) if share >= 50.0 else (0.0, 50.0),
        f"{seen.sum()} economies with figures. Agrees if it holds in most in both, or in neither.",
        source, CAP,
    )  # fmt: skip


def zone_rows(runs: Runs) -> Iterator[Row]:
    """Fact 6: ratio of urban to rural use, its fall, and the years that the country lags."""
    year = runs.region.base_year + 1
    ratio, world = (
        cited()["B16"],
        "the tables do not tell town from country, so the world stands in",
    )
    gender = cited()["B17"]
    yield ZONES.untested(
        "Internet users, women less men", "the model has no women and men yet",
        data=gender.central, unit="percentage points", source=gender.told,
    )  # fmt: skip
    towns = np.average(runs.region.base("urban_share"), weights=runs.region.base("population"))
    if not LEAST_ZONE < towns < 1.0 - LEAST_ZONE:
        yield ZONES.untested("Internet users in town and country", "nearly all live in one of them")
        return
    now, apart = _town_and_country(runs, year)
    later, _ = _town_and_country(runs, runs.region.base_year + READ)
    yield ZONES.compare(
        f"Internet users, urban share against rural share, {year}", float(np.median(now)),
        ratio.central, "ratio", ratio.between,
        f"Data: {world}: about 2.0 (2021) to 1.7 (2024) at 68 % online. The ratio falls as use "
        "rises, so a region with more users has a lower one.", ratio.told,
    )  # fmt: skip
    yield ZONES.compare(
        f"Change of that ratio a year, {year} to {runs.region.base_year + READ}",
        float(np.median((later - now) / (READ - 1))), (ratio.central - 2.0) / 3.0,
        "ratio a year", (-math.inf, 0.0),
        "Data: 2021 to 2024, with estimates re-based in between. Agrees if it falls.", ratio.told,
        CAP,
    )  # fmt: skip
    lag = cited()["V06"]
    yield ZONES.compare(
        f"Years by which the country follows the town, {year}",
        float(np.median(apart / LAG_GROWTH)), lag.central, "years", lag.between,
        f"Gap in the log-odds over {LAG_GROWTH} a year, for model and data alike; {world}.",
        lag.told,
    )  # fmt: skip


def _town_and_country(runs: Runs, year: int) -> tuple[Array, Array]:
    """Ratio of urban to rural use of all people, and their gap in log-odds, (member,) each."""
    people = runs.values("population", year)
    towns = runs.region.base("urban_share")
    users, gap = (runs.values(name, year) / 100.0 for name in ("internet_users", "urban_rural_gap"))
    rural = users - towns * gap
    urban = rural + gap
    country = people * (1.0 - towns)
    in_towns = (people * towns * urban).sum(axis=1) / (people * towns).sum(axis=1)
    in_country = (country * rural).sum(axis=1) / np.maximum(country.sum(axis=1), 1.0)
    inside = [np.clip(share, 1e-6, 1.0 - 1e-6) for share in (in_towns, in_country)]
    return inside[0] / inside[1], logit(inside[0]) - logit(inside[1])


def skill_rows(runs: Runs) -> Iterator[Row]:
    """Fact 8: networks and skills are complements; who gains first."""
    year = runs.region.base_year + READ
    wages = cited()["E02"]
    extra = (
        runs.percent("gdp", year, BOTH)
        - runs.percent("gdp", year, BROADBAND)
        - runs.percent("gdp", year, TRAINING)
    )
    yield SKILLS.compare(
        f"GDP gained by broadband and basic skills together, beyond each alone, {year}",
        float(np.median(extra)), math.nan, "% of baseline", (0.0, math.inf),
        "Median over economies and members. Agrees if above zero: networks raise the wages of the "
        f"skilled (by {wages.central:g} % for 10 points of broadband) and not of others.",
        wages.told, CAP,
    )  # fmt: skip
    yield SKILLS.untested(
        "Skilled workers gain first",
        "the model has no wages and no workers by skill yet: people differ by income and place",
        data=wages.central, unit="% of skilled wage for 10 points", source=wages.told,
    )  # fmt: skip
    yield firm_gap_row(runs)


def firm_gap_row(runs: Runs) -> Row:
    """Fact 8: where digital technology is still spreading, large firms gain on small ones."""
    base = runs.region.base_year
    firms = cited()["H02"]
    spreading = runs.values("msme_adoption", base) < 50.0
    wider = runs.values("size_gap", base + READ) - runs.values("size_gap", base)
    few = "" if spreading.any() else " the model has no economy in which less than half do."
    return SKILLS.compare(
        f"Gap between large and small firms' use of technology, {base + READ} less {base}",
        float(np.median(wider[spreading])) if spreading.any() else math.nan, math.nan,
        "percentage points", (0.0, math.inf),
        "Median over economies and members in which less than half of small firms use it. Agrees "
        f"if above zero: uneven adoption is {firms.central:g} of the divergence of firms.{few}",
        firms.told, CAP,
    )  # fmt: skip


def pace_row(runs: Runs) -> Row:
    """Fact 9: paperless trade comes into operation by and by."""
    region, years, pace = runs.region, READ, cited()["D17"]
    ours = [np.median(runs.together("paperless_trade", region.base_year + k)) for k in (0, years)]
    return POLICY.compare(
        "Paperless trade in operation, rise in the baseline", float(ours[1] - ours[0]) / years,
        pace.central, "points a year", pace.between,
        "Parties to agreements in force put it into operation; others stay as they are. Weighted "
        "by GDP.", pace.told,
    )  # fmt: skip


def miss_rows(runs: Runs) -> Iterator[Row]:
    """Fact 10: are our bands as wide as published forecasts of digital markets were wrong?"""
    spread, ahead = cited()["V02"], runs.region.base_year + 5
    note = (
        "Model: half of the 90 % band of digital value added against its median. Data: the largest "
        "error of forecasts made four to six years before, of another concept (gross merchandise "
        "value). Range: what to expect of such forecasts."
    )
    said = f"Half-width of the band of digital value added in {ahead}, {{}}"
    groups = [("VNM", ("VNM",)), ("SEA-6", ("IDN", "MYS", "PHL", "SGP", "THA", "VNM"))]
    for name, who in groups:
        if set(who) <= set(runs.region.economies):
            values = runs.together("digital_value_added", ahead, who=who)
            yield MISSES.compare(
                said.format(name), _half_width(values), largest_miss(name), "% of median",
                spread.between, note, spread.told,
            )  # fmt: skip
    economies = runs.values("digital_value_added", ahead).T
    yield MISSES.compare(
        said.format("median economy"), float(np.median([_half_width(one) for one in economies])),
        spread.central, "% of median", spread.between, note, spread.told,
    )  # fmt: skip


def _half_width(values: Array) -> float:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return float(50.0 * (high - low) / middle)


def largest_miss(place: str) -> float:
    """Largest error of e-Conomy forecasts for 2025, four to six years ahead, % of outturn."""
    rows = table("projections.csv")
    outturn = next(number(row["published"]) for row in rows if row["id"] == OUTTURN[place])
    misses = [
        abs(100.0 * (number(row["published"]) / outturn - 1.0))
        for row in rows
        if row["economy"] == place
        and row["counterpart"] == "gmv"
        and row["target_year"] == "2025"
        and 4 <= 2025 - number(row["base_year"]) <= 6
    ]
    return max(misses)


def cost_rows(runs: Runs) -> Iterator[Row]:
    """Fact 12: cover costs more of GDP where people are poor and dispersed; rules cut the cost."""
    bins = {
        row["economy"]: number(row["published"])
        for row in table("projections.csv")
        if row["counterpart"] == "cost_of_cover" and row["economy"] in runs.region.economies
    }
    codes = runs.region.economies
    level = cited()["C02"]
    here = [codes.index(code) for code in bins]
    theirs = np.array(list(bins.values()))
    kinds = (
        ("laid anew", True, "the whole network laid anew, as for a new technology"),
        ("what is missing", False, "what is missing to 99 % of published 3G cover, nearly nothing"),
    )
    for name, anew, words in kinds:
        order = f"Cost of universal cover, {name}: rank correlation with pytal's over economies"
        size = f"Cost of universal cover, {name}: median economy"
        if len(here) < FEWEST:
            why = f"pytal's costs are known of fewer than {FEWEST} economies of the region"
            yield COSTS.untested(order, why)
            yield COSTS.untested(size, why)
            continue
        ours = np.median(cost_of_cover(runs, anew), axis=0)[here]
        yield COSTS.compare(
            order, correlation(ranks(ours), ranks(theirs)), 1.0, "correlation",
            (1.645 / math.sqrt(len(here) - 1.0), 1.0),
            f"{len(here)} economies. Model: {words}, in ten years. Data: pytal, 5G by wireless "
            "backhaul, in bins. Agrees if above chance (5 %, one-sided).", level.told,
        )  # fmt: skip
        yield COSTS.compare(
            size, float(np.median(ours)), float(np.median(theirs)), "% of GDP a year",
            level.between,
            f"{len(here)} economies. Model: {words}. pytal builds for up to 200 Mbit/s in towns. "
            "Range: pytal's lowest and highest bin.", level.told,
        )  # fmt: skip
    yield _saving_row(runs.region)


def _saving_row(region: Region) -> Row:
    """What full sharing of infrastructure saves, as far as institutions deliver it."""
    p, told = parameters.central(len(region.economies)), cited()["V03"]
    delivered = connectivity.delivery(region.base("government_effectiveness"), p)
    saved = 100.0 * (1.0 - 1.0 / connectivity.sharing_gain(delivered, p))
    return COSTS.compare(
        "Cost of networks saved by regulation alone", float(np.median(saved)), told.central,
        "% of cost", told.between,
        "Model: infrastructure_sharing at its most, central parameters, median economy. Data: "
        "sharing, low spectrum fees and low taxes together; the model has sharing only.",
        told.told,
    )  # fmt: skip
