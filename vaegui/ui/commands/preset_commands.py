"""Opening presets, and leading from a question to its answer with one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Signal, Slot

from vaegui.presets import SIX_FEATURES, Preset
from vaegui.training.settings.settings import Settings
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["BigQuestion", "PresetCommands"]

BigQuestion = Literal["mu", "gaussian"]
"""The part of the page Explain that answers a question."""


class PresetCommands(QObject):
    """Turns what is chosen on the Welcome page into orders to the worker.

    Parameters
    ----------
    confirm_discard
        Called with what to do next before a model is given up: it does that at once, after
        saving, or not at all, as the user decides.
    show_settings
        Puts settings into Setup.
    """

    chosen = Signal(str)
    """What was chosen is under way, and nobody kept the present model instead: the preset's title
    while its model is being made, '' where there is nothing to wait for."""
    notified = Signal(str)
    """A word for the status bar."""

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        confirm_discard: Callable[[Callable[[], None]], None],
        show_settings: Callable[[Settings], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._worker = worker
        self._confirm_discard = confirm_discard
        self._show_settings = show_settings
        self._can_draw = False
        self._asked: BigQuestion | None = None
        workbench.drawing_ready.connect(self._on_drawing_ready)
        workbench.begun.connect(self._follow)
        workbench.failed.connect(self._on_failed)

    def train(self, preset: Preset) -> None:
        """Train a new model of a preset, after asking about unsaved steps."""
        self._confirm_discard(lambda: self.begin(preset, train=True))

    def open(self, preset: Preset) -> None:
        """Put an untrained model of a preset in place, after asking about unsaved steps."""
        self._confirm_discard(lambda: self.begin(preset, train=False))

    def answer(self, part: BigQuestion) -> None:
        """Open the page Explain where a question is answered.

        It is answered with the model that there is. If nothing is trained yet, six features are.
        """
        self._asked = part
        run = self._workbench.run
        if run is not None and (run.step or run.begun.imported):
            self.chosen.emit("")
            self._follow()
        else:
            self.begin(SIX_FEATURES, train=True)

    def begin(self, preset: Preset, *, train: bool) -> None:
        """Put a new model of a preset in place at once, and train it or not."""
        if self._workbench.active:
            self._worker.stop()
        self.chosen.emit(preset.title)
        self._show_settings(preset.settings)
        if train:
            self._worker.train(preset.settings, True)
            self.notified.emit(f"{preset.title}: training begins.")
        else:
            self._worker.reset(preset.settings)
            self.notified.emit(f"{preset.title}: nothing is learned yet. Press Train.")

    @Slot()
    def _on_failed(self) -> None:
        # A model that the user makes later is no answer to what was asked before.
        self._asked = None

    @Slot()
    def _on_drawing_ready(self) -> None:
        self._can_draw = True
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Open the page once there is a model to explain and something to draw with."""
        part, run = self._asked, self._workbench.run
        if part is None or run is None or not self._can_draw:
            return
        self._asked = None
        # Not before matplotlib was loaded by another thread: it would hold the window up.
        from vaegui.panels.explain.all import EXPLANATIONS

        of_part = [explanation for explanation in EXPLANATIONS if explanation.part == part]
        topic = (of_part or EXPLANATIONS)[0].name
        self._workbench.look_at(self._workbench.focus.replace(topic=topic))
