"""What one member state plans: its own row of the lever paths, which its agent may change."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
    made: dict[int, Plan] = {}
    for plan in plans:
        if isinstance(plan, Plan) and plan.economy in economies:
            made[economies.index(plan.economy)] = plan
        else:
            message = f"decide() of {year} must return the plan of an economy of this region"
            problems.append(Problem(message, field="plan", value=plan))
    for name, rows in committed.items():
        unfit = {row for row, plan in made.items() if not _write(rows, row, getattr(plan, name))}
        within = (rows >= PLANNED[name].low) & (rows <= PLANNED[name].high)
        if name == "payer_share":
            within &= _add_up(rows)
        unfit |= set(np.flatnonzero(~within.reshape(len(rows), -1).all(axis=1)))
        shape = rows.shape[1:]
        problems.extend(_problem(made[row], name, shape, year) for row in unfit if row in made)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.field))
    return replace(levers, **committed)


def allowed(quantity: Quantity) -> str:
    """The range in words, such as ``0 to 0.05 (share of GDP a year)``."""
    return f"{quantity.low:g} to {quantity.high:g} ({quantity.unit})"


def _write(rows: Array, row: int, value: Any) -> bool:
    """Put one economy's value into its row; whether it is as many numbers as there should be."""
    try:
        rows[row] = value
    except (TypeError, ValueError):
        return False
    return True


def _add_up(shares: Array) -> NDArray[np.bool_]:
    """Whether the payers of each lever bear all of its cost, (economy, lever, 1)."""
    error = np.abs(shares.sum(axis=-1, keepdims=True) - 1.0)
    return np.asarray(error <= SHARE_TOLERANCE)


def _problem(plan: Plan, name: str, shape: tuple[int, ...], year: int) -> Problem:
    """What to say of a value of a plan that is not as it should be."""
    many = f" each, {' by '.join(str(length) for length in shape)}" if shape else ""
    sums = ", and those of a lever add up to 1" if name == "payer_share" else ""
    return Problem(
        f"decided for {year}, but not a number in range{many}{sums}",
        field=f"{plan.economy} {name}",
        value=getattr(plan, name),
        allowed=allowed(PLANNED[name]),
    )


def _unknown(name: str) -> str:
    near = nearest_name(name, PLANNED)
    hint = f"; did you mean {near}?" if near else ""
    return f"a plan has no lever or option {name!r}{hint} (there are {', '.join(PLANNED)})"
