"""The actions of all commands, and when each can be used."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence

from vaegui.training.record.state import State
from vaegui.ui.commands.table import COMMANDS, Command
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.icons import icon
from vaegui.ui.theme.theme import Theme

__all__ = ["Actions"]

_WHY_NOT: dict[State, str] = {
    "loading": "loading TensorFlow ...",
    "training": "a model is being trained; stop or pause it first.",
    "preparing": "the data are being loaded and the model built.",
    "saving": "the model is being saved.",
    "opening": "a model is being opened.",
    "estimating": "log p(x) is being estimated; cancel that in the status bar.",
    "rehearsing": "a rehearsal is going on; cancel it in the status bar.",
    "idle": "nothing is being trained.",
    "paused": "training is paused; resume or stop it first.",
    "closed": "TensorFlow is not available.",
}


class Actions(QObject):
    """The actions, by name. They are enabled by what the worker says that it does."""

    def __init__(self, workbench: Workbench, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._theme = theme
        self._by_name: dict[str, QAction] = {}
        self._why_not: dict[str, str] = {}
        self._steps_are_kept = False
        for command in COMMANDS:
            self._by_name[command.name] = self._made(command)
        for name in ("explain", "play"):
            self[name].setCheckable(True)
        self["quit"].setMenuRole(QAction.MenuRole.QuitRole)
        self["about"].setMenuRole(QAction.MenuRole.AboutRole)
        theme.changed.connect(self._on_theme_changed)
        workbench.state_changed.connect(self.refresh)
        workbench.begun.connect(self.refresh)
        workbench.settings_changed.connect(self.refresh)
        workbench.changed.connect(self._on_changed)
        self._on_theme_changed()
        self.refresh()

    def __getitem__(self, name: str) -> QAction:
        return self._by_name[name]

    def texts(self, name: str) -> tuple[str, ...]:
        """All that a command ever says on its button."""
        command = next(command for command in COMMANDS if command.name == name)
        return (command.text, command.later) if command.later else (command.text,)

    def why_not(self, name: str) -> str:
        """Why a command cannot be used now, in a phrase; '' if it can."""
        return self._why_not[name]

    def _made(self, command: Command) -> QAction:
        action = QAction(command.text, self)
        action.setObjectName(command.name)
        keys = [key for given in command.keys for key in _sequences(given)]
        action.setShortcuts(list(dict.fromkeys(keys)))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        return action

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done now, and say of the rest why not."""
        state, run = self._workbench.state, self._workbench.run
        self._steps_are_kept = run is not None and len(run.snapshots) > 1
        for command in COMMANDS:
            action = self._by_name[command.name]
            why_not = ""
            if state not in command.states:
                why_not = _WHY_NOT[state]
            elif command.model and run is None:
                why_not = "there is no model yet."
            elif command.data and not (command.takes_data and self._workbench.gives_data):
                why_not = self._no_data
            elif command.steps and not self._steps_are_kept:
                why_not = "no earlier steps of the model are kept yet; train it."
            self._why_not[command.name] = why_not
            action.setEnabled(not why_not)
            action.setToolTip(_tip(command, action, why_not))
        paused = state == "paused"
        for name, later in (("train", run is not None and run.step > 0), ("pause", paused)):
            self[name].setText(self.texts(name)[later])
        self["pause"].setIcon(icon("resume" if paused else "pause", self._theme))

    @property
    def _no_data(self) -> str:
        run = self._workbench.run
        missing = "" if run is None else run.begun.missing
        return missing and f"the model's data are not here. {missing}"

    @Slot()
    def _on_changed(self) -> None:
        run = self._workbench.run
        if self._steps_are_kept != (run is not None and len(run.snapshots) > 1):
            self.refresh()

    @Slot()
    def _on_theme_changed(self) -> None:
        for command in COMMANDS:
            if command.icon:
                self._by_name[command.name].setIcon(icon(command.icon, self._theme))
        self.refresh()


def _sequences(key: str | QKeySequence.StandardKey) -> list[QKeySequence]:
    return [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key)


def _tip(command: Command, action: QAction, why_not: str) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    first = f"{command.tip} ({keys})" if keys else command.tip
    return f"{first}\nNot now: {why_not}" if why_not else first
