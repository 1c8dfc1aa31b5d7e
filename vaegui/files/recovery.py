"""Runs that programs left behind when they ended unexpectedly.

Each program that runs has a folder of its own for its autosaves, with a lock that the system takes
away when the process ends, however it ends. A run in a folder that nobody has locked was left
behind.

::

    autosave/5f0c9a3e/lock           held while the program runs
    autosave/5f0c9a3e/000007.json    what a person recognises the run by
    autosave/5f0c9a3e/000007.keras   the run; a new pair is complete before the old one goes
"""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, Field

from vaegui.errors import FileError
from vaegui.paths import data_folder

__all__ = [
    "LARGEST",
    "LeftRun",
    "RunSummary",
    "autosave_folder",
    "clear",
    "lock_of",
    "take_left_runs",
]

MOST = 3
"""Runs left behind that are kept; older ones go."""
LARGEST = 1 << 30
"""Bytes that all runs left behind may take together, and the largest run that is kept."""
ABANDONED = 3600.0
"""Seconds after which a folder without any run in it is cleared away."""


class RunSummary(BaseModel):
    """What a person recognises a run by.

    ``data`` is the name of its data, ``origin`` the file that it was opened from or saved to.
    ``loss`` is that of its last epoch in nats per example, over the test part if there is one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str = Field(max_length=500)
    origin: str | None = Field(max_length=40_000)
    step: int = Field(ge=1, le=1 << 53)
    epoch: int = Field(ge=0, le=1 << 53)
    epochs: int = Field(ge=1, le=1 << 53)
    loss: float | None
    saved: float = Field(ge=0.0)
    """Seconds since 1970."""


class LeftRun:
    """A run left behind by a program that ended unexpectedly.

    It belongs to who holds it, and to nobody else, until it is given back or discarded.

    Attributes
    ----------
    about
        What it is.
    model, bytes
        The model file, and its size.
    """

    def __init__(self, about: RunSummary, model: Path, lock: FileLock) -> None:
        self.about, self.model = about, model
        self.bytes = model.stat().st_size
        self._lock = lock

    @property
    def picture(self) -> bytes | None:
        """The run's thumbnail as PNG, or None if there is none."""
        from vaegui.files.model.model_file import read_thumbnail

        try:
            return read_thumbnail(self.model)
        except FileError:
            return None

    def discard(self) -> None:
        """Delete it for good."""
        clear(self.model.parent)
        self._lock.release()
        shutil.rmtree(self.model.parent, ignore_errors=True)

    def give_back(self) -> None:
        """Leave it for the next start."""
        self._lock.release()


def autosave_folder() -> Path:
    """Where programs keep their runs."""
    return data_folder() / "autosave"


def take_left_runs(folder: Path) -> list[LeftRun]:
    """Take hold of the runs that were left behind, the latest first.

    At most `MOST` runs of at most `LARGEST` bytes together; what is beyond is deleted, and so is
    what is left of saving that was cut short. Folders of programs that run, or whose runs another
    program has taken hold of, are passed over. It raises nothing: what cannot be read is not there.
    """
    found: list[LeftRun] = []
    try:
        folders = [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return found
    for path in folders:
        try:
            left = _left_in(path)
        except (OSError, ValueError, Timeout):
            continue
        if left is not None:
            found.append(left)
    found.sort(key=lambda left: left.about.saved, reverse=True)
    kept: list[LeftRun] = []
    size = 0
    for left in found:
        size += left.bytes
        if len(kept) < MOST and size <= LARGEST:
            kept.append(left)
        else:
            left.discard()
    return kept


def _left_in(path: Path) -> LeftRun | None:
    """The complete run in a folder, held; None if there is none or it is another's."""
    models = sorted(path.glob("[0-9]*.keras"))
    # A program that starts makes its folder first and locks it then.
    if not models and time.time() - path.stat().st_mtime < ABANDONED:
        return None
    lock = lock_of(path)
    lock.acquire()
    if not models:
        lock.release()
        shutil.rmtree(path, ignore_errors=True)
        return None
    try:
        about = RunSummary.model_validate_json(models[-1].with_suffix(".json").read_bytes())
        left = LeftRun(about, models[-1], lock)
    except (OSError, ValueError):
        lock.release()
        raise
    clear(path, keep=int(models[-1].stem))
    return left


def lock_of(path: Path) -> FileLock:
    """The lock of a program's folder, not yet taken."""
    # Taken in one thread and given back in another.
    return FileLock(path / "lock", blocking=False, thread_local=False)


def clear(path: Path, keep: int = 0) -> None:
    """Delete all runs in a folder except that with the number ``keep``, and remains of saving."""
    # What cannot be deleted now can be at the next start.
    with contextlib.suppress(OSError):
        for file in path.iterdir():
            if file.name != "lock" and file.stem != f"{keep:06}":
                file.unlink(missing_ok=True)
