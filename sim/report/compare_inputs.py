"""What differs between the inputs of two batches or scenarios, in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError
from sim.experiment.resume import input_differences
from sim.report.words import number

if TYPE_CHECKING:
    from sim.report.runs import Runs

COLUMNS = ("scenario", "what", "a", "b")
#: What stands where one side has nothing.
NOTHING = "-"
Row = dict[str, str]


def input_rows(
    one: Runs, two: Runs, pairs: Sequence[tuple[str, str, str]], only_pairs: bool
) -> pd.DataFrame:
    """A row a difference: ``scenario`` (blank for the whole batch), ``what``, ``a`` and ``b``.

    ``pairs`` are the scenario of A, that of B and a name for both; ``only_pairs`` leaves the other
    scenarios of the batches out.
    """
    before = _inputs(one, [(a, name) for a, _, name in pairs], only_pairs)
    after = _inputs(two, [(b, name) for _, b, name in pairs], only_pairs)
    rows: list[Row] = []
    for field, words in input_differences(before, after):
        if field in before and field != "code":
            rows.append(_row("", field, _shown(before[field]), _shown(after[field])))
        elif field == "code":
            rows.append(_row("", "code", *(f"{side[field][:8]}" for side in (before, after))))
        elif words in ("is new", "is no longer there"):
            name = ast.literal_eval(field.partition(" ")[2])
            there = ("run", NOTHING) if words != "is new" else (NOTHING, "run")
            rows.append(_row(name, "scenario", *there))
    for a, b, name in pairs:
        rows += _scenario_rows(one, two, a, b, name)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _inputs(runs: Runs, names: Sequence[tuple[str, str]], only_pairs: bool) -> dict[str, Any]:
    """The inputs of a batch, with the names that the pairs share."""
    inputs = runs.manifest["inputs"]
    given = dict(names)
    scenarios = [
        {**scenario, "name": given.get(scenario["name"], scenario["name"])}
        for scenario in inputs["scenarios"]
        if scenario["name"] in given or not only_pairs
    ]
    return {**inputs, "scenarios": scenarios}


def _row(scenario: str, what: str, a: str, b: str) -> Row:
    return dict(zip(COLUMNS, (scenario, what, a, b), strict=True))


def _shown(value: Any) -> str:
    if value is None:
        return "all"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _scenario_rows(one: Runs, two: Runs, a: str, b: str, name: str) -> Iterator[Row]:
    """What differs between two scenarios: region, horizon, budgets, levers."""
    held = [
        next(s for s in runs.manifest["inputs"]["scenarios"] if s["name"] == scenario)
        for runs, scenario in ((one, a), (two, b))
    ]
    if held[0]["digest"] != held[1]["digest"]:
        yield from _lever_rows(one, two, a, b, name)
    if (
        held[0]["region"] == held[1]["region"]
        and held[0]["region_digest"] != (held[1]["region_digest"])
    ):
        digests = (one_side["region_digest"][:8] for one_side in held)
        yield _row(name, f"tables of the region {held[0]['region']}", *digests)


def _lever_rows(one: Runs, two: Runs, a: str, b: str, name: str) -> Iterator[Row]:
    try:
        # Names of their own, so that the rows of each can be told apart.
        first = replace(one.stored.scenario(a), name="A")
        second = replace(two.stored.scenario(b), name="B")
    except InputError:  # written by another version, or its region is gone
        yield _row(name, "levers, budget, region or horizon", "as in its file", "as in its file")
        return
    texts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in first.diff(second).rows:
        key = (row["what"], row["who"] or "")
        texts.setdefault(key, {}).setdefault(row["scenario"], []).append(_words(row))
    for (what, who), sides in texts.items():
        shown = ("; ".join(sides.get(side, [NOTHING])) for side in ("A", "B"))
        yield _row(name, f"{what}, {who}" if who else what, *shown)


def _words(row: Mapping[str, Any]) -> str:
    """One entry of a scenario: its value with the unit, its years and options, what it costs."""
    value = row["value"]
    if row["years"] is None:
        unit = "" if row["unit"] in (None, "", "year") else f" {row['unit']}"
        return f"{value}{unit}"
    parts = [] if value is None else [f"{value:g} {row['unit']}"]
    parts += [text for text in (row["years"], row["details"]) if text]
    cost = row["planned_cost_musd"]
    return ", ".join(parts) + (f" (USD {number(cost, 0)} mn planned)" if cost else "")
