"""What is kept of a run while the command line trains it, in case the process does not end well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from vaegui.errors import FileError
from vaegui.training.record.events import Event

if TYPE_CHECKING:
    from vaegui.files.autosave import Autosave
    from vaegui.files.run_folder.writer import RunWriter
    from vaegui.model_run import ModelRun

__all__ = ["Keeper"]


class Keeper:
    """Keeps a run in a run folder, or, without one or if that fails, in the user's data folder.

    It is a context: at its end nothing is kept in the data folder any more, unless the run could
    not be saved; and a run folder says why the run ended.

    Parameters
    ----------
    autosave
        Keeps it in the data folder.
    writer
        Writes the run folder, if there is to be one.
    origin
        The model file that the run will go to.
    complain
        Takes message and remedy of what cannot be written meanwhile.
    """

    def __init__(
        self,
        autosave: Autosave,
        writer: RunWriter | None,
        origin: Path,
        complain: Callable[[str, str], object],
    ) -> None:
        self._autosave, self._writer, self._origin = autosave, writer, str(origin.resolve())
        self._complain = complain
        self._folder_message = ""

    def __enter__(self) -> Keeper:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # Ctrl+C twice asks to end without saving.
        if error is None or isinstance(error, KeyboardInterrupt):
            self._autosave.close()
        if self._writer is not None and error is not None:
            self._writer.fail(error)

    def add(self, run: ModelRun, event: Event) -> None:
        """Take in what happened. What cannot be written is told, once in a row; it goes on."""
        if self._writer is not None:
            try:
                self._writer.add(event, run, run.trainer)
            except FileError as error:
                if error.message != self._folder_message:
                    self._complain(f"Not written meanwhile: {error.message}", error.remedy)
                self._folder_message = error.message
            if not self._writer.failing:
                self._folder_message = ""
        if self._writer is None or self._writer.failing:
            try:
                self._keep(run)
            except FileError as error:
                if self._autosave.is_new_failure(error):
                    self._complain(f"Not kept meanwhile: {error.message}", error.remedy)

    def finish(self, run: ModelRun) -> None:
        """Write the run folder to its end, if there is one.

        Raises
        ------
        FileError
            If that is impossible; the run is then kept in the data folder.
        """
        if self._writer is None:
            return
        try:
            self._writer.finish(run, run.trainer)
        except FileError:
            self._keep(run, at_once=True)
            raise

    def _keep(self, run: ModelRun, *, at_once: bool = False) -> None:
        """Keep the run in the data folder, if it is time for that. Raises `FileError`."""
        if self._autosave.has_unkept(run.trainer.step) and (at_once or self._autosave.due()):
            self._autosave.keep(run.trainer, self._origin)
