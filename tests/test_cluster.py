"""Batches on a cluster: the same bytes as here, whatever dies, and clear words for what is wrong.

The cluster is a real one: a scheduler, and two worker processes each under a nanny.
"""

import dataclasses
import json
import logging
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from sim.cli import main
from sim.errors import InputError
from sim.experiment import batch, plan, work
from sim.experiment import cluster as room
from sim.experiment import cluster_worker as worker
from sim.experiment.cluster import cluster
from sim.experiment.exchange import Exchange, SharedFolder
from sim.files import file_digest
from sim.policy import Scenario
from sim.processes import WorkerDied

pytest.importorskip("distributed")
MEMBERS = 1100
FEW = plan.Selection(kpis=("internet_users",))


@pytest.fixture(scope="module")
def scenarios():
    return [Scenario.baseline(name, horizon=2026, name=name) for name in ("asean", "carec")]


@pytest.fixture(scope="module")
def here(scenarios, tmp_path_factory):
    out = tmp_path_factory.mktemp("here")
    return digests(batch.write_batch(scenarios, MEMBERS, workers=1, out=out, selection=FEW).folder)


@pytest.fixture(scope="module")
def machines():
    import dask
    from distributed import LocalCluster

    # Without stealing, each worker gets parts however fast the other one is.
    with (
        dask.config.set({"distributed.scheduler.work-stealing": False}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as started,
    ):
        yield started


@pytest.fixture
def on_workers(machines):
    """Call a function in the process of a worker, by default of every one."""
    from distributed import Client

    with Client(machines.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2)
        yield client.run


@pytest.fixture
def jobs(scenarios):
    planned = plan.make_plan(scenarios, MEMBERS, seed=1, selection=FEW)
    return [work.Job(task, planned.part_inputs(task)) for task in planned.tasks]


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def written(scenarios, out, runner, progress=None):
    done = batch.write_batch(
        scenarios, MEMBERS, workers=1, out=out, runner=runner, progress=progress, selection=FEW
    )
    assert not done.missing
    assert [path.name for path in out.iterdir()] == [done.folder.name]
    return digests(done.folder)


def pretend_other_code():
    worker.identity.cache_clear()
    worker.manifest.code_digest, worker.kept = lambda: "0" * 64, worker.manifest.code_digest
    worker._accepted.clear()


def stop_pretending():
    worker.manifest.code_digest = worker.kept
    worker.identity.cache_clear()


@pytest.fixture
def other(on_workers):
    """A worker that runs other code than the client."""
    first = sorted(on_workers(os.getpid))[0]
    on_workers(pretend_other_code, workers=[first])
    yield first
    on_workers(stop_pretending, workers=[first])


@pytest.mark.parametrize("parts_per_task", [1, 3])
def test_a_cluster_writes_the_files_of_one_machine(
    machines, scenarios, here, tmp_path, parts_per_task
):
    runner = cluster(machines.scheduler_address, parts_per_task=parts_per_task)
    assert written(scenarios, tmp_path, runner) == here


def test_the_command_runs_its_parts_on_the_cluster(machines, tmp_path, capsys):
    file = tmp_path / "short.yaml"
    file.write_text("name: Short\nregion: carec\nhorizon: 2025\nlevers: []\n")
    folders = []
    for number, words in enumerate(((), ("--scheduler", machines.scheduler_address))):
        out = tmp_path / str(number)
        options = ["--members", "300", "--out", str(out), "--json", *words]
        assert main(["batch", str(file), *options]) == 0
        folders.append(Path(json.loads(capsys.readouterr().out)["folder"]))
    one, two = folders
    assert digests(one) == digests(two)


def test_an_exchange_gives_the_same_files_and_is_left_empty(machines, scenarios, here, tmp_path):
    exchange = tmp_path / "exchange"
    runner = cluster(machines.scheduler_address, exchange.as_uri(), 2)
    assert written(scenarios, tmp_path / "results", runner) == here
    assert not list(exchange.iterdir())


def test_parts_that_lie_in_the_exchange_are_taken_if_they_are_whole(
    machines, scenarios, here, jobs, tmp_path, on_workers, monkeypatch
):
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    place = Exchange(exchange.as_uri(), tmp_path)
    for job in jobs[:3]:
        place.put(job)
    (spoilt,) = exchange.glob(f"{jobs[0].inputs}*.parquet")
    spoilt.write_bytes(b"of a killed worker")
    assert {part.inputs for part in place.waiting(jobs)} == {job.inputs for job in jobs[:3]}
    given = []
    monkeypatch.setattr(
        room._Batch, "_submit",
        lambda self, groups, elsewhere=False, _submit=room._Batch._submit: _submit(
            self, [given.append(group) or group for group in groups], elsewhere
        ),
    )  # fmt: skip
    runner = cluster(machines.scheduler_address, exchange.as_uri())
    assert written(scenarios, tmp_path / "results", runner) == here
    assert {ticket.number for group in given for ticket in group} == {0, *range(3, len(jobs))}
    assert not list(exchange.iterdir())


@pytest.mark.parametrize("exchanged", [False, True])
def test_a_worker_killed_in_the_middle_changes_no_byte(
    machines, scenarios, here, tmp_path, on_workers, exchanged
):
    victims = list(on_workers(os.getpid).values())[:1]

    def kill(phase, done, total):
        if phase == "run" and done and victims:
            assert done < total
            os.kill(victims.pop(), signal.SIGKILL)

    exchange = (tmp_path / "exchange").as_uri() if exchanged else None
    runner = cluster(machines.scheduler_address, exchange)
    assert written(scenarios, tmp_path / "results", runner, kill) == here
    assert not victims


class Deadly(tuple[str, ...]):
    """Columns that kill the process that asks for them."""

    def __iter__(self):
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_part_that_kills_its_workers_fails_and_the_others_do_not(
    machines, jobs, tmp_path, monkeypatch
):
    monkeypatch.setattr(machines.scheduler, "allowed_failures", 0)
    monkeypatch.setattr(machines.scheduler, "WORKER_SATURATION", 1.0)  # none waits at a worker
    jobs[5] = work.Job(dataclasses.replace(jobs[5].task, columns=Deadly(["deadly"])), "5")
    outcomes = list(cluster(machines.scheduler_address)(jobs, tmp_path))
    assert sorted(outcome.number for outcome in outcomes) == list(range(len(jobs)))
    (failed,) = [outcome for outcome in outcomes if outcome.error is not None]
    assert failed.number == 5
    assert isinstance(failed.error, WorkerDied)


def test_a_part_that_raises_fails_alone(machines, jobs, tmp_path):
    wrong = dataclasses.replace(jobs[1].task, columns=("no such column",))
    given = [jobs[0], work.Job(wrong, "0"), jobs[2]]
    outcomes = list(cluster(machines.scheduler_address, parts_per_task=3)(given, tmp_path))
    errors = {outcome.number: outcome.error for outcome in outcomes}
    assert isinstance(errors[1], KeyError)
    assert errors[0] is None
    assert errors[2] is None
    assert all("KeyError" in outcome.trace for outcome in outcomes if outcome.error)


def test_a_batch_that_is_stopped_leaves_no_worker_writing(machines, jobs, tmp_path):
    outcomes = cluster(machines.scheduler_address)(jobs, tmp_path)
    next(outcomes)
    outcomes.close()
    before = digests(tmp_path)
    assert 0 < len(before) < len(jobs)
    time.sleep(0.5)
    assert digests(tmp_path) == before
    assert not [name for name in before if "/part-" not in name]


def test_a_worker_with_other_code_is_named_before_anything_runs(
    machines, scenarios, tmp_path, other
):
    with pytest.raises(InputError) as raised:
        written(scenarios, tmp_path, cluster(machines.scheduler_address))
    (problem,) = raised.value.problems
    assert problem.field == "scheduler"
    assert other in problem.message
    code = worker.identity()["code"][:12]
    assert f"code 000000000000 instead of {code}" in problem.message
    assert not list(tmp_path.iterdir())


def test_a_worker_that_joins_with_other_code_gets_no_work(
    machines, scenarios, here, tmp_path, other, monkeypatch
):
    monkeypatch.setattr(room, "_check_workers", lambda *given: None)  # as if it had come later
    with pytest.warns(RuntimeWarning, match="has other versions: code 0000"):
        assert written(scenarios, tmp_path, cluster(machines.scheduler_address)) == here


def test_workers_that_see_another_folder_of_that_name_are_named(
    machines, scenarios, tmp_path, monkeypatch
):
    monkeypatch.setattr(SharedFolder, "open", lambda self, mark: None)
    with pytest.raises(InputError, match=r"does not see the results folder .* or --exchange"):
        written(scenarios, tmp_path, cluster(machines.scheduler_address))
    assert not list(tmp_path.iterdir())


def test_a_scheduler_that_does_not_answer_is_one_clear_error(
    scenarios, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(room, "ANSWER", 0.5)
    with pytest.raises(InputError, match="no scheduler answered") as raised:
        written(scenarios, tmp_path, cluster("tcp://127.0.0.1:9"))
    assert raised.value.problems[0].field == "scheduler"
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert not list(tmp_path.iterdir())


def test_a_scheduler_without_workers_is_one_clear_error(scenarios, tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(room, "FIRST_WORKER", 0.3)
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(InputError, match=r"no worker.*start some with `dask worker tcp"),
    ):
        written(scenarios, tmp_path, cluster(empty.scheduler_address))


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("exchange = 'nonsense://x'", {"exchange": "nonsense://x"}),
        ("parts_per_task = 0", {"parts_per_task": 0}),
        ("scheduler = 'nonsense'", {"address": "nonsense"}),
        ("scheduler = 'udp://127.0.0.1:1'", {"address": "udp://127.0.0.1:1"}),
    ],
)
def test_options_that_cannot_be_used_are_one_clear_error(jobs, tmp_path, words, options):
    with pytest.raises(InputError, match=words):
        list(cluster(**{"address": "tcp://127.0.0.1:9", **options})(jobs, tmp_path))


def test_an_exchange_that_cannot_be_written_to_is_one_clear_error(machines, jobs, tmp_path):
    (tmp_path / "file").touch()
    url = (tmp_path / "file" / "exchange").as_uri()
    with pytest.raises(InputError, match="cannot be written to"):
        list(cluster(machines.scheduler_address, url)(jobs, tmp_path))


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'digiregion\[cluster\]'"):
        cluster("tcp://127.0.0.1:8786")
