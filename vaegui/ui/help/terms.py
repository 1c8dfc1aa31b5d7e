"""What a technical term means, shown beside it: a sentence, its formula, a link to the guide."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Slot
from PySide6.QtGui import QCursor, QFont, QHelpEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from vaegui.terms import TERMS, Term
from vaegui.ui.help.formula import formula
from vaegui.ui.help.guide import open_guide
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["TermTip", "explain_settings", "explain_term", "terms_of"]

OF_SETTINGS = {
    "latent_units": "latent-unit",
    "Likelihood": "likelihood",
    "Objective": "elbo",
    "objective.beta": "beta",
    "Warm-up": "warm-up",
    "Constraint": "free-bits",
    "objective.constraint.nats": "capacity",
    "optimiser.learning_rate": "learning-rate",
    "training.epochs": "epoch",
    "architecture.hidden": "hidden-vector",
    "architecture.widths": "hidden-vector",
}
"""Path of a setting, or the heading of a group of them -> term."""

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

WIDTH = 330
LOOK_AGAIN = 250
"""Milliseconds between two looks at where the mouse is."""


def explain_term(widget: QWidget, name: str) -> None:
    """Let a widget's tooltip explain a term, below what the tooltip says already.

    Parameters
    ----------
    name
        A key of `vaegui.terms.TERMS`.
    """
    _Explaining(widget, TERMS[name])


def explain_settings(form: QWidget) -> None:
    """Let the titles of settings explain their terms.

    It may be called again, since the rows of an alternative are made when it is first chosen.
    """
    for label in form.findChildren(QLabel):
        buddy = label.buddy()
        path = buddy.objectName() if buddy is not None else label.text()
        if path in OF_SETTINGS and label.findChild(_Explaining) is None:
            explain_term(label, OF_SETTINGS[path])


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
            picture.setPixmap(formula(term.formula, ink, self.devicePixelRatioF()))
            picture.setAccessibleName(term.formula)
            column.addWidget(picture)
        address = f'<a href="#{term.anchor}" style="color: {ink}">'
        link = QLabel(f"{address}{term.title} in the user guide</a>", self)
        link.setObjectName("term.link")
        link.linkActivated.connect(self._on_link)
        column.addWidget(link)
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_AGAIN)
        self._watch.timeout.connect(self._on_watch)

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
        self._watch.start()

    def _title(self) -> QLabel:
        title = QLabel(self._term.title, self)
        font = QFont(title.font())
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        return title

    def _words(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setWordWrap(True)
        label.setFixedWidth(WIDTH)
        return label

    @Slot()
    def _on_watch(self) -> None:
        """Go away when the mouse is elsewhere."""
        mouse = QCursor.pos()
        corner = self._widget.mapToGlobal(QPoint(0, 0))
        ground = QRect(corner, self._widget.size()).united(self.geometry())
        if not ground.contains(mouse) or QApplication.activeModalWidget() is not None:
            self.close()

    @Slot()
    def _on_link(self) -> None:
        open_guide(self._widget.window(), self._term.title)
        self.close()


@Slot()
def _forget() -> None:
    TermTip.shown = None
