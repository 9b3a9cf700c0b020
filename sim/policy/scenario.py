"""A scenario: the region, the years, the levers and the budgets that one run assumes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sim.errors import InputError, Problem
from sim.policy.difference import Difference, difference
from sim.policy.drafts import (
    BEHAVIOUR,
    SHOCKS,
    Draft,
    draft_entry,
    draft_one,
    drafted,
    typed,
)
from sim.policy.entries import Budget, LeverEntry, ShockEntry
from sim.policy.loading import Resolved, assess, merge, resolve
from sim.policy.places import NOWHERE
from sim.policy.plan import HORIZON, Plan
from sim.policy.regions import SHIPPED, open_region, region_key
from sim.policy.rules import entry_findings
from sim.policy.shocks.checks import shock_findings
from sim.policy.writing import scenario_yaml, write_text

if TYPE_CHECKING:
    from sim.region.region import Region


@dataclass(frozen=True)
class Scenario(Plan):
    """What is planned for a region. Immutable; equal if everything written is equal.

    ``region`` is a shipped name (asean, carec, asean+carec) or the path of a folder; ``horizon``
    the last year of the run; ``levers`` what is planned, from ``lever(...)``; ``budget`` the most
    that each payer spends in a year; ``behaviour`` how member states spread theirs, and ``shocks``
    what disturbs the region, from ``shock(...)``. ``world`` is the region itself; it is opened when
    not given.

    Raises InputError, with every problem found, if the scenario cannot be run.
    """

    def __post_init__(self) -> None:
        set_field = object.__setattr__  # the fields are frozen; here they take their final form
        budget, drafts, problems = _typed_fields(self)
        shocks = drafted(SHOCKS, self.shocks, NOWHERE, problems)
        behaviour = drafted(BEHAVIOUR, self.behaviour, NOWHERE, problems)
        drafts, unmatched = merge([], drafts)
        if problems or unmatched:
            raise InputError([*problems, *unmatched])
        set_field(self, "budget", budget)
        set_field(self, "levers", tuple(draft.entry for draft in drafts))
        set_field(self, "shocks", tuple(draft.entry for draft in shocks))
        set_field(self, "behaviour", tuple(draft.entry for draft in behaviour))
        if self.world is None:
            set_field(self, "region", region_key(self.region, Path()))
            set_field(self, "world", open_region(self.region, NOWHERE.at("region")))
        resolved = Resolved(
            self.name,
            self.description,
            NOWHERE,
            self.region,
            self.horizon,
            budget,
            drafts,
            behaviour,
            shocks,
            world=self.world,
        )
        assess(resolved)
        if resolved.findings.problems:
            raise InputError(resolved.findings.problems)

    @classmethod
    def load(cls, path: str | Path) -> Scenario:
        """Read a scenario file and what it extends. Raises InputError with every problem found."""
        resolved = resolve(path)
        if resolved.findings.problems:
            raise InputError(resolved.findings.problems)
        return cls(
            name=resolved.name,
            region=resolved.region or "",
            horizon=resolved.horizon or 0,
            levers=tuple(draft.entry for draft in resolved.entries),
            budget=resolved.budget,
            description=resolved.description,
            behaviour=tuple(draft.entry for draft in resolved.behaviour),
            shocks=tuple(draft.entry for draft in resolved.shocks),
            world=cast("Region", resolved.world),
        )

    @classmethod
    def baseline(
        cls, region: str | Region, horizon: int = HORIZON, name: str = "baseline"
    ) -> Scenario:
        """The scenario without any policy, to which others are compared."""
        if isinstance(region, str):
            return cls(name=name, region=region, horizon=horizon)
        return cls(name=name, region=region.name, horizon=horizon, world=region)

    def plus(
        self, *entries: LeverEntry | ShockEntry, name: str | None = None, **changes: Any
    ) -> Scenario:
        """This scenario with further levers and shocks; ``changes`` may set budget, behaviour, ...

        A lever with ``replace=True`` drops this scenario's entries of its kind. Raises InputError.
        """
        shocks = tuple(entry for entry in entries if isinstance(entry, ShockEntry))
        added, problems = _drafts(entry for entry in entries if not isinstance(entry, ShockEntry))
        kept, unmatched = merge([Draft(entry) for entry in self.levers], added)
        if problems or unmatched:
            raise InputError([*problems, *unmatched])
        names = [draft.entry.lever for draft in added] + [one.name for one in shocks]
        title = name or f"{self.name} plus {', '.join(names)}"[:100]
        levers = tuple(draft.entry for draft in kept)
        together = {"levers": levers, "shocks": (*self.shocks, *shocks)} | changes
        return replace(self, name=title, **together)

    @property
    def years(self) -> range:
        """The years of the run: the year after the base year to the horizon."""
        return range(self.world.base_year + 1, self.horizon + 1)

    @property
    def digest(self) -> str:
        """SHA-256 of what the run depends on: not of the name, the description or the order."""
        lists = (self.levers, self.behaviour, self.shocks)
        entries = [
            sorted(json.dumps(entry.written(), sort_keys=True) for entry in entries)
            for entries in lists
        ]
        region = self.region if self.region in SHIPPED else os.path.basename(self.region)
        content = [region, self.horizon, self.budget.model_dump(), *entries]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def diff(self, other: Scenario) -> Difference:
        """What this scenario has that the other has not, and the reverse, with planned cost."""
        return difference(self, other)

    def to_yaml(self) -> str:
        """The scenario as a file, without ``extends``: all levers are written out."""
        return scenario_yaml(self)

    def save(self, path: str | Path) -> Path:
        """Write the file, all or nothing; the region's folder relative to it. Raises InputError."""
        target = Path(path)
        region = self.region
        if region not in SHIPPED:
            region = Path(os.path.relpath(region, target.absolute().parent)).as_posix()
        write_text(target, scenario_yaml(self, region))
        return target


def lever(
    name: str,
    value: float | None = None,
    who: str | tuple[str, ...] | list[str] = "all",
    *,
    years: int | tuple[int, int],
    ramp: int = 0,
    payer: Mapping[str, float] | None = None,
    **options: Any,
) -> LeverEntry:
    """One policy: what, how much, for whom, when, and who pays.

    ``value`` is in the unit of the lever (see ``lever_table``); ``years`` the first and the last
    year, or only the first; ``ramp`` the years until full value; ``payer`` shares of the public
    cost. ``options``: rural_share, private_leverage, provisions, by, replace. Raises InputError.
    """
    start, end = years if isinstance(years, tuple) and len(years) == 2 else (years, None)
    item: dict[str, Any] = {"lever": name, "who": who, "from": start, "ramp": ramp} | options
    further = {"value": value, "to": end, "payer": dict(payer) if payer is not None else None}
    item |= {key: setting for key, setting in further.items() if setting is not None}
    draft, problems = draft_entry({key: _plain(one) for key, one in item.items()}, NOWHERE)
    if draft is not None:
        problems += entry_findings(draft, None, None).problems
    if problems or draft is None:
        raise InputError(problems)
    return draft.entry


def shock(
    name: str | None = None,
    who: str | tuple[str, ...] | list[str] | None = None,
    *,
    years: int | tuple[int, int],
    event: str | None = None,
    size: float = 1.0,
    **options: Any,
) -> ShockEntry:
    """One disturbance: a kind of shock by ``name``, or an ``event``, when, how hard, and for whom.

    ``years`` is the year in which it begins, or the first and the last year; ``size`` is times the
    usual. ``options``: months, fade, link, system. Raises InputError.
    """
    when = {"from": years[0], "to": years[1]} if isinstance(years, tuple) else {"year": years}
    item = {"shock": name, "event": event, "who": who, "size": size, **when, **options}
    given = {key: _plain(one) for key, one in item.items() if one is not None}
    draft, problems = draft_one(SHOCKS, given, NOWHERE)
    if draft is not None:
        problems += shock_findings(draft, None, None, None).problems
    if problems or draft is None:
        raise InputError(problems)
    return draft.entry


def _plain(value: Any) -> Any:
    """A NumPy scalar as a Python number; anything else as it is."""
    return value.item() if hasattr(value, "item") and hasattr(value, "dtype") else value


def _drafts(levers: Any) -> tuple[list[Draft], list[Problem]]:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for position, item in enumerate(levers):
        draft, found = draft_entry(item, NOWHERE.at("levers", position))
        problems.extend(found)
        if draft is not None:
            drafts.append(draft)
    return drafts, problems


def _typed_fields(scenario: Scenario) -> tuple[Budget, list[Draft], list[Problem]]:
    """Budget and levers as typed values, whatever was given, and what is wrong with any field."""
    top = NOWHERE
    problems: list[Problem] = []
    for key in ("name", "region", "description", "horizon"):
        kind, word = (int, "a whole number") if key == "horizon" else (str, "text")
        value = getattr(scenario, key)
        if not isinstance(value, kind) or isinstance(value, bool):
            problems.append(top.at(key).problem(f"must be {word}", value=value))
    budget = scenario.budget
    if isinstance(budget, Mapping):
        budget, found = typed(Budget, budget, top.at("budget"))
        problems.extend(found)
    elif not isinstance(budget, Budget):
        problems.append(top.at("budget").problem("must be a mapping", value=budget))
    levers = scenario.levers
    if not isinstance(levers, list | tuple):
        problems.append(top.at("levers").problem("must be a list of lever(...)", value=levers))
        levers = ()
    drafts, found = _drafts(levers)
    return budget, drafts, problems + found
