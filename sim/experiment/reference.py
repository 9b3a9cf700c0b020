"""The reference results: a small batch of every shipped scenario, regenerated and checked in CI.

python -m sim.experiment.reference write results/reference
python -m sim.experiment.reference check results/reference
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment.batch import write_batch
from sim.files import atomic
from sim.policy import Scenario

SCENARIOS = Path("scenarios")
MEMBERS, SEED = 64, 1
YEARS = (2025, 2030, 2035)
KEYS = ["scenario", "kpi", "economy", "year"]
QUANTILES = ["q05", "median", "q95"]
#: Results agree across machines within this relative difference. Numbers below ``SMALLEST`` in
#: their KPI's unit (an effect that rounds to nothing) are compared with it absolutely.
TOLERANCE = 1e-9
SMALLEST = 1e-3


def produce() -> dict[str, pd.DataFrame]:
    """Run every shipped scenario; return the tables ``projections`` and ``effects``."""
    scenarios = [Scenario.load(path) for path in sorted(SCENARIOS.glob("*.yaml"))]
    with tempfile.TemporaryDirectory() as room:
        folder = write_batch(scenarios, MEMBERS, SEED, workers=1, out=room).folder
        tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("projections", "effects")}
    return {
        name: table.loc[table["year"].isin(YEARS), [*KEYS, *QUANTILES]].reset_index(drop=True)
        for name, table in tables.items()
    }


def write(folder: Path) -> None:
    """Write the reference tables. Do this on purpose only, and say in the changelog why."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in produce().items():
        with atomic(folder / f"{name}.csv") as draft:
            table.to_csv(draft, index=False, float_format="%.12g", lineterminator="\n")


def differences(folder: Path) -> list[str]:
    """Where results made now differ from the reference: one line each, none if they agree."""
    found = []
    for name, now in produce().items():
        kept = pd.read_csv(folder / f"{name}.csv")
        both = kept.merge(now, on=KEYS, how="outer", suffixes=("_kept", "_now"), indicator=True)
        alone = both[both["_merge"] != "both"]
        found += [
            f"{name}: only in {'the reference' if row['_merge'] == 'left_only' else 'this run'}: "
            + ", ".join(str(row[key]) for key in KEYS)
            for row in alone.to_dict("records")
        ]
        both = both[both["_merge"] == "both"]
        for column in QUANTILES:
            before, after = both[f"{column}_kept"], both[f"{column}_now"]
            scale = np.maximum(np.maximum(before.abs(), after.abs()), SMALLEST)
            far = both[(before - after).abs() / scale > TOLERANCE]
            found += [
                f"{name}: {', '.join(str(row[key]) for key in KEYS)}, {column}: "
                f"{row[f'{column}_kept']!r} in the reference, {row[f'{column}_now']!r} now"
                for row in far.to_dict("records")
            ]
    return found


def main(arguments: Sequence[str]) -> int:
    """Write or check; return the exit code."""
    action, folder = arguments
    if action == "write":
        write(Path(folder))
        return 0
    found = differences(Path(folder))
    for line in found[:20]:
        print(line)
    print(f"reference results: {len(found)} differences" if found else "reference results agree")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
