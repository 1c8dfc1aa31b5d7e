"""The controls of an explanation: each changes one attribute of the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from vaegui.panels.drawing.text import subscript
from vaegui.panels.explain.shared.base import Chooser
from vaegui.panels.focus import Focus
from vaegui.runs.run import Run
from vaegui.ui.plots.example_chooser import ExampleChooser
from vaegui.ui.state.workbench import Workbench

__all__ = ["chooser"]


def chooser(name: Chooser, workbench: Workbench, parent: QWidget) -> QWidget:
    """The control for an attribute of the focus."""
    return _MADE[name](name, workbench, parent)


class _Chooser(QWidget):
    """A label and controls that follow the run and the focus."""

    def __init__(self, label: str, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(3)
        if label:
            self.row.addWidget(QLabel(label, self))
            self.row.addSpacing(3)
        workbench.focus_changed.connect(self._on_changed)
        workbench.begun.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        if self.workbench.run is not None:
            self.follow(self.workbench.run, self.workbench.focus)

    def follow(self, run: Run, focus: Focus) -> None:
        """Show what is selected."""

    def choose(self, **changes: object) -> None:
        """Select something else."""
        self.workbench.look_at(self.workbench.focus.replace(**changes))


class _Unit(_Chooser):
    """One of the latent units; hidden while there is only one."""

    def __init__(self, name: Chooser, workbench: Workbench, parent: QWidget) -> None:
        super().__init__("Unit" if name == "unit" else "beside", workbench, parent)
        self._name = name
        self._box = QComboBox(self)
        tip = "Which latent unit is taken apart." if name == "unit" else "Which one is compared."
        self._box.setToolTip(tip)
        self._box.setAccessibleName(tip)
        self._box.activated.connect(self._on_chosen)
        self.row.addWidget(self._box)
        self._on_changed()

    def follow(self, run: Run, focus: Focus) -> None:
        """See `_Chooser.follow`."""
        units = run.begun.settings.latent_units
        self.setVisible(units > 1)
        names = "μ{0}, σ{0}" if run.begun.settings.has_spread else "μ{0}"
        entries = [names.format(subscript(i)) for i in range(1, units + 1)]
        if [self._box.itemText(i) for i in range(self._box.count())] != entries:
            self._box.clear()
            self._box.addItems(entries)
        self._box.setCurrentIndex(min(getattr(focus, self._name), units - 1))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        focus = self.workbench.focus
        other: Chooser = "beside" if self._name == "unit" else "unit"
        changes = {self._name: index}
        if getattr(focus, other) == index:
            changes[other] = getattr(focus, self._name)
        self.choose(**changes)


class _ReadOut(_Chooser):
    """Mean or log-variance."""

    def __init__(self, name: Chooser, workbench: Workbench, parent: QWidget) -> None:
        super().__init__("Read-out", workbench, parent)
        self._box = QComboBox(self)
        self._box.addItem("μ", "mean")
        self._box.addItem("log σ²", "log_var")
        self._box.setToolTip("Which of a unit's two read-outs is taken apart.")
        self._box.setAccessibleName("Read-out")
        self._box.activated.connect(self._on_chosen)
        self.row.addWidget(self._box)
        self._on_changed()

    def follow(self, run: Run, focus: Focus) -> None:
        """See `_Chooser.follow`."""
        self.setVisible(run.begun.settings.has_spread)
        self._box.setCurrentIndex(self._box.findData(focus.read_out))

    @Slot()
    def _on_chosen(self) -> None:
        self.choose(read_out=self._box.currentData())


class _Button(_Chooser):
    """A button that changes the focus."""

    def __init__(self, name: Chooser, workbench: Workbench, parent: QWidget) -> None:
        super().__init__("", workbench, parent)
        noise = name == "noise"
        self._name = name
        self._button = QPushButton("New ε" if noise else "Let all go", self)
        self._button.setToolTip(
            "Draw another ε: μ and σ stay, z changes."
            if noise
            else "Let the network compute all hidden activations again."
        )
        self._button.clicked.connect(self._on_clicked)
        self.row.addWidget(self._button)
        self._on_changed()

    def follow(self, run: Run, focus: Focus) -> None:
        """See `_Chooser.follow`."""
        noise = self._name == "noise" and run.begun.settings.has_spread
        self.setVisible(noise or (self._name == "held" and bool(focus.held)))

    @Slot()
    def _on_clicked(self) -> None:
        if self._name == "noise":
            self.choose(noise=self.workbench.focus.noise + 1)
        else:
            self.choose(held=())


class _More(_Chooser):
    """Shows what only those who know statistics ask for."""

    def __init__(self, name: Chooser, workbench: Workbench, parent: QWidget) -> None:
        super().__init__("", workbench, parent)
        self._box = QCheckBox("More", self)
        self._box.setObjectName("explain.more")
        self._box.setToolTip(
            "How far the draws are off, in σ and on logarithmic axes, and z-scores in the table."
        )
        self._box.toggled.connect(self._on_toggled)
        self.row.addWidget(self._box)
        self._on_changed()

    def follow(self, run: Run, focus: Focus) -> None:
        """See `_Chooser.follow`."""
        self._box.setChecked(focus.more)

    @Slot(bool)
    def _on_toggled(self, checked: bool) -> None:
        self.choose(more=checked)


def _example(name: Chooser, workbench: Workbench, parent: QWidget) -> QWidget:
    return ExampleChooser(workbench, parent, "other" if name == "other" else "example")


_MADE: dict[Chooser, Callable[[Chooser, Workbench, QWidget], QWidget]] = {
    "example": _example,
    "other": _example,
    "unit": _Unit,
    "beside": _Unit,
    "read_out": _ReadOut,
    "noise": _Button,
    "held": _Button,
    "more": _More,
}
