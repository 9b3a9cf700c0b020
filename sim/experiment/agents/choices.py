"""What agents choose in their own way, as arrays for the model.

The built-in choices are made by the model itself, so that a run without own rules agrees with a
batch; a function is passed on only where some agent has its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from sim.errors import InputError, Problem, nearest_name
from sim.experiment.agents.member_state import MemberState
from sim.experiment.agents.regional_body import RegionalBody
from sim.model import bodies
from sim.model.behaviour import UNDECIDED, Conduct, Ratify
from sim.model.budget_rules import UNCHOSEN, LearnFrom, Spread
from sim.model.goals import DIVISIBLE
from sim.model.parameters import Parameters
from sim.model.quantities import Array, Levers, State

#: How far shares of a budget may be from 1 in sum.
TOLERANCE = 1e-9


def conduct_of(
    states: Iterable[MemberState],
    body: RegionalBody,
    economies: tuple[str, ...],
    instruments: tuple[str, ...],
) -> Conduct:
    """The conduct of these agents, of a region with these economies and agreements.

    Raises InputError, when asked, for choices out of range.
    """
    states = list(states)
    spenders = [state for state in states if _has_own(state, "spend", MemberState)]
    learners = [state for state in states if _has_own(state, "learn_from", MemberState)]
    joiners = [state for state in states if _has_own(state, "ratify", MemberState)]
    own_claims = _has_own(body, "allocate", RegionalBody)
    own_review = _has_own(body, "review", RegionalBody)
    return Conduct(
        spread=_spread(spenders) if spenders else None,
        learn_from=_learn_from(learners, economies) if learners else None,
        allocate=_allocate(body, economies) if own_claims else bodies.claims,
        review=_review(body, economies) if own_review else bodies.review,
        ratify=_ratify(joiners, economies, instruments) if joiners else None,
    )


def _has_own(agent: Any, method: str, base: type) -> bool:
    """Whether an agent's class or the agent itself has put a method in place of the built-in."""
    return method in vars(agent) or getattr(type(agent), method) is not getattr(base, method)


def _spread(spenders: list[MemberState]) -> Spread:
    def spread(old: State, plan: Levers, shares: Array, p: Parameters) -> Array:
        own = shares.copy()
        for state in spenders:
            row = shares[0, state.position].tolist()
            wanted = state.spend(dict(zip(DIVISIBLE, row, strict=True)))
            where = f"{state.iso3} spend()"
            parts = _numbers(wanted, DIVISIBLE, where, 1.0)
            if abs(sum(parts.values()) - 1.0) > TOLERANCE:
                raise _problem(where, "shares do not add up to 1", sum(parts.values()), "1")
            own[0, state.position] = [parts.get(name, 0.0) for name in DIVISIBLE]
        return own

    return spread


def _learn_from(learners: list[MemberState], economies: tuple[str, ...]) -> LearnFrom:
    def learn_from(old: State, p: Parameters) -> Any:
        chosen: dict[int, list[int]] = {}
        for state in learners:
            codes = state.learn_from()
            if codes is None:
                continue
            for code in codes:
                _known(code, economies, f"{state.iso3} learn_from()")
            chosen[state.position] = [economies.index(code) for code in codes] or [state.position]
        width = max((len(row) for row in chosen.values()), default=1)
        numbers = np.full((len(economies), width), UNCHOSEN)
        for row, found in chosen.items():
            numbers[row, : len(found)] = found
        return numbers

    return learn_from


def _ratify(
    joiners: list[MemberState], economies: tuple[str, ...], instruments: tuple[str, ...]
) -> Ratify:
    def ratify(old: State, plan: Levers, p: Parameters) -> Array:
        chosen = np.full((len(economies), len(instruments)), UNDECIDED)
        for state in joiners:
            choices = _numbers(state.ratify(), instruments, f"{state.iso3} ratify()", 1.0)
            for code, joins in choices.items():
                chosen[state.position, instruments.index(code)] = float(joins > 0.0)
        return chosen

    return ratify


def _allocate(body: RegionalBody, economies: tuple[str, ...]) -> bodies.Allocate:
    def allocate(old: State, plan: Levers, p: Parameters) -> Array:
        claims = _numbers(body.allocate(), economies, "allocate() of the regional body")
        row = np.array([claims.get(code, 0.0) for code in economies])
        whole = row.sum()
        return np.asarray((row / whole if whole > 0.0 else row)[None, :])

    return allocate


def _review(body: RegionalBody, economies: tuple[str, ...]) -> bodies.Review:
    def review(old: State, plan: Levers, p: Parameters) -> Array:
        gains = _numbers(body.review(), economies, "review() of the regional body", 1.0)
        kept = old.review_gain[0].tolist()
        found = [gains.get(code, kept[row]) for row, code in enumerate(economies)]
        return np.array(found)[None, :]

    return review


def _numbers(
    given: Mapping[str, float], names: Collection[str], where: str, most: float = np.inf
) -> dict[str, float]:
    """Numbers by name, each known and from 0 to ``most``. Raises InputError."""
    if not isinstance(given, Mapping):
        raise _problem(where, "must return numbers by name", given, "a dictionary")
    for name, value in given.items():
        _known(name, names, where)
        if not (isinstance(value, int | float | np.floating) and 0.0 <= value <= most):
            message = f"{name} is not a number in range"
            allowed = f"0 to {most:g}" if np.isfinite(most) else "0 or more"
            raise _problem(where, message, value, allowed)
    return {name: float(value) for name, value in given.items()}


def _known(name: Any, names: Collection[str], where: str) -> None:
    if name not in names:
        raise InputError([Problem("no such name", field=where, value=name,
                                  nearest=nearest_name(str(name), names),
                                  allowed=", ".join(names))])  # fmt: skip


def _problem(where: str, message: str, value: Any, allowed: str) -> InputError:
    return InputError([Problem(message, field=where, value=value, allowed=allowed)])
