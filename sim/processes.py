"""Work on several cores: processes that start clean and never run the user's script again."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any


def run_each(
    work: Callable[[int], Any],
    count: int,
    workers: int,
    prepare: Callable[..., None],
    given: Sequence[Any],
) -> Generator[tuple[int, Any], None, None]:
    """Call ``work(0)`` to ``work(count - 1)``; yield (number, result) as they are done.

    With one worker or one call they run here, else in spawned processes; every process first calls
    ``prepare(*given)``. Raises what ``work`` raises, and cancels what has not begun.
    """
    if min(workers, count) <= 1:
        prepare(*given)
        for number in range(count):
            yield number, work(number)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, count), context, prepare, tuple(given)) as pool:
        with _unimportable_main():
            waiting = {pool.submit(work, number): number for number in range(count)}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


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
