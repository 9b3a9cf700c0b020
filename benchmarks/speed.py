"""How fast the model is: batch, Mesa on the same arrays, Mesa in plain Python; start-up; memory.

    python benchmarks/speed.py --out benchmarks.md
    python benchmarks/speed.py --profile

A run is one ensemble member of one scenario with all columns recorded in every year. What is
compared is measured in turns in one process, and the median of the turns is shown.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import shell
from batches import SEED, batch

from sim.experiment import engine
from sim.experiment.engine import Case
from sim.experiment.plan import case_of
from sim.kpi.registry import COLUMNS

if TYPE_CHECKING:
    from sim.policy import Scenario

#: How far the plain-Python model may be from the batch, relative.
AGREEMENT = 1e-9


def report(asked: argparse.Namespace, case: Case, scenario: Scenario) -> str:
    """Everything that is asked for, as Markdown."""
    # Here and not above: worker processes import the head of this file.
    import phases
    from machine import description
    from ways import candidates, compare, disagreement

    world = case.world
    parts = [
        f"A run: {scenario.name}, {len(world.economies)} economies, {world.base_year} to "
        f"{scenario.horizon}, {len(COLUMNS)} columns; blocks of {engine.BLOCK} runs.",
        description(),
    ]
    if asked.profile:
        table = phases.profile(case, SEED, asked.runs, asked.repeats)
        return "\n\n".join([*parts, table])
    errors = disagreement(case, scenario)
    worst = max(errors.values())
    if worst > AGREEMENT:
        raise SystemExit(f"the models differ by {json.dumps(errors)}: they cannot be compared")
    agreed = ", ".join(f"{name} {error:.1e}" for name, error in errors.items())
    parts.append(f"Largest relative difference from the batch: {agreed}.")
    parts.append(compare(candidates(case, scenario, asked.runs, asked.mesa_runs), asked.repeats))
    parts.append(shell.from_the_shell(asked.repeats))
    if not asked.no_memory:
        parts.append(shell.memory(asked))
    return "\n\n".join(parts)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    scenario = shell.ROOT / "scenarios" / "asean-carec-push.yaml"
    parser.add_argument("--scenario", type=Path, default=scenario, help="scenario file")
    parser.add_argument("--horizon", type=int, default=2040, help="last year (2040)")
    parser.add_argument("--runs", type=int, default=4096, help="runs of a batch a turn (4096)")
    parser.add_argument("--mesa-runs", type=int, default=20, help="runs of Mesa a turn (20)")
    parser.add_argument("--repeats", type=int, default=5, help="turns (5)")
    parser.add_argument("--out", type=Path, help="write the tables to this file")
    parser.add_argument("--profile", action="store_true", help="where a batch's time goes")
    parser.add_argument("--no-memory", action="store_true", help="leave out the 10,000 runs")
    parser.add_argument("--only-run", type=int, metavar="RUNS", help="run a batch, print nothing")
    return parser.parse_args()


def write(path: Path, name: str, text: str) -> None:
    """Write a file, or only what stands between its marks ``<!-- name -->``, if it has them."""
    mark = f"<!-- {name} -->\n"
    before = path.read_text(encoding="utf-8").split(mark) if path.exists() else []
    if len(before) == 3:
        text = f"{before[0]}{mark}{text}\n{mark}{before[2]}".rstrip("\n")
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, and write what was measured."""
    from sim.policy import Scenario

    asked = parse()
    scenario = replace(Scenario.load(asked.scenario), horizon=asked.horizon)
    case = case_of(scenario, name="speed")
    if asked.only_run:
        batch(case, asked.only_run, 1, write=True)
        return
    text = report(asked, case, scenario)
    print(text)
    if asked.out:
        write(asked.out, "profile" if asked.profile else "speed", text)


if __name__ == "__main__":
    main()
