"""What makes sense: names, ranges, years, options and overlaps of lever entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, nearest_name
from sim.model.quantities import PROVISIONS
from sim.policy.drafts import Draft
from sim.policy.entries import Budget, LeverEntry
from sim.policy.levers import BUDGETS, LAST_YEAR, LONGEST_RAMP, OPTIONS, REGISTRY, Lever, Scale
from sim.policy.places import Place

if TYPE_CHECKING:
    from sim.region.region import Region

_TOLERANCE = 1e-9


@dataclass
class Findings:
    """Problems (it cannot be run) and warnings (it can, but look again)."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take over what another check found."""
        self.problems.extend(other.problems)
        self.warnings.extend(other.warnings)


def scale_findings(value: float, scale: Scale, place: Place) -> Findings:
    """Whether a number is within its range, and within what is usual."""
    found = Findings()
    if not scale.low <= value <= scale.high:
        found.problems.append(
            place.problem(
                "out of range",
                value=value,
                allowed=scale.allowed,
                nearest=_rescaled(value, scale),
            )
        )
    elif value and not scale.usual_low <= value <= scale.usual_high:
        usual = f"usually {scale.usual_low:g} to {scale.usual_high:g} ({scale.unit})"
        nearest = f"{value * 100:g}" if value < scale.usual_low and scale.to_model == 0.01 else ""
        found.warnings.append(place.problem("unusual", value=value, allowed=usual, nearest=nearest))
    return found


def _rescaled(value: float, scale: Scale) -> str:
    """The share that was probably meant where percent was written, or nothing."""
    if not (scale.is_share and 1.0 < value <= 100.0):
        return ""
    return f"{value / 100:.2f}"


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
    value = draft.entry.value
    if value is not None:
        return scale_findings(value, kind.scale, place)
    if kind.option("provisions") and (draft.entry.provisions or "provisions" in draft.unread):
        return Findings()
    remedy = f"add value: ... ({kind.scale.unit})"
    if kind.option("provisions"):
        remedy += " or provisions: ..."
    return Findings([place.problem("missing: required", remedy=remedy)])


def _option_findings(draft: Draft, kind: Lever) -> Findings:
    found = Findings()
    own = [option.name for option in kind.options]
    for option in OPTIONS.values():
        written = getattr(draft.entry, option.name)
        place = draft.place.at(option.name)
        if written is None:
            continue
        if option.name not in own:
            allowed = ", ".join(own) or "no options"
            owners = [lever.name for lever in REGISTRY.values() if lever.option(option.name)]
            found.problems.append(
                place.problem(
                    f"{kind.name} does not have this option",
                    value=written,
                    allowed=allowed,
                    remedy=f"remove it; it belongs to {', '.join(owners)}",
                )
            )
        elif option.kind == "levels" and option.scale:
            found.add(_level_findings(written, option.scale, place))
        elif option.scale:
            found.add(scale_findings(written, option.scale, place))
    return found


def _level_findings(levels: dict[str, float], scale: Scale, place: Place) -> Findings:
    found = Findings()
    if not levels:
        found.problems.append(place.problem("must not be empty", remedy="name a provision"))
    for name, level in levels.items():
        if name in PROVISIONS:
            found.add(scale_findings(level, scale, place.at(name)))
            continue
        found.problems.append(
            place.at(name).problem(
                "unknown provision",
                allowed=", ".join(PROVISIONS),
                nearest=nearest_name(name, PROVISIONS),
            )
        )
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
    steered_by_year = entry.lever in REGISTRY and REGISTRY[entry.lever].option("by")
    known = horizon is not None and not draft.unread & {"from", "to"}
    if not 0 <= entry.ramp <= LONGEST_RAMP:
        allowed = f"0 to {LONGEST_RAMP} (years until full value)"
        found.problems.append(place.problem("out of range", value=entry.ramp, allowed=allowed))
    elif entry.ramp and steered_by_year:
        message = f"{entry.lever} has no ramp"
        remedy = "remove it; by: sets the pace"
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


def economies_of(who: Iterable[str], region: Region) -> tuple[str, ...]:
    """The economies (ISO 3166-1 alpha-3) that names stand for, in the order of the region."""
    chosen: set[str] = set()
    for name in who:
        if name in region.economies:
            chosen.add(name)
        elif name == "all":
            chosen.update(region.economies)
        else:
            chosen.update(region.groups.get(name, ()))
    return tuple(code for code in region.economies if code in chosen)


def who_problems(draft: Draft, region: Region) -> list[Problem]:
    """Names of economies and groups that the region does not have."""
    problems = []
    known = list(dict.fromkeys([*region.economies, *region.groups, "all"]))
    if "who" in draft.unread:
        return []
    for position, name in enumerate(draft.entry.who):
        if name in known:
            continue
        place = draft.place.at("who", position)
        if place.lines and place.path not in place.lines:
            place = draft.place.at("who")
        problems.append(
            place.problem(
                f"not an economy or group of {region.name}",
                value=name,
                allowed=", ".join(known),
                nearest=nearest_name(name, known),
            )
        )
    return problems


def overlap_problems(drafts: Sequence[Draft], region: Region, horizon: int) -> list[Problem]:
    """Entries of one lever that act on one economy in one year: which would count is unclear."""
    problems = []
    spans = [_span(draft, region, horizon) for draft in drafts]
    for (one, first), (two, second) in combinations(zip(drafts, spans, strict=True), 2):
        if one.entry.lever != two.entry.lever or one.entry.lever not in REGISTRY:
            continue
        shared = [code for code in first[0] if code in second[0]]
        start, end = max(first[1], second[1]), min(first[2], second[2])
        if shared and start <= end:
            problems.append(_overlap(one, two, shared, f"{start}–{end}"))
    return problems


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
