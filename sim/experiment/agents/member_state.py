"""Member states as Mesa agents: what one sees of its economy, and what one decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np
from mesa.discrete_space import Cell

from sim.errors import nearest_name
from sim.kpi.registry import row_of
from sim.model import goals
from sim.model.agents import Plan
from sim.model.quantities import BUDGET_RULES, GOALS, Array, Quantity, State, quantities

if TYPE_CHECKING:
    from sim.experiment.agents.region_model import RegionModel

#: What agents show of the state: every quantity with an economy axis.
SHOWN = {item.name: item for item in quantities(State) if "economy" in item.axes}


class Partner(NamedTuple):
    """A trade partner of one economy; flows of this year in USD at base prices.

    ``agent`` is None for nodes outside the region: hubs and the rest of the world.
    """

    iso3: str
    name: str
    exports: float
    imports: float
    agent: MemberState | None


class MemberState(mesa.Agent):
    """One member state: a live view of its row of the model's state, and its decisions.

    Every quantity of ``State`` with an economy axis is an attribute that cannot be set: a number,
    or a read-only array (``online`` by cohort, ``provisions`` by provision, ...), in the units of
    ``sim.model.quantities``. It stands on two networks: ``trade_cell`` and ``fibre_cell``.
    """

    model: RegionModel

    def __init__(self, model: RegionModel, iso3: str) -> None:
        """Called by the model, once for each economy of its region."""
        super().__init__(model)
        self.iso3 = iso3
        self.position = model.economies.index(iso3)
        self.name = str(model.region.trade.nodes[iso3]["name"])
        self.trade_cell: Cell = model.trade_space[iso3]
        self.fibre_cell: Cell = model.fibre_space[iso3]
        for cell in (self.trade_cell, self.fibre_cell):
            cell.add_agent(self)

    def decide(self) -> Plan:
        """This year's plan, on last year's state; by default what the scenario plans.

        Override it, or assign a function without arguments to ``decide`` of one agent. What is
        returned is funded as far as the budgets reach, by the same rule as in a batch.
        """
        return Plan.of(self.iso3, self.position, self.model.planned)

    def spend(self, shares: dict[str, float]) -> Mapping[str, float]:
        """How the budget is spread over levers: ``shares`` of the money, 1 in sum.

        They come as the state's budget rule has them and are what the default returns. Override it,
        or assign a function of one argument, to spend the same money otherwise. Levers left out
        get nothing; those to choose from are the keys of ``shares``, whose cost is in proportion to
        what is planned of them.
        """
        return shares

    def learn_from(self) -> Sequence[str] | None:
        """The codes of those it learns from; nobody if empty. By default None: as the model has it.

        An imitating state copies their mix of spending; every state's institutions learn from them.
        """
        return None

    def ratify(self) -> Mapping[str, bool]:
        """Agreements by code: True joins as soon as it may, False stays out this year.

        What is left out is left to the model, by default everything.
        """
        return {}

    @property
    def budget_rule(self) -> str:
        """The name of the rule by which this year's budget is spread."""
        rule = np.broadcast_to(self.model.committed.budget_rule, len(self.model.economies))
        return BUDGET_RULES[int(rule[self.position])]

    @property
    def gaps(self) -> dict[str, float]:
        """What is missing to each target as a share of it, by goal; 0 where it is met."""
        state = self.model.state
        missing = goals.gaps(goals.levels(state), state.targets)[0, self.position]
        return dict(zip(GOALS, missing.tolist(), strict=True))

    @property
    def funded(self) -> float:
        """Share of this year's plan that the budgets paid for, 0 to 1; NaN in the base year."""
        decision = self.model.decision
        return float("nan") if decision is None else float(decision.funded[0, self.position])

    def kpi(self, name: str) -> float:
        """This year's KPI or cost column in the unit of the registry. Raises InputError."""
        return float(self.model.measured[row_of(name), 0, self.position])

    def trade_partners(self) -> list[Partner]:
        """Everybody with whom goods are traded this year, the largest two-way flow first."""
        return self._partners(self.model.goods_flows(), self.model.region.nodes)

    def services_partners(self) -> list[Partner]:
        """Everybody with whom digital services are traded this year, an estimate.

        Flows are in USD of the base year, the largest two-way flow first.
        """
        nodes = (*self.model.economies, self.model.region.nodes[-1])
        return self._partners(self.model.services_flows(), nodes)

    def _partners(self, flows: Array, nodes: tuple[str, ...]) -> list[Partner]:
        """Partners of this economy in flows, (node, node), the largest two-way flow first."""
        partners = [
            Partner(
                code,
                str(self.model.region.trade.nodes[code]["name"]),
                float(flows[self.position, node]),
                float(flows[node, self.position]),
                self.model.member_states.get(code),
            )
            for node, code in enumerate(nodes)
            if code != self.iso3 and flows[self.position, node] + flows[node, self.position] > 0.0
        ]
        return sorted(partners, key=lambda partner: -(partner.exports + partner.imports))

    def fibre_neighbours(self) -> dict[str, float]:
        """Strength of the cables in service in the base year by neighbour, the strongest first."""
        graph = self.model.fibre_space.G
        strengths = {code: link["strength"] for code, link in graph.adj[self.iso3].items()}
        return dict(sorted(strengths.items(), key=lambda item: -item[1]))

    def cable_systems(self) -> dict[str, float]:
        """Design capacity in Gbit/s of the systems in service this year that land here, by name."""
        world = self.model.setup.world
        capacity = self.model.state.system_capacity[0]
        here = (world.cables.joins[:, self.position] > 0.0) & (capacity > 0.0)
        found = {name: float(c) for name, c, on in zip(world.systems, capacity, here, strict=True)
                 if on}  # fmt: skip
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    def remove(self) -> None:
        """Leave the model and both networks; the economy then follows the scenario."""
        super().remove()
        self.model.member_states.pop(self.iso3, None)
        for cell in (self.trade_cell, self.fibre_cell):
            if self in cell.agents:
                cell.remove_agent(self)

    def __getattr__(self, name: str) -> Any:
        # Reached only for names that are no attribute.
        near = nearest_name(
            name,
            [
                *SHOWN,
                "iso3",
                "name",
                "trade_partners",
                "services_partners",
                "fibre_neighbours",
                "cable_systems",
            ],
        )
        hint = f"; did you mean {near}?" if near else ""
        raise AttributeError(f"a member state has no {name!r}{hint}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.__dict__.get('iso3', '?')!r})"


def _view(item: Quantity) -> property:
    """A read-only attribute that shows one economy's part of a quantity."""
    axes = item.axes

    def show(agent: MemberState) -> float | Array:
        at = {"member": 0, "economy": agent.position}
        part = getattr(agent.model.state, item.name)[
            tuple(at.get(axis, slice(None)) for axis in axes)
        ]
        if np.ndim(part) == 0:
            return float(part)
        part.setflags(write=False)
        return part

    further = [axis for axis in axes if axis not in ("member", "economy")]
    by = f", by {' and '.join(further)}" if further else ""
    return property(show, doc=f"{item.meaning} ({item.unit}{by}).")


for _item in SHOWN.values():
    setattr(MemberState, _item.name, _view(_item))
