"""Opening and saving models, and asking before steps are lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from vaegui.errors import FileError
from vaegui.files.foreign.document.document import is_foreign
from vaegui.reading.reader import is_hdf5
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.forms.form_field import tip
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["FileCommands"]


class FileCommands(QObject):
    """Turns the actions of the File menu into orders to the worker.

    Attributes
    ----------
    recent_menu
        The menu of files opened or saved lately.
    """

    notified = Signal(str)
    """A word for the status bar."""
    opening = Signal(str)
    """A model was asked for, from a file of this name, and nobody kept the present one instead."""
    found_foreign = Signal(list)
    """These files should be opened, and are Keras models that another program saved."""

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        actions: Actions,
        asking: Asking,
        preferences: Preferences,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._asking = asking
        self._preferences = preferences
        self._window = parent
        self._after_save: Callable[[], None] | None = None
        self._saving = False
        self._open_action = actions["open"]
        self.recent_menu = QMenu("Open &recent", parent)
        self.recent_menu.menuAction().setObjectName("open_recent")
        self.recent_menu.aboutToShow.connect(self._on_recent_menu)
        self.recent_menu.triggered.connect(self._on_recent_chosen)
        actions["open"].triggered.connect(self._on_open)
        actions["save"].triggered.connect(self.save)
        actions["save_as"].triggered.connect(self.save_as)
        workbench.saved.connect(self._on_saved)
        workbench.begun.connect(self._on_begun)
        workbench.failed.connect(self._on_failed)
        workbench.state_changed.connect(self._on_state_changed)
        self._on_recent_menu()
        self._on_state_changed()

    @property
    def name(self) -> str:
        """What the present model is called: its file's name, or that of its data."""
        if self._workbench.path is not None:
            return Path(self._workbench.path).name
        run = self._workbench.run
        return run.begun.imported or run.begun.data.name if run is not None else ""

    def open(self, path: str) -> None:
        """Open a model, unless the user would rather keep the present one.

        The file is looked at first: one that cannot be opened is no reason to ask anything.
        """
        # Not at the start of the program: it brings much along.
        from vaegui.files.model.model_file import check

        if is_foreign(Path(path)) or is_hdf5(Path(path)):
            self.found_foreign.emit([path])
            return
        try:
            check(path)
        except FileError as error:
            self._workbench.failed.emit(Failed(error.message, error.remedy, kind=JobKind.OPENING))
        else:
            self.confirm_discard(lambda: self._open(path))

    def _open(self, path: str) -> None:
        self.opening.emit(Path(path).name)
        self._worker.open(path)

    def confirm_discard(self, then: Callable[[], None]) -> None:
        """Do something that gives up the present model, after asking about unsaved steps.

        While a save is under way it waits for that, and asks nothing: the user has answered.
        """
        if self._saving:
            self._after_save = then
            self.notified.emit("That is done as soon as the training is saved ...")
            return
        if not self._workbench.unsaved:
            then()
            return
        answer = self._asking.unsaved(self._window, self.name)
        if answer == "discard":
            then()
        elif answer == "save":
            if self._workbench.active:
                # What is saved must be all there is.
                self._worker.stop()
            self._after_save = then
            self.save()

    @Slot()
    def save(self) -> None:
        """Save to the run's file, or ask for one."""
        if self._workbench.path is None:
            self.save_as()
        else:
            self._save(self._workbench.path)

    @Slot()
    def save_as(self) -> None:
        """Ask for a file and save to it."""
        proposal = self._workbench.path or str(self._folder() / f"{self._proposed_name()}.keras")
        path = self._asking.save_file(self._window, proposal)
        if path:
            self._save(path)
        else:
            self._after_save = None

    def _save(self, path: str) -> None:
        self._saving = True
        self._worker.save(path)

    @Slot()
    def _on_open(self) -> None:
        path = self._asking.open_file(self._window, str(self._folder()))
        if path:
            self.open(path)

    @Slot(str)
    def _on_saved(self, path: str) -> None:
        self._saving = False
        self._preferences.add_recent(path)
        self._on_recent_menu()
        self.notified.emit(f"Saved as {path}.")
        then, self._after_save = self._after_save, None
        if then is not None:
            then()

    @Slot()
    def _on_begun(self) -> None:
        self._after_save = None
        run = self._workbench.run
        if run is not None and run.begun.recovered:
            self.notified.emit(f"Recovered {self.name}. Continue trains it further.")
        elif self._workbench.path is not None:
            self._preferences.add_recent(self._workbench.path)
            self._on_recent_menu()
            self.notified.emit(f"Opened {self._workbench.path}.")
        elif run is not None and run.begun.imported:
            self.notified.emit(f"Imported {self.name}. It is not saved as a model file yet.")

    @Slot(Failed)
    def _on_failed(self, failed: Failed) -> None:
        if failed.kind is JobKind.SAVING:
            self._saving = False
            self._after_save = None

    @Slot()
    def _on_state_changed(self) -> None:
        self.recent_menu.setEnabled(self._open_action.isEnabled())

    @Slot()
    def _on_recent_menu(self) -> None:
        self.recent_menu.clear()
        for number, path in enumerate(self._preferences.recent, 1):
            name = Path(path).name.replace("&", "&&")
            shown = f"&{number}  {name}" if number < 10 else name
            action = self.recent_menu.addAction(shown)
            action.setData(path)
            action.setToolTip(tip(path))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction("None yet").setEnabled(False)
        else:
            self.recent_menu.addSeparator()
            self.recent_menu.addAction("&Clear").setData("")
        self.recent_menu.setToolTipsVisible(True)

    @Slot(QAction)
    def _on_recent_chosen(self, action: QAction) -> None:
        path = str(action.data())
        if not path:
            self._preferences.forget_recent()
        elif Path(path).exists():
            self.open(path)
        else:
            self._preferences.forget_recent(path)
            self.notified.emit(f"{path} is not there any more.")

    def _folder(self) -> Path:
        """Where the user saves or opened last."""
        known = self._workbench.path or next(iter(self._preferences.recent), None)
        return Path(known).parent if known else Path.home()

    def _proposed_name(self) -> str:
        words = "".join(c if c.isalnum() else " " for c in self.name).split()
        return "-".join(words).lower() or "model"
