"""The region as a Mesa model: one ensemble member of one scenario, a year a step."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import Network

from sim.errors import InputError, Problem, nearest_name
from sim.experiment import draws, start
from sim.experiment.agents import choices
from sim.experiment.agents.member_state import MemberState
from sim.experiment.agents.regional_body import RegionalBody
from sim.experiment.plan import case_of
from sim.experiment.posteriors import choose
from sim.kpi.registry import (
    BY_ID,
    COLUMNS,
    KPIS,
    Column,
    Kpi,
    aggregate,
    measure,
    row_of,
    weight_column,
)
from sim.model import behaviour, services_trade, trade
from sim.model.agents import commit
from sim.model.behaviour import Decision
from sim.model.parameters import Parameters
from sim.model.quantities import Array, Levers, State
from sim.model.setup import trade_costs
from sim.model.year import next_year
from sim.policy.scenario import Scenario
from sim.region.region import SHIPPED, Region

#: The region of a model that is told neither a region nor a scenario.
DEFAULT_REGION = "asean+carec"
#: The seed of a model that is told none, as of a batch: the same numbers every time.
DEFAULT_SEED = 1


class RegionModel(mesa.Model):
    """One ensemble member of one scenario, a year a step, with a MemberState for each economy.

    It calls the equations of a batch on arrays whose member axis has length 1: with decisions that
    nobody overrides, its numbers are those of the same ``rng`` and ``member`` in a batch.
    """

    def __init__(
        self,
        region: str | Path | Region | None = None,
        scenario: str | Path | Scenario | None = None,
        rng: Any = None,
        member: int = 0,
        agent_class: type[MemberState] = MemberState,
        parameters: str | Path = "posterior",
        body_class: type[RegionalBody] = RegionalBody,
    ) -> None:
        """Open the region and draw this ensemble member's parameters, start and luck.

        ``region`` is a name, a folder or a Region (default: the scenario's, or asean+carec);
        ``scenario`` a file or a Scenario (default: the region's baseline); ``rng`` the seed of the
        batch, 1 if None; ``member`` the ensemble member; ``parameters`` as of a batch; what
        speaks against them is warned of; ``agent_class`` and ``body_class`` are the classes of
        member states and of their regional body. Raises InputError.
        """
        seed = seed_of(rng)
        if not isinstance(member, int | np.integer) or member < 0:
            allowed = "a whole number from 0"
            raise InputError([Problem("no such ensemble member", field="member", value=member,
                                      allowed=allowed)])  # fmt: skip
        self._failure: Exception | None = None
        self.step = partial(self._keep_failure, self.step)  # type: ignore[method-assign]
        super().__init__(rng=seed)
        self.step = partial(self._raise_failure, self.step)  # type: ignore[method-assign]
        self._policy = _scenario(region, scenario)
        self.region: Region = self._policy.world
        self.economies = self.region.economies
        self.seed, self.member = seed, int(member)
        members = range(self.member, self.member + 1)
        chosen = choose(self.region, parameters)
        for warning in chosen.warnings:
            warnings.warn(warning, stacklevel=2)
        case = case_of(self._policy, chosen)
        world, self.levers = case.world, case.levers
        self.setup = start.build_setup(self.region, world, seed, members, case.posterior)
        self._luck = tuple(draws.world_draws(seed, members, world))
        self.year = world.base_year
        self.state = self._last = self.setup.base
        self.decision: Decision | None = None
        self.measured = np.empty((len(COLUMNS), 1, len(self.economies)))
        self.trade_space = _network(self, self.region.trade)
        self.fibre_space = _network(self, working_cables(self.region))
        self.committed = self.levers.at(0)
        self.member_states = {code: agent_class(self, code) for code in self.economies}
        self.body = body_class(self)
        self.datacollector = mesa.DataCollector(*_reporters())
        self._record()

    def _keep_failure(self, step: Callable[[], None]) -> None:
        """What Mesa calls as the model's step: a step that fails, fails when Mesa has finished.

        Mesa 3.5 schedules the next step only after one that ends well: after a decision out of
        range the model would stand still without a word, where now it can be mended and go on.
        """
        try:
            step()
        except Exception as failure:
            self._failure = failure

    def _raise_failure(self, step: Callable[[], None]) -> None:
        """What users call as the model's step."""
        step()
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    @property
    def scenario(self) -> Scenario:
        """The scenario that this model runs."""
        return self._policy

    @scenario.setter
    def scenario(self, _: Any) -> None:
        """Nothing: the constructor of Mesa 3.5 sets a bag of parameters, which this model has not.

        The scenario of a model is given to its constructor.
        """

    @property
    def horizon(self) -> int:
        """The last year."""
        return self._policy.horizon

    @property
    def planned(self) -> Levers:
        """What the scenario plans for the year that is being decided, without the year axis."""
        return self.levers.at(min(self.year + 1, self.horizon) - self.setup.world.base_year - 1)

    def step(self) -> None:
        """Advance by one year, and record it.

        The first step that finds no year left only ends the run, as every later one: so
        ``batch_run`` of Mesa 3.3, which reports one step less than it makes, reports the horizon.
        """
        if self.year >= self.horizon:
            self.running = False
            return
        number = self.year - self.setup.world.base_year
        last, plan, luck = self.state, self.planned, self._luck[number]
        self.state = next_year(last, plan, luck, self.setup, number + 1, self._decide)
        self._last, self.year = last, self.year + 1
        self._record()

    def _decide(self, old: State, plan: Levers, p: Parameters) -> Decision:
        """Every agent's plan, committed together, then funded by the rule of the batch."""
        plans = [agent.decide() for agent in self.agents if isinstance(agent, MemberState)]
        self.committed = commit(plan, plans, self.economies, self.year + 1)
        conduct = choices.conduct_of(
            self.member_states.values(), self.body, self.economies, self.setup.world.instruments
        )
        self.decision = behaviour.decide(old, self.committed, p, conduct)
        return self.decision

    def _record(self) -> None:
        measure(self.state, self.measured)
        self.datacollector.collect(self)

    def state_of(self, iso3: str) -> MemberState:
        """The agent of an economy. Raises InputError for a code that is none of the region's."""
        if iso3 not in self.member_states:
            known = self.member_states
            raise InputError([Problem(f"no member state of {self.region.name}", field="iso3",
                                      value=iso3, nearest=nearest_name(iso3, known),
                                      allowed=", ".join(known))])  # fmt: skip
        return self.member_states[iso3]

    __getitem__ = state_of

    def kpi(self, name: str) -> float:
        """The region's figure this year, by the KPI's rule of aggregation. Raises InputError."""
        row = row_of(name)
        kpi = BY_ID.get(name)
        weight = weight_column(kpi) if kpi else None
        values = self.measured[:, 0]
        if kpi is None:  # population and costs add up
            return float(values[row].sum())
        return float(aggregate(kpi, values[row], values[row_of(weight)] if weight else None))

    def goods_flows(self) -> Array:
        """This year's goods flows in USD at base prices, (node, node), sales at home included."""
        setup, state = self.setup, self.state
        sizes = setup.node_sizes(self._last.gdp, max(self.year - 1, setup.world.base_year))
        market = trade.solve(
            setup.trade_system, setup.demand_change(state), sizes, state.producer_price,
            setup.parameters.trade_elasticity, steps=0,
        )  # fmt: skip
        return np.asarray(market.flows()[0])

    def services_flows(self) -> Array:
        """This year's digital services across borders, an estimate in USD of the base year.

        Shape (economy + 1, economy + 1): the rest of the world is last.
        """
        years = max(self.year - 1 - self.setup.world.base_year, 0)
        costs = trade_costs(self.state)
        market = services_trade.market_of(self.state, self._last, years, self.setup, costs)
        return np.asarray(market.flows()[0])


def seed_of(rng: Any) -> int:
    """The seed of the streams: a whole number from 0 as it is, None as DEFAULT_SEED.

    From a generator or a seed sequence a number is drawn. Raises InputError.
    """
    if rng is None:
        return DEFAULT_SEED
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and 0 <= rng < 2**64:
        return int(rng)
    if isinstance(rng, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
        return int(np.random.default_rng(rng).integers(2**31))
    allowed = "a whole number from 0, or a NumPy generator"
    raise InputError([Problem("cannot seed a run", field="rng", value=rng, allowed=allowed)])


def working_cables(region: Region) -> nx.Graph:
    """Cables in service in the base year, one edge a pair with the sum of their ``strength``."""
    graph = nx.Graph()
    graph.add_nodes_from(region.fibre.nodes(data=True))
    for a, b, link in region.fibre.edges(data=True):
        if link["at_base"]:
            strength = graph.edges[a, b]["strength"] if graph.has_edge(a, b) else 0.0
            graph.add_edge(a, b, strength=strength + link["strength"])
    return graph


def _scenario(
    region: str | Path | Region | None, scenario: str | Path | Scenario | None
) -> Scenario:
    """The scenario to run. Raises InputError if it is of another region than is asked for."""
    opened = _open(region) if isinstance(region, str | Path) else region
    if scenario is None:
        return Scenario.baseline(opened or _open(DEFAULT_REGION))
    found = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    if opened is not None and opened != found.world:
        message = f"the scenario {found.name!r} is of another region"
        raise InputError([Problem(message, field="region", value=opened.name,
                                  allowed=found.region)])  # fmt: skip
    return found


def _open(name: str | Path) -> Region:
    """A region; shipped ones, which do not change, are read once."""
    return _shipped(name) if isinstance(name, str) and name in SHIPPED else Region.load(name)


@lru_cache(maxsize=len(SHIPPED))
def _shipped(name: str) -> Region:
    return Region.load(name)


def _network(model: RegionModel, graph: Any) -> Network:
    """A network space with a cell for each node, at most one agent on each."""
    # Mesa 3.5 lays a network out by springs, at some cost, unless it is told not to.
    options = {"layout": None} if "layout" in inspect.signature(Network).parameters else {}
    return Network(graph, capacity=1, random=model.random, **options)


def _reporters() -> tuple[dict[str, Any], dict[str, Any]]:
    """What is recorded each year: of the region ``region_<KPI>``, of each economy every column."""
    of_model: dict[str, Any] = {"year": "year"}
    of_model |= {f"region_{kpi.id}": partial(_of_model, kpi) for kpi in KPIS}
    of_agent: dict[str, Any] = {"economy": "iso3"}
    of_agent |= {column.id: partial(_of_agent, column) for column in COLUMNS}
    return of_model, of_agent


def _of_model(kpi: Kpi, model: RegionModel) -> float:
    return model.kpi(kpi.id)


def _of_agent(column: Kpi | Column, agent: MemberState) -> float:
    return agent.kpi(column.id)
