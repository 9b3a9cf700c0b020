"""From plain data to typed entries, as far as they can be read, with every problem on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, nearest_name
from sim.policy.entries import MAX_LEVERS, LeverEntry, ScenarioFile
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
class Draft:
    """One lever entry as read: the typed entry, its place, and the keys that could not be read."""

    entry: LeverEntry
    place: Place = NOWHERE
    unread: frozenset[str] = frozenset()


@dataclass
class FileDraft:
    """One scenario file as read; ``unread`` are the top-level keys that could not be read."""

    head: ScenarioFile
    place: Place
    unread: frozenset[str] = frozenset()
    entries: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def draft_file(data: Mapping[str, Any], place: Place) -> FileDraft:
    """Read a scenario file's plain data as far as possible."""
    rest = {key: value for key, value in data.items() if key != "levers"}
    head, problems, unread = _as_far_as_possible(
        ScenarioFile, rest, place, {"name": "unnamed"}, keys=_keys(ScenarioFile)
    )
    draft = FileDraft(head, place, unread, problems=problems)
    raw = data.get("levers")
    levers = place.at("levers")
    if raw is None:
        return draft
    if not isinstance(raw, list | tuple):
        problem = levers.problem(
            "must be a list", value=raw, remedy="begin each entry with - lever: ..."
        )
        draft.problems.append(problem)
        return draft
    if len(raw) > MAX_LEVERS:
        draft.problems.append(levers.problem(f"more than {MAX_LEVERS} entries"))
        return draft
    for position, item in enumerate(raw):
        entry, found = draft_entry(item, levers.at(position))
        draft.problems.extend(found)
        if entry is not None:
            draft.entries.append(entry)
    return draft


def draft_entry(item: Any, place: Place) -> tuple[Draft | None, list[Problem]]:
    """Read one lever entry as far as possible."""
    if isinstance(item, LeverEntry):
        return Draft(item, place), []
    if not isinstance(item, Mapping):
        remedy = "write - lever: ... and indent the lines below it"
        return None, [place.problem("must be a mapping (key: value)", value=item, remedy=remedy)]
    stand_in = {"lever": "", "from": 0}
    entry, problems, unread = _as_far_as_possible(
        LeverEntry, item, place, stand_in, keys=_keys(LeverEntry)
    )
    return Draft(entry, place, unread), problems


def typed(model: type[Model], data: Mapping[str, Any], place: Place) -> tuple[Model, list[Problem]]:
    """Read plain data as a model whose keys are all optional."""
    read, problems, _ = _as_far_as_possible(model, data, place, {}, keys=_keys(model))
    return read, problems


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


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
    problems = [_translated(detail, place, keys) for detail in details]
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
        return here.problem("must not be empty")
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
