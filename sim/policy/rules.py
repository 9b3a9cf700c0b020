"""What makes sense: names, ranges, years, options and overlaps of lever entries."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, nearest_name
from sim.policy.drafts import Draft
from sim.policy.entries import Budget, LeverEntry
from sim.policy.findings import Findings, scale_findings
from sim.policy.groups import economies_of, pair_problems, unknown_members
from sim.policy.levers import (
    BUDGETS,
    LAST_YEAR,
    LONGEST_RAMP,
    OPTIONS,
    REGISTRY,
    Lever,
    Option,
)
from sim.policy.places import Place
from sim.policy.projects import most_links, projects_of

if TYPE_CHECKING:
    from sim.region.region import Region

_TOLERANCE = 1e-9


def entry_findings(draft: Draft, first_year: int | None, horizon: int | None) -> Findings:
    """What one entry alone shows: lever, value, options, years, payers.

    ``first_year`` and ``horizon`` are None where they are not known.
    """
    found = Findings()
    entry, place = draft.entry, draft.place
    if "lever" not in draft.unread:
        kind = REGISTRY.get(entry.lever)
        if kind is None:
            found.problems.append(_unknown_lever(entry.lever, place.at("lever")))
        else:
            found.add(_value_findings(draft, kind))
            found.add(_option_findings(draft, kind))
    found.add(_year_findings(draft, first_year, horizon))
    found.problems.extend(_payer_problems(entry, place.at("payer")))
    return found


def _unknown_lever(name: str, place: Place) -> Problem:
    nearest = nearest_name(name, REGISTRY)
    return place.problem("unknown lever", value=name, allowed=", ".join(REGISTRY), nearest=nearest)


def _value_findings(draft: Draft, kind: Lever) -> Findings:
    place = draft.place.at("value")
    if "value" in draft.unread:
        return Findings()
    entry = draft.entry
    instead = [option.name for option in kind.options if option.suffices]
    if entry.value is not None:
        return scale_findings(entry.value, kind.scale, place)
    if any(_stands(entry, kind, name) or name in draft.unread for name in instead):
        return Findings()
    remedy = f"add value: ... ({kind.scale.unit})"
    if instead:
        remedy += f" or {', '.join(instead)}: ..."
    return Findings([place.problem("missing: required", remedy=remedy)])


def _stands(entry: LeverEntry, kind: Lever, name: str) -> bool:
    """Whether an option is written so that it needs no value."""
    written, option = getattr(entry, name), kind.option(name)
    if option is not None and option.kind == "levels" and written:
        return None not in written.values()
    return bool(written) or written == 0.0


def _option_findings(draft: Draft, kind: Lever) -> Findings:
    found = Findings()
    for option in OPTIONS.values():
        written = getattr(draft.entry, option.name)
        place = draft.place.at(option.name)
        if written is None:
            continue
        own = kind.option(option.name)
        if own is None:
            found.problems.append(_foreign_option(kind, option.name, written, place))
        elif own.kind in ("levels", "shares"):
            found.add(_key_findings(written, own, place))
        elif own.kind == "choice" and written not in own.keys:
            found.problems.append(_unknown(own, written, own.keys, place))
        elif own.scale:
            found.add(scale_findings(written, own.scale, place))
    found.problems.extend(_missing_options(draft, kind))
    return found


def _foreign_option(kind: Lever, name: str, written: Any, place: Place) -> Problem:
    allowed = ", ".join(option.name for option in kind.options) or "no options"
    owners = [lever.name for lever in REGISTRY.values() if lever.option(name)]
    return place.problem(
        f"{kind.name} does not have this option",
        value=written,
        allowed=allowed,
        remedy=f"remove it; it belongs to {', '.join(owners)}",
    )


def _missing_options(draft: Draft, kind: Lever) -> list[Problem]:
    """Options without which an entry does not say what it is about."""
    problems = []
    given = {
        option.name
        for option in kind.options
        if getattr(draft.entry, option.name) is not None or option.name in draft.unread
    }
    if kind.needs_one and len(given & set(kind.needs_one)) != 1:
        names = " or ".join(kind.needs_one)
        found = "both are given" if given & set(kind.needs_one) else "missing"
        problems.append(draft.place.problem(f"{found}: one of {names}", remedy=f"write {names}"))
    for option in kind.options:
        if option.with_ in given and option.name not in given:
            place, unit = draft.place.at(option.name), option.scale.unit if option.scale else ""
            message = f"missing: required with {option.with_}"
            problems.append(place.problem(message, remedy=f"add {option.name}: ... ({unit})"))
    return problems


def _unknown(option: Option, name: Any, known: Iterable[str], place: Place) -> Problem:
    words = tuple(known)
    return place.problem(
        f"unknown {option.name}",
        value=name,
        allowed=", ".join(words) or "none in this region",
        nearest=nearest_name(name, words),
    )


def _key_findings(levels: Mapping[str, float | None], option: Option, place: Place) -> Findings:
    """Whether levels or shares by key are for keys that exist and within their range."""
    found = Findings()
    word = option.name.removesuffix("s")
    if not levels:
        found.problems.append(place.problem("must not be empty", remedy=f"name a {word}"))
    for name, level in levels.items():
        if name not in option.keys:
            found.problems.append(
                place.at(name).problem(
                    f"unknown {word}",
                    allowed=", ".join(option.keys),
                    nearest=nearest_name(name, option.keys),
                )
            )
        elif level is not None and option.scale:
            found.add(scale_findings(level, option.scale, place.at(name)))
    given = [level for level in levels.values() if level is not None]
    if option.kind == "shares" and given and not found.problems:
        total = sum(given) if len(given) == len(levels) else math.nan
        if not abs(total - 1.0) <= _TOLERANCE:
            remedy = "give each a share, or name them in a list to divide alike"
            message = f"the shares sum to {total:g}"
            found.problems.append(place.problem(message, allowed="1", remedy=remedy))
    return found


def _year_findings(draft: Draft, first_year: int | None, horizon: int | None) -> Findings:
    entry, place, found = draft.entry, draft.place, Findings()
    written = {"from": entry.start, "to": entry.end, "by": entry.by}
    years = {
        key: year for key, year in written.items() if year is not None and key not in draft.unread
    }
    low, high = first_year or 0, horizon or LAST_YEAR
    for key, year in years.items():
        if first_year is not None and not low <= year <= high:
            remedy = "change the year" if year < low else "change the year or raise the horizon"
            found.problems.append(
                place.at(key).problem(
                    "outside the years of the run",
                    value=year,
                    allowed=f"{low} to {high}",
                    remedy=remedy,
                )
            )
    for key, word in (("to", "ends"), ("by", "is to be complete")):
        if "from" in years and key in years and years[key] < years["from"]:
            found.problems.append(
                place.at(key).problem(
                    f"{word} before it begins in {years['from']}",
                    value=years[key],
                    allowed=f"{years['from']} or later",
                )
            )
    if "by" in years and years["by"] > years.get("to", years["by"]):
        allowed = f"up to {years['to']}, the year in to"
        found.problems.append(
            place.at("by").problem("after the lever ends", value=years["by"], allowed=allowed)
        )
    found.add(_ramp_findings(draft, horizon))
    return found


def _ramp_findings(draft: Draft, horizon: int | None) -> Findings:
    entry, place, found = draft.entry, draft.place.at("ramp"), Findings()
    unramped = {"target": "by: sets the pace", "project": "it is paid for in equal parts"}
    form = entry.kind.form if entry.kind else ""
    known = horizon is not None and not draft.unread & {"from", "to"}
    if not 0 <= entry.ramp <= LONGEST_RAMP:
        allowed = f"0 to {LONGEST_RAMP} (years until full value)"
        found.problems.append(place.problem("out of range", value=entry.ramp, allowed=allowed))
    elif entry.ramp and form in unramped:
        message = f"{entry.lever} has no ramp"
        remedy = f"remove it; {unramped[form]}"
        found.problems.append(place.problem(message, value=entry.ramp, remedy=remedy))
    elif entry.ramp and known and entry.ramp > entry.last_year(horizon or 0) - entry.start:
        message = "the lever ends before it reaches its full value"
        found.warnings.append(place.problem(message, value=entry.ramp))
    return found


def _payer_problems(entry: LeverEntry, place: Place) -> list[Problem]:
    payer = entry.payer
    problems = [
        place.at(name).problem(
            "out of range",
            value=share,
            allowed="0 to 1 (share of the public cost)",
            nearest=f"{share / 100:.2f}" if 1 < share <= 100 else "",
        )
        for name, share in payer.model_dump(exclude_none=True).items()
        if not 0.0 <= share <= 1.0
    ]
    if problems:
        return problems
    others = payer.regional_fund + payer.partner
    total = others + (payer.national or 0.0)
    if total > 1.0 + _TOLERANCE:
        return [place.problem(f"the shares sum to {total:g}", allowed="at most 1")]
    if payer.national is not None and total < 1.0 - _TOLERANCE:
        remedy = "leave national out: it pays the rest"
        return [place.problem(f"the shares sum to {total:g}", allowed="1", remedy=remedy)]
    return []


def budget_findings(budget: Budget, place: Place) -> Findings:
    """Whether the stated budgets are within their ranges."""
    found = Findings()
    for name, scale in BUDGETS.items():
        limit = getattr(budget, name)
        if limit is not None:
            found.add(scale_findings(limit, scale, place.at(name)))
    return found


def who_problems(draft: Draft, region: Region) -> list[Problem]:
    """Names of economies and groups that the region does not have."""
    if "who" in draft.unread:
        return []
    return unknown_members(draft.entry.who, draft.place, region)


def named_problems(draft: Draft, region: Region) -> list[Problem]:
    """Names of links, systems and agreements that the region does not have."""
    entry, kind = draft.entry, draft.entry.kind
    problems: list[Problem] = []
    for option in kind.options if kind else ():
        written, place = getattr(entry, option.name), draft.place.at(option.name)
        if written is None or option.name in draft.unread:
            continue
        if option.kind == "names":
            known = tuple(getattr(region, option.among))
            names = (written,) if isinstance(written, str) else written
            problems += [_unknown(option, n, known, place) for n in names if n not in known]
        elif option.kind == "pair":
            problems += pair_problems(written, region, place)
    return problems


def overlap_problems(drafts: Sequence[Draft], region: Region, horizon: int) -> list[Problem]:
    """Entries of one lever that act on one economy in one year: which would count is unclear.

    Projects add up. What is one number for the region is so for all entries of a year.
    """
    problems = []
    spans = [_span(draft, region, horizon) for draft in drafts]
    for (one, first), (two, second) in combinations(zip(drafts, spans, strict=True), 2):
        kind = one.entry.kind
        if kind is None or one.entry.lever != two.entry.lever or kind.form == "project":
            continue
        shared = [code for code in first[0] if code in second[0]]
        start, end = max(first[1], second[1]), min(first[2], second[2])
        if start > end:
            continue
        if shared:
            problems.append(_overlap(one, two, shared, f"{start}–{end}"))
        elif first[0] and second[0]:
            problems.extend(_disagreements(one, two, kind, f"{start}–{end}"))
    return problems


def link_problems(drafts: Sequence[Draft], region: Region) -> Iterable[Problem]:
    """New links beyond the number that a scenario may name."""
    links = [draft for draft in drafts if draft.entry.link is not None]
    count = len(projects_of((draft.entry for draft in links), region))
    most = most_links()
    if count > most:
        yield (
            links[-1]
            .place.at("link")
            .problem(
                "too many new links in one scenario",
                value=count,
                allowed=f"at most {most}",
                remedy="name planned systems of the region, or join links with the same ends",
            )
        )


def _disagreements(one: Draft, two: Draft, kind: Lever, years: str) -> Iterable[Problem]:
    """Options that are one number for the region, and that two entries set differently."""
    for option in kind.options:
        mine, other = two.entry.setting(option.name), one.entry.setting(option.name)
        if option.common and mine != other:
            yield two.place.at(option.name).problem(
                f"is one number for the region, and {one.place.name or 'another entry'} says "
                f"{other:g} for {years}",
                value=mine,
                remedy="write the same in both",
            )


def _span(draft: Draft, region: Region, horizon: int) -> tuple[tuple[str, ...], int, int]:
    entry = draft.entry
    if draft.unread & {"who", "from", "to"}:
        return (), 1, 0
    return economies_of(entry.who, region), entry.start, entry.last_year(horizon)


def _overlap(one: Draft, two: Draft, shared: list[str], years: str) -> Problem:
    other = one.place
    where = other.name or "another entry"
    if other.file and other.file != two.place.file:
        where = f"{where} of {other.file}"
    elif other.line:
        where = f"{where} (line {other.line})"
    from_parent = other.file != two.place.file
    remedy = "change who or the years"
    if from_parent or not two.place.file:
        remedy += ", or write replace: true to drop the earlier entries of this lever"
    return two.place.problem(
        f"{two.entry.lever} overlaps {where} for {', '.join(shared)} in {years}", remedy=remedy
    )


def head_problems(
    name: Any, horizon: int | None, base_year: int | None, top: Place
) -> list[Problem]:
    """Whether the name can be printed and the horizon lies after the base year."""
    problems = []
    if isinstance(name, str) and not (name.strip() and name.isprintable()):
        remedy = "letters, digits, blanks and punctuation on one line"
        problems.append(top.at("name").problem("not a usable name", value=name, remedy=remedy))
    if horizon is not None:
        low = (base_year or 0) + 1
        if not low <= horizon <= LAST_YEAR:
            place = top.at("horizon")
            allowed = f"{low} to {LAST_YEAR} (last year of the run)"
            problems.append(place.problem("out of range", value=horizon, allowed=allowed))
    return problems
