"""Kill a batch at its every step on disk, and see that the next run loses and changes nothing.

    python tests/trials/crash_points.py [EVERY] [FIRST]

A batch is run in a child process that dies, as by kill -9, at its n-th step on disk (a file opened
to be written, renamed, linked or removed, a folder made or removed); the same batch is run again
and compared with one that was never disturbed. EVERY = 7 tries each seventh step, from FIRST on.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import sim
from sim.experiment import batch, engine
from sim.experiment.finished import manifest_parts, read_journal
from sim.experiment.manifest import read
from sim.experiment.plan import ALL, Selection
from sim.experiment.verify import verify

MEMBERS = 4
STEPS = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate"}
KILLED = 137

base = sim.Scenario.baseline("asean", horizon=2025)
fibre = base.plus(sim.lever("broadband_investment", value=0.4, years=(2025, 2025)), name="Fibre")
skills = base.plus(sim.lever("basic_skills_programme", value=1, years=(2025, 2025)), name="Skills")
steps = 0


def dies_at(last: int, out: Path) -> None:
    """From now on: end this process at its ``last``-th step below ``out``."""

    def watch(event: str, given: tuple) -> None:
        global steps
        writes = event == "open" and (given[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if (writes or event in STEPS) and str(out) in str(given[0]):
            steps += 1
            if steps == last:
                os._exit(KILLED)

    sys.addaudithook(watch)


def in_child(work, last: int, out: Path) -> bool:
    """Whether ``work`` in a process of its own died at the step before it was done."""
    child = os.fork()
    if not child:
        dies_at(last, out)
        work()
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED), f"exit code {code}"
    return code == KILLED


def broken(task: engine.Task) -> None:
    """Run a part, but for those of one scenario."""
    if task.case.name == "Fibre":
        raise ValueError("fails")
    return run_task(task)


run_task = engine.run_task


def fresh(out: Path) -> None:
    """Nothing is there yet."""


def half_done(out: Path) -> None:
    """A batch with a part missing is there, and files of the user."""
    engine.run_task = broken
    folder = batch.write_batch([fibre, skills], MEMBERS, workers=1, out=out).folder
    engine.run_task = run_task
    (folder / "members" / "mine.txt").write_text("mine")


def related(out: Path) -> None:
    """Another batch that shares parts is there."""
    batch.write_batch(skills, MEMBERS, workers=1, out=out)


def parts_on_disk(out: Path, name: str, selection: Selection) -> int:
    """Parts that a killed batch left in its room, or published."""
    room, target = out / ".digiregion" / name, out / name
    if not selection.members and (target / "manifest.json").exists():
        return 0  # done, and none is to be kept
    listed = [*read_journal(room), *manifest_parts(room), *manifest_parts(target)]
    return len({(part.scenario, part.first) for part in listed})


def try_all(prepare, every: int, first: int, selection: Selection = ALL) -> int:
    """Try the steps of one setting; return how many were tried."""
    with tempfile.TemporaryDirectory() as spare:
        whole = batch.write_batch(
            [fibre, skills], MEMBERS, workers=1, out=spare, selection=selection
        ).folder
        wanted = read(whole)["files"]
    step = first
    while True:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "results"
            prepare(out)
            others = set(out.iterdir()) if out.exists() else set()

            def work(out=out):
                return batch.write_batch(
                    [fibre, skills], MEMBERS, workers=1, out=out, selection=selection
                )

            died = in_child(work, step, out)
            kept = parts_on_disk(out, whole.name, selection)
            written = work()
            for problem in wrong(written, wanted, kept, others):
                kind = "" if selection.members else " without members"
                failures.append(f"{prepare.__name__}{kind}, step {step}: {problem}")
                print(failures[-1], flush=True)
            shutil.rmtree(out)
        if not died:
            return (step - first) // every
        step += every


failures: list[str] = []


def wrong(written, wanted: dict, kept: int, others: set) -> list[str]:
    """What is wrong with a batch that was run again."""
    folder = written.folder
    found = []
    if read(folder)["files"] != wanted or verify(folder) != len(wanted):
        found.append("other bytes")
    if (ran := sum(written.ran.values())) > 3 - kept:
        found.append(f"{ran} parts run again, {kept} were kept")
    if rest := set(folder.parent.iterdir()) - others - {folder}:
        found.append(f"left {rest}")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    if rest := there - {*wanted, "manifest.json", "members/mine.txt"}:
        found.append(f"left {rest}")
    return found


def main() -> None:
    """Try every setting."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("every", type=int, nargs="?", default=1)
    parser.add_argument("first", type=int, nargs="?", default=1)
    asked = parser.parse_args()
    for prepare in (fresh, half_done, related):
        print(prepare.__name__, try_all(prepare, asked.every, asked.first), "steps", flush=True)
    tried = try_all(fresh, asked.every, asked.first, Selection(members=False))
    print("without members", tried, "steps", flush=True)
    if failures:
        raise SystemExit("\n".join(failures))


if __name__ == "__main__":
    main()
