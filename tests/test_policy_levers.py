"""The registry of levers, and what is generated from it: tables, documentation, JSON Schema."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from sim.kpi.registry import BY_ID
from sim.model import budget
from sim.model.quantities import LEVERS, Levers, quantities
from sim.policy import check, lever_table, lever_table_markdown, scenario_schema
from sim.policy.entries import Budget, LeverEntry, PayerShares, ScenarioFile
from sim.policy.levers import BUDGETS, OPTIONS, PUBLIC_PAYERS, REGISTRY
from sim.policy.regions import SHIPPED as SHIPPED_NAMES
from sim.region.region import SHIPPED, Region

ROOT = Path(__file__).parent.parent
DOC = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(yaml|text)\n(.*?)```", DOC, re.DOTALL)


def test_the_registry_has_the_levers_of_the_model():
    assert tuple(REGISTRY) == LEVERS
    assert [kind.code for kind in REGISTRY.values()] == [f"L{n:02}" for n in range(1, 30)]


def test_ranges_in_model_units_are_those_of_the_model():
    declared = {item.name: item for item in quantities(Levers)}
    for kind in REGISTRY.values():
        item = declared[kind.value_path if kind.form != "project" else kind.paths[0]]
        assert kind.scale.low * kind.scale.to_model == pytest.approx(item.low)
        if np.isfinite(item.high):
            assert kind.scale.high * kind.scale.to_model == pytest.approx(item.high)
    for option in OPTIONS.values():
        if option.scale and option.path:
            scale, item = option.scale, declared[option.path]
            assert scale.low * scale.to_model == pytest.approx(item.low)
            assert scale.high * scale.to_model == pytest.approx(item.high)


def test_every_path_of_a_plan_is_set_by_a_lever_or_says_who_pays():
    options = (option.path for kind in REGISTRY.values() for option in kind.options)
    values = (kind.value_path for kind in REGISTRY.values() if kind.form != "project")
    paths = (path for kind in REGISTRY.values() for path in kind.paths)
    money = {"payer_share", "national_budget", "fund_budget", "budget_rule"}
    assert {*options, *values, *paths, *money} - {""} == {i.name for i in quantities(Levers)}


def test_the_paths_of_a_lever_are_those_that_move_something():
    moving = {path for kind in REGISTRY.values() for path in kind.paths}
    assert moving == set(budget.MOVING)


def test_every_lever_is_judged_by_a_kpi():
    assert {kind.main_kpi for kind in REGISTRY.values()} <= set(BY_ID)


def test_every_measure_has_one_place():
    places = [measure for kind in REGISTRY.values() for measure in kind.measures]
    assert len(places) == len(set(places)) == 559
    assert all(re.fullmatch("[ACKUJ][0-9]{3}", place) for place in places)


def test_defaults_and_usual_values_lie_within_the_range():
    for thing in [*REGISTRY.values(), *OPTIONS.values()]:
        if thing.scale is not None:
            scale = thing.scale
            assert scale.low <= scale.usual_low <= scale.usual_high <= scale.high
            if thing.default is not None:
                assert scale.low <= thing.default <= scale.high


def test_the_typed_entry_has_exactly_the_options_of_the_registry():
    common = {"lever", "who", "value", "start", "end", "ramp", "payer", "replace"}
    assert set(LeverEntry.model_fields) == common | set(OPTIONS)
    assert tuple(PayerShares.model_fields) == tuple(Budget.model_fields) == PUBLIC_PAYERS
    assert tuple(BUDGETS) == PUBLIC_PAYERS


def test_the_shipped_regions_are_those_of_the_region_floor():
    assert set(SHIPPED_NAMES) == set(SHIPPED)


def test_the_table_has_a_row_for_each_lever_and_option():
    rows = lever_table()
    assert len(rows) == len(REGISTRY) + sum(len(kind.options) for kind in REGISTRY.values())
    assert all(row["evidence"] and row["measures"] for row in rows if not row["option"])


def test_the_documentation_holds_the_generated_table():
    assert lever_table_markdown() in DOC


def test_the_documentation_names_every_group():
    for name, codes in Region.load("asean+carec").groups.items():
        if name != "all":
            assert f"| `{name}` | {', '.join(codes)} |" in DOC


def test_the_examples_of_the_documentation_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yaml = [text for kind, text in BLOCKS if kind == "yaml" and text.startswith("name:")]
    reports = [text for kind, text in BLOCKS if kind == "text"]
    names = ("fibre-and-skills.yaml", "rural.yaml", "mistakes.yaml", "overspent.yaml")
    for name, text in zip(names, yaml, strict=True):
        Path(name).write_text(text, encoding="utf-8")
    assert check(names[0]) == ([], [])
    assert check(names[1]) == ([], [])
    for name, report in zip(names[2:], reports, strict=True):
        assert [str(found) for found in check(name)[0]] == report.splitlines()


def test_the_schema_names_keys_ranges_and_units():
    schema = scenario_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"].endswith("2020-12/schema")
    assert set(schema["properties"]) == set(ScenarioFile.model_fields)
    entry = schema["$defs"]["LeverEntry"]
    assert entry["properties"]["lever"]["enum"] == list(REGISTRY)
    assert entry["properties"]["rural_share"]["maximum"] == 1
    assert set(entry["required"]) == {"lever", "from"}
    for rule in entry["allOf"]:
        kind = REGISTRY[rule["if"]["properties"]["lever"]["const"]]
        value = rule["then"]["properties"]["value"]
        assert (value["minimum"], value["maximum"]) == (kind.scale.low, kind.scale.high)
        assert kind.scale.unit in value["description"]


def test_the_schema_accepts_the_shipped_scenarios_and_refuses_mistakes():
    jsonschema = pytest.importorskip("jsonschema")
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    reader = YAML(typ="safe", pure=True)
    for file in (ROOT / "scenarios").glob("*.yaml"):
        validator.validate(reader.load(file.read_text(encoding="utf-8")))
    head = {"name": "x", "region": "asean", "horizon": 2035}
    right = {"lever": "trade_facilitation", "value": 0.5, "from": 2026, "who": ["VNM"]}
    assert validator.is_valid({**head, "levers": [right]})
    for wrong in (
        {"value": 1.5},
        {"lever": "brodband"},
        {"rural_share": 0.5},
        {"from": "2026"},
        {"payer": {"private": 1}},
        {"who": []},
        {"other": 1},
    ):
        assert not validator.is_valid({**head, "levers": [right | wrong]}), wrong
    assert not validator.is_valid({"name": "x"})
    assert not validator.is_valid({**head, "budget": {"national": -1}})


def test_importing_is_light():
    code = "import sys, sim.policy; print(*sorted(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {"pandas", "matplotlib", "mesa", "networkx"} & set(done.stdout.split())


def test_a_misspelt_option_is_answered_with_those_of_its_lever(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text(
        "name: one\nregion: asean\nhorizon: 2035\nlevers:\n"
        "  - {lever: cybersecurity_programme, value: 0.1, from: 2026, regional_certs: 1}\n"
    )
    (problem,), _ = check(file)
    assert problem.nearest == "regional_cert"
    assert "anti_fraud" in problem.allowed
    assert "rural_share" not in problem.allowed
