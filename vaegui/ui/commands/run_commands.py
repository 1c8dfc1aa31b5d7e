"""What happens when the user starts, pauses, steps, stops or resets a training."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.training.settings.settings import Settings
from vaegui.training.settings.size import too_large
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking, differences
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["RunCommands"]


class RunCommands(QObject):
    """Turns the actions of the Run menu into orders to the worker.

    Parameters
    ----------
    confirm_discard
        Called with what to do next before a model is given up: it does that at once, after
        saving, or not at all, as the user decides.
    """

    refused = Signal()
    """Training cannot start because something in Setup is wrong."""
    put_back = Signal(Settings)
    """Setup should show these settings: the user goes on with the model they belong to."""

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
        actions["train"].triggered.connect(self._on_train)
        actions["train_anew"].triggered.connect(self._on_train_anew)
        actions["pause"].triggered.connect(self._on_pause)
        actions["step"].triggered.connect(self._on_step)
        actions["stop"].triggered.connect(self._on_stop)
        actions["reset"].triggered.connect(self._on_reset)
        actions["estimate"].triggered.connect(self._on_estimate)

    @Slot()
    def _on_train(self) -> None:
        settings = self._wanted()
        if settings is None:
            return
        if self._workbench.run is None:
            self.train_anew(settings)
        else:
            self._with_model(settings, self._go_on, self.train_anew)

    @Slot()
    def _on_train_anew(self) -> None:
        settings = self._wanted()
        if settings is not None:
            self.train_anew(settings)

    @Slot()
    def _on_pause(self) -> None:
        if self._workbench.state == "paused":
            self._worker.resume()
        else:
            self._worker.pause()

    @Slot()
    def _on_step(self) -> None:
        settings = self._wanted()
        if settings is None:
            return
        if self._workbench.run is None:
            self._begin(settings, partial(self._worker.step, settings))
        else:
            self._with_model(settings, self._worker.step, self._step_anew)

    @Slot()
    def _on_stop(self) -> None:
        self._worker.stop()

    @Slot(Settings)
    def change(self, settings: Settings) -> None:
        """Let the present run have these settings from its next step on."""
        if not self.give_data(settings):
            self._worker.change(settings)

    def give_data(self, settings: Settings) -> bool:
        """Let the present model have the data of some settings, if it lacks its own and can."""
        takes = self._workbench.takes(settings)
        if takes:
            self._confirm_discard(partial(self._worker.give_data, settings))
        return takes

    def train_on(self, settings: Settings) -> None:
        """Train on data: the present model if it lacks its own and can have these, or a new one."""
        if self._workbench.takes(settings):
            self._go_on(settings)
        else:
            self.train_anew(settings)

    @Slot()
    def _on_estimate(self) -> None:
        if samples := self._asking.samples(self._window):
            self._worker.estimate(samples)

    @Slot()
    def _on_reset(self) -> None:
        run = self._workbench.run
        settings = run.begun.settings if run else self._wanted()
        if settings is None:
            return
        if run is not None and self._workbench.settings is not None:
            # A run that went on has more epochs in its settings than were asked for at once.
            epochs = self._workbench.settings.training.epochs
            settings = settings.with_values({"training.epochs": epochs})
        self._begin(settings, partial(self._worker.reset, settings))

    def _go_on(self, settings: Settings) -> None:
        then = partial(self._worker.train, settings, False)
        if self._workbench.takes(settings):
            self._confirm_discard(then)
        else:
            then()

    def train_anew(self, settings: Settings) -> None:
        """Train a new model, unless the user would rather keep the present one."""
        self._begin(settings, partial(self._worker.train, settings, True))

    def _begin(self, settings: Settings, then: Callable[[], None]) -> None:
        """Begin with a new model, unless it is too large or would cost the present one."""
        problem = too_large(settings)
        if not problem or self._asking.too_large(self._window, problem):
            self._confirm_discard(then)

    def _step_anew(self, settings: Settings) -> None:
        def begin() -> None:
            self._worker.reset(settings)
            self._worker.step(settings)

        self._begin(settings, begin)

    def _with_model(
        self,
        settings: Settings,
        go_on: Callable[[Settings], None],
        begin: Callable[[Settings], None],
    ) -> None:
        """Go on with the model there is, or begin another if Setup asks for that."""
        run = self._workbench.run
        if run is None or not self._workbench.needs_new_model:
            go_on(settings)
            return
        old = run.begun.settings
        answer = self._asking.new_model(self._window, differences(old, settings))
        if answer == "new":
            begin(settings)
        elif answer == "continue":
            kept = old.with_values({"training.epochs": settings.training.epochs})
            self.put_back.emit(kept)
            go_on(kept)

    def _wanted(self) -> Settings | None:
        """What Setup says, or None after saying that something is wrong there."""
        if self._workbench.settings is None:
            self.refused.emit()
        return self._workbench.settings
