"""Writes scenarios as YAML, so that reading them back gives the same scenario."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from sim import files
from sim.errors import InputError, Problem
from sim.policy.plan import Plan


def scenario_yaml(scenario: Plan, region: str | None = None) -> str:
    """The content of a scenario file; ``region`` replaces what is written for the region."""
    content: dict[str, Any] = {"name": scenario.name}
    if scenario.description:
        content["description"] = scenario.description
    content |= {"region": region or scenario.region, "horizon": scenario.horizon}
    budget = scenario.budget.model_dump(exclude_none=True)
    if budget:
        content["budget"] = budget
    if scenario.levers:
        content["levers"] = [entry.written() for entry in scenario.levers]
    if scenario.behaviour:
        content["behaviour"] = [entry.written() for entry in scenario.behaviour]
    if scenario.shocks:
        content["shocks"] = [entry.written() for entry in scenario.shocks]
    stream = io.StringIO()
    writer = YAML()
    writer.width = 100
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.representer.ignore_aliases = lambda *_: True
    writer.dump(_quoted(content), stream)
    return stream.getvalue()


def _quoted(value: Any) -> Any:
    """Plain data in which text that could be read as something else stands in quotes."""
    if isinstance(value, dict):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(item) for item in value]
    if isinstance(value, str) and not _is_safe(value):
        return DoubleQuotedScalarString(value)
    return value


def _is_safe(text: str) -> bool:
    """Whether text can stand without quotes under every version of YAML."""
    word = text.replace("_", "").replace("-", "")
    harmless = {"no", "yes", "on", "off", "null", "true", "false", "y", "n"}
    return word.isascii() and word.isalpha() and text[0].isalpha() and text.lower() not in harmless


def write_text(path: Path, text: str) -> None:
    """Write a file so that it is there in full or not at all. Raises InputError."""
    try:
        files.write_text(path, text)
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError([Problem(f"cannot be written: {reason}", file=str(path))]) from error
