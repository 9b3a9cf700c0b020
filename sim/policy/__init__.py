"""What people choose: scenario files, levers and budgets, turned into lever paths for the model."""

from sim.policy.check import check
from sim.policy.entries import Budget, LeverEntry, PayerShares
from sim.policy.levers.tables import lever_table, lever_table_markdown
from sim.policy.paths import lever_paths
from sim.policy.scenario import Scenario, lever
from sim.policy.schema import scenario_schema

__all__ = [
    "Budget",
    "LeverEntry",
    "PayerShares",
    "Scenario",
    "check",
    "lever",
    "lever_paths",
    "lever_table",
    "lever_table_markdown",
    "scenario_schema",
]
