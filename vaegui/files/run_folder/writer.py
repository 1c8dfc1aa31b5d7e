"""Keeping a run in a folder while it trains, so that others can follow it and go on with it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from vaegui.errors import FileError, VaeguiError
from vaegui.files.atomic import replacing, write_error
from vaegui.files.run_folder.heartbeat import Heartbeat
from vaegui.files.run_folder.layout import CHECKPOINT, HISTORY, SNAPSHOT
from vaegui.files.run_folder.packing import begun_files, snapshot_bytes
from vaegui.files.run_folder.records import encoded, header, is_recorded
from vaegui.training.record.events import Event, Finished, Prepared, Saved

if TYPE_CHECKING:
    from vaegui.runs.run import Run
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["RunWriter"]

HISTORY_TURN = 0.5, 0.005
SNAPSHOT_TURN = 3.0, 0.01
CHECKPOINT_TURN = 8.0, 0.015
"""How often each is written: seconds at least between two times, and the part of the training's
time that it may take. Together they stay under 3 %."""


class _Turn:
    """When something is due again: after a pause, and only so often that it costs a share of time.

    Parameters
    ----------
    pause
        Seconds at least between two times.
    share
        Part of all time that it may take.
    compiles
        Whether the first time takes longer than all others, which does not count then.
    """

    def __init__(self, pause: float, share: float, *, compiles: bool = False) -> None:
        self._pause, self._share = pause, share
        self._last, self._cost = time.monotonic(), 0.0
        self._compiles = compiles

    @property
    def due(self) -> bool:
        """Whether it is time again."""
        return time.monotonic() - self._last >= max(self._pause, self._cost / self._share)

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Do it in the block, well or not."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._last = time.monotonic()
            self._cost = 0.0 if self._compiles else self._last - started
            self._compiles = False


class RunWriter:
    """Writes one run to a folder: each event at once into the history, the model now and then.

    All but its signs of life is written in the thread that trains, between two chunks of steps.
    What could not be written is tried again with the next event; nothing of the history is lost.

    Parameters
    ----------
    folder
        It is made if it is not there. Each run needs one of its own.

    Attributes
    ----------
    checkpoint_step
        The step at which the model was last written, or None.
    failing
        Whether the last attempt to write something failed.

    Raises
    ------
    FileError
        If nothing can be written there, or if the folder holds a run.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkpoint_step: int | None = None
        self.failing = False
        self._waiting = bytearray()
        self._length = 0
        self._files: dict[Path, bytes] = {}
        self._heart: Heartbeat | None = None
        self._over = False
        self._history_turn = _Turn(*HISTORY_TURN)
        self._snapshot_turn = _Turn(*SNAPSHOT_TURN, compiles=True)
        self._checkpoint_turn = _Turn(*CHECKPOINT_TURN)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Of two programs that are given one folder, only one can make the file.
            (folder / HISTORY).open("xb").close()
        except FileExistsError as error:
            raise FileError(
                f"{folder} already holds a run.", "Name another folder, or delete that one first."
            ) from error
        except OSError as error:
            raise write_error(error, folder) from error

    @property
    def checkpoint(self) -> Path:
        """The newest model file."""
        return self.folder / CHECKPOINT

    def add(self, event: Event, run: Run, trainer: Trainer) -> None:
        """Take in what happened; the trainer's state may be written, and is not changed.

        ``run`` has taken in the event before. It is told of the snapshot and the model that are
        made to be written.

        Raises
        ------
        FileError
            If something could not be written. Training can go on all the same.
        """
        if isinstance(event, Prepared):
            self._heart = Heartbeat(self.folder, event.id)
            self._waiting += header(event.id)
            self._files = begun_files(event)
        if is_recorded(event):
            self._waiting += encoded(event)
        if self._history_turn.due:
            with self._attempt(self._history_turn):
                self._write_beginning(trainer.step)
                self._write_history(trainer.step)
        if self._snapshot_turn.due:
            with self._attempt(self._snapshot_turn):
                self._write_snapshot(run, trainer)
        if self._checkpoint_turn.due and self.checkpoint_step != trainer.step > 0:
            with self._attempt(self._checkpoint_turn):
                self._write_checkpoint(run, trainer)

    def finish(self, run: Run, trainer: Trainer) -> None:
        """Write all as it stands in the end, and that nothing more will come. Raises `FileError`.

        If that fails, `fail` still has to be called.
        """
        self._write_beginning(trainer.step)
        self._write_snapshot(run, trainer)
        self._write_checkpoint(run, trainer)
        finished = run.finished or Finished("stopped", trainer.step)
        self._end(
            state="finished",
            step=finished.step,
            reason=finished.reason,
            kept_epoch=finished.kept_epoch,
        )

    def fail(self, error: BaseException) -> None:
        """Write why nothing more will come, if that can be written. It raises nothing."""
        message, remedy = f"Training was ended by {type(error).__name__}.", ""
        if isinstance(error, VaeguiError):
            message, remedy = error.message, error.remedy
        elif isinstance(error, KeyboardInterrupt):
            message = "Training was ended with Ctrl+C, without saving."
        if self._over:
            return
        if self._heart is None:
            with contextlib.suppress(OSError):
                (self.folder / HISTORY).unlink()
            return
        with contextlib.suppress(FileError):
            self._write_history(None)
        with contextlib.suppress(FileError):
            self._end(state="failed", message=message, remedy=remedy)

    @contextlib.contextmanager
    def _attempt(self, turn: _Turn) -> Iterator[None]:
        """Write something in the block, and remember whether that worked."""
        self.failing = True
        with turn.taken():
            yield
        self.failing = False

    def _write_beginning(self, step: int) -> None:
        """Write how the run begins, if that is not done; the file that makes it a run is last."""
        if not self._files:
            return
        self._write_history(step)
        assert self._heart is not None
        self._heart.write()
        for name in [*self._files]:
            self._replace(name, self._files[name])
            del self._files[name]
        self._heart.start()

    def _write_history(self, step: int | None) -> None:
        """Append what waits. What was written half in an earlier attempt is written over."""
        path = self.folder / HISTORY
        try:
            # Closed each time: only then other machines see what was written to a network disk.
            with path.open("rb+") as file:
                file.seek(self._length)
                file.write(self._waiting)
        except OSError as error:
            raise write_error(error, path) from error
        self._length += len(self._waiting)
        self._waiting.clear()
        self._note(history_bytes=self._length, **({} if step is None else {"step": step}))

    def _write_snapshot(self, run: Run, trainer: Trainer) -> None:
        """Write the probes as the model sees them now, after the steps that led there."""
        self._write_history(trainer.step)
        shot = trainer.snapshot()
        run.add(shot)
        self._replace(SNAPSHOT, snapshot_bytes(trainer.id, shot))
        self._note(snapshot_step=shot.step)

    def _write_checkpoint(self, run: Run, trainer: Trainer) -> None:
        from vaegui.files.model import model_file

        self._write_history(trainer.step)
        model_file.save(self.checkpoint, trainer)
        self.checkpoint_step = trainer.step
        run.add(Saved(str(self.checkpoint), trainer.step))
        self._note(checkpoint_step=trainer.step)

    def _replace(self, name: Path, content: bytes) -> None:
        with replacing(self.folder / name) as temporary:
            temporary.write_bytes(content)

    def _note(self, **values: object) -> None:
        if self._heart is not None:
            self._heart.note(**values)

    def _end(self, **values: object) -> None:
        if self._heart is not None:
            self._heart.end(**values)
            self._over = True
