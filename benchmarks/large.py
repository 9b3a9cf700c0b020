"""A batch as one would publish it: 40 scenarios × 1,000 members, its time, memory and disk.

    python benchmarks/large.py --out docs/benchmarks.md

The scenarios are the shipped push for ASEAN and CAREC with its levers scaled from 5 to 200 %.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import shell
from machine import description
from speed import write

from sim.policy import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds between two looks at the memory.
INTERVAL = 0.2


class Watch(threading.Thread):
    """Looks at the memory of a process and of those below it: each one's peak, and the sum's.

    The sum counts memory that processes share once (proportional set size), in MB.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.largest, self.together = pid, 0.0, 0.0
        self.over = threading.Event()

    def run(self) -> None:
        """Look until the process is over."""
        while not self.over.wait(INTERVAL):
            sizes = [_proportional(pid) for pid in _below(self.pid)]
            self.largest = max([self.largest, *sizes])
            self.together = max(self.together, sum(sizes))


def _below(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _below(int(child))


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024.0


def scenarios(folder: Path, count: int, horizon: int) -> list[str]:
    """Write scenario files that differ in the size of their levers; return their paths."""
    whole = Scenario.load(shell.ROOT / "scenarios" / "asean-carec-push.yaml")
    paths = []
    for number in range(1, count + 1):
        share = 0.5 * number / count
        levers = tuple(
            lever.model_copy(update={"value": lever.value * share}) for lever in whole.levers
        )
        one = replace(whole, name=f"Push {number:02d}", levers=levers, horizon=horizon)
        paths.append(str(one.save(folder / f"push-{number:02d}.yaml")))
    return paths


def measure(files: list[str], members: int, *options: str) -> str:
    """Run a batch; return a row of the table."""
    program = shell.command()
    if program is None:
        raise SystemExit("the command digiregion was not found: the package is not installed here")
    with tempfile.TemporaryDirectory() as out:
        words = [program, "batch", *files, "--members", str(members), "--out", out, "--json"]
        began = time.perf_counter()
        process = subprocess.Popen([*words, *options], stdout=subprocess.PIPE, text=True)
        watch = Watch(process.pid)
        watch.start()
        said, _ = process.communicate()
        seconds = time.perf_counter() - began
        watch.over.set()
        if process.returncode:
            raise SystemExit(f"failed with exit code {process.returncode}")
        report = json.loads(said)
        disk = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
    runs = len(report["scenarios"]) * members
    count = len(files)
    shown = f"{count} scenario{'s' if count > 1 else ''} × {members:,} members {' '.join(options)}"
    return (
        f"| {shown.strip()} | {runs:,} | {seconds:,.0f} s | {runs / seconds:,.0f} | "
        f"{watch.largest:,.0f} MB | {watch.together:,.0f} MB | {disk / 1e9:.2f} GB |"
    )


def main() -> None:
    """Measure, print, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scenarios", type=int, default=40, help="scenarios (40)")
    parser.add_argument("--members", type=int, default=1000, help="members of each (1,000)")
    parser.add_argument("--horizon", type=int, default=2040, help="last year (2040)")
    parser.add_argument("--many", type=int, default=100_000, help="members of one (100,000)")
    parser.add_argument("--out", type=Path, help="write the table to this file")
    asked = parser.parse_args()
    cores = str(os.cpu_count())
    lines = [
        "| batch | runs with baselines | time | runs a second | largest process | all | disk |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        files = scenarios(Path(folder), asked.scenarios, asked.horizon)
        lines.append(measure(files, asked.members, "--workers", cores))
        lines.append(measure(files, asked.members, "--workers", cores, "--no-members"))
        lines.append(measure(files[:1], asked.many, "--workers", cores))
        baseline = Scenario.baseline("asean+carec", asked.horizon, name="Baseline")
        alone = str(baseline.save(Path(folder) / "baseline.yaml"))
        lines.append(measure([alone], asked.many, "--workers", "1"))
    text = "\n\n".join([description(), "\n".join(lines)])
    print(text)
    if asked.out:
        write(asked.out, "large", text)


if __name__ == "__main__":
    main()
