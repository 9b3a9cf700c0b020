"""The face of digiregion: regions, scenarios, runs, and why to believe them.

>>> import sim
>>> region = sim.Region.load("asean")
>>> base = sim.Scenario.baseline(region, horizon=2035)
>>> fibre = base.plus(sim.lever("broadband_investment", value=0.4, who="clmv"), name="Fibre")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.errors import InputError as InputError
    from sim.evidence.calibrate import calibrate as calibrate
    from sim.evidence.explain import explain as explain
    from sim.evidence.hindcast import hindcast as hindcast
    from sim.evidence.sensitivity import sensitivity as sensitivity
    from sim.policy import Scenario as Scenario
    from sim.policy import lever as lever
    from sim.region.region import Region as Region
    from sim.report.runs import Runs as Runs
    from sim.report.runs import open as open
    from sim.report.runs import run as run
    from sim.report.runs import run_batch as run_batch

#: Where each name lives: it is imported when first used, so that ``import sim`` costs nothing.
_HOMES = {
    "InputError": "sim.errors",
    "Region": "sim.region.region",
    "Scenario": "sim.policy",
    "lever": "sim.policy",
    "Runs": "sim.report.runs",
    "open": "sim.report.runs",
    "run": "sim.report.runs",
    "run_batch": "sim.report.runs",
    "calibrate": "sim.evidence.calibrate",
    "explain": "sim.evidence.explain",
    "hindcast": "sim.evidence.hindcast",
    "sensitivity": "sim.evidence.sensitivity",
    "RegionModel": "sim.experiment.agents",
    "MemberState": "sim.experiment.agents",
    "RegionalBody": "sim.experiment.agents",
}

#: Not ``open``: ``from sim import *`` leaves Python's own alone.
__all__ = sorted(_HOMES.keys() - {"open"})


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(_HOMES)}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
