"""What one waits for at the command line, and the memory that many runs need."""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: Runs of the measurement of memory.
MANY = 10_000
#: Prints the peak memory in MB of the largest process below it. A small process of its own stands
#: between, because a new process counts the memory of the one that started it.
WATCH = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=2); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / "
    "(1 if sys.platform == 'darwin' else 2**10) / (2**20 if sys.platform == 'darwin' else 1)); "
    "sys.exit(done.returncode)"
)


def command() -> str | None:
    """The installed command line of this Python, else any on the path."""
    beside = Path(sys.executable).parent / "digiregion"
    return str(beside) if beside.exists() else shutil.which("digiregion")


def seconds(arguments: list[str], repeats: int) -> str:
    """Median seconds of a command from the shell to its end, or why there are none."""
    taken = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            filled = [folder if part == "{out}" else part for part in arguments]
            began = time.perf_counter()
            done = subprocess.run(filled, cwd=ROOT, capture_output=True, text=True, check=False)
            taken.append(time.perf_counter() - began)
        if done.returncode:
            return f"failed with exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    return f"{statistics.median(taken):.2f} s"


def from_the_shell(repeats: int) -> str:
    """A table of what one waits for at the command line."""
    program = command()
    if program is None:
        return "The command `digiregion` was not found: the package is not installed here."
    run = ["run", "scenarios/asean-push.yaml", "--members", "50", "--out", "{out}", "--quiet"]
    asked = {
        "digiregion --help": ["--help"],
        "digiregion run scenarios/asean-push.yaml --members 50": run,
        "digiregion run … --members 50 --no-figures": [*run, "--no-figures"],
    }
    lines = ["| command | time |", "|---|---:|"]
    for shown, arguments in asked.items():
        lines.append(f"| `{shown}` | {seconds([program, *arguments], repeats)} |")
    return "\n".join(lines)


def peak_memory(arguments: list[str]) -> str:
    """Peak memory of the largest process that a command starts."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", WATCH, *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return f"failed with exit code {done.returncode}: {done.stderr.strip()[-200:]}"
    return f"{float(done.stdout):,.0f} MB"


def memory(asked: argparse.Namespace) -> str:
    """A table of the memory that ten thousand runs need."""
    here = [
        sys.executable,
        str(Path(__file__).with_name("speed.py")),
        "--scenario",
        str(asked.scenario),
    ]
    engine_only = [*here, "--horizon", str(asked.horizon), "--only-run", str(MANY)]
    lines = [f"| {MANY:,} runs | peak of the largest process |", "|---|---:|"]
    lines.append(f"| engine, 1 core, with Parquet | {peak_memory(engine_only)} |")
    program = command()
    if program is not None:
        with tempfile.TemporaryDirectory() as folder:
            run = ["run", str(asked.scenario), "--members", str(MANY), "--out", folder]
            whole = peak_memory([program, *run, "--quiet", "--no-figures"])
        lines.append(f"| `digiregion run`, scenario and baseline, with tables | {whole} |")
    return "\n".join(lines)
