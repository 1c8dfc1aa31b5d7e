"""Work on one thing after the other, in several threads, with the results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead"]

A = TypeVar("A")
B = TypeVar("B")


def ahead(work: Callable[[A], B], things: Iterable[A]) -> Generator[B, None, None]:
    """Yield ``work(thing)`` for each thing; a few are worked on while earlier ones are used.

    No thread is left when the iterator ends or is closed. What ``work`` raises is raised here.
    """
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers, "table") as pool:
        begun: deque[Future[B]] = deque()
        try:
            for thing in things:
                begun.append(pool.submit(work, thing))
                if len(begun) > workers:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
