"""What a technical term means, shown beside it: a sentence, its formula, a link to the guide."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QEnterEvent, QFont, QHelpEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from vaegui.ui.help.formula import formula
from vaegui.ui.help.guide import open_guide
from vaegui.ui.widgets.wrapping import Wrapping
from vaegui.wording.terms import TERMS, Term

__all__ = ["TermTip", "explain_term", "terms_of"]

OF_TOPICS = {
    "network": ("hidden-vector", "read-out", "parameter", "reparameterisation", "decoder"),
    "read-outs": ("read-out", "mean", "log-variance", "standard-deviation", "parameter"),
    "mean-of-a": ("hidden-vector", "mean", "read-out"),
    "equal-rows": ("read-out", "mean", "parameter"),
    "many-times": ("posterior", "mean", "standard-deviation", "standard-error"),
    "population": ("aggregate-posterior", "posterior", "prior", "total-variance"),
    "line": ("mean", "standard-deviation", "encoder"),
    "loss-apart": ("elbo", "reconstruction", "kl", "beta", "nat"),
    "reparameterisation": ("reparameterisation", "parameter"),
    "why-gaussian": ("posterior", "prior", "kl", "reconstruction"),
}
"""Name of an explanation -> the terms that it uses."""

WIDTH = 55
"""Characters of a line, roughly."""
WAY = 300
"""Milliseconds that the mouse may be on its way from a widget to its explanation."""
_GONE = {
    QEvent.Type.Hide,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.WindowBlocked,
    QEvent.Type.WindowDeactivate,
}
"""What happens to a widget or its window when its explanation is in the way."""


def explain_term(widget: QWidget, name: str) -> None:
    """Let a widget's tooltip explain a term, below what the tooltip says already.

    Parameters
    ----------
    name
        A key of `vaegui.wording.terms.TERMS`.
    """
    _Explaining(widget, TERMS[name])


def terms_of(topic: str, parent: QWidget) -> QWidget:
    """A row of the terms of an explanation, each to point at."""
    row = QWidget(parent)
    line = Wrapping(row)
    for name in OF_TOPICS.get(topic, ()):
        button = QPushButton(TERMS[name].title, row)
        button.setProperty("term", True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.WhatsThisCursor)
        explain_term(button, name)
        line.addWidget(button)
    return row


class _Explaining(QObject):
    """Shows the explanation where Qt would show the tooltip."""

    def __init__(self, widget: QWidget, term: Term) -> None:
        super().__init__(widget)
        self._widget, self._term = widget, term
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the place of the plain tooltip."""
        if watched is self._widget and event.type() == QEvent.Type.ToolTip:
            TermTip(self._term, self._widget).show_at(cast("QHelpEvent", event).globalPos())
            return True
        return False


class TermTip(QFrame):
    """The explanation.

    It stays while the mouse is on it or on the widget, so that its link can be clicked.
    """

    shown: TermTip | None = None
    """The one that is on screen."""

    def __init__(self, term: Term, widget: QWidget) -> None:
        super().__init__(widget.window(), Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("term")
        self._term, self._widget = term, widget
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.setSpacing(6)
        ink = self.palette().toolTipText().color().name()
        if widget.toolTip():
            column.addWidget(self._words(widget.toolTip()))
        column.addWidget(self._title())
        column.addWidget(self._words(term.sentence))
        if term.formula:
            picture = QLabel(self)
            points, ratio = self.font().pointSizeF(), self.devicePixelRatioF()
            picture.setPixmap(formula(term.formula, ink, points, ratio))
            picture.setAccessibleName(term.formula)
            column.addWidget(picture)
        address = f'<a href="#{term.anchor}" style="color: {ink}">'
        link = QLabel(f"{address}{term.title} in the user guide</a>", self)
        link.setObjectName("term.link")
        link.linkActivated.connect(self._on_link)
        column.addWidget(link)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(WAY)
        self._leaving.timeout.connect(self.close)
        for watched in (widget, widget.window()):
            watched.installEventFilter(self)

    def show_at(self, place: QPoint) -> None:
        """Show it beside a place of the screen, instead of another."""
        if TermTip.shown is not None:
            TermTip.shown.close()
        TermTip.shown = self
        self.destroyed.connect(_forget)
        self.adjustSize()
        screen = self._widget.screen().availableGeometry()
        at = place + QPoint(8, 14)
        if at.y() + self.height() > screen.bottom():
            at.setY(place.y() - self.height() - 8)
        at.setX(max(screen.left(), min(at.x(), screen.right() - self.width())))
        self.move(at)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go away with the widget, or soon after the mouse left it."""
        kind = event.type()
        if kind in _GONE:
            self.close()
        elif watched is self._widget and kind == QEvent.Type.Leave:
            self._leaving.start()
        elif watched is self._widget and kind == QEvent.Type.Enter:
            self._leaving.stop()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay: the mouse has arrived."""
        self._leaving.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Go away, unless the mouse goes back to the widget."""
        self._leaving.start()

    def _title(self) -> QLabel:
        title = QLabel(self._term.title, self)
        font = QFont(title.font())
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        return title

    def _words(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setFixedWidth(round(WIDTH * self.fontMetrics().averageCharWidth()))
        return label

    @Slot()
    def _on_link(self) -> None:
        open_guide(self._widget.window(), self._term.title)
        self.close()


@Slot()
def _forget() -> None:
    TermTip.shown = None
