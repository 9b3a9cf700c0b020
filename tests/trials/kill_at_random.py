"""Kill `digiregion batch` with kill -9 at random moments until it is done: are the bytes the same?

    python tests/trials/kill_at_random.py [ROUNDS] [SEED]

Each round starts the command again and again, kills it (and only it: its workers must end by
themselves) after a random time that grows, and compares what it has written in the end.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sim
from sim.experiment.manifest import read
from sim.experiment.verify import verify

PROGRAM = "from sim.cli import main; raise SystemExit(main())"
OPTIONS = ["--members", "1500", "--workers", "2", "--kpis", "internet_users,gdp", "--quiet"]


def workers_of(group: int) -> list[str]:
    """Processes of a killed command that still run, or wait for ever."""
    listed = subprocess.run(["ps", "-eo", "pgid,stat,pid"], capture_output=True, text=True)
    rows = [line.split() for line in listed.stdout.splitlines()[1:]]
    return [pid for pgid, state, pid in rows if int(pgid) == group and not state.startswith("Z")]


def killed(words: list[str], after: float) -> str | None:
    """Run the command; what it printed if it was done in time, None if it was killed."""
    running = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        said, _ = running.communicate(timeout=after)
        assert running.returncode == 0, running.returncode
        return said
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGKILL)
        running.wait()
    for _ in range(100):
        if not (left := workers_of(running.pid)):
            return None
        time.sleep(0.1)
    raise AssertionError(f"processes {left} outlived the command")


def main() -> None:
    """Run the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=10)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    luck = random.Random(asked.seed)
    base = sim.Scenario.baseline("asean", horizon=2026)
    fibre = base.plus(sim.lever("broadband_investment", value=0.4, years=(2025, 2026)), name="F")
    with tempfile.TemporaryDirectory() as folder:
        fibre.save(Path(folder) / "f.yaml")
        words = [sys.executable, "-c", PROGRAM, "batch", f"{folder}/f.yaml", *OPTIONS, "--out"]
        began = time.monotonic()
        alone = subprocess.run([*words, f"{folder}/alone"], text=True, capture_output=True)
        usual = time.monotonic() - began
        wanted = read(Path(alone.stdout.split()[-1]))["files"]
        for number in range(asked.rounds):
            out, kills, said = Path(folder) / f"out{number}", 0, None
            while said is None:
                said = killed([*words, str(out)], luck.uniform(0.1, 1.1 + 0.1 * kills) * usual)
                kills += said is None
            done = Path(said.split()[-1])
            verify(done)
            assert read(done)["files"] == wanted, "other bytes"
            assert os.listdir(out) == [done.name], os.listdir(out)
            print(f"round {number + 1}: killed {kills} times, the same bytes", flush=True)
            shutil.rmtree(out)


if __name__ == "__main__":
    main()
