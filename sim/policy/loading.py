"""Reads a scenario file and what it extends, and checks all of it: everything wrong at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError, Problem, nearest_name
from sim.policy.accounts import budget_problems
from sim.policy.drafts import BehaviourDraft, Draft, FileDraft, ShockDraft, draft_file
from sim.policy.entries import Budget
from sim.policy.findings import Findings
from sim.policy.paths import entry_paths
from sim.policy.places import Place
from sim.policy.regions import open_region, region_key
from sim.policy.rules import (
    budget_findings,
    entry_findings,
    head_problems,
    link_problems,
    named_problems,
    overlap_problems,
    who_problems,
)
from sim.policy.shocks.checks import behaviour_findings, behaviour_overlaps, shock_findings
from sim.policy.shocks.paths import add_shocks, range_problems
from sim.policy.yaml_reader import read_yaml

if TYPE_CHECKING:
    from sim.region.region import Region


@dataclass
class Resolved:
    """A scenario file with what it extends: as much as could be understood, and what was found."""

    name: str
    description: str
    place: Place
    region: str | None = None
    horizon: int | None = None
    budget: Budget = field(default_factory=Budget)
    entries: list[Draft] = field(default_factory=list)
    behaviour: list[BehaviourDraft] = field(default_factory=list)
    shocks: list[ShockDraft] = field(default_factory=list)
    unread: frozenset[str] = frozenset()
    world: Region | None = None
    findings: Findings = field(default_factory=Findings)


def resolve(path: str | Path) -> Resolved:
    """Read and check a scenario file. What is wrong is in the findings."""
    try:
        resolved = _follow(Path(path), ())
    except InputError as error:
        return Resolved("", "", Place(str(path)), findings=Findings(list(error.problems)))
    _open(resolved)
    assess(resolved)
    for found in (resolved.findings.problems, resolved.findings.warnings):
        found.sort(key=lambda problem: (problem.file, problem.line or 0))
    return resolved


def assess(resolved: Resolved) -> None:
    """Check a scenario as a whole and add to its findings."""
    findings, world, horizon = resolved.findings, resolved.world, resolved.horizon
    base_year = world.base_year if world else None
    wrong_head = head_problems(resolved.name, horizon, base_year, resolved.place)
    findings.problems.extend(wrong_head)
    if any(problem.field == "horizon" for problem in wrong_head):
        horizon = None
    first_year = base_year + 1 if base_year else None
    sound = []
    for draft in resolved.entries:
        found = entry_findings(draft, first_year, horizon)
        if world:
            found.problems.extend(who_problems(draft, world))
            found.problems.extend(named_problems(draft, world))
        if not found.problems and not draft.unread:
            sound.append(draft)
        findings.add(found)
    findings.add(budget_findings(resolved.budget, resolved.place.at("budget")))
    _assess_behaviour(resolved, first_year, horizon)
    _assess_shocks(resolved, first_year, horizon)
    if world and horizon:
        findings.problems.extend(overlap_problems(resolved.entries, world, horizon))
        too_many = list(link_problems(sound, world))
        findings.problems.extend(too_many)
        if "budget" not in resolved.unread and not too_many:
            findings.problems.extend(
                budget_problems(sound, resolved.budget, world, horizon, resolved.place)
            )


def _assess_behaviour(resolved: Resolved, first_year: int | None, horizon: int | None) -> None:
    years = range(first_year, horizon + 1) if first_year and horizon else range(0)
    for draft in resolved.behaviour:
        resolved.findings.add(behaviour_findings(draft, resolved.world, years))
    if resolved.world:
        resolved.findings.problems.extend(behaviour_overlaps(resolved.behaviour, resolved.world))


def _assess_shocks(resolved: Resolved, first_year: int | None, horizon: int | None) -> None:
    """Check each shock, and, where all are sound, whether they are bearable together."""
    world, wrong = resolved.world, False
    for draft in resolved.shocks:
        found = shock_findings(draft, world, first_year, horizon)
        wrong = wrong or bool(found.problems or draft.unread)
        resolved.findings.add(found)
    if world and horizon and resolved.shocks and not wrong:
        shocks = entry_paths((), Budget(), world, horizon).shocks
        add_shocks(shocks, [draft.entry for draft in resolved.shocks], world, horizon)
        place = resolved.place.at("shocks")
        resolved.findings.problems.extend(range_problems(shocks, world, place))


def merge(earlier: Sequence[Draft], later: Sequence[Draft]) -> tuple[list[Draft], list[Problem]]:
    """Entries of both; a later one with ``replace`` drops all earlier ones of its lever."""
    replaced = {draft.entry.lever for draft in later if draft.entry.replace}
    kept = [draft for draft in earlier if draft.entry.lever not in replaced]
    dropped = {draft.entry.lever for draft in earlier} & replaced
    problems = [
        draft.place.at("replace").problem(
            f"there is no earlier {draft.entry.lever} to replace", remedy="remove replace"
        )
        for draft in later
        if draft.entry.replace and draft.entry.lever not in dropped
    ]
    done = [
        Draft(draft.entry.model_copy(update={"replace": False}), draft.place, draft.unread)
        for draft in later
    ]
    return kept + done, problems


def _follow(path: Path, children: tuple[Path, ...]) -> Resolved:
    """The file and, merged into it, the chain of files that it extends."""
    document = read_yaml(path)
    file = draft_file(document.data, Place.top(document))
    head = file.head
    region = None if head.region is None else region_key(head.region, path.parent)
    resolved = Resolved(
        head.name,
        head.description,
        file.place,
        region,
        head.horizon,
        head.budget or Budget(),
        unread=file.unread,
        findings=Findings(file.problems),
    )
    parent = _parent(file, path, children, resolved.findings)
    if parent is not None:
        _inherit(resolved, parent, file)
    resolved.entries, problems = merge(parent.entries if parent else [], file.entries)
    resolved.findings.problems.extend(problems)
    resolved.shocks = [*(parent.shocks if parent else []), *file.shocks]
    inherited = parent.behaviour if parent else []
    resolved.behaviour = inherited if file.behaviour is None else file.behaviour
    extends_something = head.extends is not None or "extends" in file.unread
    for key in ("region", "horizon"):
        if getattr(head, key) is None and key not in file.unread and not extends_something:
            remedy = f"add {key}: ..."
            problem = file.place.at(key).problem("missing: required", remedy=remedy)
            resolved.findings.problems.append(problem)
    return resolved


def _parent(
    file: FileDraft, path: Path, children: tuple[Path, ...], findings: Findings
) -> Resolved | None:
    """The scenario that a file extends, or None with the reason among the problems."""
    written = file.head.extends
    if written is None:
        return None
    place = file.place.at("extends")
    chain = (*children, _absolute(path))
    target = path.parent / (written if written.endswith((".yaml", ".yml")) else f"{written}.yaml")
    problem = None
    if "\0" in written or not written.strip():
        problem = place.problem("not a file name", value=written)
    elif _absolute(target) in chain:
        names = " → ".join(link.stem for link in (*chain, target))
        problem = place.problem(f"scenarios extend each other: {names}", value=written)
    elif not _is_file(target):
        nearest = nearest_name(written, sorted(other.stem for other in path.parent.glob("*.yaml")))
        remedy = "give a scenario of the same folder without .yaml, or the path of a .yaml file"
        problem = place.problem(
            f"no such scenario: {target.name}", value=written, nearest=nearest, remedy=remedy
        )
    if problem is not None:
        findings.problems.append(problem)
        return None
    try:
        return _follow(target, chain)
    except InputError as error:
        findings.problems.extend(error.problems)
        return None


def _inherit(child: Resolved, parent: Resolved, file: FileDraft) -> None:
    """Take over from the parent what the child does not state."""
    child.findings.add(parent.findings)
    if child.region and parent.region and child.region != parent.region:
        child.findings.problems.append(
            child.place.at("region").problem(
                "differs from the region of the scenario that is extended",
                value=file.head.region,
                allowed=str(parent.region),
                remedy="leave region out",
            )
        )
    if "region" not in file.unread:
        child.region = child.region or parent.region
    if "horizon" not in file.unread:
        child.horizon = child.horizon or parent.horizon
    if file.head.budget is None and "budget" not in file.unread:
        child.budget = parent.budget


def _open(resolved: Resolved) -> None:
    if resolved.region is None:
        return
    try:
        resolved.world = open_region(resolved.region, resolved.place.at("region"))
    except InputError as error:
        resolved.findings.problems.extend(error.problems)


def _absolute(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
