"""What goes wrong with disks, processes and hands is said, costs little, and changes no number."""

import dataclasses
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import sim
from sim.experiment import batch, engine, manifest, plan, summary, tables, work
from sim.experiment.batch import write_batch
from sim.experiment.finished import ROOM, read_journal
from sim.experiment.verify import verify
from sim.files import write_text
from sim.kpi.registry import KPIS
from sim.processes import outcomes

MEMBERS = 300  # two parts a scenario
BASE = sim.Scenario.baseline("asean", horizon=2025)
FIBRE = BASE.plus(sim.lever("broadband_investment", value=0.4, years=(2025, 2025)), name="Fibre")
CASE = plan.make_plan(FIBRE, 1, 1).cases["Fibre"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed batch: no test changes it."""
    return write_batch(FIBRE, MEMBERS, 3, 1, tmp_path_factory.mktemp("whole")).folder


@pytest.fixture
def copy(whole, tmp_path):
    """A copy of the undisturbed batch."""
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def files(folder: Path) -> dict[str, str]:
    """Digests of a batch's files, which are as they were written."""
    verify(folder)
    return manifest.read(folder)["files"]


def counts(written) -> tuple[int, int]:
    return sum(written.ran.values()), sum(written.reused.values())


# --- parts that fail ------------------------------------------------------------------------------


def is_second(task: engine.Task) -> bool:
    """Whether it is the second part of the policy: members 256 to 511."""
    return task.case.name == "Fibre" and task.members.start == 256


def run_or_fail(number: int):
    """As the runner's work, but for one part, which does what ``HARM`` says."""
    jobs, _ = work._prepared
    if is_second(jobs[number].task):
        HARMS[os.environ["HARM"]]()
    return work._work(number)


def fill_memory() -> None:
    size = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**20, size[1]))
    try:
        engine._prepare_block.cache_clear()
        bytearray(2**30)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, size)


def divide() -> None:
    raise ZeroDivisionError("no output to share")


HARMS = {
    "error": divide,
    "memory": fill_memory,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
}


def harmed(workers: int):
    """A runner of this machine in which one part fails."""

    def runner(jobs, folder):
        return outcomes(run_or_fail, len(jobs), workers, work._prepare, (list(jobs), folder))

    return runner


@pytest.mark.parametrize(
    ("harm", "workers", "cause"),
    [
        ("error", 1, "ZeroDivisionError: no output to share"),
        ("error", 2, "ZeroDivisionError: no output to share"),
        ("memory", 2, "MemoryError"),
        ("killed", 2, "its process was killed"),
    ],
)
def test_a_part_that_fails_is_listed_with_its_cause_and_made_good_by_the_next_run(
    whole, tmp_path, monkeypatch, harm, workers, cause
):
    monkeypatch.setenv("HARM", harm)
    written = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path, runner=harmed(workers))
    assert counts(written) == (3, 0)
    (lost,) = manifest.read(written.folder)["missing"]
    assert (lost["scenario"], lost["first"], lost["last"]) == ("Fibre", 256, 299)
    assert cause in lost["cause"]
    with pytest.raises(sim.InputError, match=r"members 256 to 299 of Fibre are missing") as said:
        verify(written.folder)
    assert cause in str(said.value)
    # The scenario that is whole has its rows; the other has none.
    rows = (written.folder / "projections.csv").read_text().splitlines()[1:]
    assert {row.split(",")[0] for row in rows} == {"asean-baseline"}
    again = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path, resume=True)
    assert counts(again) == (1, 3)
    assert again.folder == written.folder
    assert files(again.folder) == files(whole)


def test_a_batch_of_which_nothing_is_complete_says_why_and_keeps_its_parts(whole, tmp_path):
    def runner(jobs, folder):
        for number, job in enumerate(jobs):
            if job.task.number == 1:
                yield batch.Outcome(number, error=ValueError("no such year"), trace="line 7")
            else:
                yield batch.Outcome(number, work.run_job(job, folder))

    with pytest.raises(
        sim.errors.Unfinished, match=r"no scenario is complete.*no such year"
    ) as said:
        write_batch(FIBRE, MEMBERS, 3, 1, tmp_path, runner=runner)
    assert "2 of 4 parts are kept" in str(said.value)
    assert not list(tmp_path.glob("*/manifest.json"))
    again = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path)
    assert counts(again) == (2, 2)
    assert files(again.folder) == files(whole)


def test_a_process_that_is_killed_while_tables_are_written_costs_no_part(
    whole, tmp_path, monkeypatch
):
    def die(*_):
        raise tables_died

    tables_died = sim.processes.WorkerDied()
    monkeypatch.setattr(tables, "_in_order", die)
    with pytest.raises(sim.errors.Unfinished, match=r"killed.*4 of 4 parts are kept"):
        write_batch(FIBRE, MEMBERS, 3, 1, tmp_path)
    monkeypatch.undo()
    again = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path)
    assert counts(again) == (0, 4)
    assert files(again.folder) == files(whole)


# --- disks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 3])
def test_a_full_disk_is_said_and_parts_are_kept(whole, tmp_path, monkeypatch, after):
    done = 0

    def runner(jobs, folder):
        nonlocal done
        for number, job in enumerate(jobs):
            if done == after:
                error = OSError(28, "No space left on device")
                yield batch.Outcome(number, error=error)
            yield batch.Outcome(number, work.run_job(job, folder))
            done += 1

    words = "3 of 4 parts are kept" if after else "nothing was written"
    with pytest.raises(sim.errors.Unfinished, match=f"No space left on device; {words}"):
        write_batch(FIBRE, MEMBERS, 3, 1, tmp_path, runner=runner)
    again = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path)
    assert counts(again) == (4 - after, after)
    assert files(again.folder) == files(whole)


COMMAND = """
import resource, sys
from sim.cli import main
if {limit}:
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
raise SystemExit(main(sys.argv[1:]))
"""


def command(tmp_path: Path, out: Path, limit: int = 0, before: str = "", seed: int = 3):
    """The command for the batch in a process of its own, that may write files up to a limit."""
    FIBRE.save(tmp_path / "fibre.yaml")
    words = [sys.executable, "-c", COMMAND.format(limit=limit), "batch", tmp_path / "fibre.yaml"]
    words += ["--members", MEMBERS, "--seed", seed, "--workers", 1, "--out", out, "--quiet"]
    words = [str(word) for word in words]
    if before:
        words = ["unshare", "-m", "sh", "-ec", before + '\nexec "$@"', "sh", *words]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_limit_to_the_size_of_files_is_said_and_the_next_run_goes_on(whole, tmp_path):
    """The last part of each scenario is small, and fits; a full part does not."""
    done = command(tmp_path, tmp_path / "out", limit=1_000_000)
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    again = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path / "out")
    assert files(again.folder) == files(whole)


def may_mount() -> bool:
    """Whether a file system can be mounted for a process alone."""
    try:
        words = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not may_mount(), reason="needs the right to mount file systems")
def test_a_disk_that_runs_full_keeps_its_parts_and_goes_on_when_there_is_room(whole, tmp_path):
    """A file system of 40 MB, of which something else takes what the parts need."""
    out, kept = tmp_path / "out", tmp_path / "kept"
    out.mkdir()
    mounted = f"""
        mount -t tmpfs -o size=40m tmpfs {out}
        trap 'cp -r {out} {kept}' EXIT
        (until ls {out}/.digiregion/*/members/*/part* >{tmp_path}/seen 2>&1; do :; done
         head -c 40m /dev/zero > {out}/other) &
        filler=$!; "$@" || code=$?; kill $filler 2>/dev/null || true; wait; exit ${{code:-0}}
    """
    done = command(tmp_path, out, before=textwrap.dedent(mounted))
    assert done.returncode == 1, done.stderr
    assert "No space left on device" in done.stderr
    assert "parts are kept" in done.stderr
    (kept / "other").unlink()
    room = next((kept / ROOM).glob("*/"))
    held = len(read_journal(room))
    assert held
    again = write_batch(FIBRE, MEMBERS, 3, 1, kept)
    assert counts(again) == (4 - held, held)
    assert files(again.folder) == files(whole)


@pytest.mark.skipif(not may_mount(), reason="needs the right to mount file systems")
def test_a_disk_that_is_too_small_is_said_before_anything_runs(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    done = command(tmp_path, out, before=f"mount -t tmpfs -o size=4m tmpfs {out}")
    assert done.returncode == 2
    assert "GB on disk" in done.stderr


@pytest.mark.skipif(not may_mount(), reason="needs the right to mount file systems")
def test_a_folder_that_cannot_be_written_to_is_one_clear_error(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    done = command(tmp_path, out, before=f"mount -t tmpfs -o ro tmpfs {out}")
    assert done.returncode == 2
    assert "cannot write results there: Read-only file system" in done.stderr
    assert "Traceback" not in done.stderr


def test_results_on_another_drive_behind_a_link_are_replaced(whole, copy, monkeypatch):
    """A user moved the folder to a larger drive, and left a link; a part of it is damaged."""
    part = copy / "members/fibre/part-00001.parquet"
    os.truncate(part, 10)
    replace = os.replace

    def other_drive(source, target):
        if ROOM in str(source) and ROOM not in str(target):
            raise OSError(18, "Invalid cross-device link")
        replace(source, target)

    monkeypatch.setattr(os, "replace", other_drive)
    again = write_batch(FIBRE, MEMBERS, 3, 1, copy.parent)
    assert again.folder == copy
    assert files(copy) == files(whole)
    assert not (copy.parent / ROOM).exists()


def test_files_have_the_rights_that_the_mask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "mine", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o640


# --- hands ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "{}", "\udcff\udcfe", '{"files": {}}'])
def test_a_manifest_that_is_destroyed_is_named_and_the_batch_is_run_again(whole, copy, text):
    (copy / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(sim.InputError, match=r"manifest\.json"):
        verify(copy)
    again = write_batch(FIBRE, MEMBERS, 3, 1, copy.parent)
    assert counts(again) == (4, 0)
    assert files(copy) == files(whole)


def test_a_manifest_that_is_cut_short_is_named_and_the_batch_is_run_again(whole, copy):
    path = copy / "manifest.json"
    os.truncate(path, path.stat().st_size - 100)
    with pytest.raises(sim.InputError, match="cannot be read"):
        verify(copy)
    again = write_batch(FIBRE, MEMBERS, 3, 1, copy.parent)
    assert counts(again) == (4, 0)
    assert files(copy) == files(whole)


def leaves(value, path=()):
    """Every place in a record that holds a word or a number, or an empty list or object."""
    if isinstance(value, dict | list) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, held in pairs:
            yield from leaves(held, (*path, key))
    else:
        yield path


def other(value):
    if isinstance(value, bool) or value is None:
        return not value
    return value + 1 if isinstance(value, int | float) else [*value, "x"]


@pytest.mark.parametrize("strange", ["changed", None, "removed", {}, 7])
def test_any_edit_of_a_manifest_is_found(whole, tmp_path, strange, monkeypatch):
    record = json.loads((whole / "manifest.json").read_text())
    record["files"] = {}  # nothing to read again
    folder = tmp_path / "batch"
    folder.mkdir()
    passed = []
    batch.write_manifest(folder, record)
    verify(folder)
    record = json.loads((folder / "manifest.json").read_text())
    for path in leaves(record):
        edited = json.loads(json.dumps(record))
        place = edited
        for key in path[:-1]:
            place = place[key]
        if strange == "removed":
            del place[path[-1]]
        elif strange == "changed":
            held = place[path[-1]]
            place[path[-1]] = f"{held}x" if isinstance(held, str) else other(held or 0)
        else:
            if place[path[-1]] == strange:
                continue
            place[path[-1]] = strange
        (folder / "manifest.json").write_text(json.dumps(edited))
        try:
            verify(folder)
        except sim.InputError:
            continue
        passed.append(path)
    assert not passed


def test_files_of_the_user_next_to_parts_are_not_taken_for_parts(whole, copy):
    part = copy / "members/fibre/part-00000.parquet"
    shutil.copy(part, part.with_name("part-00000 (1).parquet"))
    shutil.copy(part, part.with_name("part-0000.parquet"))
    made = [tables.layout(folder, CASE, MEMBERS) for folder in (copy, whole)]
    one, two = (summary.projections(layout, "Fibre", KPIS[:2]) for layout in made)
    assert one.equals(two)
    write_batch(FIBRE, MEMBERS, 3, 1, copy.parent)
    assert part.with_name("part-00000 (1).parquet").exists()
    assert files(copy) == files(whole)


@pytest.mark.parametrize("damage", ["gone", "cut short", "no table", "another part"])
def test_members_that_are_damaged_give_an_error_and_no_figures(copy, damage):
    part = copy / "members/fibre/part-00001.parquet"
    if damage == "gone":
        part.unlink()
    elif damage == "cut short":
        os.truncate(part, 5000)
    elif damage == "no table":
        part.write_text("mine")
    else:
        shutil.copy(part.with_name("part-00000.parquet"), part)
    with pytest.raises(sim.InputError, match=r"members/fibre.*digiregion verify"):
        summary.projections(tables.layout(copy, CASE, MEMBERS), "Fibre", KPIS[:2])


def test_summaries_only_are_the_summaries_of_the_whole_batch(whole, tmp_path):
    lean = dataclasses.replace(batch.ALL, members=False)
    written = write_batch(FIBRE, MEMBERS, 3, 1, tmp_path, selection=lean)
    assert not (written.folder / "members").exists()
    found = {k: v for k, v in files(whole).items() if not k.startswith("members/")}
    assert files(written.folder) == found
