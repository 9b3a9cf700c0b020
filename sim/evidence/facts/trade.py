"""Evidence: the stylised fact about trade: gravity survives, and the weaker partner binds."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.evidence.facts.rows import CAP, FEWEST, OWN_TABLES, Fact, Row, cited, middle
from sim.evidence.facts.runs import LAST, Runs
from sim.evidence.known import distance  # one formula for distances between capitals
from sim.experiment.agents import RegionModel
from sim.model import parameters, regulation, trade
from sim.model.quantities import Array
from sim.policy import Scenario

GRAVITY = Fact(7, "Gravity survives")

#: Members whose flows of the last year are worked out.
FLOWS = 5
#: Rise of connectivity whose effect on trade is told.
RISE = 1.1


def trade_rows(runs: Runs, seed: int) -> Iterator[Row]:
    """The checks of fact 7."""
    yield _distance_row(runs, seed)
    yield from _partner_rows(runs)
    online, services = cited()["D02"], cited()["D06"]
    yield GRAVITY.untested(
        "Distance matters less for trade by platforms",
        "services trade is laid out by this figure, and there are no flows to check",
        data=100.0 * online.central, unit="% less", source=online.told,
    )  # fmt: skip
    yield GRAVITY.untested(
        "Services respond more than goods to connectivity",
        "services trade takes this response as given; there are no flows to check it on",
        data=services.central, unit="% of trade for 10 %", source=services.told,
    )  # fmt: skip


def _distance_row(runs: Runs, seed: int) -> Row:
    region, last = runs.region, runs.region.base_year + LAST
    statement = f"Elasticity of goods trade to distance, baseline {last}"
    size, told = len(region.economies), cited()["D01"]
    apart = distance(region)
    start, error = distance_elasticity(np.array(region.trade_flows[:size, :size]), apart)
    if not math.isfinite(start):
        why = f"too few flows between at least {FEWEST} economies to estimate it"
        return GRAVITY.untested(statement, why, data=told.central, unit="elasticity",
                                source=told.told)  # fmt: skip
    ours = []
    for member in range(FLOWS):
        model = RegionModel(scenario=Scenario.baseline(region, last), rng=seed, member=member)
        while model.year < last:
            model.step()
        flows = model.goods_flows()[:size, :size]
        ours.append(distance_elasticity(flows, apart)[0])
    first, final = region.trade_years[0], region.trade_years[-1]
    return GRAVITY.compare(
        statement, float(np.median(ours)), told.central, "elasticity", told.between,
        "Least squares on the log of flows with exporter and importer effects; small flows count "
        "as much as large ones, which makes it steeper. Data and range: the meta-analysis. The "
        f"flows of {first}-{final} that the model starts from have {start:.2f} (standard error "
        f"{error:.2f}): it keeps what it is given, and is no test of it.",
        f"{told.told}; {OWN_TABLES}: trade",
    )  # fmt: skip


def distance_elasticity(flows: Array, distance: Array) -> tuple[float, float]:
    """Slope of log flows on log distance and its standard error, both (economy, economy).

    Exporter and importer effects take up size and remoteness (Anderson and van Wincoop 2003);
    errors are robust to unequal variance (White 1980). NaN where fewer than five economies, or no
    more flows than coefficients, are there.
    """
    seller, buyer = np.nonzero(flows > 0.0)
    off = seller != buyer
    seller, buyer, size = seller[off], buyer[off], len(flows)
    if size < FEWEST or len(seller) <= 2 * size + 1:
        return math.nan, math.nan
    design = np.zeros((len(seller), 2 * size + 1))
    rows = np.arange(len(seller))
    design[rows, seller] = 1.0
    design[rows, size + buyer] = 1.0
    design[:, -1] = np.log(distance[seller, buyer])
    logs = np.log(flows[seller, buyer])
    inverse = np.linalg.pinv(design.T @ design)
    slopes = inverse @ (design.T @ logs)
    left = logs - design @ slopes
    spread = inverse @ (design.T * left**2) @ design @ inverse
    scale = len(rows) / (len(rows) - 2.0 * size)
    return float(slopes[-1]), float(np.sqrt(scale * spread[-1, -1]))


def _partner_rows(runs: Runs) -> Iterator[Row]:
    """What 10 % more users at one end of a pair do to its trade, at given prices."""
    said = "Goods trade of a pair if the {} partner has 10 % more internet users"
    told = cited()["D05"]
    weaker, stronger = partner_responses(runs)
    if not len(weaker):
        yield GRAVITY.untested(said.format("weaker"), "in no pair would the weaker stay weaker")
    else:
        yield GRAVITY.compare(
            said.format("weaker"), middle(weaker), told.central, "% of trade", told.between,
            "Median pair, central parameters, at given prices; better rules raise it (evidence "
            "D08).", told.told,
        )  # fmt: skip
    if not len(stronger):
        yield GRAVITY.untested(said.format("stronger"), "all economies have as many users")
        return
    yield GRAVITY.compare(
        said.format("stronger"), middle(stronger), 0.0, "% of trade", (0.0, told.low),
        "The weaker partner binds: agrees if less than the least that the weaker one's rise does.",
        told.told, CAP,
    )  # fmt: skip


def partner_responses(runs: Runs) -> tuple[Array, Array]:
    """Change of trade in % of pairs whose weaker, and whose stronger, partner has 10 % more users.

    Pairs in which the weaker would overtake the stronger are left out.
    """
    region = runs.region
    size = len(region.economies)
    p = parameters.central(size)
    users = np.median(runs.values("internet_users", region.base_year), axis=0)[None] / 100.0
    rules = region.provisions[None]
    distance = regulation.regulatory_distance(rules)
    paperless = region.base("paperless_trade")[None]
    score = rules.mean(axis=-1)
    quality = regulation.regulation_quality(
        rules, np.median(score, axis=-1)[:, None], score.max(axis=-1)[:, None]
    )
    base = trade.TradeCosts.of(users, distance, paperless)
    weaker, stronger = [], []
    for economy in range(size):
        raised = users.copy()
        raised[0, economy] *= RISE
        now = trade.TradeCosts.of(raised, distance, paperless)
        change = trade.demand_change(now, base, quality, p, size + 1)[0, economy, :size]
        moved, others = 100.0 * (change - 1.0), users[0]
        weaker.append(moved[others > raised[0, economy]])
        stronger.append(moved[others < users[0, economy]])
    return np.concatenate(weaker), np.concatenate(stronger)
