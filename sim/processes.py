"""Work on several cores: processes that start clean, and whose death is an outcome, not an end."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import connection
from typing import Any

#: Calls that wait in a pool for each worker: enough that none is idle, few enough to stop soon.
QUEUED = 2
#: Times that a call may see its process die before it is held to be the cause.
DEATHS = 2


@dataclass(frozen=True)
class Outcome:
    """What came of one call: its value, or the error that it raised and where."""

    number: int
    value: Any = None
    error: BaseException | None = None
    trace: str = ""


class WorkerDied(RuntimeError):
    """A process was killed while it worked, by the system (out of memory, say) or a user."""

    def __init__(self, words: str = "its process was killed (out of memory?)") -> None:
        super().__init__(words)


class NotBegun(WorkerDied):
    """The processes ended before a call began."""


def run_each(
    work: Callable[[int], Any],
    count: int,
    workers: int,
    prepare: Callable[..., None],
    given: Sequence[Any],
) -> Generator[tuple[int, Any], None, None]:
    """Call ``work(0)`` to ``work(count - 1)``; yield (number, result) as they are done.

    As ``outcomes``, but raises what ``work`` raises, and cancels what has not begun.
    """
    with closing(outcomes(work, count, workers, prepare, given)) as done:
        for outcome in done:
            if outcome.error is not None:
                raise outcome.error
            yield outcome.number, outcome.value


def outcomes(
    work: Callable[[int], Any],
    count: int,
    workers: int,
    prepare: Callable[..., None],
    given: Sequence[Any],
) -> Generator[Outcome, None, None]:
    """Call ``work(0)`` to ``work(count - 1)``; yield the outcome of each as it is done.

    With one worker or one call they run here, else in spawned processes; every process first calls
    ``prepare(*given)``. A call that raises, or whose process cannot be prepared or dies twice, is
    an outcome with an error; the others go on. Closing the generator cancels what has not begun
    and waits for the rest.
    """
    if min(workers, count) <= 1:
        unprepared = _attempt(lambda _: prepare(*given), 0)
        for number in range(count):
            failed = unprepared.error is not None
            yield replace(unprepared, number=number) if failed else _attempt(work, number)
        return
    waiting, deaths = deque(range(count)), dict.fromkeys(range(count), 0)
    while waiting:
        # A process died: its suspects come first, and one at a time, to find the one at fault.
        alone = deaths[waiting[0]] > 0
        batch = [waiting.popleft()] if alone else _without_deaths(waiting, deaths)
        size = 1 if alone else min(workers, len(batch))
        with closing(_pooled(work, batch, size, prepare, given)) as done:
            for outcome in done:
                if not isinstance(outcome.error, WorkerDied):
                    yield outcome
                    continue
                number = outcome.number
                if isinstance(outcome.error, NotBegun):
                    waiting.append(number)
                    continue
                deaths[number] += 1
                if alone and deaths[number] >= DEATHS:
                    yield outcome
                else:
                    waiting.appendleft(number)


def _without_deaths(waiting: deque[int], deaths: dict[int, int]) -> list[int]:
    """Take every call that is not suspected; suspects stay."""
    chosen = [number for number in waiting if not deaths[number]]
    suspects = [number for number in waiting if deaths[number]]
    waiting.clear()
    waiting.extend(suspects)
    return chosen


def _pooled(
    work: Callable[[int], Any],
    numbers: Sequence[int],
    workers: int,
    prepare: Callable[..., None],
    given: Sequence[Any],
) -> Generator[Outcome, None, None]:
    """Run calls in one pool. When a process dies, every call that is not done dies with it."""
    context = multiprocessing.get_context("spawn")
    queue = deque(numbers)
    running: dict[Future[Outcome], int] = {}
    with ProcessPoolExecutor(workers, context, _begin, (prepare, tuple(given))) as pool:
        try:
            while queue or running:
                with _unimportable_main(), _interrupts_later():
                    while queue and len(running) < workers * QUEUED:
                        running[pool.submit(_attempt_there, work, queue[0])] = queue[0]
                        queue.popleft()
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                # In the order of the calls, so that logs of equal runs are equal where they can be.
                for future in sorted(done, key=lambda one: running[one]):
                    yield future.result()
                    del running[future]
        except BrokenProcessPool:
            for future, number in running.items():
                ended = future.done() and future.exception() is None
                yield future.result() if ended else Outcome(number, error=WorkerDied())
            for number in queue:
                yield Outcome(number, error=NotBegun())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


#: In a worker: what came of preparing it.
_unprepared = Outcome(0)


def _begin(prepare: Callable[..., None], given: Sequence[Any]) -> None:
    """What a worker does first. Raises nothing: that would be the death of its whole pool."""
    global _unprepared
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # to stop is for the process that started it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _unprepared = _attempt(lambda _: prepare(*given), 0)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: nobody else would end it."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)


def _attempt_there(work: Callable[[int], Any], number: int) -> Outcome:
    failed = _unprepared.error is not None
    return replace(_unprepared, number=number) if failed else _attempt(work, number)


def _attempt(work: Callable[[int], Any], number: int) -> Outcome:
    try:
        return Outcome(number, work(number))
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        return Outcome(number, error=_portable(error), trace=trace)


def _portable(error: Exception) -> Exception:
    """The error itself if it can cross to another process, else one that says the same."""
    import pickle

    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


@contextmanager
def _unimportable_main() -> Iterator[None]:
    """Keep spawned processes from running the user's script again.

    Spawning imports the main module in every process, which is needed for functions that it
    defines. Work here holds none, and a script of ten lines has no ``if __name__ == "__main__"``.
    """
    main = sys.modules["__main__"]
    hidden = {name: getattr(main, name) for name in ("__file__", "__spec__") if hasattr(main, name)}
    for name in hidden:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let Ctrl-C wait while processes are started: they inherit that, and say nothing of it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
