"""The card on which the tour speaks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from vaegui.ui.pages.tour.steps import STEPS, TourStep

__all__ = ["TourCard"]

WIDTH = 304
"""As narrow as the column beside the page Explain, so that it covers nothing of that."""
MARGIN = 12
LEAST = 60
"""Height of the words in pixels where there is no room for more."""


class TourCard(QFrame):
    """What a step says, and what one can press. It lies over the window and can be dragged.

    Where the window is too low for all of it, its words scroll and its buttons stay.
    """

    back = Signal()
    onward = Signal()
    left = Signal()
    pressed = Signal()
    """What the step offers is wanted."""

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
        self._offer = self._button("Offer", "")
        self._leave = self._button(
            "Leave", "End the tour (Esc); Help > Guided tour goes on from here."
        )
        self._back = self._button("Back", "The step before.")
        self._next = self._button("Next", "The next step (Enter).")
        self._leave.setProperty("quiet", True)
        self._offer.clicked.connect(self.pressed)
        self._leave.clicked.connect(self.left)
        self._back.clicked.connect(self.back)
        self._next.clicked.connect(self.onward)
        buttons = QHBoxLayout()
        buttons.addWidget(self._leave)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        buttons.addWidget(self._next)
        body = QWidget()
        words = self._told = QVBoxLayout(body)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(7)
        for widget in (self._number, self._title, self._text, self._todo):
            words.addWidget(widget)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        # The card's own ground: a scroll area gives its contents one of another colour.
        for part in (body, self._scroll.viewport()):
            part.setAutoFillBackground(False)
        self._scroll.setMinimumHeight(LEAST)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(9)
        column.addWidget(self._scroll)
        column.addWidget(self._offer)
        column.addLayout(buttons)

    def wait(self, words: str) -> None:
        """Say that there is something to wait for."""
        self._fill("Guided tour", words, "", "")
        self._back.setEnabled(False)
        self._next.setEnabled(False)

    def show_step(self, number: int, step: TourStep) -> None:
        """Show a step, counted from 0."""
        self._fill(f"Guided tour: {number + 1} of {len(STEPS)}", step.text, step.title, step.todo)
        self._offer.setText(step.offer)
        self._offer.setVisible(bool(step.offer))
        self._scroll.verticalScrollBar().setValue(0)
        self._back.setEnabled(number > 0)
        self._next.setEnabled(True)
        self.show_done(number, step, done=False)
        # There Enter, Escape and Tab begin; from where the user works, Enter and Escape reach it.
        self._next.setFocus(Qt.FocusReason.OtherFocusReason)

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
        room = self._room()
        self.ensurePolished()
        needed, policy = self._needed(), Qt.ScrollBarPolicy
        # Told rather than left to Qt, which keeps a bar that made text narrow and thus higher.
        low = needed > room.height()
        self._scroll.setVerticalScrollBarPolicy(
            policy.ScrollBarAlwaysOn if low else policy.ScrollBarAlwaysOff
        )
        self.resize(WIDTH, min(needed, room.height()))
        if self._dragged:
            self.move(_within(self.geometry(), room))
        else:
            size = QRect(0, 0, self.width(), self.height())
            across = (room.right() - size.width(), room.center().x() - size.width() // 2, room.x())
            down = (room.bottom() - size.height(), room.center().y() - size.height() // 2, room.y())
            places = [QRect(x, y, size.width(), size.height()) for y in down for x in across]
            self.move(min(places, key=lambda place: _covered(place, targets)).topLeft())
        self.raise_()

    def _room(self) -> QRect:
        """The part of the window, without its bars, that is on the screen."""
        window = self._window
        seen = window.screen().availableGeometry()
        seen.moveTopLeft(window.mapFromGlobal(seen.topLeft()))
        return window.rect().intersected(seen).adjusted(MARGIN, 84, -MARGIN, -MARGIN - 26)

    def _needed(self) -> int:
        """The height of all of it; a size hint would not know how wide wrapped text is."""
        margins = self._column.contentsMargins() + self.contentsMargins()
        words = self._told.totalHeightForWidth(WIDTH - margins.left() - margins.right())
        return words + self._column.totalMinimumSize().height() - LEAST

    def _fill(self, number: str, text: str, title: str, todo: str) -> None:
        self._number.setText(number)
        self._text.setText(text)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._todo.setText(todo)
        self._todo.setVisible(bool(todo))
        self._offer.setVisible(False)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"tour.{text.lower()}")
        button.setToolTip(tip)
        # Enter presses the one that has the keyboard.
        button.setAutoDefault(True)
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


def _within(place: QRect, room: QRect) -> QPoint:
    """The upper left corner that is nearest to a place and keeps it in a room."""
    x = max(room.left(), min(place.x(), room.right() - place.width()))
    y = max(room.top(), min(place.y(), room.bottom() - place.height()))
    return QPoint(x, y)


def _covered(place: QRect, targets: list[QRect]) -> int:
    parts = (place.intersected(target) for target in targets)
    return sum(part.width() * part.height() for part in parts if part.isValid())
