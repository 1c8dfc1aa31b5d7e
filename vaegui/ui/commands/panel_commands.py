"""What can be done with any panel: its picture copied or saved, its view reset."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMenu, QWidget

from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.notices.picture_dialog import PictureSize
from vaegui.ui.plots.panel_maker import PanelMaker
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["PANEL", "PanelCommands"]

PANEL = ("copy_picture", "save_picture", "reset_view")
"""The names of the actions."""
MM = 25.4
"""Millimetres of an inch."""
SCREEN = 100.0
"""Pixels of an inch of a screen at scale 1, as panels count."""
COPIED = 2.0
"""How many times finer than on such a screen a copied picture is."""


class PanelCommands(QObject):
    """Carries out the panels' actions, on the panel that was used last; makes their menu.

    Parameters
    ----------
    name
        What the model is called.
    """

    notified = Signal(str)
    """A word for the status bar."""

    def __init__(
        self,
        workbench: Workbench,
        panels: PanelMaker,
        actions: Actions,
        asking: Asking,
        name: Callable[[], str],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workbench, self._asking, self._name, self._window = workbench, asking, name, window
        self._actions = [actions[command] for command in PANEL]
        self._canvases: list[Canvas] = []
        self._used: Canvas | None = None
        panels.made.connect(self._on_made)
        for action, slot in zip(
            self._actions, (self._on_copy, self._on_save, self._on_reset), strict=True
        ):
            action.triggered.connect(slot)

    @Slot(QWidget)
    def _on_made(self, canvas: Canvas) -> None:
        self._canvases.append(canvas)
        canvas.used.connect(self._on_used)
        canvas.menu_wanted.connect(self._on_menu)
        canvas.save_wanted.connect(self._on_save_wanted)

    @Slot()
    def _on_used(self) -> None:
        self._used = cast("Canvas", self.sender())

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        self._on_used()
        menu = QMenu(self._window)
        menu.setObjectName("panel_menu")
        menu.addActions(self._actions)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    @Slot()
    def _on_save_wanted(self) -> None:
        self._on_used()
        self._on_save()

    @Slot()
    def _on_copy(self) -> None:
        canvas = self._target()
        if canvas is None:
            return
        memory = io.BytesIO()
        inches = canvas.width() / SCREEN, canvas.height() / SCREEN
        canvas.save(memory, "png", inches, COPIED * SCREEN, self._title(canvas))
        QGuiApplication.clipboard().setImage(QImage.fromData(memory.getvalue()))
        self.notified.emit(f"The picture of {canvas.panel.title} is in the clipboard.")

    @Slot()
    def _on_save(self) -> None:
        canvas = self._target()
        if canvas is None:
            return
        shown = PictureSize(
            width=round(canvas.width() / SCREEN * MM), height=round(canvas.height() / SCREEN * MM)
        )
        size = self._asking.picture_size(self._window, shown)
        if size is None:
            return
        path = self._asking.save_picture(self._window, f"{canvas.panel.name}.png")
        if not path:
            return
        inches, kind = (size.width / MM, size.height / MM), Path(path).suffix[1:].lower()
        try:
            canvas.save(path, kind, inches, size.resolution, self._title(canvas))
        except OSError as error:
            self.notified.emit(
                f"The picture is not saved: {error.strerror or error}. Try another place."
            )
        else:
            self.notified.emit(f"The picture is saved as {path}.")

    @Slot()
    def _on_reset(self) -> None:
        canvas = self._target()
        context = None if canvas is None else canvas.context
        if canvas is not None and context is not None:
            canvas.apply(canvas.panel.reset(context))

    def _target(self) -> Canvas | None:
        """The panel with the keyboard, else the one used last, else the first that can be seen."""
        shown = [c for c in self._canvases if shiboken6.isValid(c) and c.on_screen()]
        focused = next((canvas for canvas in shown if canvas.hasFocus()), None)
        if focused is not None:
            return focused
        if self._used in shown:
            return self._used
        if not shown:
            self.notified.emit("There is no panel on screen. View > Reset layout brings them back.")
        return next(iter(shown), None)

    def _title(self, canvas: Canvas) -> str:
        """What stands above a picture: panel, model, epoch, step and seed."""
        run = self._workbench.run
        if run is None:
            return canvas.panel.title
        training = run.begun.settings.training
        return (
            f"{canvas.panel.title} · {self._name() or run.begun.data.name} · "
            f"epoch {run.epoch} of {training.epochs}, step {run.step:,} · seed {training.seed}"
        )
