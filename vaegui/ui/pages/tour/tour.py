"""The tour: where it is, what it frames, and whether what is to be done is done."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QToolBar,
    QWidget,
)
from shiboken6 import isValid

from vaegui.presets import SIX_FEATURES
from vaegui.training.record.events import Failed
from vaegui.ui.pages.base import Shared
from vaegui.ui.pages.pages import Pages
from vaegui.ui.pages.tour.card import TourCard
from vaegui.ui.pages.tour.overlay import Overlay
from vaegui.ui.pages.tour.steps import STEPS, Moment, TourStep

__all__ = ["Tour"]

MOVES = {
    QEvent.Type.Resize,
    QEvent.Type.Move,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
}
"""What happens to a widget when something that is framed may have another place."""
ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
FIELDS = (QAbstractSpinBox, QLineEdit, QComboBox)
"""Where Enter belongs to what is written."""


class Tour(QObject):
    """Leads through the window. Nothing is modal: everything can be used meanwhile, or left.

    Enter goes on and Escape leaves, wherever the keyboard is, but for Enter in a field.

    Attributes
    ----------
    step
        Index of the present step, or None while no tour is on.
    """

    def __init__(self, window: QMainWindow, shared: Shared, pages: Pages) -> None:
        super().__init__(window)
        self._window, self._shared, self._pages = window, shared, pages
        self._workbench = shared.workbench
        self._card: TourCard | None = None
        self._overlays: dict[QWidget, Overlay] = {}
        self._then: Moment | None = None
        self._done = False
        self.step: int | None = None
        self._watched: set[QWidget] = set()
        # Once for all that moves together.
        self._moved = QTimer(self)
        self._moved.setSingleShot(True)
        self._moved.setInterval(0)
        self._moved.timeout.connect(self._point)
        self._escape = QShortcut(Qt.Key.Key_Escape, window, self.leave)
        self._escape.setEnabled(False)
        workbench = self._workbench
        workbench.changed.connect(self._look)
        workbench.focus_changed.connect(self._look)
        workbench.begun.connect(self._on_begun)
        workbench.failed.connect(self._on_failed)
        workbench.drawing_ready.connect(self._moved.start)

    @Slot()
    def start(self) -> None:
        """Begin, or go on where it was left, with the six features."""
        if self.step is not None:
            return
        self._pages.leave("welcome")
        run = self._workbench.run
        if run is not None and run.begun.settings.same_model(SIX_FEATURES.settings):
            self._enter(self._shared.preferences.tour)
        else:
            # A model that is not saved is asked about first, and may be kept: then no tour begins.
            self._shared.files.confirm_discard(self._make_model)

    @Slot()
    def leave(self) -> None:
        """End it; the step is remembered."""
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        self._moved.stop()
        self._escape.setEnabled(False)
        self.step = self._then = None
        for overlay in self._overlays.values():
            overlay.deleteLater()
        self._overlays.clear()
        if self._card is not None:
            self._card.deleteLater()
            self._card = None

    @Slot()
    def onward(self) -> None:
        """Go to the next step; after the last, end."""
        if self.step is None:
            return
        if self.step == len(STEPS) - 1:
            self._shared.preferences.tour = 0
            self.leave()
        else:
            self._enter(self.step + 1)

    @Slot()
    def back(self) -> None:
        """Go to the step before."""
        if self.step:
            self._enter(self.step - 1)

    @Slot()
    def _press(self) -> None:
        """Train a new model, which the last step offers on its card."""
        self._shared.presets.train(SIX_FEATURES)

    def _make_model(self) -> None:
        self._shared.presets.begin(SIX_FEATURES, train=False)
        self._made_card().wait("Loading what is needed, and making an untrained model ...")
        self._made_card().place([])

    @property
    def _waiting(self) -> bool:
        return self._card is not None and self._then is None

    def _enter(self, number: int) -> None:
        """Begin a step: what it is about is brought on screen."""
        run = self._workbench.run
        if run is None:
            return
        number = min(max(number, 0), len(STEPS) - 1)
        self.step, step = number, STEPS[number]
        self._shared.preferences.tour = number
        focus = self._workbench.focus
        self._workbench.look_at(focus.replace(topic=step.topic, **step.ready))
        self._show_docks(step)
        self._then, self._done = Moment(self._workbench.focus, run, run.step), False
        self._made_card().show_step(number, step)
        self._point()

    def _show_docks(self, step: TourStep) -> None:
        if step.topic:
            return
        self._pages.turn_to("workbench")
        for name in step.targets:
            dock = self._pages.home.docks.get(name)
            if dock is not None:
                dock.show()
                dock.raise_()

    def _made_card(self) -> TourCard:
        if self._card is None:
            card = self._card = TourCard(self._window)
            card.back.connect(self.back)
            card.onward.connect(self.onward)
            card.left.connect(self.leave)
            card.pressed.connect(self._press)
            card.show()
            self._escape.setEnabled(True)
            self._watch(self._window, *self._pages.home.docks.values())
        return self._card

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        if run is None or self._card is None:
            return
        if not run.begun.settings.same_model(SIX_FEATURES.settings):
            self.leave()
        elif self._waiting:
            self._enter(self._shared.preferences.tour)
        elif self.step is not None:
            self._enter(self.step)

    @Slot(Failed)
    def _on_failed(self) -> None:
        if self._waiting:
            self.leave()

    @Slot()
    def _look(self) -> None:
        """See whether what is to be done is done."""
        self._moved.start()
        run = self._workbench.run
        if self.step is None or self._then is None or run is None or self._done:
            return
        now = Moment(self._workbench.focus, run, run.step)
        if STEPS[self.step].done(self._then, now):
            self._done = True
            self._made_card().show_done(self.step, STEPS[self.step], done=True)

    @Slot()
    def _point(self) -> None:
        """Frame what the step is about, wherever it is now."""
        if self.step is None:
            if self._card is not None:
                self._card.place([])
            return
        widgets = [w for name in STEPS[self.step].targets if (w := self.find(name)) is not None]
        self._watch(*widgets)
        frames: dict[QWidget, list[QRect]] = {window: [] for window in self._overlays}
        for widget in widgets:
            window = widget.window()
            place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
            frames.setdefault(window, []).append(place.adjusted(-2, -2, 2, 2))
        for window, places in frames.items():
            if window not in self._overlays:
                self._overlays[window] = Overlay(window)
            self._overlays[window].frame(places)
            self._overlays[window].raise_()
        self._made_card().place(frames.get(self._window, []))

    def find(self, name: str) -> QWidget | None:
        """What a target is called by, if it can be seen."""
        kind, _, rest = name.partition(".")
        found: QWidget | None
        if kind == "action":
            bar = self._window.findChild(QToolBar, "toolbar")
            found = bar.widgetForAction(self._shared.actions[rest]) if bar is not None else None
        elif rest:
            found = self._window.findChild(QWidget, name)
        else:
            found = self._pages.current.findChild(QWidget, name)
        return found if found is not None and found.isVisible() else None

    def _watch(self, *widgets: QWidget) -> None:
        """Notice from now on when one of these gets another place."""
        for widget in {*widgets} - self._watched:
            widget.installEventFilter(self)
            self._watched.add(widget)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what moves; take Enter where nobody else has use for it."""
        if event.type() in MOVES:
            self._moved.start()
        elif watched is self._window and isinstance(event, QKeyEvent):
            enter = event.type() == QEvent.Type.KeyPress and event.key() in ENTER
            if enter and not isinstance(QApplication.focusWidget(), FIELDS):
                self.onward()
                return True
        return super().eventFilter(watched, event)
