"""What one member state plans: its own row of the lever paths, which its agent may change."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from sim.errors import InputError, Problem, nearest_name
from sim.model.quantities import Array, Levers, Quantity, quantities

#: What an economy plans by itself: every lever and option that has an economy axis.
PLANNED: Mapping[str, Quantity] = MappingProxyType(
    {item.name: item for item in quantities(Levers) if "economy" in item.axes}
)
#: How far the shares of the payers of one lever may be from 1 in sum.
SHARE_TOLERANCE = 1e-9


class Plan:
    """One economy's plan of one year: an attribute for each lever and option, in model units.

    The attributes are the quantities of ``Levers`` with an economy axis (see ``PLANNED``): a number
    each, but ``alignment_target``, one number a provision, and ``payer_share``, (lever, payer). A
    single number stands for all of them. Reading or setting any other name raises AttributeError.
    """

    __slots__ = ("_values", "economy")

    economy: str
    _values: dict[str, Any]

    def __init__(self, economy: str, values: Mapping[str, Any]) -> None:
        """``values`` has one entry for each name of ``PLANNED``."""
        object.__setattr__(self, "economy", economy)
        object.__setattr__(self, "_values", dict(values))

    @classmethod
    def of(cls, economy: str, position: int, levers: Levers) -> Plan:
        """The row of one economy in one year's levers, as a copy."""
        rows = {name: getattr(levers, name)[position] for name in PLANNED}
        return cls(
            economy,
            {name: float(row) if np.ndim(row) == 0 else row.copy() for name, row in rows.items()},
        )

    def __getattr__(self, name: str) -> Any:
        if name in PLANNED:
            return self._values[name]
        raise AttributeError(_unknown(name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in PLANNED:
            raise AttributeError(_unknown(name))
        self._values[name] = value

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *PLANNED]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._values.items())
        return f"Plan({self.economy!r}, {shown})"

    def __copy__(self) -> Plan:
        return Plan(self.economy, self._values)

    def __deepcopy__(self, memo: dict[int, Any]) -> Plan:
        return Plan(self.economy, copy.deepcopy(self._values, memo))

    def __reduce__(self) -> tuple[type[Plan], tuple[str, dict[str, Any]]]:
        return Plan, (self.economy, self._values)


def commit(levers: Levers, plans: Iterable[Plan], economies: tuple[str, ...], year: int) -> Levers:
    """One year's levers with the rows of those who made a plan; the order of plans is no matter.

    Raises InputError that names economy, lever, value and what is allowed, for every value that is
    not a number in its range.
    """
    committed = {name: getattr(levers, name).copy() for name in PLANNED}
    problems: list[Problem] = []
    for plan in plans:
        if not isinstance(plan, Plan) or plan.economy not in economies:
            message = f"decide() of {year} must return the plan of an economy of this region"
            problems.append(Problem(message, field="plan", value=plan))
            continue
        row = economies.index(plan.economy)
        for name, paths in committed.items():
            problem = _problem(plan, name, paths[row].shape, year)
            if problem is None:
                paths[row] = getattr(plan, name)
            else:
                problems.append(problem)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.field))
    return replace(levers, **committed)


def allowed(quantity: Quantity) -> str:
    """The range in words, such as ``0 to 0.05 (share of GDP a year)``."""
    return f"{quantity.low:g} to {quantity.high:g} ({quantity.unit})"


def _problem(plan: Plan, name: str, shape: tuple[int, ...], year: int) -> Problem | None:
    """What is wrong with one value of a plan, if anything."""
    quantity, value = PLANNED[name], getattr(plan, name)
    try:
        numbers: Array = np.broadcast_to(np.asarray(value, dtype=float), shape)
    except (TypeError, ValueError):
        numbers = np.full(shape, np.nan)
    message = ""
    if not np.all((numbers >= quantity.low) & (numbers <= quantity.high)):
        size = f" each, {' by '.join(str(length) for length in shape)}" if shape else ""
        message = f"decided for {year}, but not a number in range{size}"
    elif name == "payer_share" and not _add_up(numbers):
        message = f"decided for {year}, but the shares of some lever's payers do not add up to 1"
    if not message:
        return None
    field = f"{plan.economy} {name}"
    return Problem(message, field=field, value=value, allowed=allowed(quantity))


def _add_up(shares: Array) -> bool:
    """Whether the payers of every lever, (lever, payer), bear all of its cost."""
    return bool(np.all(np.abs(shares.sum(axis=-1) - 1.0) <= SHARE_TOLERANCE))


def _unknown(name: str) -> str:
    near = nearest_name(name, PLANNED)
    hint = f"; did you mean {near}?" if near else ""
    return f"a plan has no lever or option {name!r}{hint} (there are {', '.join(PLANNED)})"
