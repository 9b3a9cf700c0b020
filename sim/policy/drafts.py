"""From plain data to typed entries, as far as they can be read, with every problem on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, nearest_name
from sim.policy.entries import (
    MAX_LEVERS,
    MAX_SHOCKS,
    BehaviourEntry,
    LeverEntry,
    ScenarioFile,
    ShockEntry,
)
from sim.policy.levers import PUBLIC_PAYERS, REGISTRY
from sim.policy.places import NOWHERE, Place

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "tuple_type": "a name or a list of names",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "finite_number": "a finite number",
}


@dataclass(frozen=True)
class Reading(Generic[Model]):
    """One entry as read: the typed entry, its place, and the keys that could not be read."""

    entry: Model
    place: Place = NOWHERE
    unread: frozenset[str] = frozenset()


#: Readings of the entries of the lists of a scenario.
Draft = Reading[LeverEntry]
ShockDraft = Reading[ShockEntry]
BehaviourDraft = Reading[BehaviourEntry]


@dataclass(frozen=True)
class Section(Generic[Model]):
    """A list of a scenario file: its key, what stands in it, and how an entry begins.

    ``stand_in`` are values for keys that are required and could not be read.
    """

    key: str
    model: type[Model]
    begin: str
    most: int
    stand_in: Mapping[str, Any]


LEVERS = Section("levers", LeverEntry, "- lever: ...", MAX_LEVERS, {"lever": "", "from": 0})
SHOCKS = Section("shocks", ShockEntry, "- shock: ...", MAX_SHOCKS, {})
BEHAVIOUR = Section(
    "behaviour", BehaviourEntry, "- who: ... and budget_rule: ...", MAX_LEVERS, {"budget_rule": ""}
)


@dataclass
class FileDraft:
    """One scenario file as read; ``unread`` are the top-level keys that could not be read."""

    head: ScenarioFile
    place: Place
    unread: frozenset[str] = frozenset()
    entries: list[Draft] = field(default_factory=list)
    shocks: list[ShockDraft] = field(default_factory=list)
    behaviour: list[BehaviourDraft] | None = None
    problems: list[Problem] = field(default_factory=list)


def draft_file(data: Mapping[str, Any], place: Place) -> FileDraft:
    """Read a scenario file's plain data as far as possible."""
    lists = {LEVERS.key, SHOCKS.key, BEHAVIOUR.key}
    rest = {key: value for key, value in data.items() if key not in lists}
    head, problems, unread = _as_far_as_possible(
        ScenarioFile, rest, place, {"name": "unnamed"}, keys=_keys(ScenarioFile)
    )
    draft = FileDraft(head, place, unread, problems=problems)
    draft.entries = drafted(LEVERS, data.get(LEVERS.key), place, problems)
    draft.shocks = drafted(SHOCKS, data.get(SHOCKS.key), place, problems)
    if data.get(BEHAVIOUR.key) is not None:
        draft.behaviour = drafted(BEHAVIOUR, data[BEHAVIOUR.key], place, problems)
    return draft


def drafted(
    section: Section[Model], raw: Any, top: Place, problems: list[Problem]
) -> list[Reading[Model]]:
    """The entries of a list as far as they can be read; what is wrong goes to ``problems``."""
    place = top.at(section.key)
    if raw is None:
        return []
    if not isinstance(raw, list | tuple):
        remedy = f"begin each entry with {section.begin}"
        problems.append(place.problem("must be a list", value=raw, remedy=remedy))
        return []
    if len(raw) > section.most:
        problems.append(place.problem(f"more than {section.most} entries"))
        return []
    found = []
    for position, item in enumerate(raw):
        entry, wrong = draft_one(section, item, place.at(position))
        problems.extend(wrong)
        if entry is not None:
            found.append(entry)
    return found


def draft_one(
    section: Section[Model], item: Any, place: Place
) -> tuple[Reading[Model] | None, list[Problem]]:
    """Read one entry of a list as far as possible."""
    model = section.model
    if isinstance(item, model):
        return Reading(item, place), []
    if not isinstance(item, Mapping):
        remedy = f"write {section.begin} and indent the lines below it"
        return None, [place.problem("must be a mapping (key: value)", value=item, remedy=remedy)]
    entry, problems, unread = _as_far_as_possible(
        model, item, place, section.stand_in, keys=_keys(model)
    )
    return Reading(entry, place, unread), problems


def draft_entry(item: Any, place: Place) -> tuple[Draft | None, list[Problem]]:
    """Read one lever entry as far as possible."""
    return draft_one(LEVERS, item, place)


def typed(model: type[Model], data: Mapping[str, Any], place: Place) -> tuple[Model, list[Problem]]:
    """Read plain data as a model whose keys are all optional."""
    read, problems, _ = _as_far_as_possible(model, data, place, {}, keys=_keys(model))
    return read, problems


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _own_keys(lever: Any, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of an entry without the options that only other levers have."""
    if not isinstance(lever, str) or lever not in REGISTRY:
        return keys
    options = {option.name for other in REGISTRY.values() for option in other.options}
    own = {option.name for option in REGISTRY[lever].options}
    return tuple(key for key in keys if key not in options - own)


def _as_far_as_possible(
    model: type[Model],
    data: Mapping[str, Any],
    place: Place,
    stand_in: Mapping[str, Any],
    *,
    keys: tuple[str, ...],
) -> tuple[Model, list[Problem], frozenset[str]]:
    """The model, every problem, and the keys that were left out or stood in for."""
    try:
        return model.model_validate(dict(data)), [], frozenset()
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
    lever = data.get("lever")
    problems = [_translated(detail, place, _own_keys(lever, keys)) for detail in details]
    bad = {str(detail["loc"][0]) for detail in details if detail["loc"]}
    good = {key: value for key, value in data.items() if key not in bad and key in keys}
    needed = {key: value for key, value in stand_in.items() if key not in good}
    return model.model_validate(good | needed), problems, frozenset(bad)


def _translated(detail: Mapping[str, Any], place: Place, keys: tuple[str, ...]) -> Problem:
    """One finding of pydantic in our words."""
    here = place.at(*(step for step in detail["loc"] if step != "[key]"))
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        what = "the year in which it begins" if detail["loc"][-1] == "from" else "required"
        return here.problem(f"missing: {what}", remedy=f"add {detail['loc'][-1]}: ...")
    if kind == "extra_forbidden":
        return _unknown_key(here, str(detail["loc"][-1]), detail["loc"], keys)
    if kind in {"too_short", "string_too_short"}:
        least = detail["ctx"]["min_length"]
        return here.problem("must not be empty" if least == 1 else f"needs {least} names")
    if kind in {"too_long", "string_too_long"}:
        return here.problem("too long", allowed=f"at most {detail['ctx']['max_length']}")
    expected = _EXPECTED.get(kind)
    if expected is None:
        return here.problem(str(detail["msg"]), value=value)
    return here.problem(f"must be {expected}", value=value, remedy=_remedy(value, kind))


def _remedy(value: Any, kind: str) -> str:
    if isinstance(value, str) and kind in {"float_type", "int_type"}:
        digits = value.replace("_", "").replace(",", ".").replace("%", "").strip()
        if _is_number(digits):
            return f"write {digits} without quotes, separators or signs"
    if isinstance(value, bool) and kind in {"float_type", "int_type"}:
        return "write a number"
    if isinstance(value, list) and kind in {"float_type", "int_type", "string_type"}:
        return "one value, not a list; write one entry for each"
    if kind == "string_type" and not isinstance(value, list | dict):
        return "put it in quotes"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _unknown_key(here: Place, key: str, loc: tuple[Any, ...], keys: tuple[str, ...]) -> Problem:
    if loc[0] == "payer":
        return _unknown_payer(here, key)
    if loc[0] == "budget":
        keys = PUBLIC_PAYERS
    nearest = nearest_name(key, keys)
    if key in REGISTRY:
        remedy = f"write it as an entry of levers: - lever: {key}"
        return here.problem("unknown key", remedy=remedy)
    return here.problem("unknown key", allowed=", ".join(keys), nearest=nearest)


def _unknown_payer(here: Place, key: str) -> Problem:
    if key == "private":
        remedy = "private money comes on top of public money: use private_leverage"
        return here.problem("unknown payer", allowed=", ".join(PUBLIC_PAYERS), remedy=remedy)
    nearest = nearest_name(key, PUBLIC_PAYERS)
    return here.problem("unknown payer", allowed=", ".join(PUBLIC_PAYERS), nearest=nearest)
