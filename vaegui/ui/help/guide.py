"""The user guide in a window of its own; it needs neither a network nor another program."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from vaegui.paths import guide
from vaegui.ui.help.formula import formula

__all__ = ["Guide", "open_guide"]

FORMULA = "formula:"
"""Begins the address of a formula."""


class Guide(QTextBrowser):
    """Shows the guide, without its pictures of the window, and goes to its headings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("guide")
        self.setWindowTitle("User guide - vaegui")
        self.setOpenLinks(False)
        self.resize(760, 820)
        self.document().setDocumentMargin(22)
        self._formulas: list[str] = []
        text = re.sub(r"(?s)<picture>.*?</picture>", "", guide().read_text("utf-8"))
        text = re.sub(r"\$\$(.*?)\$\$", self._named, text)
        self.document().setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self.anchorClicked.connect(lambda url: self.go_to(url.fragment().replace("-", " ")))

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Set a formula when it is to be shown."""
        address = name.toString() if isinstance(name, QUrl) else name
        if not address.startswith(FORMULA):
            return super().loadResource(kind, name)
        text = self._formulas[int(address.removeprefix(FORMULA))]
        ink = self.palette().text().color().name()
        return formula(text, ink, self.devicePixelRatioF()).toImage()

    def _named(self, found: re.Match[str]) -> str:
        """Markdown for a formula: a picture whose address is its number."""
        self._formulas.append(found[1])
        return f"![{FORMULA}]({FORMULA}{len(self._formulas) - 1})"

    def go_to(self, heading: str) -> bool:
        """Show a heading at the upper edge; whether there is one of this name, but for case."""
        wanted = _plain(heading)
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and _plain(block.text()) == wanted:
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(int(top))
                return True
            block = block.next()
        return False


def open_guide(window: QWidget, heading: str = "") -> Guide:
    """Open the guide, or bring the open one to the front, at a heading."""
    page = window.findChild(Guide) or Guide(window)
    page.show()
    page.raise_()
    page.activateWindow()
    if heading:
        page.go_to(heading)
    return page


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"\w+", heading.lower()))
