"""Going on with a batch that was interrupted: with the same inputs, or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.experiment.finished import ROOM
from sim.experiment.plan import Plan


def check_resume(out: Path, plan: Plan) -> None:
    """Raise InputError unless an unfinished (or the finished) batch of these inputs is there.

    If another batch of the same scenarios was begun there, the error says what changed since.
    """
    begun = list(unfinished(out))
    same = any(record["digest"] == plan.digest for record in begun)
    if same or (out / plan.name / "manifest.json").exists():
        return
    names = {entry.name for entry in plan.batch}
    like = [record for record in begun if names & set(_scenarios(record))]
    if not like:
        problem = Problem(
            "nothing to resume there: no unfinished batch of these scenarios", field="out",
            value=str(out), remedy="leave out --resume to begin",
        )  # fmt: skip
        raise InputError([problem])
    raise InputError(
        [
            Problem(
                f"changed since the batch {record['batch']} was begun: {words}", field=field,
                remedy="undo the change, or leave out --resume to begin a new batch",
            )
            for record in like
            for field, words in input_differences(record["inputs"], plan.inputs)
        ]
    )  # fmt: skip


def unfinished(out: Path) -> Iterator[dict[str, Any]]:
    """Batches below ``out`` that were begun and not finished, or finished with parts missing."""
    for path in sorted((out / ROOM).glob("*/plan.json")):
        yield from _read(path)
    for path in sorted(out.glob("*/manifest.json")):
        yield from (record for record in _read(path) if record.get("missing"))


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    return [record] if _is_record(record) else []


def _is_record(record: Any) -> bool:
    """Whether what was read says what a batch depends on."""
    if not isinstance(record, dict) or not {"batch", "digest"} <= set(record):
        return False
    inputs = record.get("inputs")
    scenarios = inputs.get("scenarios") if isinstance(inputs, dict) else None
    needed = {"name", "digest", "region", "region_digest", "baseline"}
    return isinstance(scenarios, list) and all(
        isinstance(scenario, dict) and needed <= set(scenario) and isinstance(scenario["name"], str)
        for scenario in scenarios
    )


def _scenarios(record: Mapping[str, Any]) -> list[str]:
    return [scenario["name"] for scenario in record["inputs"]["scenarios"]]


def input_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """What differs between the inputs of two batches: a field, and the change in words."""
    one, two = ({s["name"]: s for s in inputs["scenarios"]} for inputs in (before, after))
    for name in {**one, **two}:
        if name not in two:
            yield f"scenario {name!r}", "is no longer there"
        elif name not in one:
            yield f"scenario {name!r}", "is new"
        else:
            yield from _scenario_differences(name, one[name], two[name])
    for field in ("members", "seed", "kpis", "years", "version"):
        if before.get(field) != after.get(field):
            yield field, f"{_shown(before.get(field))} before, {_shown(after.get(field))} now"
    if before.get("code") != after.get("code"):
        yield "code", "the code that the numbers depend on is another"


def _scenario_differences(
    name: str, one: Mapping[str, Any], two: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for field, words in (
        ("digest", "its levers, budget, region or horizon"),
        ("region_digest", f"the tables of its region {two['region']}"),
        ("posterior", "the fitted ensemble that it starts from"),
        ("baseline", "its baseline"),
    ):
        if one.get(field) != two.get(field):
            yield f"scenario {name!r}", words


def _shown(value: object) -> str:
    return "all" if value is None else str(value)
