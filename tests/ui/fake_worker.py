"""A worker that only writes down what it was told, and a window around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from vaegui.session.mailbox import Mailbox
from vaegui.training.record.events import (
    Device,
    DrawingReady,
    Event,
    Prepared,
    Ready,
    Status,
)
from vaegui.training.record.run_id import RunId
from vaegui.ui.commands.asking import Asking
from vaegui.ui.shell.window import Window
from vaegui.ui.state.bridge import Bridge
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme


class FakeWorker:
    """Records the calls that the real worker would get; tests post the events."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.run: RunId | None = None
        self.calls: list[tuple[Any, ...]] = []
        self.silent_for = 0.0

    def silence(self) -> float:
        return self.silent_for

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def record(*args: Any) -> bool:
            self.calls.append((name, *args))
            return True

        return record

    def post(self, *events: Event) -> None:
        """Post events of the run that began last."""
        for event in events:
            if isinstance(event, Prepared):
                self.run = event.id
            self.mailbox.post(event, self.run)

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of each call of a method."""
        return [call[1:] for call in self.calls if call[0] == name]


@dataclass
class Answers:
    """What the user answers, and what was asked."""

    open_file: str = ""
    save_file: str = ""
    unsaved: Any = "cancel"
    new_model: Any = "cancel"
    too_large: bool = False
    samples: int = 0
    foreign_files: Any = ()
    reading: Any = None
    weights_file: str = ""
    export_file: str = ""
    script_file: str = ""
    data_file: str = ""
    data_folder: str = ""
    ledger_file: str = ""
    picture_size: Any = None
    save_picture: str = ""
    asked: list[str] = field(default_factory=list)

    def asking(self) -> Asking:
        return Asking(
            lambda *_: self._answer("open_file"),
            lambda *_: self._answer("save_file"),
            lambda *_: self._answer("unsaved"),
            lambda *_: self._answer("new_model"),
            too_large=lambda *_: self._answer("too_large"),
            samples=lambda *_: self._answer("samples"),
            foreign_files=lambda *_: self._answer("foreign_files"),
            reading=lambda *_: self._answer("reading"),
            weights_file=lambda *_: self._answer("weights_file"),
            export_file=lambda *_: self._answer("export_file"),
            script_file=lambda *_: self._answer("script_file"),
            data_file=lambda *_: self._answer("data_file"),
            data_folder=lambda *_: self._answer("data_folder"),
            ledger_file=lambda *_: self._answer("ledger_file"),
            picture_size=lambda *_: self._answer("picture_size"),
            save_picture=lambda *_: self._answer("save_picture"),
        )

    def _answer(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self, name)


class Bench:
    """A window with a fake worker behind it, and the user's answers."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.bridge = Bridge()
        self.mailbox = Mailbox(self.bridge.wake)
        self.worker = FakeWorker(self.mailbox)
        self.workbench = Workbench(self.worker, self.mailbox)  # type: ignore[arg-type]
        self.preferences = Preferences(folder / "window.ini")
        self.answers = Answers()
        self.theme = Theme(app, "light")
        self.window = Window(
            self.workbench,
            self.worker,  # type: ignore[arg-type]
            self.bridge,
            self.theme,
            self.preferences,
            self.answers.asking(),
        )

    def post(self, *events: Event) -> None:
        """Let the worker post events, and the window take them."""
        self.worker.post(*events)
        self.workbench.take()

    def load(self, *, panels: bool = False) -> None:
        """TensorFlow is there."""
        ready = Ready({"TensorFlow": "2.21.0"}, Device("CPU", "No GPU was found."))
        self.post(*([DrawingReady()] if panels else []), ready, Status("idle"))

    def press(self, name: str) -> None:
        """Trigger an action, which must be enabled."""
        action = self.window.actions_[name]
        assert action.isEnabled(), f"{name} is disabled: {action.toolTip()}"
        action.trigger()

    def enabled(self) -> set[str]:
        """Names of the actions of the run and of files that can be used."""
        names = [
            "train",
            "train_anew",
            "pause",
            "step",
            "stop",
            "reset",
            "estimate",
            "open",
            "save",
            "save_as",
        ]
        return {name for name in names if self.window.actions_[name].isEnabled()}

    def close(self) -> None:
        """Close the window, whatever is unsaved."""
        self.answers.unsaved = "discard"
        self.window.close()
        self.window.deleteLater()
        self.theme.deleteLater()
        # Now, or every later theme would dress this window, too.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[call-overload]
