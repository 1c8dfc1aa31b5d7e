"""A field of a form: its label, its control, and the sentence under it while it is wrong."""

from __future__ import annotations

from html import escape
from typing import Any

from pydantic.fields import FieldInfo
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from vaegui.declared import is_more, term_of, unit_of
from vaegui.ui.forms.controls import ElidingLabel
from vaegui.ui.forms.editors import editor_for
from vaegui.ui.forms.rules import InvalidText, Number, rule_for
from vaegui.ui.help.terms import explain_term

__all__ = ["FormField", "Problems", "set_look", "tip", "title_of", "wrapping_label"]

Problems = dict[str, str]
"""Dotted path -> sentence."""


class FormField(QObject):
    """One value: its label, its control, and the sentence under it while it is wrong.

    ``terse`` leaves the sentence to the tooltip, and so the unit of a number: there is no room.
    """

    edited = Signal(str)
    """The user changed it; carries its path."""
    committed = Signal()

    def __init__(self, name: str, field: FieldInfo, terse: bool, parent: QWidget) -> None:
        super().__init__(parent)
        title = title_of(name, field)
        rule = rule_for(title, field)
        self._help = field.description or title
        self._wanted = rule.wanted
        self.name = name
        self.path = name
        self.more = is_more(field)
        self._terse = terse
        self.label = ElidingLabel(title, parent)
        unit = "" if terse and isinstance(rule, Number) else unit_of(field)
        self.editor = editor_for(rule, unit, parent)
        self.note = wrapping_label("problem", parent)
        self.label.setBuddy(self.editor)
        self.editor.setAccessibleName(title)
        self.editor.edited.connect(self._on_edited)
        self.editor.committed.connect(self.committed)
        if term := term_of(field):
            explain_term(self.label, term)
        self.mark("")

    def set_path(self, path: str) -> None:
        """Name it by its dotted path; tests and problems find it by that."""
        self.path = path
        self.editor.setObjectName(path)

    def mark(self, sentence: str) -> None:
        """Show what is wrong with it, or that nothing is."""
        set_look(self.editor, "wrong", bool(sentence))
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence) and not self._terse)
        wanted = f"{self._wanted[:1].upper()}{self._wanted[1:]}." if self._wanted else ""
        self.editor.setAccessibleDescription(sentence or self._help)
        name = self.label.text() if self._terse else ""
        for widget in (self.label, self.editor):
            widget.setToolTip(tip(name, self._help, sentence or wanted))

    def read(self, problems: Problems) -> Any:
        """The value; what is wrong is added to ``problems``."""
        try:
            return self.editor.read()
        except InvalidText as wrong:
            problems[self.path] = str(wrong)
            return None

    def set_visible(self, visible: bool) -> None:
        """Show or hide the whole row."""
        self.label.setVisible(visible)
        self.editor.setVisible(visible)
        self.note.setVisible(visible and bool(self.note.text()) and not self._terse)

    @Slot()
    def _on_edited(self) -> None:
        self.edited.emit(self.path)


def title_of(name: str, field: FieldInfo) -> str:
    """What the form calls a field."""
    return field.title or name.replace("_", " ").capitalize()


def wrapping_label(kind: str, parent: QWidget) -> QLabel:
    """A label for sentences; ``kind`` is the property that the style sheet colours it by."""
    label = QLabel(parent)
    label.setProperty(kind, True)
    label.setWordWrap(True)
    return label


def tip(*sentences: str, heading: str = "") -> str:
    """A tooltip that wraps (Qt breaks lines of rich text only), below a heading, if any."""
    lines = [escape(sentence) for sentence in sentences if sentence]
    if heading:
        lines.insert(0, f"<b>{escape(heading)}</b>")
    return "<qt>" + "<br>".join(lines) + "</qt>"


def set_look(widget: QWidget, name: str, value: bool) -> None:
    """Set a property that the style sheet looks at."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
