"""What a worker of a cluster does: whether it may work for a batch, and the parts that it runs."""

from __future__ import annotations

import asyncio
import functools
import pickle
import socket
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sim import processes
from sim.experiment import manifest
from sim.experiment.engine import Task
from sim.experiment.exchange import Place
from sim.experiment.finished import Part
from sim.experiment.work import Job
from sim.processes import Outcome

#: Where a user reads on.
PAGE = "docs/cluster.md"
#: Seconds for workers to finish the parts that they are at, when a batch is stopped.
HALT = 30.0


@dataclass(frozen=True)
class Ticket:
    """A part as it travels: which job, which of the packed kinds of task, which members."""

    number: int
    kind: int
    first: int
    stop: int
    inputs: str


@dataclass(frozen=True)
class Terms:
    """What all tasks of a batch share: the mark of the batch, the makers' versions, the place."""

    mark: str
    maker: dict[str, str]
    place: Place


@dataclass(frozen=True)
class Refusal:
    """The answer of a worker that must not work for the batch."""

    worker: str
    why: str


class Stopped(RuntimeError):
    """A part that was not run because its batch was stopped."""


@functools.cache
def identity() -> dict[str, str]:
    """What the bytes of a part depend on besides its inputs, as it was when first asked for."""
    return {"code": manifest.code_digest(), **manifest.made_by()}


def refusal(terms: Terms) -> str:
    """Why this process must not work for a batch, or "" when it may."""
    here = identity()
    other = [
        f"{name} {here.get(name, 'none')[:12]} instead of {wanted[:12]}"
        for name, wanted in terms.maker.items()
        if here.get(name) != wanted
    ]
    if here["arithmetic"] != terms.maker["arithmetic"] and len(other) == 1:
        return f"gets other last digits, its processor being of another kind; see {PAGE}"
    if other:
        return f"has other versions: {', '.join(other)}; install the same, and start it again"
    return terms.place.unseen(terms.mark)


def probe(terms: Terms) -> tuple[str, str]:
    """The host of this process, and why it must not work for a batch."""
    return socket.gethostname(), refusal(terms)


_lock = threading.Lock()
_running: Counter[str] = Counter()
_stopped: set[str] = set()
_accepted: set[str] = set()


def run_group(tickets: Sequence[Ticket], packed: bytes, terms: Terms) -> list[Outcome] | Refusal:
    """Run the parts of a task. What goes wrong with one is its outcome, not that of the others."""
    if terms.mark not in _accepted:
        if why := refusal(terms):
            from distributed import get_worker

            return Refusal(f"{get_worker().address} on {socket.gethostname()}", why)
        _accepted.add(terms.mark)
    kinds = _unpacked(packed)

    def work(position: int) -> Part:
        ticket = tickets[position]
        task = replace(kinds[ticket.kind], members=range(ticket.first, ticket.stop))
        with _counted(terms.mark):
            return terms.place.put(Job(task, ticket.inputs))

    done = processes.outcomes(work, len(tickets), 1, lambda: None, ())
    return [replace(outcome, number=tickets[outcome.number].number) for outcome in done]


@contextmanager
def _counted(mark: str) -> Iterator[None]:
    with _lock:
        if mark in _stopped:
            raise Stopped("the batch was stopped")
        _running[mark] += 1
    try:
        yield
    finally:
        with _lock:
            _running[mark] -= 1


async def halt(mark: str) -> None:
    """Begin no more parts of a batch here, and wait for those that run."""
    _stopped.add(mark)
    last = time.monotonic() + HALT
    while _running[mark] and time.monotonic() < last:
        await asyncio.sleep(0.02)


def keep(packed: bytes) -> bytes:
    """The packed cases, as the result of a task."""
    return packed


@functools.lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> list[Task]:
    found: list[Task] = pickle.loads(zlib.decompress(packed))
    return found
