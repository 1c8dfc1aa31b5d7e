"""A form made from a declaration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from vaegui.declared import Declared, is_more
from vaegui.ui.forms.arrange import Arrangement
from vaegui.ui.forms.form_field import FormField, Problems, title_of
from vaegui.ui.forms.parts import Group, Section

__all__ = ["Form"]


class Form(QWidget):
    """Controls for every field of a `Declared` model, made from its declaration alone.

    Controls are named by dotted path (``training.epochs``; a choice by its own, ``architecture``).

    Parameters
    ----------
    model
        What to show first; its class decides what the form has.
    compact
        One row of small fields, for a toolbar, instead of sections below each other. What is wrong
        is told in the field's tooltip then.
    """

    changed = Signal()
    """The user changed something. ``value`` may be None then."""
    edited = Signal(str)
    """The same, with the path of what was changed."""
    committed = Signal()
    """The user is done with a field: left it, pressed Enter, or chose."""

    def __init__(
        self, model: Declared, *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._outside: Problems = {}
        self._problems: Problems = {}
        self._value: Declared | None = model
        width = max(map(self._width, _titles(type(model)())), default=0)
        arrangement: Arrangement = "toolbar" if compact else "cards"
        self._root = Group(type(model), width, self._listen, self, arrangement)
        self._root.set_path("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._root)
        self.set_value(model)

    @property
    def value(self) -> Declared | None:
        """What the form says, or None while something in it is wrong."""
        return self._value

    def set_value(self, model: Declared) -> None:
        """Show another value of the same class; `changed` is not emitted."""
        self._outside = {}
        self._root.show_value(model)
        self._check()

    def problems(self) -> dict[str, str]:
        """Dotted path -> sentence for all that is wrong, in the form's order."""
        return dict(self._problems)

    def show_problem(self, path: str, sentence: str) -> None:
        """Mark a field from outside, until the user next changes something."""
        self._outside[path] = sentence
        self._check()
        self.reveal(path)

    def show_fact(self, path: str, sentence: str) -> None:
        """Say below the rows of a section what follows from them; nothing if it is empty."""
        for part in self._root.parts():
            if part.path == path and isinstance(part, Section):
                part.show_fact(sentence)

    def reveal(self, path: str) -> None:
        """Bring a field into sight: out from behind "More", and within a scroll area."""
        parts = {part.path: part for part in self._root.parts()}
        nearest = parts.get(_nearest(path, set(parts)))
        if nearest is None:
            return
        for part in parts.values():
            if isinstance(part, Section):
                part.reveal({nearest.path})
        widget = nearest if isinstance(nearest, Section) else nearest.editor
        area: QWidget | None = widget.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            # A row that was hidden until now has no place yet.
            QTimer.singleShot(0, widget, partial(area.ensureWidgetVisible, widget, 0, 40))

    def state(self) -> dict[str, str]:
        """What stands in every control, right or wrong, also in alternatives out of sight."""
        return dict(_states("", self._root))

    def set_state(self, state: Mapping[str, str]) -> None:
        """Put back what `state` gave; `changed` is emitted."""
        _put_back("", self._root, state)
        self._outside = {}
        self._check()
        self.changed.emit()

    def _width(self, title: str) -> int:
        return self.fontMetrics().horizontalAdvance(title) + 2

    def _listen(self, part: FormField | Section) -> None:
        part.edited.connect(self._on_edited)
        part.committed.connect(self.committed)

    @Slot(str)
    def _on_edited(self, path: str) -> None:
        self._outside = {}
        self._check()
        self.edited.emit(path)
        self.changed.emit()

    def _check(self) -> None:
        """Read everything, and mark what is wrong."""
        wrong: Problems = {}
        self._value = self._root.read(wrong, "")
        parts = list(self._root.parts())
        paths = {part.path for part in parts}
        self._problems = {}
        for path, sentence in (wrong | self._outside).items():
            self._problems.setdefault(_nearest(path, paths), sentence)
        for part in parts:
            part.mark(self._problems.get(part.path, ""))
            if isinstance(part, Section):
                part.reveal(self._problems)


def _nearest(path: str, paths: set[str]) -> str:
    """The path of the control that is nearest to what a problem names."""
    while path not in paths and "." in path:
        path = path.rpartition(".")[0]
    return path


def _titles(model: Declared) -> Iterator[str]:
    """The titles of all plain values that show at first.

    Others take what room they need where there is some: a long title that is seldom seen shall not
    narrow every control.
    """
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if is_more(field) or name == "kind":
            continue
        if isinstance(value, Declared):
            yield from _titles(value)
        else:
            yield title_of(name, field)


def _states(prefix: str, group: Group) -> Iterator[tuple[str, str]]:
    for name, member in group.members.items():
        key = f"{prefix}{name}"
        if isinstance(member, FormField):
            yield key, member.editor.raw()
        else:
            yield key, str(member.index)
            for index, within in member.groups():
                yield from _states(f"{key}[{index}].", within)


def _put_back(prefix: str, group: Group, state: Mapping[str, str]) -> None:
    for name, member in group.members.items():
        key = f"{prefix}{name}"
        if isinstance(member, FormField):
            if key in state and member.editor.raw() != state[key]:
                member.editor.set_raw(state[key])
        elif key in state:
            member.choose(int(state[key]))
            for index, within in member.groups():
                _put_back(f"{key}[{index}].", within, state)
