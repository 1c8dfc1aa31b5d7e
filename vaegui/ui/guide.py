"""The user guide in a window of its own; it needs neither a network nor another program."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from vaegui.paths import guide

__all__ = ["Guide", "open_guide"]


class Guide(QTextBrowser):
    """Shows the guide, and goes to its headings."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlag(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("guide")
        self.setWindowTitle("User guide - vaegui")
        self.setOpenLinks(False)
        self.resize(760, 820)
        self.document().setDocumentMargin(22)
        self.document().setMarkdown(_readable(guide().read_text("utf-8")), _features())
        self.anchorClicked.connect(lambda url: self.go_to(url.fragment().replace("-", " ")))

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


def _features() -> QTextDocument.MarkdownFeature:
    return QTextDocument.MarkdownFeature.MarkdownDialectGitHub


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"\w+", heading.lower()))


def _readable(text: str) -> str:
    """The guide without pictures, which the window itself shows better; formulas as they are."""
    text = re.sub(r"(?s)<picture>.*?</picture>", "", text)
    return re.sub(r"\$\$(.*?)\$\$", r"`\1`", text)
