"""The controls of an experiment: what it is done with, begin, end, how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from vaegui.declared import Declared
from vaegui.panels.context import Context, Options
from vaegui.panels.explain.shared.base import ExperimentControls
from vaegui.queries.base import Query, Result
from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.training.record.state import READY
from vaegui.ui.forms import Form
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["ExperimentRow"]


class ExperimentRow(QObject):
    """A form, a button that begins the experiment and ends it, and its progress.

    Attributes
    ----------
    parts
        Its widgets, which whoever made it lays out among its own.
    """

    turned = Signal()
    """The user began the experiment or ended it."""

    def __init__(
        self, trial: ExperimentControls, canvas: Canvas, workbench: Workbench, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._trial = trial
        self._canvas = canvas
        self._workbench = workbench
        self._begun = False
        self._asked: Query[Any] | None = None
        self._form = Form(trial.options, compact=True, parent=parent)
        self._form.changed.connect(self._on_form_changed)
        self._button = QPushButton(parent)
        self._button.clicked.connect(self._on_clicked)
        self._fresh = QPushButton("New random stream", parent)
        self._fresh.setToolTip("Do it again with other random numbers, those of the next seed.")
        self._fresh.clicked.connect(self._on_fresh)
        self._fresh.setVisible(bool(trial.fresh))
        self._bar = QProgressBar(parent)
        self._bar.setFixedWidth(120)
        self._bar.setFormat("%v of %m")
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        form = [self._form] if type(trial.options).model_fields else []
        self.parts: list[QWidget] = [*form, self._button, self._fresh, self._bar]
        workbench.changed.connect(self._on_changed)
        workbench.state_changed.connect(self._on_changed)
        workbench.begun.connect(self._on_begun)
        workbench.focus_changed.connect(self._on_changed)
        workbench.failed.connect(self._on_failed)
        if trial.live:
            workbench.focus_changed.connect(self._on_focus_changed)
        self._on_changed()

    @property
    def running(self) -> bool:
        """Whether the experiment was begun here and goes on."""
        return self._begun

    @property
    def waiting(self) -> str:
        """What goes on while the experiment goes on and nothing has come of it; '' otherwise."""
        return self._trial.begins if self._begun and not self._known() else ""

    @Slot()
    def _on_begun(self) -> None:
        # It was about another model.
        self._begun = False
        self._on_changed()

    @Slot(Failed)
    def _on_failed(self, failed: Failed) -> None:
        if self.waiting and failed.kind is JobKind.EXPERIMENT:
            self._begun = False
            self._on_changed()
            self.turned.emit()

    @Slot()
    def _on_changed(self) -> None:
        context, observed = self._canvas.context, self._observed()
        if self._begun and observed is not None and observed.complete:
            self._begun = False
            self._workbench.end_experiment(self._trial.kind)
        self._button.setText("Stop" if self._begun else self._trial.label)
        self._button.setToolTip("End it here." if self._begun else self._trial.tip)
        possible = context is not None and not context.not_kept
        possible &= self._workbench.state in READY
        if context is not None:
            possible &= context.run.begun.settings.latent_units >= self._trial.units
            possible &= not self._canvas.panel.lacking(context)
        able = possible and self._form.value is not None
        self._button.setEnabled(self._begun or able)
        self._fresh.setEnabled(able)
        self._bar.setVisible(self._begun)
        if self._begun:
            self._bar.setRange(0, 0 if observed is None else observed.total)
            self._bar.setValue(0 if observed is None else observed.done)

    @Slot()
    def _on_clicked(self) -> None:
        if self._begun:
            self._begun = False
            self._workbench.end_experiment(self._trial.kind)
            self._on_changed()
            self.turned.emit()
        else:
            self.begin()

    @Slot()
    def _on_fresh(self) -> None:
        value = self._form.value
        if value is not None:
            seed = getattr(value, self._trial.fresh) + 1
            self._form.set_value(value.model_copy(update={self._trial.fresh: seed}))
            self.begin()

    @Slot()
    def _on_form_changed(self) -> None:
        if self._trial.live and self._begun_before():
            self.begin()
        self._on_changed()

    @Slot()
    def _on_focus_changed(self) -> None:
        """What is picked is another: what was begun for the one before is begun for it."""
        value = self._form.value
        if value is None or not self._button.isVisible() or not self._begun_before():
            return
        if self._made(value) != self._asked:
            self.begin()

    def _observed(self) -> Result[Any] | None:
        """What has come of the experiment that was asked for last, not of one before it."""
        context = self._canvas.context
        return None if context is None or self._asked is None else context.result(self._asked)

    def _known(self) -> bool:
        """Whether something has come of such an experiment, be it an earlier one."""
        context = self._canvas.context
        return context is not None and context.latest(self._trial.kind) is not None

    def _begun_before(self) -> bool:
        return self._begun or self._known()

    def _made(self, value: Declared) -> Query[Any] | None:
        """The experiment that the form says, or None if there is none to make."""
        run = self._workbench.run
        if run is None:
            return None
        return self._trial.make(Context(run, self._workbench.focus, Options()), value)

    def begin(self) -> None:
        """Begin the experiment that the form says, in place of one that goes on."""
        value, run = self._form.value, self._workbench.run
        asked = None if value is None else self._made(value)
        if run is None or asked is None:
            return
        self._begun = True
        if not self._trial.live:
            run.forget(self._trial.kind)
        self._asked = asked
        self._workbench.experiment(asked)
        self._on_changed()
        self.turned.emit()
