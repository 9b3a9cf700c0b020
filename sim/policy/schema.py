"""The JSON Schema of scenario files, for editors: built from the typed models and the registry."""

from __future__ import annotations

from typing import Any

from sim.model.quantities import PROVISIONS
from sim.policy.entries import MAX_LEVERS, ScenarioFile
from sim.policy.levers import BUDGETS, LAST_YEAR, LONGEST_RAMP, OPTIONS, REGISTRY, Lever, Scale
from sim.policy.regions import SHIPPED


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
        fields[option.name] |= {"description": option.meaning}
        if option.kind == "levels" and option.scale:
            levels = {name: {"type": "number"} | _range(option.scale) for name in PROVISIONS}
            fields[option.name] |= {"properties": levels, "additionalProperties": False}
        elif option.scale:
            fields[option.name] |= _range(option.scale) | {"default": option.default}
            fields[option.name]["description"] = f"{option.meaning} ({option.scale.unit})"
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
    schema["anyOf"] = [{"required": ["region", "horizon"]}, {"required": ["extends"]}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Scenario of digiregion",
        "description": "What is planned for a region: levers by economy and year, and budgets.",
    }


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
    levels = [option.name for option in lever.options if option.kind == "levels"]
    needed: dict[str, Any] = {"required": ["value"]}
    if levels:
        needed = {"anyOf": [{"required": [name]} for name in ("value", *levels)]}
        others.append("ramp")
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
