"""Which files of data this user has opened in this program: no other is read for a model file.

A model file names its data by their path, and may come from anybody. What is kept are hashes of
paths, each the name of an empty file, so that several programs can add to them at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from vaegui.paths import data_folder

__all__ = ["is_known", "remember"]

_MOST = 5000
"""What was opened longest ago goes."""


def remember(path: str | os.PathLike[str]) -> None:
    """Note that the user named a file or folder. Where that cannot be kept, it is asked again."""
    note = _note(path)
    with contextlib.suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
        notes = sorted(note.parent.iterdir(), key=lambda each: each.stat().st_mtime)
        for old in notes[:-_MOST]:
            old.unlink(missing_ok=True)


def is_known(path: str | os.PathLike[str]) -> bool:
    """Whether the user named this file or folder before. It is not looked at."""
    return _note(path).exists()


def _note(path: str | os.PathLike[str]) -> Path:
    # Resolving links would look at the path, which may be one of another computer.
    whole = os.path.normcase(os.path.abspath(path))
    return (
        data_folder() / "known-data" / hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()
    )
