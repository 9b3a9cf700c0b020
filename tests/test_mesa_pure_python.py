"""The yardstick of the benchmarks is the core of the same model: it agrees with the batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.experiment import engine
from sim.experiment.plan import case_of
from sim.policy import Scenario

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


@pytest.mark.parametrize("member", [0, 70])
@pytest.mark.parametrize("name", ["asean-push", "asean-carec-push", "carec-baseline"])
def test_plain_floats_agree_with_the_batch(name, member):
    from core import ROWS, core
    from pure_python_inputs import Inputs
    from pure_python_mesa import PurePythonModel

    scenario = Scenario.load(ROOT / "scenarios" / f"{name}.yaml")
    case = core(case_of(scenario, name=name))
    batch = engine.run_members(case, 3, range(member, member + 1))[list(ROWS.values()), 0]
    model = PurePythonModel(Inputs.of(case, 3, member))
    while model.running:
        model.step()
    table = model.datacollector.get_agent_vars_dataframe()
    found = np.array([table[column].to_numpy() for column in ROWS]).reshape(batch.shape)
    # Absolute for gains that are nearly nothing, such as 1e-5 % of GDP: differences of logs.
    for row, column in enumerate(ROWS):
        np.testing.assert_allclose(found[row], batch[row], 1e-9, 1e-11, err_msg=column)


def test_a_step_uses_no_numpy():
    for path in (ROOT / "benchmarks").glob("pure_python_*.py"):
        assert "numpy" not in path.read_text(), path.name
