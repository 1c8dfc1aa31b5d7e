"""A section of the page: a heading, a sentence, and what it shows of the data."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

from vaegui.session.data_worker import Found
from vaegui.ui.forms.form_field import tip
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["PAGE", "Section", "button", "clear", "label", "sentence"]

PAGE = "own_data"


class Section(QFrame):
    """One of the sections; it shows what was found and turns clicks into changes of the recipe.

    Attributes
    ----------
    column
        Where its contents go, below the heading.
    """

    def __init__(self, name: str, title: str, words: str, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__()
        self.recipe, self.theme = recipe, theme
        self.setObjectName(f"{PAGE}.{name}")
        self.setAccessibleName(title)
        self.setProperty("card", True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 14)
        self.column.setSpacing(8)
        heading = QLabel(title, self)
        heading.setProperty("heading", True)
        self.column.addWidget(heading)
        self.words = label(words, "muted", self)
        self.words.setVisible(bool(words))
        self.column.addWidget(self.words)

    def applies(self, found: Found) -> bool:
        """Whether it has something to say of such data; otherwise it is hidden."""
        return True

    def show_found(self, found: Found) -> None:
        """Show what was found; only called if it applies."""
        raise NotImplementedError


def label(text: str, kind: str = "", parent: QWidget | None = None) -> QLabel:
    """Words that wrap; names of files and columns are never taken for markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if kind:
        made.setProperty(kind, True)
    return made


def button(name: str, text: str, help_: str, slot: Callable[[], object]) -> QPushButton:
    """A button called ``own_data.<name>``."""
    made = QPushButton(text.replace("&", "&&"))
    made.setObjectName(f"{PAGE}.{name}")
    made.setAutoDefault(False)
    made.setToolTip(tip(help_))
    made.clicked.connect(lambda: slot())
    return made


def sentence(clause: str) -> str:
    """A clause as a sentence; what begins with the name of a file keeps its first letter."""
    word = clause.partition(" ")[0]
    first = clause[:1].upper() if word.isalpha() else clause[:1]
    return f"{first}{clause[1:]}."


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
