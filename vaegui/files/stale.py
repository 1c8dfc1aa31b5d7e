"""What a program that was killed while it saved leaves behind, and when it may be cleared away."""

from __future__ import annotations

import contextlib
import re
import stat
import time
from collections.abc import Iterable
from pathlib import Path

__all__ = ["AGE", "clear_stale"]

AGE = 3600.0
"""Seconds since the last change after which nobody can still be writing."""

_NAME = re.compile(r"\.vaegui-[0-9a-f]{12}(\.\w+)?")
"""The temporary files of `atomic.replacing`."""


def clear_stale(folders: Iterable[Path], age: float = AGE) -> int:
    """Delete temporary files of this program that are older than ``age`` seconds; how many.

    Folders that are not there, or may not be changed, are passed over.
    """
    cleared, before = 0, time.time() - age
    for folder in set(folders):
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                if _NAME.fullmatch(path.name):
                    cleared += _cleared(path, before)
    return cleared


def _cleared(path: Path, before: float) -> bool:
    with contextlib.suppress(OSError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_mtime < before:
            path.unlink()
            return True
    return False
