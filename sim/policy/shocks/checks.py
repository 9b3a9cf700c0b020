"""What makes sense of the shocks and the behaviour of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from sim.errors import Problem, nearest_name
from sim.model.quantities import BUDGET_RULES
from sim.policy.drafts import BehaviourDraft, ShockDraft
from sim.policy.findings import Findings, scale_findings
from sim.policy.groups import economies_of, pair_problems, unknown_members
from sim.policy.shocks import ALIASES, EVENTS, FADE, MONTHS, SHOCKS, SIZE
from sim.policy.shocks.paths import cuts, events_of, parts_hit, systems_cut

if TYPE_CHECKING:
    from sim.region.region import Region


def shock_findings(
    draft: ShockDraft, region: Region | None, first_year: int | None, horizon: int | None
) -> Findings:
    """What one shock alone shows: its name, size, years, and whether it hits anything.

    ``region``, ``first_year`` and ``horizon`` are None where they are not known.
    """
    entry, place, found = draft.entry, draft.place, Findings()
    found.problems.extend(_name_problems(draft))
    for key, scale in (("size", SIZE), ("months", MONTHS), ("fade", FADE)):
        value = getattr(entry, key)
        if value is not None and key not in draft.unread:
            found.add(scale_findings(float(value), scale, place.at(key)))
    found.problems.extend(_year_problems(draft, first_year, horizon))
    if region is not None and not found.problems and not draft.unread:
        found.problems.extend(_hit_problems(draft, region))
    return found


def _name_problems(draft: ShockDraft) -> Iterable[Problem]:
    entry, place = draft.entry, draft.place
    if draft.unread & {"shock", "event"}:
        return
    if (entry.shock is None) == (entry.event is None):
        what = "missing" if entry.shock is None else "both are given"
        remedy = "write shock: ... or event: ..."
        yield place.problem(f"{what}: one of shock or event", remedy=remedy)
    elif entry.shock is not None and entry.shock not in SHOCKS:
        remedy = ""
        if entry.shock in ALIASES or entry.shock in EVENTS:
            remedy = f"this is an event: write event: {entry.shock}"
        yield place.at("shock").problem(
            "unknown shock",
            value=entry.shock,
            allowed=", ".join(SHOCKS),
            nearest="" if remedy else nearest_name(entry.shock, SHOCKS),
            remedy=remedy,
        )
    elif entry.event is not None and entry.event not in (*EVENTS, *ALIASES):
        remedy = f"this is a shock: write shock: {entry.event}" if entry.event in SHOCKS else ""
        yield place.at("event").problem(
            "unknown event",
            value=entry.event,
            allowed=f"{', '.join(EVENTS)}, or their names (digiregion shocks)",
            nearest="" if remedy else nearest_name(entry.event, (*EVENTS, *ALIASES)),
            remedy=remedy,
        )


def _year_problems(
    draft: ShockDraft, first_year: int | None, horizon: int | None
) -> Iterable[Problem]:
    entry, place = draft.entry, draft.place
    if draft.unread & {"year", "from", "to"}:
        return
    if (entry.year is None) == (entry.start is None):
        what = "missing" if entry.year is None else "both are given"
        yield place.problem(f"{what}: one of year or from", remedy="write year: ... or from: ...")
        return
    written = {"year": entry.year, "from": entry.start, "to": entry.end}
    for key, year in written.items():
        if year is None or first_year is None or horizon is None:
            continue
        if not first_year <= year <= horizon:
            yield place.at(key).problem(
                "outside the years of the run", value=year, allowed=f"{first_year} to {horizon}"
            )
    if entry.end is not None and entry.year is not None:
        yield place.at("to").problem("belongs to from", value=entry.end, remedy="write from: ...")
    elif entry.end is not None and entry.end < entry.first_year:
        allowed = f"{entry.first_year} or later"
        yield place.at("to").problem("ends before it begins", value=entry.end, allowed=allowed)
    if entry.end is not None and entry.months is not None:
        remedy = "write to: or months:, not both"
        yield place.at("months").problem("says twice how long", value=entry.months, remedy=remedy)


def _hit_problems(draft: ShockDraft, region: Region) -> Iterable[Problem]:
    """Whether everybody and every cable named is there, and whether anything is hit."""
    entry, place, events = draft.entry, draft.place, events_of(draft.entry)
    wrong = unknown_members(entry.who or (), place, region)
    if entry.link is not None:
        wrong += pair_problems(entry.link, region, place.at("link"))
    if entry.system is not None and entry.system not in region.systems:
        wrong.append(
            place.at("system").problem(
                "unknown cable system",
                value=entry.system,
                allowed=", ".join(sorted(region.systems)),
                nearest=nearest_name(entry.system, region.systems),
            )
        )
    yield from wrong
    cut = [event for event in events if cuts(event)]
    for key in ("link", "system"):
        if getattr(entry, key) is not None and not cut:
            message = f"{entry.name} cuts no cable"
            yield place.at(key).problem(message, value=getattr(entry, key), remedy="remove it")
    if wrong:
        return
    if entry.link is not None and entry.system is not None:
        yield place.at("system").problem("says twice what is cut", remedy="link: or system:")
    elif cut and not any(systems_cut(entry, event, region) for event in cut):
        remedy = "write link:, system: or who: with somebody who has one"
        yield place.problem("there is no cable in service to cut", remedy=remedy)
    elif not any(cuts(event) or parts_hit(entry, event, region) for event in events):
        yield place.problem(f"hits nobody in {region.name}", remedy="write who: ...")


def behaviour_findings(draft: BehaviourDraft, region: Region | None, years: range) -> Findings:
    """What one entry of behaviour alone shows; ``years`` are those of the run, empty if unknown."""
    entry, place, found = draft.entry, draft.place, Findings()
    if "budget_rule" not in draft.unread and entry.budget_rule not in BUDGET_RULES:
        found.problems.append(
            place.at("budget_rule").problem(
                "unknown budget rule",
                value=entry.budget_rule,
                allowed=", ".join(BUDGET_RULES),
                nearest=nearest_name(entry.budget_rule, BUDGET_RULES),
            )
        )
    for key, year in (("from", entry.start), ("to", entry.end)):
        if year is not None and years and year not in years:
            allowed = f"{years[0]} to {years[-1]}"
            found.problems.append(
                place.at(key).problem("outside the years of the run", value=year, allowed=allowed)
            )
    if entry.start is not None and entry.end is not None and entry.end < entry.start:
        allowed = f"{entry.start} or later"
        found.problems.append(
            place.at("to").problem("ends before it begins", value=entry.end, allowed=allowed)
        )
    if region is not None and "who" not in draft.unread:
        found.problems.extend(unknown_members(entry.who, place, region))
    return found


def behaviour_overlaps(drafts: Sequence[BehaviourDraft], region: Region) -> Iterable[Problem]:
    """Entries that give one economy two rules in one year."""
    for one, two in combinations(drafts, 2):
        shared = set(economies_of(one.entry.who, region)) & set(economies_of(two.entry.who, region))
        first = max(one.entry.start or 0, two.entry.start or 0)
        last = min(one.entry.end or 9999, two.entry.end or 9999)
        if shared and first <= last:
            named = ", ".join(code for code in region.economies if code in shared)
            yield two.place.problem(
                f"gives {named} a second budget rule, after {one.place.name or 'another entry'}",
                remedy="change who or the years",
            )
