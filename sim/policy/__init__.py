"""What people choose: scenario files, levers and budgets, turned into lever paths for the model."""

from sim.policy.check import check
from sim.policy.entries import BehaviourEntry, Budget, LeverEntry, PayerShares, ShockEntry
from sim.policy.levers.tables import lever_table, lever_table_markdown
from sim.policy.paths import lever_paths
from sim.policy.scenario import Scenario, lever, shock
from sim.policy.schema import scenario_schema
from sim.policy.shocks.tables import shock_table, shock_table_markdown

__all__ = [
    "BehaviourEntry",
    "Budget",
    "LeverEntry",
    "PayerShares",
    "Scenario",
    "ShockEntry",
    "check",
    "lever",
    "lever_paths",
    "lever_table",
    "lever_table_markdown",
    "scenario_schema",
    "shock",
    "shock_table",
    "shock_table_markdown",
]
