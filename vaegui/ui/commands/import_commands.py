"""Models and weights from other programs, and weights for them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.errors import VaeguiError
from vaegui.files.foreign.halves.finding import Foreign, inspect, other_half
from vaegui.files.foreign.roles.proposal import Reading
from vaegui.files.script.document import script_of, write_script
from vaegui.reading.kinds import known_kind
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.notices.dialogs import Offer, show_failure
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["ImportCommands"]


class ImportCommands(QObject):
    """Turns the imports and exports of the File menu into orders to the worker.

    Parameters
    ----------
    confirm_discard
        Does something that gives up the present model, after asking about unsaved steps.
    """

    opening = Signal(str)
    """A model is being imported, and nobody kept the present one instead: what it is called."""

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        actions: Actions,
        asking: Asking,
        confirm_discard: Callable[[Callable[[], None]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._asking = asking
        self._confirm_discard = confirm_discard
        self._window = parent
        self._folder = str(Path.home())
        actions["import_model"].triggered.connect(self._on_import_model)
        actions["import_weights"].triggered.connect(self._on_import_weights)
        actions["export_weights"].triggered.connect(self._on_export_weights)
        actions["export_script"].triggered.connect(self._on_export_script)

    @Slot(list)
    def start(self, paths: list[str]) -> None:
        """Ask how a model in one or two files is to be read, and let it be rebuilt."""
        self._folder = str(Path(paths[0]).parent)
        try:
            foreign = _inspected(*map(Path, paths[:2]))
        except VaeguiError as error:
            offer = Offer("Add another file ...", partial(self._add, paths[0]))
            failed = Failed(error.message, error.remedy, kind=JobKind.IMPORTING)
            known = known_kind(Path(paths[0]))
            show_failure(self._window, failed, None if known or len(paths) > 1 else offer)
            return
        settings = self._workbench.settings
        reading = self._asking.reading(self._window, foreign, settings.data if settings else None)
        if reading is not None:
            self._confirm_discard(partial(self._import, foreign, reading))

    def _import(self, foreign: Foreign, reading: Reading) -> None:
        self.opening.emit(foreign.title)
        self._worker.import_model(foreign, reading)

    @Slot()
    def _on_import_model(self) -> None:
        if paths := self._asking.foreign_files(self._window, self._folder):
            self.start(paths)

    def _add(self, first: str) -> None:
        """Ask for the decoder to an encoder, or the other way round."""
        paths = self._asking.foreign_files(self._window, self._folder)
        if others := [path for path in paths if path != first]:
            self.start([first, others[0]])

    @Slot()
    def _on_import_weights(self) -> None:
        if path := self._asking.weights_file(self._window, self._folder):
            self._folder = str(Path(path).parent)
            self._worker.import_weights(path)

    @Slot()
    def _on_export_weights(self) -> None:
        known = Path(self._workbench.path or Path(self._folder, "model.keras"))
        path = self._asking.export_file(self._window, str(known.with_suffix(".safetensors")))
        if path:
            self._worker.export_weights(path)

    @Slot()
    def _on_export_script(self) -> None:
        run, picked = self._workbench.run, self._workbench.focus
        known = Path(self._workbench.path or Path(self._folder, "model.keras"))
        path = self._asking.script_file(self._window, str(known.with_suffix(".py")))
        if run is None or not path:
            return
        try:
            units = (picked.unit, picked.beside)
            write_script(Path(path), script_of(run, picked.example, picked.noise, units))
        except VaeguiError as error:
            failed = Failed(error.message, error.remedy, kind=JobKind.EXPORTING)
            self._workbench.failed.emit(failed)
        else:
            self._workbench.notified.emit(f"Wrote {path}. Run it with Python: it needs Keras only.")


def _inspected(path: Path, other: Path | None = None) -> Foreign:
    """What is found in the files, or in one and the half that lies beside it."""
    beside = other or other_half(path)
    try:
        found = inspect(path, other)
    except VaeguiError:
        if beside is None or other is not None:
            raise
        return inspect(path, beside)
    if found.has_encoder or beside is None or other is not None:
        return found
    # Half of a pair is better than a decoder alone only if the other half can be used.
    with contextlib.suppress(VaeguiError):
        return inspect(path, beside)
    return found
