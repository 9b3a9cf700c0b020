"""A run of a few years of ASEAN in which every state has some money for several levers."""

from __future__ import annotations

from functools import partial

from sim.experiment import draws, start
from sim.experiment.plan import case_of
from sim.model import behaviour
from sim.model.quantities import BUDGET_RULES, State
from sim.model.run import run
from sim.policy import Scenario

YEARS, MEMBERS = 8, 6


class Budgets:
    """The same start, luck and plan for every way to decide."""

    def __init__(self) -> None:
        scenario = Scenario.baseline("asean", 2023 + YEARS)
        self.case = case_of(scenario)
        self.economies = self.case.world.economies
        members = range(MEMBERS)
        self.setup = start.build_setup(
            scenario.world, self.case.world, 5, members, self.case.posterior
        )
        self.luck = list(draws.world_draws(5, members, self.case.world))

    def levers(self, rule="fixed", **paths):
        """A tenth of a percent of GDP for broadband, and some for the rest of the levers."""
        levers = case_of(Scenario.baseline("asean", 2023 + YEARS)).levers
        plan = {
            "broadband_investment": 0.001, "basic_skills_programme": 0.002,
            "advanced_skills_programme": 0.0001, "egovernment_and_open_data": 0.0001,
        }  # fmt: skip
        for name, value in {**plan, **paths}.items():
            getattr(levers, name)[:] = value
        levers.budget_rule[:] = BUDGET_RULES.index(rule)
        return levers

    def run(self, levers, **conduct) -> list[State]:
        """All states from the base year to the last."""
        states: list[State] = []
        decide = behaviour.decide
        if conduct:
            decide = partial(behaviour.decide, conduct=behaviour.Conduct(**conduct))
        run(self.setup, levers, self.luck, lambda state, year: states.append(state), decide)
        return states
