"""Processes: every call has one outcome, whatever its process meets; batches go on after a kill."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import sim
from sim import processes
from sim.processes import WorkerDied, outcomes, run_each

given: tuple = ()


def prepare(*values):
    global given
    given = values


def prepare_badly(*values):
    raise FileNotFoundError("no such table")


def square(number):
    return number * number


def late_first(number):
    """The first call waits until the outcome of the last is there."""
    while number == 0 and not (Path(given[0]) / "last").exists():
        time.sleep(0.01)
    return number


def fail_on_three(number):
    if number == 3:
        raise ValueError(f"call {number} failed")
    return number


class Stubborn(Exception):
    """An error that cannot be made again from its arguments."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def fail_stubbornly(number):
    raise Stubborn("this", "that")


def die_on_two(number):
    """Call 2 kills its process; every call notes that it began."""
    with (Path(given[0]) / f"{number}").open("a") as stream:
        stream.write("x")
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(number):
    """Call 1 kills its process the first time that it runs."""
    mark = Path(given[0]) / "died"
    if number == 1 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number):
    os._exit(3)


def interrupt_thyself(number):
    """What a terminal does on Ctrl-C: it sends the signal to every process of its group."""
    os.kill(os.getpid(), signal.SIGINT)
    return number


def note_and_wait(number):
    (Path(given[0]) / f"{number}").touch()
    time.sleep(0.2)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_every_call_has_one_outcome(workers):
    found = list(outcomes(square, 7, workers, prepare, ()))
    assert sorted((one.number, one.value) for one in found) == [(n, n * n) for n in range(7)]
    assert not any(one.error for one in found)


def test_no_calls_give_no_outcomes():
    assert list(outcomes(square, 0, 2, prepare, ())) == []


def test_outcomes_come_as_they_are_done(tmp_path):
    found = []
    for one in outcomes(late_first, 3, 2, prepare, (str(tmp_path),)):
        found.append(one.number)
        if one.number == 2:
            (tmp_path / "last").touch()
    assert found == [1, 2, 0]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_is_an_outcome_and_the_others_go_on(workers):
    found = {one.number: one for one in outcomes(fail_on_three, 6, workers, prepare, ())}
    assert sorted(found) == list(range(6))
    failed = found.pop(3)
    assert isinstance(failed.error, ValueError)
    assert "call 3 failed" in str(failed.error)
    assert "fail_on_three" in failed.trace
    assert all(one.error is None and one.value == number for number, one in found.items())


def test_an_error_that_cannot_cross_to_another_process_says_the_same():
    found = list(outcomes(fail_stubbornly, 2, 2, prepare, ()))
    assert [str(one.error) for one in found] == ["Stubborn: this and that"] * 2
    assert all("fail_stubbornly" in one.trace for one in found)


def test_a_call_that_kills_its_process_is_found_and_no_other_is_lost(tmp_path):
    found = {one.number: one for one in outcomes(die_on_two, 8, 2, prepare, (str(tmp_path),))}
    assert sorted(found) == list(range(8))
    assert isinstance(found.pop(2).error, WorkerDied)
    assert all(one.error is None and one.value == number for number, one in found.items())
    assert len((tmp_path / "2").read_text()) == processes.DEATHS


def test_a_call_whose_process_was_killed_once_is_done_in_the_end(tmp_path):
    found = list(outcomes(die_once, 5, 2, prepare, (str(tmp_path),)))
    assert sorted(one.value for one in found) == list(range(5))
    assert (tmp_path / "died").exists()


def test_calls_that_all_kill_their_process_all_have_an_outcome():
    found = list(outcomes(die, 3, 2, prepare, ()))
    assert sorted(one.number for one in found) == [0, 1, 2]
    assert all(isinstance(one.error, WorkerDied) for one in found)
    assert "killed" in str(found[0].error)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_process_that_cannot_be_made_ready_says_why(workers):
    found = list(outcomes(square, 3, workers, prepare_badly, ()))
    assert sorted(one.number for one in found) == [0, 1, 2]
    assert all(isinstance(one.error, FileNotFoundError) for one in found)
    assert "no such table" in str(found[0].error)
    assert "prepare_badly" in found[0].trace


@pytest.mark.parametrize("workers", [1, 2])
def test_run_each_raises_what_a_call_raises(workers):
    with pytest.raises(ValueError, match="call 3 failed"):
        list(run_each(fail_on_three, 6, workers, prepare, ()))
    assert not multiprocessing.active_children()


def test_closing_leaves_no_process_and_begins_no_further_call(tmp_path):
    with closing(outcomes(note_and_wait, 40, 2, prepare, (str(tmp_path),))) as done:
        next(done)
        assert multiprocessing.active_children()
    assert not multiprocessing.active_children()
    begun = len(list(tmp_path.iterdir()))
    assert 1 <= begun <= 1 + 2 * 2 * processes.QUEUED


def test_an_exception_of_the_reader_leaves_no_process(tmp_path):
    def read():
        for _ in run_each(note_and_wait, 40, 2, prepare, (str(tmp_path),)):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert not multiprocessing.active_children()


def test_an_interrupt_is_for_the_process_that_waits_not_for_the_workers():
    found = list(outcomes(interrupt_thyself, 4, 2, prepare, ()))
    assert sorted(one.value for one in found) == [0, 1, 2, 3]


def test_workers_end_when_the_process_that_started_them_is_killed(tmp_path):
    script = (
        "import os, signal, sys, test_processes as t\n"
        "done = t.outcomes(t.pid_of, 50, 2, t.prepare, (sys.argv[1],))\n"
        "next(done), next(done)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The pipe stays open for as long as any process that inherited it is alive.
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], stderr=subprocess.PIPE, timeout=60,
        cwd=Path(__file__).parent, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir())


def pid_of(number):
    (Path(given[0]) / str(os.getpid())).touch()
    return os.getpid()


# --- batches in processes of their own: killed, interrupted, two at once --------------------------

ROOM = ".digiregion"


@pytest.fixture(scope="module")
def fibre():
    base = sim.Scenario.baseline("asean", horizon=2025)
    lever = sim.lever("broadband_investment", value=0.4, years=(2025, 2025))
    return base.plus(lever, name="Fibre")


def write_batch(*given):
    from sim.experiment import batch  # here: the workers of this module need none of it

    return batch.write_batch(*given)


def files(folder: Path) -> dict[str, str]:
    """Digests of a batch's files, which are as they were written."""
    from sim.experiment import manifest, verify

    verify.verify(folder)
    return manifest.read(folder)["files"]


def lines(out: Path) -> int:
    """Lines in the journals of batches that were begun."""
    return sum(path.read_text().count("\n") for path in (out / ROOM).glob("*/parts.jsonl"))


def begun(words: list[str], out: Path, kept: int) -> subprocess.Popen:
    """The command, running, when it has finished a part that was not kept from before."""
    running = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while lines(out) <= kept:
        assert running.poll() is None, running.communicate()
        time.sleep(0.001)
    return running


@pytest.mark.slow
def test_a_batch_that_was_killed_and_interrupted_goes_on_with_the_same_command(fibre, tmp_path):
    from sim.experiment.plan import Selection

    out, file = tmp_path / "out", tmp_path / "fibre.yaml"
    fibre.save(file)
    program = "from sim.cli import main; raise SystemExit(main())"
    words = [sys.executable, "-c", program, "batch", str(file), "--members", "2048", "--seed", "3"]
    words += ["--workers", "2", "--kpis", "internet_users", "--quiet", "--out", str(out)]

    first = begun(words, out, 0)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate(timeout=60)  # ends when the workers, which hold the pipes, have ended
    assert first.returncode == -signal.SIGKILL
    assert not list(out.glob("*/manifest.json"))

    second = begun(words, out, lines(out))
    os.killpg(second.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, said = second.communicate(timeout=60)
    assert second.returncode == 130
    assert re.search(r"interrupted; \d+ of 16 parts are kept .* the same command goes on", said)
    assert "Traceback" not in said

    third = subprocess.run([*words, "--resume"], capture_output=True, text=True, check=False)
    assert third.returncode == 0, third.stderr
    few = Selection(kpis=("internet_users",))
    alone = write_batch(fibre, 2048, 3, 1, tmp_path / "alone", None, None, few)
    assert files(alone.folder).items() <= files(Path(third.stdout.split()[-1])).items()


def hold(fibre, out: Path) -> subprocess.Popen:
    """Another process that has begun the batch of 600 members, and waits."""
    fibre.save(out.parent / "fibre.yaml")
    script = (
        "import sys, sim\n"
        "from sim.experiment.batch import write_batch\n"
        "def wait(stage, done, total):\n"
        "    if done:\n"
        "        print('begun', flush=True)\n"
        "        sys.stdin.readline()\n"
        f"fibre = sim.Scenario.load({str(out.parent / 'fibre.yaml')!r})\n"
        f"write_batch(fibre, 600, 3, 1, {str(out)!r}, wait)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout.readline() == "begun\n"
    return running


def test_a_second_process_is_told_who_writes_the_batch(fibre, tmp_path, capsys):
    from sim.cli import main

    out = tmp_path / "out"
    with hold(fibre, out) as first:
        words = ["batch", str(tmp_path / "fibre.yaml"), "--members", "600", "--seed", "3"]
        assert main([*words, "--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert f"process {first.pid} on {os.uname().nodename}" in said
        assert "is writing this batch there" in said
        other = write_batch(fibre, 600, 4, 1, out).folder  # another batch is free to be written
        first.communicate("\n" * 100)
    assert first.returncode == 0
    (one,) = set(out.iterdir()) - {other}
    assert files(one)
    assert files(other)


def test_the_lock_of_a_process_that_was_killed_is_no_lock(fibre, tmp_path):
    out = tmp_path / "out"
    with hold(fibre, out) as first:
        first.kill()
        first.wait()
        assert list((out / ROOM).glob("*.lock"))
        written = write_batch(fibre, 600, 3, 1, out)
    assert sum(written.reused.values()) == 1
    assert files(written.folder)
    assert list(out.iterdir()) == [written.folder]


def test_batches_that_share_parts_can_run_at_the_same_time(fibre, tmp_path):
    """Other ensembles of one scenario, in one folder: each finds, links and publishes parts."""
    script = (
        "import sys, sim\n"
        "from sim.experiment.batch import write_batch\n"
        f"fibre = sim.Scenario.load({str(tmp_path / 'fibre.yaml')!r})\n"
        f"write_batch(fibre, int(sys.argv[1]), 3, 1, {str(tmp_path / 'out')!r})\n"
    )
    fibre.save(tmp_path / "fibre.yaml")
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(members)], stderr=subprocess.PIPE)
        for members in (512, 513, 514)
    ]
    said = [one.communicate()[1].decode() for one in running]
    assert [one.returncode for one in running] == [0, 0, 0], said
    assert len([files(folder) for folder in (tmp_path / "out").iterdir()]) == 3
