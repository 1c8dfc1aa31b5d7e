"""How work that takes long reports its progress, and how it is cancelled."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeVar

__all__ = ["ProgressCallback", "no_progress", "reported"]

T = TypeVar("T")

ProgressCallback = Callable[[str, int, int | None], None]
"""Called as ``progress(what, done, total)``; raises `Cancelled` when the user wants no more.

``total`` is None while it is not known. Units are whatever ``what`` says (bytes, examples).
"""


def no_progress(what: str, done: int, total: int | None) -> None:
    """Tell nobody and never cancel: the `ProgressCallback` for when nobody looks."""


def reported(pieces: Generator[Any, None, T], progress: ProgressCallback) -> T:
    """Do work to its end, tell the `Progress` events that it yields, and return its result."""
    while True:
        try:
            step = next(pieces)
        except StopIteration as end:
            result: T = end.value
            return result
        progress(step.what, step.done, step.total)
