"""The parts of a batch on a cluster: any scheduler of dask.distributed that can be reached.

A task runs a few parts on a worker. The cases travel once, packed in a task of their own, which
the scheduler can run again when the worker that held them dies.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import uuid
import warnings
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.errors import InputError, Problem
from sim.experiment.cluster_worker import (
    Refusal,
    Terms,
    Ticket,
    halt,
    identity,
    keep,
    probe,
    run_group,
)
from sim.experiment.engine import Task
from sim.experiment.exchange import Exchange, Place, SharedFolder, Spoilt, reach
from sim.experiment.finished import Part
from sim.experiment.plan import whole_numbers
from sim.experiment.work import Job, Runner
from sim.processes import Outcome, WorkerDied

#: Seconds in which the scheduler must answer.
ANSWER = 10.0
#: Seconds in which a first worker must be there.
FIRST_WORKER = 60.0
#: Times that a part is given out before what hinders it is held to be its own.
TRIES = 3


def cluster(address: str, exchange: str | None = None, parts_per_task: int = 1) -> Runner:
    """Run parts on the workers of a dask scheduler at ``address``, such as tcp://10.0.0.1:8786.

    Workers write the parts to the results folder, which they must see under the same path, or to
    ``exchange``, a URL that fsspec knows, from where they are fetched and deleted. A task is
    ``parts_per_task`` parts. Raises InputError for options that cannot be used and when the
    library is not installed; the runner, for a scheduler that does not answer or has no workers,
    and for workers with other versions than here or that do not see where parts go. It raises
    ConnectionError when the scheduler is lost.
    """
    if problems := whole_numbers(parts_per_task=(parts_per_task, 1, 10_000)):
        raise InputError(problems)
    _require()
    if exchange is not None:
        reach(exchange)

    def runner(jobs: Sequence[Job], folder: Path) -> Generator[Outcome, None, None]:
        if not jobs:
            return
        place: Place = SharedFolder(folder.resolve())
        if exchange is not None:
            place = Exchange(exchange, folder)
        terms = Terms(f".cluster-{uuid.uuid4().hex}", identity(), place)
        with _connected(address) as client:
            place.open(terms.mark)
            taken: list[Part] = []
            try:
                _check_workers(client, address, terms)
                yield from _Batch(client, address, terms, jobs, taken).outcomes(parts_per_task)
            finally:
                _halt_all(client, terms.mark)
                place.close(terms.mark, taken)

    return runner


def _require() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        problem = Problem(
            "running on a cluster needs the library dask.distributed", field="scheduler",
            remedy="pip install 'digiregion[cluster]'",
        )  # fmt: skip
        raise InputError([problem]) from error


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the scheduler. Raises InputError when it does not answer."""
    from distributed import Client

    # What goes wrong is said by what is raised: without this, the log says it too, with traces.
    log = logging.getLogger("distributed.client")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        try:
            # A loop of its own: a Client that finds nobody would leave one running.
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, _knock(address)).result()
            client = Client(address, timeout=ANSWER, set_as_default=False, name="digiregion")
        except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
            raise InputError([_unanswered(address, error)]) from None
        try:
            yield client
        finally:
            with suppress(Exception):
                client.close(timeout=ANSWER)
    finally:
        log.setLevel(level)


async def _knock(address: str) -> None:
    from distributed.core import connect
    from distributed.security import Security

    options = Security().get_connection_args("client")
    await (await connect(address, timeout=ANSWER, **options)).close()


def _unanswered(address: str, error: BaseException) -> Problem:
    cause = (str(error).strip().splitlines() or [type(error).__name__])[-1]
    return Problem(
        f"no scheduler answered within {ANSWER:.0f} seconds ({cause})",
        field="scheduler", value=address,
        remedy="start one with `dask scheduler`, and give the address that it prints",
    )  # fmt: skip


def _check_workers(client: Any, address: str, terms: Terms) -> None:
    """Raise InputError when there are no workers, or naming those that must not work."""
    from distributed import TimeoutError as TooLate

    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except (TooLate, TimeoutError):
        problem = Problem(
            f"the scheduler has had no worker for {FIRST_WORKER:.0f} seconds", field="scheduler",
            value=address, remedy=f"start some with `dask worker {address} --nthreads 1`",
        )  # fmt: skip
        raise InputError([problem]) from None
    wrong = []
    for worker, answer in client.run(probe, terms, on_error="return").items():
        if isinstance(answer, BaseException):
            wrong.append(f"worker {worker} cannot run digiregion: {answer}")
        elif answer[1]:
            wrong.append(f"worker {worker} on {answer[0]} {answer[1]}")
    if wrong:
        raise InputError(Problem(why, field="scheduler", value=address) for why in wrong)


def _halt_all(client: Any, mark: str) -> None:
    """See that no worker writes any more, as far as workers can be reached."""
    if client.status == "running":
        with suppress(Exception):
            client.run(halt, mark, on_error="ignore")


class _Batch:
    """The jobs of a batch while a cluster runs them."""

    def __init__(
        self, client: Any, address: str, terms: Terms, jobs: Sequence[Job], taken: list[Part]
    ) -> None:
        self.client, self.address, self.terms = client, address, terms
        self.jobs, self.taken = jobs, taken
        self.tickets, kinds = _ticketed(jobs)
        packed = zlib.compress(pickle.dumps(kinds, protocol=5), 1)
        self.packed = client.submit(keep, packed, key=f"cases{terms.mark}", pure=False)
        self.groups: dict[Any, list[Ticket]] = {}
        self.tries: Counter[int] = Counter()
        self.refused: set[str] = set()

    def outcomes(self, parts_per_task: int) -> Generator[Outcome, None, None]:
        """Yield what comes of every job, in any order. Raises ConnectionError."""
        from distributed import as_completed

        place = self.terms.place
        found = {part.inputs: part for part in place.waiting(self.jobs)}
        left = [ticket for ticket in self.tickets if ticket.inputs not in found]
        futures = as_completed(
            self._submit(_chunks(left, parts_per_task)), loop=self.client.loop,
            with_results=True, raise_errors=False,
        )  # fmt: skip
        for ticket in self.tickets:
            if ticket.inputs in found:
                outcome = Outcome(ticket.number, found[ticket.inputs])
                yield from self._arrived(outcome, futures)
        for future, result in futures:
            group = self.groups.pop(future.key)
            if future.status == "error":
                yield from self._failed(group, result[1], futures)
            elif future.status != "finished":
                raise ConnectionError(f"the scheduler {self.address} is gone")
            elif isinstance(result, Refusal):
                self._refuse(result)
                yield from self._failed(group, WorkerDied(f"{result.worker} {result.why}"), futures)
            else:
                for outcome in result:
                    yield from self._arrived(outcome, futures)
            del future  # lets the workers forget the result

    def _arrived(self, outcome: Outcome, futures: Any) -> Iterator[Outcome]:
        """Take a part into the draft; give it out again if it did not come through."""
        if outcome.error is not None:
            yield outcome
            return
        job, place = self.jobs[outcome.number], self.terms.place
        try:
            part = place.take(outcome.value, job)
        except Spoilt as error:
            yield from self._failed([self.tickets[outcome.number]], error, futures)
            return
        except Exception as error:
            yield Outcome(outcome.number, error=error)
            return
        self.taken.append(part)
        yield Outcome(outcome.number, part)
        place.forget(part)  # only now: the draft has entered it in its journal

    def _failed(self, group: list[Ticket], error: BaseException, futures: Any) -> Iterator[Outcome]:
        """Give out the parts of a task again, each alone, or yield that they failed."""
        from distributed import KilledWorker

        killed = isinstance(error, KilledWorker)
        again = []
        for ticket in group:
            self.tries[ticket.number] += 1
            alone = killed and len(group) == 1
            if alone or self.tries[ticket.number] >= TRIES:
                words = f"the workers that ran it were killed, one after the other ({error})"
                yield Outcome(ticket.number, error=WorkerDied(words) if killed else error)
            else:
                again.append(ticket)
        futures.update(self._submit(_chunks(again, 1), elsewhere=True))

    def _submit(self, groups: Iterable[list[Ticket]], elsewhere: bool = False) -> list[Any]:
        """A future a group; ``elsewhere`` if possible not on workers that were refused."""
        chosen = list(groups)
        if not chosen:
            return []
        # One name for all: the scheduler then holds tasks back until a worker has room for them.
        name = f"parts{self.terms.mark}-{uuid.uuid4().hex}"
        keys = [(name, number) for number in range(len(chosen))]
        where: dict[str, Any] = {}
        if elsewhere and self.refused:
            known = self.client.scheduler_info(n_workers=-1)["workers"]
            if good := sorted(set(known) - self.refused):
                where = {"workers": good, "allow_other_workers": True}
        self.groups.update(zip(keys, chosen, strict=True))
        futures: list[Any] = self.client.map(
            run_group, chosen, key=keys, packed=self.packed, terms=self.terms, pure=False, **where
        )
        return futures

    def _refuse(self, refusal: Refusal) -> None:
        worker = refusal.worker.split(" ")[0]
        if worker not in self.refused:
            self.refused.add(worker)
            warnings.warn(f"worker {refusal.worker} {refusal.why}", RuntimeWarning, stacklevel=2)


def _ticketed(jobs: Sequence[Job]) -> tuple[list[Ticket], list[Task]]:
    """A ticket a job, and the kinds of task that tickets refer to."""
    kinds: dict[tuple[Any, ...], int] = {}
    tasks: list[Task] = []
    tickets = []
    for number, job in enumerate(jobs):
        task = job.task
        key = (id(task.case), task.seed, task.columns)
        if key not in kinds:
            kinds[key] = len(tasks)
            tasks.append(replace(task, members=range(0)))
        members = task.members
        tickets.append(Ticket(number, kinds[key], members.start, members.stop, job.inputs))
    return tickets, tasks


def _chunks(tickets: Sequence[Ticket], size: int) -> Iterator[list[Ticket]]:
    for first in range(0, len(tickets), size):
        yield list(tickets[first : first + size])
