"""The tour: where it is, what it frames, and whether what is to be done is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer, Slot
from PySide6.QtWidgets import QToolBar, QWidget

from vaegui.presets import SIX_FEATURES
from vaegui.training.record.events import Failed
from vaegui.ui.pages.tour.card import TourCard
from vaegui.ui.pages.tour.overlay import Overlay
from vaegui.ui.pages.tour.steps import STEPS, Moment, TourStep

if TYPE_CHECKING:
    from vaegui.ui.shell.window import Window

__all__ = ["Tour"]

LOOK_AGAIN = 300
"""Milliseconds between two looks at where things are: docks are moved, pages are opened."""


class Tour(QObject):
    """Leads through the window. Nothing is modal: everything can be used meanwhile, or left.

    Attributes
    ----------
    step
        Index of the present step, or None while no tour is on.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._workbench = window.workbench
        self._card: TourCard | None = None
        self._overlays: dict[QWidget, Overlay] = {}
        self._then: Moment | None = None
        self._done = False
        self.step: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_AGAIN)
        self._timer.timeout.connect(self._point)
        workbench = self._workbench
        workbench.changed.connect(self._look)
        workbench.selection_changed.connect(self._look)
        workbench.begun.connect(self._on_begun)
        workbench.failed.connect(self._on_failed)

    @Slot()
    def start(self) -> None:
        """Begin, or go on where it was left, with the six features."""
        if self.step is not None:
            return
        self._window.pages.leave("welcome")
        run = self._workbench.run
        if run is not None and run.begun.settings.same_model(SIX_FEATURES.settings):
            self._enter(self._window.preferences.tour)
        else:
            # A model that is not saved is asked about first, and may be kept: then no tour begins.
            self._window.files.secure(self._make_model)

    @Slot()
    def leave(self) -> None:
        """End it; the step is remembered."""
        self._timer.stop()
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
            self._window.preferences.tour = 0
            self.leave()
        else:
            self._enter(self.step + 1)

    @Slot()
    def back(self) -> None:
        """Go to the step before."""
        if self.step:
            self._enter(self.step - 1)

    def _make_model(self) -> None:
        self._window.presets.begin(SIX_FEATURES, train=False)
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
        self._window.preferences.tour = number
        selection = self._workbench.selection
        self._workbench.select(selection.but(topic=step.topic, **step.ready))
        self._show_docks(step)
        self._then, self._done = Moment(self._workbench.selection, run, run.step), False
        self._made_card().show_step(number, step)
        self._point()
        self._timer.start()

    def _show_docks(self, step: TourStep) -> None:
        for name in () if step.topic else step.targets:
            dock = self._window.docks.get(name)
            if dock is not None:
                dock.show()
                dock.raise_()

    def _made_card(self) -> TourCard:
        if self._card is None:
            card = self._card = TourCard(self._window)
            card.back.connect(self.back)
            card.onward.connect(self.onward)
            card.left.connect(self.leave)
            card.show()
        return self._card

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        if run is None or self._card is None:
            return
        if not run.begun.settings.same_model(SIX_FEATURES.settings):
            self.leave()
        elif self._waiting:
            self._enter(self._window.preferences.tour)
        elif self.step is not None:
            self._enter(self.step)

    @Slot(Failed)
    def _on_failed(self) -> None:
        if self._waiting:
            self.leave()

    @Slot()
    def _look(self) -> None:
        """See whether what is to be done is done."""
        run = self._workbench.run
        if self.step is None or self._then is None or run is None or self._done:
            return
        now = Moment(self._workbench.selection, run, run.step)
        if STEPS[self.step].done(self._then, now):
            self._done = True
            self._made_card().show_done(self.step, STEPS[self.step], done=True)
            self._point()

    @Slot()
    def _point(self) -> None:
        """Frame what the step is about, wherever it is now."""
        if self.step is None:
            return
        widgets = [w for name in STEPS[self.step].targets if (w := self.find(name)) is not None]
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
        bar = self._window.findChild(QToolBar, "toolbar")
        if kind == "action" and bar is not None:
            found = bar.widgetForAction(self._window.actions_[rest])
        elif kind == "page":
            found = self._window.findChild(QWidget, name)
        else:
            found = self._window.pages.current.findChild(QWidget, name)
        return found if found is not None and found.isVisible() else None
