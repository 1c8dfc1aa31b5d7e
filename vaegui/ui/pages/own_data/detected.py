"""What was detected: how the file is read, each guess with its reason and what else it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args, get_origin

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from vaegui.data.formats.base import Guess
from vaegui.data.formats.text.layout import TextLayout
from vaegui.data.own.own import OwnData
from vaegui.declared import words_of
from vaegui.session.data_worker import Found
from vaegui.ui.forms.controls import ComboBox
from vaegui.ui.forms.form_field import tip, title_of
from vaegui.ui.pages.own_data.section import PAGE, Section, clear, label, sentence
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["Detected", "written"]

_FORMAT, _WORDS = "format.", "also_missing"
_LONGEST = 28


@dataclass(frozen=True, slots=True)
class _Row:
    """A setting of the format: its value, all that it could be, and why it is what it is."""

    name: str
    title: str
    help: str
    value: Any
    options: tuple[Any, ...]
    reason: str
    words: dict[str, str]
    usual: Any

    def written(self, option: Any) -> str:
        """An option in words."""
        return self.words.get(str(option)) or written(option, self.usual)


class Detected(Section):
    """A row for each setting of the format that was found out, or that somebody changed."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__(
            "detected",
            "What was detected",
            "If something is not what you know it to be, choose what it is.",
            recipe,
            theme,
        )
        self._kind = label("", parent=self)
        self._kind.setObjectName(f"{PAGE}.kind")
        self.column.addWidget(self._kind)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(2, 1)
        self.column.addLayout(self._grid)
        self._shown: tuple[_Row, ...] = ()
        self._words: tuple[str, ...] | None = None

    def show_found(self, found: Found) -> None:
        """Show the format as it is read now."""
        self.show_format()

    def show_format(self) -> None:
        """Show it, also of a file that could not be read like this."""
        data = self.recipe.data
        if data is None:
            return
        self._kind.setText(f"{data.format.label}: {data.path}")
        rows = tuple(_rows(data, {g.field: g for g in self.recipe.guesses}, self.recipe))
        words = data.format.also_missing if isinstance(data.format, TextLayout) else None
        if (rows, words) == (self._shown, self._words):
            # A choice that could not be read is taken back.
            for row in rows:
                box = self.findChild(ComboBox, f"{PAGE}.detected.{row.name}")
                if box is not None:
                    box.setCurrentIndex(row.options.index(row.value))
            return
        same_rows = [r.name for r in rows] == [r.name for r in self._shown]
        focus = self.focusWidget().objectName() if self.focusWidget() and same_rows else ""
        self._shown, self._words = rows, words
        clear(self._grid)
        for at, row in enumerate(rows):
            self._add(at, row)
        if words is not None:
            self._add_words(len(rows), words)
        for widget in self.findChildren(QWidget):
            if focus and widget.objectName() == focus:
                widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_words(self, at: int, words: tuple[str, ...]) -> None:
        """Where words are typed that mean that there is no value, beside those that were found."""
        field = TextLayout.model_fields[_WORDS]
        title = label(field.title or "")
        title.setWordWrap(False)
        edit = QLineEdit(", ".join(words))
        edit.setObjectName(f"{PAGE}.detected.{_WORDS}")
        edit.setAccessibleName(field.title or "")
        edit.setPlaceholderText("k.A., unknown")
        edit.editingFinished.connect(self._on_words)
        title.setBuddy(edit)
        self._grid.addWidget(title, at, 0)
        self._grid.addWidget(edit, at, 1)
        self._grid.addWidget(label(field.description or "", "muted"), at, 2)

    @Slot()
    def _on_words(self) -> None:
        edit, data = self.sender(), self.recipe.data
        if data is None or not isinstance(data.format, TextLayout):
            return
        assert isinstance(edit, QLineEdit)
        words = list(dict.fromkeys(w.strip() for w in edit.text().split(",") if w.strip()))
        if words != list(data.format.also_missing):
            told = f"Also missing: {', '.join(words) or 'nothing'}"
            self.recipe.change({f"data.{_FORMAT}{_WORDS}": words}, told)

    def _add(self, at: int, row: _Row) -> None:
        title = label(row.title)
        title.setWordWrap(False)
        title.setToolTip(tip(row.help))
        box = ComboBox()
        box.setObjectName(f"{PAGE}.detected.{row.name}")
        box.setAccessibleName(row.title)
        box.setAccessibleDescription(row.reason)
        box.setToolTip(tip(row.help))
        if isinstance(row.value, tuple):
            usual = ", ".join(word or "nothing at all" for word in row.usual)
            box.setToolTip(tip(row.help, f"The usual: {usual}."))
        longest = max(len(row.written(option)) for option in row.options)
        box.setMinimumContentsLength(min(max(14, longest), _LONGEST))
        box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for option in row.options:
            box.addItem(row.written(option))
        box.setCurrentIndex(row.options.index(row.value))
        box.setEnabled(len(row.options) > 1 or _is_number(row.value))
        box.activated.connect(partial(self._on_chosen, row, box))
        if _is_number(row.value):
            box.setEditable(True)
            box.setValidator(QIntValidator(0, 1 << 16, box))
        title.setBuddy(box)
        self._grid.addWidget(title, at, 0)
        self._grid.addWidget(box, at, 1)
        self._grid.addWidget(label(row.reason, "muted"), at, 2)

    def _on_chosen(self, row: _Row, box: ComboBox, index: int) -> None:
        typed = box.currentText()
        value = row.options[index] if index < len(row.options) else int(typed)
        if value != row.value:
            change = f"{row.title}: {row.written(value)}"
            self.recipe.change({f"data.{_FORMAT}{row.name}": _plain(value)}, change)


def _rows(data: OwnData, guesses: dict[str, Guess], recipe: DataRecipe) -> Iterator[_Row]:
    format_ = data.format
    for name, field in type(format_).model_fields.items():
        path = f"{_FORMAT}{name}"
        now, first = guesses.get(path), recipe.first_guess(path)
        value = getattr(format_, name)
        if first is None or name == "kind" or isinstance(value, dict):
            continue
        options = [value, *(now or first).alternatives, *first.alternatives]
        options += get_args(field.annotation) if get_origin(field.annotation) is Literal else []
        options += [True, False] if isinstance(value, bool) else []
        reason = sentence(now.reason) if now else "As you set it."
        title, help_ = title_of(name, field), field.description or ""
        words = words_of(field)
        yield _Row(name, title, help_, value, tuple(_once(options)), reason, words, field.default)


def _is_number(value: Any) -> bool:
    """Whether it is a whole number, which may be typed, too."""
    return isinstance(value, int) and not isinstance(value, bool)


def _once(options: list[Any]) -> list[Any]:
    """Each option once; True is not taken for 1."""
    return list({(type(option), option): option for option in options}.values())


def written(value: Any, usual: Any = ()) -> str:
    """A value in words; of several words, how they differ from the usual ones."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        more = [one or "(empty)" for one in value if one not in usual]
        less = [one or "(empty)" for one in usual if one not in value]
        parts = ["the usual", *(f"and {one}" for one in more), *(f"not {one}" for one in less)]
        return ", ".join(parts)
    return str(value) if value != "" else "none"


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
