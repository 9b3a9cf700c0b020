"""Evidence: stylised facts about cables that break, checked on the model's luck and on runs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.evidence.facts.rows import (
    CAP,
    FEWEST,
    OWN_TABLES,
    Fact,
    Row,
    cited,
    correlation,
    ranks,
)
from sim.evidence.facts.runs import Runs
from sim.experiment import draws, start
from sim.model import fibre, parameters
from sim.model.quantities import Array
from sim.region.region import Region

SHOCKS = Fact(11, "Shocks")
#: Years of luck that are drawn.
YEARS = 10


def shock_rows(runs: Runs, seed: int, members: int) -> Iterator[Row]:
    """Fact 11: cables break, and those with few routes, or with no coast, lose most."""
    yield from fault_rows(runs.region, seed, members)
    yield from route_rows(runs)
    yield from landlocked_rows(runs)


def fault_rows(region: Region, seed: int, members: int) -> Iterator[Row]:
    """Faults of the submarine systems in service, and how long repairs take, as drawn."""
    rate, days = cited()["G02"], cited()["G03"]
    faults_of, repair_of = "Faults of submarine cables", "Median time to repair a submarine cable"
    count, km, repairs = drawn_faults(region, seed, range(members))
    if not km:
        why = "fibre.csv has no submarine cable in service in the base year"
        yield SHOCKS.untested(faults_of, why, data=rate.central, unit=rate.unit, source=rate.told)
        yield SHOCKS.untested(repair_of, why, data=days.central, unit=days.unit, source=days.told)
        return
    yield SHOCKS.compare(
        faults_of, 1000.0 * count / km, rate.central, rate.unit, rate.between,
        f"Model: faults drawn in {YEARS} years for the systems in service, hazards of their "
        "economies included. Data: the world's.", rate.told,
    )  # fmt: skip
    yield SHOCKS.compare(
        repair_of, float(np.median(repairs)) if len(repairs) else float("nan"), days.central,
        days.unit, days.between, "Model: repairs of the faults drawn.", days.told,
    )  # fmt: skip


def drawn_faults(region: Region, seed: int, members: range) -> tuple[float, float, Array]:
    """Faults, km times years, and days of each repair, of the submarine systems in service."""
    world = start.build_world(region, region.base_year + YEARS)
    cables, economies = world.cables, len(world.economies)
    used = np.flatnonzero((cables.opened[0] > 0.0) & (cables.submarine > 0.0))
    km = float(cables.length_km[used].sum()) * YEARS * len(members)
    if not km:
        return 0.0, 0.0, np.zeros(0)
    normals = draws.parameter_normals(seed, members, parameters.count_draws(economies))
    p = parameters.sample(normals, economies)
    count, repairs = 0.0, []
    for luck in draws.world_draws(seed, members, world):
        down = fibre.Downtime.drawn(cables, p, used, luck)
        count += float(down.faults.sum())
        repairs.append(down.days[down.faults > 0.0])
    return count, km, np.concatenate(repairs)


def route_rows(runs: Runs) -> Iterator[Row]:
    """The worst cut takes little of hubs with many routes, and most of those with one."""
    said = "Loss is small for hubs with many routes, large with a single one"
    year = runs.region.base_year
    routes = np.median(runs.values("international_routes", year), axis=0)
    left = np.median(runs.values("single_cut_resilience", year), axis=0)
    joined = routes > 0.0
    if joined.sum() < FEWEST:
        why = f"fewer than {FEWEST} economies of the region have a cable in service"
        yield SHOCKS.untested(said, why)
        return
    yield SHOCKS.compare(
        said, correlation(ranks(routes[joined]), ranks(left[joined])), 1.0, "correlation",
        (1.645 / np.sqrt(joined.sum() - 1.0), 1.0),
        f"Model: rank correlation over {joined.sum()} economies of independent routes and capacity "
        "left after the worst cut. Agrees if above chance (5 %, one-sided).", OWN_TABLES,
    )  # fmt: skip


def landlocked_rows(runs: Runs) -> Iterator[Row]:
    """Who has no coast depends on transit: its worst neighbour takes more."""
    said, region = "Landlocked economies lose more with their worst neighbour", runs.region
    inland = np.isin(region.economies, region.groups.get("landlocked", ()))
    joined = np.median(runs.values("international_routes", region.base_year), axis=0) > 0.0
    here, coast = inland & joined, ~inland & joined
    if min(here.sum(), coast.sum()) < 2:
        why = "the region has fewer than two landlocked or two coastal economies with cables"
        yield SHOCKS.untested(said, why)
        return
    lost = 100.0 - np.median(runs.values("transit_resilience", region.base_year), axis=0)
    yield SHOCKS.compare(
        said, float(np.median(lost[here]) - np.median(lost[coast])), float("nan"),
        "points of capacity", (0.0, float("nan")),
        f"Model: median of {here.sum()} landlocked economies less that of {coast.sum()} others. "
        "Follows from the map of cables; capacities are estimates.", OWN_TABLES, CAP,
    )  # fmt: skip
