"""How work that takes long reports its progress, and how it is cancelled."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol, TypeVar

__all__ = ["ProgressCallback", "no_progress", "reported"]

T = TypeVar("T")

ProgressCallback = Callable[[str, int, int | None], None]
"""Called as ``progress(what, done, total)``; raises `Cancelled` when the user wants no more.

``total`` is None while it is not known. Units are whatever ``what`` says (bytes, examples).
"""


def no_progress(what: str, done: int, total: int | None) -> None:
    """Tell nobody and never cancel: the `ProgressCallback` for when nobody looks."""


class HowFar(Protocol):
    """What work says of itself between two pieces, such as a `Progress` event."""

    @property
    def what(self) -> str:
        """What is done, in words."""

    @property
    def done(self) -> int:
        """How much of it."""

    @property
    def total(self) -> int | None:
        """How much there is, or None while it is not known."""


def reported(pieces: Generator[HowFar, None, T], progress: ProgressCallback) -> T:
    """Do work piece by piece to its end, and return its result; how far it is, is told between."""
    while True:
        try:
            told = next(pieces)
        except StopIteration as end:
            result: T = end.value
            return result
        progress(told.what, told.done, told.total)
