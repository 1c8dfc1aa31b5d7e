"""How work that takes long reports its progress, and how it is cancelled."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["ProgressCallback", "no_progress"]

ProgressCallback = Callable[[str, int, int | None], None]
"""Called as ``progress(what, done, total)``; raises `Cancelled` when the user wants no more.

``total`` is None while it is not known. Units are whatever ``what`` says (bytes, examples).
"""


def no_progress(what: str, done: int, total: int | None) -> None:
    """Tell nobody and never cancel: the `ProgressCallback` for when nobody looks."""
