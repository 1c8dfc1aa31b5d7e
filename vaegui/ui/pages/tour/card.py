"""The card on which the tour speaks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from vaegui.ui.pages.tour.steps import STEPS, TourStep

__all__ = ["TourCard"]

WIDTH = 304
"""As narrow as the column beside the page Explain, so that it covers nothing of that."""
MARGIN = 12


class TourCard(QFrame):
    """What a step says, and what one can press. It lies over the window and can be dragged."""

    back = Signal()
    onward = Signal()
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tour.card")
        self.setProperty("tour", True)
        self.setAccessibleName("Guided tour")
        self.setFixedWidth(WIDTH)
        self._window = window
        self._grip: QPoint | None = None
        self._dragged = False
        self._number = _label("muted", True)
        self._title = QLabel()
        font = QFont(self._title.font())
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(QFont.Weight.DemiBold)
        self._title.setFont(font)
        self._title.setWordWrap(True)
        self._text = _label()
        self._todo = _label("todo", True)
        self._todo.setObjectName("tour.todo")
        self._leave = self._button("Leave", "End the tour; Help > Guided tour goes on from here.")
        self._back = self._button("Back", "The step before.")
        self._next = self._button("Next", "The next step.")
        self._leave.setProperty("quiet", True)
        self._leave.clicked.connect(self.left)
        self._back.clicked.connect(self.back)
        self._next.clicked.connect(self.onward)
        buttons = QHBoxLayout()
        buttons.addWidget(self._leave)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(7)
        for widget in (self._number, self._title, self._text, self._todo):
            column.addWidget(widget)
        column.addSpacing(2)
        column.addLayout(buttons)

    def wait(self, words: str) -> None:
        """Say that there is something to wait for."""
        self._fill("Guided tour", words, "", "")
        self._back.setEnabled(False)
        self._next.setEnabled(False)

    def show_step(self, number: int, step: TourStep) -> None:
        """Show a step, counted from 0."""
        self._fill(f"Guided tour: {number + 1} of {len(STEPS)}", step.text, step.title, step.todo)
        self._back.setEnabled(number > 0)
        self._next.setEnabled(True)
        self.show_done(number, step, done=False)

    def show_done(self, number: int, step: TourStep, *, done: bool) -> None:
        """Show whether what is to be done is done."""
        self._todo.setText(f"{'✓' if done else '→'}  {step.todo}")
        last = number == len(STEPS) - 1
        self._next.setText("Finish" if last else "Next" if done else "Skip")
        self._next.setDefault(done)
        self._next.setProperty("primary", done)
        self._next.style().unpolish(self._next)
        self._next.style().polish(self._next)

    def place(self, targets: list[QRect]) -> None:
        """Go where the least of the targets is covered, unless the user chose the place."""
        # Not adjustSize, which forgets that wrapped text in a narrow card needs more height.
        self.ensurePolished()
        self.resize(WIDTH, self._column.totalHeightForWidth(WIDTH))
        room = self._window.rect().adjusted(MARGIN, 84, -MARGIN, -MARGIN - 26)
        if not self._dragged:
            size = QRect(0, 0, self.width(), self.height())
            across = (room.right() - size.width(), room.center().x() - size.width() // 2, room.x())
            down = (room.bottom() - size.height(), room.center().y() - size.height() // 2, room.y())
            places = [QRect(x, y, size.width(), size.height()) for y in down for x in across]
            self.move(min(places, key=lambda place: _covered(place, targets)).topLeft())
        self.raise_()

    def _fill(self, number: str, text: str, title: str, todo: str) -> None:
        self._number.setText(number)
        self._text.setText(text)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._todo.setText(todo)
        self._todo.setVisible(bool(todo))

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"tour.{text.lower()}")
        button.setToolTip(tip)
        return button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it; from then on it stays where it is put."""
        if self._grip is not None:
            self._dragged = True
            self.move(self.mapToParent(event.position().toPoint()) - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None


def _label(look: str = "", value: bool = False) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    if look:
        label.setProperty(look, value)
    return label


def _covered(place: QRect, targets: list[QRect]) -> int:
    parts = (place.intersected(target) for target in targets)
    return sum(part.width() * part.height() for part in parts if part.isValid())
