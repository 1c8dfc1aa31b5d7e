"""The dialog in which points are drawn: the pad, its classes, undo, and using them as data."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPixmap, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from vaegui.data.sources.generated.drawn import FEWEST, MOST
from vaegui.panels.style import style
from vaegui.ui.forms.form_field import set_look
from vaegui.ui.pages.own_data.drawing.pad import DrawingPad, Points
from vaegui.ui.pages.own_data.section import PAGE, button, label
from vaegui.ui.theme.theme import Theme

__all__ = ["DrawingDialog"]

CLASSES = 5
"""So many have a button; number keys choose up to nine."""
WORDS = (
    "The left button draws, the right one erases. Number keys choose the class, which is a colour: "
    "the model never learns from it. The numbers are kept in the settings, and in the model's file."
)


class DrawingDialog(QDialog):
    """Beside the page, which goes on working."""

    used = Signal(object)
    """The points are to be the data."""

    def __init__(self, theme: Theme, points: Points, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{PAGE}.drawing")
        self.setWindowTitle("Draw points")
        self._stack = QUndoStack(self)
        self._pad = DrawingPad(theme, points)
        self._pad.setObjectName(f"{PAGE}.drawing.pad")
        self._told = label("", "muted")
        self._told.setObjectName(f"{PAGE}.drawing.told")
        self._classes = QButtonGroup(self)
        classes = QHBoxLayout()
        classes.setSpacing(6)
        classes.addWidget(label("Class"))
        for kind in range(1, CLASSES + 1):
            each = button(
                f"drawing.class.{kind}", str(kind), f"Draw class {kind} ({kind}).", self._on_class
            )
            each.setCheckable(True)
            each.setIcon(_patch(style(theme.current).classes[kind - 1]))
            self._classes.addButton(each, kind)
            classes.addWidget(each)
        classes.addStretch(1)
        self._undo = button("drawing.undo", "Undo", "Undo (Ctrl+Z).", self._stack.undo)
        self._redo = button("drawing.redo", "Redo", "Redo (Ctrl+Shift+Z).", self._stack.redo)
        self._clear = button("drawing.clear", "Erase all", "Can be undone.", self._on_clear)
        for one in (self._undo, self._redo, self._clear):
            classes.addWidget(one)
        self._use = button(
            "drawing.use", "Use these points", "Put them into Setup as the data.", self._on_use
        )
        self._use.setProperty("primary", True)
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        foot.addWidget(button("drawing.close", "Close", "Leave the data as they are.", self.close))
        foot.addWidget(self._use)
        column = QVBoxLayout(self)
        column.addWidget(label(WORDS, "muted"))
        column.addLayout(classes)
        column.addWidget(self._pad, 1)
        column.addLayout(foot)
        self._pad.stroked.connect(self._on_stroke)
        self._pad.edited.connect(self._refresh)
        self._pad.class_chosen.connect(self._choose)
        self._stack.indexChanged.connect(self._refresh)
        self._choose(1)
        self._refresh()
        self._pad.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo, by the platform's keys."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._stack.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._stack.redo()
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _choose(self, kind: int) -> None:
        self._pad.kind = kind
        chosen = self._classes.button(kind)
        self._classes.setExclusive(chosen is not None)
        for each in self._classes.buttons():
            each.setChecked(each is chosen)
            set_look(each, "primary", each is chosen)
        self._refresh()

    def _on_class(self) -> None:
        if self._classes.checkedId() > 0:
            self._choose(self._classes.checkedId())
            self._pad.setFocus()

    @Slot(object, object)
    def _on_stroke(self, before: Points, after: Points) -> None:
        self._stack.push(_Change(before, after, self._pad.set_points))

    def _on_clear(self) -> None:
        if self._pad.points:
            self._stack.push(_Change(self._pad.points, (), self._pad.set_points))

    def _on_use(self) -> None:
        self.used.emit(self._pad.points)
        self.close()

    @Slot()
    def _refresh(self) -> None:
        count = len(self._pad.points)
        if count < FEWEST:
            told = f"{count} points; draw {FEWEST} at least."
        elif count >= MOST:
            told = f"{count:,} points: there cannot be more."
        else:
            told = f"{count:,} points. Class {self._pad.kind} is drawn."
        self._told.setText(told)
        self._use.setEnabled(count >= FEWEST)
        self._undo.setEnabled(self._stack.canUndo())
        self._redo.setEnabled(self._stack.canRedo())
        self._clear.setEnabled(count > 0)


class _Change(QUndoCommand):
    """From some points to others."""

    def __init__(self, before: Points, after: Points, show: Callable[[Points], None]) -> None:
        super().__init__("Draw")
        self._before, self._after, self._show = before, after, show

    def undo(self) -> None:
        """Go back."""
        self._show(self._before)

    def redo(self) -> None:
        """Do it, or go forward again."""
        self._show(self._after)


def _patch(colour: str) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(QColor(colour))
    return QIcon(picture)
