"""Which example is picked: an input that is followed, or any row of the data."""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from vaegui.data.source import PART_NAMES, ExampleRef, Part
from vaegui.panels.context import Context, Options
from vaegui.training.record.events import Prepared
from vaegui.ui.forms.form_field import tip
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["ExampleChooser"]

_TIPS = {
    "example": "The example that all panels look at: type its number. A click on the latent map or "
    "on a picture picks one, too.",
    "other": "The example at the other end of the line: type its number.",
}


class ExampleChooser(QWidget):
    """Counts examples as inputs that are followed, or by row in a part of the data.

    Parameters
    ----------
    name
        The attribute of the focus that it chooses.
    """

    def __init__(
        self,
        workbench: Workbench,
        parent: QWidget | None = None,
        name: Literal["example", "other"] = "example",
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._name = name
        # How the other end is counted is nobody else's business: the arrow keys leave it alone.
        self._other_by_row = False
        self._kind = QComboBox(self)
        self._kind.setObjectName(f"{name}.kind")
        self._kind.setAccessibleName("How examples are counted")
        self._kind.setToolTip(
            tip(
                "Input: those whose Gaussians the panels follow, some hundred of all classes.",
                "A part of the data: every example, by its row, counted from 0.",
                heading="How examples are counted",
            )
        )
        self._kind.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._kind.activated.connect(self._on_kind)
        self._number = _Number(self)
        self._number.setObjectName(f"{name}.number")
        self._number.setAccessibleName("Number of the input")
        self._number.setToolTip(tip(_TIPS[name]))
        self._number.setKeyboardTracking(False)
        self._number.setWrapping(True)
        self._number.valueChanged.connect(self._on_number)
        self._count = QLabel(self)
        self._count.setProperty("muted", True)
        row = Wrapping(self)
        before = [QLabel("and", self)] if name == "other" else []
        row.addWidget(self._beside(*before, self._kind))
        row.addWidget(self._beside(self._number, self._count))
        workbench.focus_changed.connect(self._on_changed)
        workbench.begun.connect(self._on_changed)
        self._on_changed()

    def _beside(self, *widgets: QWidget) -> QWidget:
        """Widgets that stay in one row."""
        whole = QWidget(self)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            row.addWidget(widget)
        return whole

    @property
    def _chosen(self) -> ExampleRef | None:
        """What is chosen now; None if there is nothing to choose."""
        run, focus = self._workbench.run, self._workbench.focus
        if run is None:
            return None
        context = Context(run, focus, Options())
        return context.example if self._name == "example" else context.other

    @property
    def _by_row(self) -> bool:
        return self._workbench.focus.by_row if self._name == "example" else self._other_by_row

    @Slot()
    def _on_changed(self) -> None:
        run, ref = self._workbench.run, self._chosen
        self.setEnabled(ref is not None)
        self._number.setSpecialValueText(" " if ref is None else "")
        if run is None or ref is None:
            # Without a model the number is 0, which says nothing.
            self._show_kinds({"": "Input"}, "")
            self._show_number(0, 0, 0)
            return
        begun, number = run.begun, run.begun.probes.number(ref)
        if self._by_row:
            number = None
        self._show_kinds(_kinds(begun), ref.part if number is None else "")
        if number is None:
            count = begun.data.examples(ref.part)
            self._show_number(0, ref.row, count - 1)
            self._count.setText(f"of {count:,}")
            return
        count, label = len(begun.probes.refs), begun.probes.label(number)
        self._show_number(1, number + 1, count)
        kind = "" if label is None else f" ({begun.data.class_name(label)})"
        self._count.setText(f"of {count:,}{kind}")

    def _show_kinds(self, kinds: dict[str, str], kind: str) -> None:
        box = self._kind
        if {box.itemData(i): box.itemText(i) for i in range(box.count())} != kinds:
            self._kind.clear()
            for data, text in kinds.items():
                self._kind.addItem(text, data)
        self._kind.setCurrentIndex(self._kind.findData(kind))

    def _show_number(self, first: int, number: int, last: int) -> None:
        self._number.blockSignals(True)
        self._number.setRange(first, last)
        self._number.setValue(number)
        self._number.blockSignals(False)

    @Slot()
    def _on_kind(self) -> None:
        run, ref, part = self._workbench.run, self._chosen, self._kind.currentData()
        if run is None or ref is None:
            return
        if part and ref.part != part:
            ref = ExampleRef(run.begun.data.sha256, part, 0)
        is_probe = run.begun.probes.number(ref) is not None
        self._choose(ref if part or is_probe else None, by_row=bool(part))

    @Slot(int)
    def _on_number(self, number: int) -> None:
        run, part = self._workbench.run, self._kind.currentData()
        if run is None:
            return
        if part:
            ref = ExampleRef(run.begun.data.sha256, cast("Part", part), number)
        else:
            ref = run.begun.probes.refs[number - 1]
        self._choose(ref, by_row=bool(part))

    def _choose(self, ref: ExampleRef | None, *, by_row: bool) -> None:
        focus = self._workbench.focus
        if self._name == "example":
            self._workbench.look_at(focus.replace(example=ref, by_row=by_row))
            return
        self._other_by_row = by_row
        self._workbench.look_at(focus.replace(other=ref))
        self._on_changed()


def _kinds(begun: Prepared) -> dict[str, str]:
    """What examples can be counted as: the part of the data, '' for inputs that are followed."""
    parts = () if begun.missing else PART_NAMES.items()
    first = "Input" if begun.data.train_examples else "Draw"
    return {"": first} | {p: name.capitalize() for p, name in parts if begun.data.examples(p)}


class _Number(QSpinBox):
    """A number that a passing wheel does not change."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change only when focused."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
