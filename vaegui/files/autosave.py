"""The run that is going on, kept in the user's data folder until it is saved or given up.

`vaegui.files.recovery` says how the folder looks, and finds what was left there.
"""

from __future__ import annotations

import logging
import math
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from vaegui.errors import FileError
from vaegui.files.atomic import replacing, write_error
from vaegui.files.recovery import LARGEST, LeftRun, RunSummary, clear, lock_of

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["Autosave"]

_LOG = logging.getLogger(__name__)

INTERVAL = 8.0
"""Seconds at least between two autosaves while a model trains."""
SHARE = 0.015
"""Of the time that training takes, autosaves may cost at most so much."""


class Autosave:
    """Keeps one run, that of this program, and decides when it is time to.

    Parameters
    ----------
    folder
        That of all programs, `autosave_folder`. It is made when it is first needed. Without one
        nothing is ever kept.
    interval
        Seconds at least between two autosaves while a model trains.
    """

    def __init__(self, folder: Path | None = None, interval: float = INTERVAL) -> None:
        self._folder = folder
        self._interval = interval
        self._own: Path | None = None
        self._lock: FileLock | None = None
        self._number = 0
        self._kept_step = 0
        self._since: float | None = None
        self._cost = 0.0
        self._told = ""

    def due(self) -> bool:
        """Whether a run that is being trained should be kept now, between two chunks of steps.

        Of each run the time counts from the first asking on: loading and compiling is no loss.
        """
        now = time.monotonic()
        if self._since is None:
            self._since = now
        wait = max(self._interval, self._cost / SHARE)
        return self._folder is not None and now - self._since >= wait

    def has_unkept(self, step: int) -> bool:
        """Whether a run of so many steps has any that are neither kept nor saved."""
        return self._folder is not None and step not in (0, self._kept_step)

    def keep(self, trainer: Trainer, origin: str | None) -> None:
        """Keep the run as it is.

        Raises
        ------
        FileError
            If that is impossible; what was kept before is still there.
        """
        from vaegui.files.model import model_file

        started = time.monotonic()
        # Also after a failure: it is not tried again at once.
        self._kept_step, self._since = trainer.step, started
        if (size := _estimate(trainer)) > LARGEST:
            raise FileError(
                f"The model takes some {size / 2**30:.1f} GB, too much to be kept by itself.",
                "Save it from time to time.",
            )
        own = self._own_folder()
        number = self._number + 1
        about = _about(trainer, origin)
        with replacing(own / f"{number:06}.json") as temporary:
            temporary.write_text(about.model_dump_json(), encoding="utf-8")
        model_file.save(own / f"{number:06}.keras", trainer)
        self._number, self._told = number, ""
        clear(own, keep=number)
        took = time.monotonic() - started
        # The first time modules are loaded, which never comes again.
        self._cost = took if number > 1 else 0.0
        _LOG.info("Kept step %d in %.2f s", trainer.step, took)

    def is_new_failure(self, error: Exception) -> bool:
        """Whether a failure to keep the run is worth telling: the same is told only once in a row.

        It is tried again and again, and hinders nobody.
        """
        told, self._told = self._told, str(error)
        return told != self._told

    def forget(self, step: int) -> None:
        """Delete what is kept: all is saved, or given up. ``step`` is where the next run stands."""
        self._kept_step, self._since = step, None
        if self._own is not None:
            clear(self._own)

    def adopt(self, left: LeftRun) -> None:
        """Make a run that was left behind the one that this program keeps.

        If that is impossible, it stays where it is, for the next start.
        """
        number = self._number + 1
        try:
            own = self._own_folder()
            # First a copy of what tells of it: at any moment the run is whole here or there.
            shutil.copyfile(left.model.with_suffix(".json"), own / f"{number:06}.json")
            left.model.replace(own / f"{number:06}.keras")
        except (OSError, FileError):
            _LOG.warning("A recovered run stays where it was", exc_info=True)
            return
        self._number, self._kept_step = number, left.about.step
        left.discard()

    def close(self) -> None:
        """Delete what is kept, and the folder: the program ends as it should."""
        if self._own is not None and self._lock is not None:
            clear(self._own)
            self._lock.release()
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = self._lock = None

    def _own_folder(self) -> Path:
        """The folder of this program, made and locked the first time."""
        if self._own is not None and self._own.is_dir():
            return self._own
        if self._folder is None:
            raise FileError("There is no folder for autosaves.")
        own = self._folder / secrets.token_hex(8)
        try:
            own.mkdir(parents=True, mode=0o700)
            lock = lock_of(own)
            lock.acquire()
        except (OSError, Timeout) as error:
            reason = error if isinstance(error, OSError) else OSError(str(error))
            raise write_error(reason, own) from error
        self._own, self._lock = own, lock
        return own


def _estimate(trainer: Trainer) -> int:
    """Bytes that a run takes at most or thereabouts: float32 weights and two moments of each."""
    return 12 * int(trainer.model.vae.count_params())


def _about(trainer: Trainer, origin: str | None) -> RunSummary:
    epochs = trainer.history.epochs
    loss = (epochs[-1].validation or epochs[-1].train).total if epochs else None
    return RunSummary(
        data=trainer.data.name[:500],
        origin=origin if origin is None or _is_text(origin) else None,
        step=trainer.step,
        epoch=len(epochs),
        epochs=trainer.settings.training.epochs,
        loss=loss if loss is not None and math.isfinite(loss) else None,
        saved=time.time(),
    )


def _is_text(path: str) -> bool:
    """Whether a path can be written as UTF-8; a name on a disk need not be text at all."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
