"""What differs between two scenarios: levers with units and planned cost, and everything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.policy.accounts import account
from sim.policy.entries import BehaviourEntry, Budget, LeverEntry, ShockEntry
from sim.policy.levers import BUDGETS, REGISTRY
from sim.policy.paths import entry_paths
from sim.policy.plan import Plan
from sim.policy.shocks import SIZE

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("scenario", "what", "who", "value", "unit", "years", "details", "planned_cost_musd")


@dataclass(frozen=True)
class Difference:
    """Rows of what only one of two scenarios has; prints as a table, also in notebooks.

    ``planned_cost_musd`` is the public cost over all years in million USD (constant 2015 prices),
    with the GDP, population and law of the base year and central unit costs.
    """

    rows: tuple[dict[str, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(_COLUMNS))

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        if not self.rows:
            return "no difference"
        cells = [[_text(row[column]) for column in _COLUMNS] for row in self.rows]
        table = [list(_COLUMNS), *cells]
        widths = [max(len(line[i]) for line in table) for i in range(len(_COLUMNS))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in table
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(index=False, na_rep=""))


def difference(one: Plan, two: Plan) -> Difference:
    """What ``one`` has and ``two`` has not, then the reverse."""
    rows = [*_head_rows(one, two)]
    for this, other in ((one, two), (two, one)):
        rows.extend(_row(entry, this) for entry in this.levers if entry not in other.levers)
        rows.extend(_rule_row(one, this) for one in this.behaviour if one not in other.behaviour)
        rows.extend(_shock_row(one, this) for one in this.shocks if one not in other.shocks)
    return Difference(tuple(rows))


def _head_rows(one: Plan, two: Plan) -> list[dict[str, Any]]:
    rows = []
    for this, other in ((one, two), (two, one)):
        for key, unit in (("region", ""), ("horizon", "year")):
            if getattr(this, key) != getattr(other, key):
                rows.append(_blank(this) | {"what": key, "value": getattr(this, key), "unit": unit})
        for payer in Budget.model_fields:
            limit = getattr(this.budget, payer)
            if limit != getattr(other.budget, payer) and limit is not None:
                unit = BUDGETS[payer].unit
                rows.append(
                    _blank(this) | {"what": f"budget.{payer}", "value": limit, "unit": unit}
                )
    return rows


def _blank(scenario: Plan) -> dict[str, Any]:
    return dict.fromkeys(_COLUMNS) | {"scenario": scenario.name}


def _row(entry: LeverEntry, scenario: Plan) -> dict[str, Any]:
    written = entry.written()
    main = {"lever", "who", "value", "from", "to"}
    details = {key: value for key, value in written.items() if key not in main}
    paths = entry_paths([entry], Budget(), scenario.world, scenario.horizon)
    cost = float(account(paths, scenario.world).by_lever.sum()) / 1e6
    return _blank(scenario) | {
        "what": entry.lever,
        "who": ", ".join(entry.who),
        "value": entry.value,
        "unit": REGISTRY[entry.lever].scale.unit,
        "years": f"{entry.start}–{entry.last_year(scenario.horizon)}",
        "details": ", ".join(f"{key}={_text(value)}" for key, value in details.items()),
        "planned_cost_musd": round(cost, 1),
    }


def _rule_row(entry: BehaviourEntry, scenario: Plan) -> dict[str, Any]:
    first, last = entry.start or scenario.world.base_year + 1, entry.end or scenario.horizon
    return _blank(scenario) | {
        "what": "budget_rule",
        "who": ", ".join(entry.who),
        "value": entry.budget_rule,
        "unit": "rule",
        "years": f"{first}–{last}",
    }


def _shock_row(entry: ShockEntry, scenario: Plan) -> dict[str, Any]:
    details = entry.written()
    for key in ("shock", "event", "who", "size", "year", "from", "to"):
        details.pop(key, None)
    return _blank(scenario) | {
        "what": entry.name,
        "who": ", ".join(entry.who or ("those of the event",)),
        "value": entry.size,
        "unit": SIZE.unit,
        "years": f"{entry.first_year}" + (f"–{entry.end}" if entry.end else ""),
        "details": ", ".join(f"{key}={_text(value)}" for key, value in details.items()),
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 1000 else f"{value:g}"
    return str(value)
