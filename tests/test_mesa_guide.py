"""The guide to the agents runs as it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_every_example_of_the_guide_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(examples) == 6
    names: dict = {}
    for example in examples:
        exec(compile(example, "docs/agents.md", "exec"), names)
    model = names["model"]
    assert model.year == model.horizon
    assert len(names["table"]) == len(model.agents) * (model.horizon - 2023 + 1)
    ambitious = names["ambitious"]
    assert ambitious.kpi("programme_cost") > 0
    assert names["laos"].programme_cost.sum() > 0
    assert names["laos"].funded == pytest.approx(1.0)
    assert {row["member"] for row in names["rows"]} == {0, 1, 2}
