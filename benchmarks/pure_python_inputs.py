"""What a pure-Python run is given: parameters, start, paths and luck of the batch as floats."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import SimpleNamespace
from typing import Any

from sim.experiment import draws, start
from sim.experiment.engine import Case
from sim.model.agents import PLANNED, Plan
from sim.model.quantities import Draws, State, quantities
from sim.model.world import World

PATHS = tuple(item for item in quantities(World) if item.axes == ("year", "economy"))
GIVEN = tuple(item for item in quantities(World) if item.axes[0] == "economy")
STATE = tuple(item for item in quantities(State) if "economy" in item.axes)
LUCK = tuple(item for item in quantities(Draws) if "economy" in item.axes)
LUCK_OF_REGION = tuple(item for item in quantities(Draws) if "economy" not in item.axes)


@dataclass(frozen=True)
class EconomyInputs:
    """One economy: parameters, base state, given facts, and by year: paths, plan and luck."""

    iso3: str
    parameters: SimpleNamespace
    start: dict[str, Any]
    given: SimpleNamespace
    paths: list[SimpleNamespace]
    plans: list[SimpleNamespace]
    luck: list[SimpleNamespace]


@dataclass(frozen=True)
class Inputs:
    """One ensemble member of one scenario; ``luck`` and ``fund_budget`` are the region's by year.

    ``shares`` and ``inverse`` are (node, node), ``output``, ``deficit`` and ``price`` (node,).
    """

    base_year: int
    flows_year: int
    horizon: int
    economies: list[EconomyInputs]
    fund_budget: list[float]
    luck: list[SimpleNamespace]
    start_region_shock: float
    quality_range: tuple[float, float]
    shares: list[list[float]]
    output: list[float]
    deficit: list[float]
    inverse: list[list[float]]
    price: list[float]

    @classmethod
    def of(cls, case: Case, seed: int, member: int) -> Inputs:
        """The inputs of one ensemble member, made by the functions that make a batch's."""
        world, members = case.world, range(member, member + 1)
        years, count = len(world.population) - 1, len(world.economies)
        setup = start.build_setup(case.region, world, seed, members, case.posterior, case.without)
        luck = list(draws.world_draws(seed, members, world))
        system = setup.trade_system
        return cls(
            base_year=world.base_year,
            flows_year=world.flows_year,
            horizon=world.base_year + years,
            economies=[_economy(index, case, setup, luck) for index in range(count)],
            fund_budget=case.levers.fund_budget.tolist(),
            luck=[_namespace(year, LUCK_OF_REGION, 0) for year in luck],
            start_region_shock=float(setup.base.region_shock[0]),
            quality_range=(setup.quality_range[0].item(), setup.quality_range[1].item()),
            shares=system.shares.tolist(),
            output=system.output.tolist(),
            deficit=system.deficit.tolist(),
            inverse=system.inverse[0].tolist(),
            price=setup.base.producer_price[0].tolist(),
        )


def _economy(index: int, case: Case, setup: Any, luck: list[Draws]) -> EconomyInputs:
    world, years = case.world, range(len(luck))
    iso3 = world.economies[index]
    parameters = {}
    for item in fields(setup.parameters):
        row = getattr(setup.parameters, item.name)[0]
        parameters[item.name] = float(row[index if len(row) > 1 else 0])
    plans = [Plan.of(iso3, index, case.levers.at(year)) for year in years]
    return EconomyInputs(
        iso3=iso3,
        parameters=SimpleNamespace(**parameters),
        start=vars(_namespace(setup.base, STATE, index)),
        given=_namespace(world, GIVEN, index),
        paths=[
            SimpleNamespace(**{p.name: float(getattr(world, p.name)[year, index]) for p in PATHS})
            for year in range(len(luck) + 1)
        ],
        plans=[
            SimpleNamespace(**{name: _plain(getattr(plan, name)) for name in PLANNED})
            for plan in plans
        ],
        luck=[_namespace(year, LUCK, index) for year in luck],
    )


def _namespace(holder: Any, items: tuple[Any, ...], index: int) -> SimpleNamespace:
    """The part of one economy in each quantity, as floats and lists of floats."""
    found = {}
    for item in items:
        at = {"member": 0, "economy": index}
        part = getattr(holder, item.name)[tuple(at.get(axis, slice(None)) for axis in item.axes)]
        found[item.name] = _plain(part)
    return SimpleNamespace(**found)


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else value
