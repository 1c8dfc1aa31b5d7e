"""The text of the user guide, with its formulas as pictures."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from vaegui.paths import guide
from vaegui.ui.help.formula import formula

__all__ = ["FormulaMaker", "GuideText"]

FORMULA = "formula:"
"""Begins the address of a formula."""
BETWEEN = 40
"""Milliseconds between two formulas that are set beforehand."""


class GuideText(QTextBrowser):
    """Shows the guide, without its pictures of the window, and goes to its headings."""

    filled = Signal()
    """The text was taken in anew: what was found in it before is not there any more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(22)
        self._look: tuple[str, float] | None = None
        self._fill()
        self.anchorClicked.connect(self._on_anchor)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Set a formula when it is to be shown."""
        address = name.toString() if isinstance(name, QUrl) else name
        if not address.startswith(FORMULA):
            return super().loadResource(kind, name)
        text = _source()[1][int(address.removeprefix(FORMULA))]
        return formula(text, *_look(self), self.devicePixelRatioF()).toImage()

    def changeEvent(self, event: QEvent) -> None:
        """Set the formulas anew in another colour or size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._fill()

    def go_to(self, heading: str) -> bool:
        """Show a heading at the upper edge; whether there is one of this name, but for case.

        A search begins there, too.
        """
        wanted = _plain(heading)
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and _plain(block.text()) == wanted:
                self.setTextCursor(QTextCursor(block))
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(int(top))
                return True
            block = block.next()
        return False

    def _fill(self) -> None:
        """Take in the text, unless it stands there in the present colour and size."""
        look = _look(self)
        if look == self._look:
            return
        self._look = look
        where, at = self.verticalScrollBar().value(), self.textCursor().selectionStart()
        markdown = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        self.document().setMarkdown(_source()[0], markdown)
        # Qt leaves the cursor at the end, and scrolls to it when the text is shown.
        cursor = self.textCursor()
        cursor.setPosition(at)
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(where)
        self.filled.emit()

    @Slot(QUrl)
    def _on_anchor(self, url: QUrl) -> None:
        self.go_to(url.fragment().replace("-", " "))


class FormulaMaker(QObject):
    """Sets the guide's formulas while nothing else is to be done, so that it opens at once.

    Parameters
    ----------
    window
        The window that the guide will belong to.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._waiting: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(BETWEEN)
        self._timer.timeout.connect(self._on_turn)

    @Slot()
    def start(self) -> None:
        """Set all formulas, one after the other, in the window's present colours.

        Not before matplotlib is loaded: that would hold the window up.
        """
        self._waiting = list(_source()[1])
        self._timer.start()

    @Slot()
    def _on_turn(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        formula(self._waiting.pop(), *_look(self._window), self._window.devicePixelRatioF())


@cache
def _source() -> tuple[str, tuple[str, ...]]:
    """The guide as Markdown, and its formulas, which are pictures there, named by number."""
    formulas: list[str] = []

    def named(found: re.Match[str]) -> str:
        formulas.append(found[1])
        return f"![{FORMULA}]({FORMULA}{len(formulas) - 1})"

    text = re.sub(r"(?s)<picture>.*?</picture>", "", guide().read_text("utf-8"))
    return re.sub(r"\$\$(.*?)\$\$", named, text), tuple(formulas)


def _look(widget: QWidget) -> tuple[str, float]:
    """Colour and size, in points, of a widget's text."""
    return widget.palette().text().color().name(), widget.font().pointSizeF()


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"\w+", heading.lower()))
