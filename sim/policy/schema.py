"""The JSON Schema of scenario files, for editors: built from the typed models and the registry."""

from __future__ import annotations

from typing import Any

from sim.model.quantities import BUDGET_RULES
from sim.policy.entries import MAX_LEVERS, MAX_SHOCKS, NAMES_ALONE, ScenarioFile
from sim.policy.levers import (
    BUDGETS,
    LAST_YEAR,
    LONGEST_RAMP,
    OPTIONS,
    REGISTRY,
    Lever,
    Option,
    Scale,
)
from sim.policy.regions import SHIPPED
from sim.policy.shocks import ALIASES, EVENTS, FADE, MONTHS, SHOCKS, SIZE


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a scenario file: titles, units, ranges, names.

    What depends on the region (economies, groups, first year) or on several entries (overlaps,
    budgets) is not in the schema; ``check`` covers it.
    """
    schema = _simplified(ScenarioFile.model_json_schema(by_alias=True))
    definitions = schema["$defs"]
    entry = definitions["LeverEntry"]
    fields = entry["properties"]
    fields["lever"] |= {"enum": list(REGISTRY)}
    fields["who"] = _who(fields["who"])
    fields["ramp"] |= {"minimum": 0, "maximum": LONGEST_RAMP}
    for key in ("from", "to", "by"):
        fields[key] |= {"maximum": LAST_YEAR}
    for option in OPTIONS.values():
        fields[option.name] = _option(fields[option.name], option)
    entry["allOf"] = [_conditional(lever) for lever in REGISTRY.values()]
    for share in definitions["PayerShares"]["properties"].values():
        share |= {"minimum": 0, "maximum": 1}
    for payer, scale in BUDGETS.items():
        limit = definitions["Budget"]["properties"][payer]
        limit |= _range(scale) | {"description": scale.unit}
    top = schema["properties"]
    top["region"]["examples"] = list(SHIPPED)
    top["horizon"] |= {"maximum": LAST_YEAR}
    top["levers"] |= {"type": ["array", "null"], "maxItems": MAX_LEVERS}
    top["shocks"] |= {"type": ["array", "null"], "maxItems": MAX_SHOCKS}
    top["behaviour"] |= {"type": ["array", "null"], "maxItems": MAX_LEVERS}
    _describe_shock(definitions["ShockEntry"])
    rule = definitions["BehaviourEntry"]["properties"]
    rule["who"] = _who(rule["who"])
    rule["budget_rule"] |= {"enum": list(BUDGET_RULES)}
    schema["anyOf"] = [{"required": ["region", "horizon"]}, {"required": ["extends"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Scenario of digiregion",
        "description": "What is planned for a region: levers by economy and year, and budgets.",
    }


def _option(field: dict[str, Any], option: Option) -> dict[str, Any]:
    """What may be written for one option of levers."""
    scale, field = option.scale, field | {"description": option.meaning}
    if option.kind in ("levels", "shares") and scale:
        levels = {name: {"type": "number"} | _range(scale) for name in option.keys}
        mapping = {"type": "object", "properties": levels, "additionalProperties": False}
        if option.name in NAMES_ALONE:
            names = {"type": "array", "items": {"enum": list(option.keys)}, "minItems": 1}
            kept = {key: field[key] for key in ("title", "description")}
            return kept | {"anyOf": [mapping, names]}
        return field | mapping
    if option.kind == "choice":
        return field | {"enum": list(option.keys), "default": option.keys[0]}
    if option.kind == "names" and option.path:
        names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        return {"description": option.meaning, "anyOf": [{"type": "string"}, names]}
    if option.kind == "pair":
        ends = {"type": "string"}
        return field | {"type": "array", "items": ends, "minItems": 2, "maxItems": 2}
    if scale:
        field |= _range(scale) | ({} if option.default is None else {"default": option.default})
        field["description"] = f"{option.meaning} ({scale.unit})"
    return field


def _describe_shock(definition: dict[str, Any]) -> None:
    fields = definition["properties"]
    fields["shock"] |= {"enum": list(SHOCKS)}
    fields["event"] |= {"enum": [*EVENTS, *ALIASES]}
    fields["who"] = _who(fields["who"])
    del fields["who"]["default"]
    for key, scale in (("size", SIZE), ("months", MONTHS), ("fade", FADE)):
        fields[key] |= _range(scale)
    for key in ("year", "from", "to"):
        fields[key] |= {"maximum": LAST_YEAR}
    definition["allOf"] = [
        {"oneOf": [{"required": ["shock"]}, {"required": ["event"]}]},
        {"oneOf": [{"required": ["year"]}, {"required": ["from"]}]},
    ]


def _range(scale: Scale) -> dict[str, float]:
    return {"minimum": scale.low, "maximum": scale.high}


def _who(field: dict[str, Any]) -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return {
        "title": field["title"],
        "description": field["description"],
        "default": "all",
        "anyOf": [{"type": "string"}, names],
    }


def _conditional(lever: Lever) -> dict[str, Any]:
    """What holds for entries of one lever: the range of the value, and whose options they are."""
    others = [name for name in OPTIONS if lever.option(name) is None]
    instead = [option.name for option in lever.options if option.suffices]
    needed: dict[str, Any] = {"required": ["value"]}
    if instead:
        needed = {"anyOf": [{"required": [name]} for name in ("value", *instead)]}
    if lever.form in ("target", "project"):
        others.append("ramp")
    if lever.needs_one:
        needed |= {"oneOf": [{"required": [name]} for name in lever.needs_one]}
    value = {"description": f"{lever.title}: {lever.scale.unit}"} | _range(lever.scale)
    return {
        "if": {"properties": {"lever": {"const": lever.name}}, "required": ["lever"]},
        "then": {
            "properties": {"value": value} | {name: False for name in others},
            **needed,
        },
    }


def _simplified(node: Any) -> Any:
    """Without the alternative null that pydantic adds to what may be left out."""
    if isinstance(node, list):
        return [_simplified(item) for item in node]
    if not isinstance(node, dict):
        return node
    simple = {key: _simplified(value) for key, value in node.items()}
    kinds = simple.get("anyOf", [])
    if {"type": "null"} in kinds and len(kinds) == 2:
        del simple["anyOf"]
        simple = next(kind for kind in kinds if kind != {"type": "null"}) | simple
        simple.pop("default", None)
    return simple
