"""Which two latent units the latent panel shows."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["PairChooser"]


class PairChooser(QWidget):
    """Two units to choose, or the two with the most KL. Shows only with more than two units."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._across = self._box("Unit along the horizontal axis of the latent panel.")
        self._up = self._box("Unit along the vertical axis of the latent panel.")
        self._auto = QToolButton(self)
        self._auto.setText("Most KL")
        self._auto.setCheckable(True)
        self._auto.setToolTip("Show the two units that carry the most KL, whichever they are.")
        self._auto.clicked.connect(self._on_auto)
        both = QWidget(self)
        pair = QHBoxLayout(both)
        pair.setContentsMargins(0, 0, 0, 0)
        for widget in (QLabel("Units", both), self._across, self._up):
            pair.addWidget(widget)
        row = Wrapping(self)
        row.addWidget(both)
        row.addWidget(self._auto)
        workbench.focus_changed.connect(self._on_changed)
        workbench.begun.connect(self._on_changed)
        self._on_changed()

    def _box(self, tip: str) -> QComboBox:
        box = QComboBox(self)
        box.setToolTip(tip)
        box.setAccessibleName(tip)
        box.activated.connect(self._on_chosen)
        return box

    @Slot()
    def _on_changed(self) -> None:
        run = self._workbench.run
        units = run.begun.settings.latent_units if run else 0
        self.setVisible(units > 2)
        if units <= 2:
            return
        pair = self._workbench.focus.pair
        for index, box in enumerate((self._across, self._up)):
            if box.count() != units:
                box.clear()
                box.addItems([str(unit) for unit in range(1, units + 1)])
            box.setCurrentIndex(-1 if pair is None else pair[index])
            box.setPlaceholderText("auto")
        self._auto.setChecked(pair is None)

    @Slot()
    def _on_auto(self) -> None:
        # Turning it off fixes on the first two units until others are chosen.
        self._choose(None if self._auto.isChecked() else (0, 1))

    @Slot()
    def _on_chosen(self) -> None:
        across, up = self._across.currentIndex(), self._up.currentIndex()
        if across < 0 or across == up:
            across = 0 if up != 0 else 1
        if up < 0:
            up = 0 if across != 0 else 1
        self._choose((across, up))

    def _choose(self, pair: tuple[int, int] | None) -> None:
        self._workbench.look_at(self._workbench.focus.replace(pair=pair))
