"""Groups of a form's values, and the sections that hold them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterator
from typing import cast, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from vaegui.declared import Choice, Declared
from vaegui.ui.form.arrange import CARD_MARGINS, Arrangement, arrange
from vaegui.ui.form.controls import ComboBox, ElidingLabel
from vaegui.ui.form.leaf import Leaf, Problems, set_look, tip, title_of, wrapped

__all__ = ["Group", "Section", "alternatives"]


def alternatives(field: FieldInfo) -> tuple[type[Declared], ...]:
    """The models that a field can hold, or nothing for a plain value."""
    annotation = field.annotation
    members = get_args(annotation) or (annotation,)
    if all(isinstance(member, type) and issubclass(member, Declared) for member in members):
        return cast("tuple[type[Declared], ...]", members)
    return ()


class Group(QWidget):
    """The fields of one `Declared` class: plain values as rows, groups of them as sections."""

    def __init__(
        self,
        model: type[Declared],
        label_width: int,
        connect: Connect,
        parent: QWidget,
        arrangement: Arrangement = "rows",
    ) -> None:
        super().__init__(parent)
        self.model = model
        self.members: dict[str, Leaf | Section] = {}
        for name, field in model.model_fields.items():
            if name == "kind":
                continue
            if alternatives(field):
                self.members[name] = Section(name, field, label_width, connect, self)
            else:
                leaf = self.members[name] = Leaf(name, field, arrangement == "toolbar", self)
                connect(leaf)
        arrange(self, self.members, arrangement, label_width)
        self.show_more(arrangement == "toolbar")

    def leaves(self) -> Iterator[Leaf]:
        """All values within that can be seen, in order."""
        for member in self.members.values():
            if isinstance(member, Section):
                yield from member.group.leaves()
            else:
                yield member

    def parts(self) -> Iterator[Leaf | Section]:
        """All values and sections within, also those of alternatives out of sight."""
        for member in self.members.values():
            yield member
            if isinstance(member, Section):
                for _, group in member.groups():
                    yield from group.parts()

    @property
    def has_more(self) -> bool:
        """Whether some rows show only behind "More"."""
        return any(isinstance(m, Leaf) and m.more for m in self.members.values())

    def show_more(self, shown: bool) -> None:
        """Show or hide the rows behind "More"."""
        for member in self.members.values():
            if isinstance(member, Leaf) and member.more:
                member.set_visible(shown)

    def set_path(self, path: str) -> None:
        """Name all within by their dotted paths."""
        for name, member in self.members.items():
            member.set_path(f"{path}.{name}" if path else name)

    def read(self, problems: Problems, path: str) -> Declared | None:
        """The model that the rows say; what is wrong is added to ``problems``."""
        before = len(problems)
        values = {name: member.read(problems) for name, member in self.members.items()}
        if len(problems) > before:
            return None
        try:
            return self.model(**values)
        except ValidationError as error:
            # Bounds were checked by each row; this is what fields demand of each other.
            for fault in error.errors(include_url=False):
                first = str(fault["loc"][0]) if fault["loc"] else ""
                problems[".".join(filter(None, (path, first)))] = f"{fault['msg']}."
            return None

    def show_value(self, value: Declared) -> None:
        """Show a model."""
        for name, member in self.members.items():
            part = getattr(value, name)
            if isinstance(member, Section):
                member.show_value(part)
            else:
                member.editor.show_value(part)


Connect = Callable[["Leaf | Section"], None]
"""What a form does with each new part: it listens to it."""


class Section(QFrame):
    """A group within a form, with a heading; of a choice also which alternative it is.

    The rows of an alternative are made when it is first chosen and kept, so that what was typed
    in them is there again when the user comes back to it.
    """

    edited = Signal(str)
    """The user chose another alternative; carries the section's path."""
    committed = Signal()

    def __init__(
        self, name: str, field: FieldInfo, label_width: int, connect: Connect, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._models = alternatives(field)
        self._label_width = label_width
        self._connect = connect
        self._groups: dict[int, Group] = {}
        self._help = field.description or ""
        self.title = title_of(name, field)
        self.name = name
        self.path = name
        self.setProperty("card", True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*CARD_MARGINS)
        self._layout.setSpacing(6)
        self._heading()
        self.chooser = self._chooser() if len(self._models) > 1 else None
        self._words = wrapped("muted", self)
        self._note = wrapped("problem", self)
        self._layout.addWidget(self._note)
        self._layout.addWidget(self._words)
        connect(self)
        self.choose(0)

    def _heading(self) -> None:
        row = QHBoxLayout()
        heading = QLabel(self.title, self)
        heading.setProperty("heading", True)
        heading.setToolTip(tip(self._help))
        row.addWidget(heading)
        row.addStretch(1)
        self._only = ElidingLabel(self)
        self._only.hide()
        if len(self._models) == 1 and issubclass(self._models[0], Choice):
            self._only.setText(self._models[0].label)
            self._only.setToolTip(tip(self._help, _doc(self._models[0])))
            self._only.show()
            row.addWidget(self._only)
        self.more = QPushButton("More", self)
        self.more.setCheckable(True)
        self.more.setAutoDefault(False)
        self.more.setProperty("quiet", True)
        self.more.setToolTip(tip(f"Show the rest of the settings of {self.title.lower()}."))
        self.more.setAccessibleName(f"More {self.title.lower()} settings")
        self.more.toggled.connect(self._on_more)
        row.addWidget(self.more)
        self._layout.addLayout(row)
        self._heading_label = heading

    def _chooser(self) -> ComboBox:
        box = ComboBox(self)
        for model in self._models:
            box.addItem(getattr(model, "label", model.__name__))
            box.setItemData(box.count() - 1, tip(_doc(model)), Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName(self.title)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.activated.connect(self._on_activated)
        self._heading_label.setBuddy(box)
        self._layout.addWidget(box)
        return box

    @property
    def index(self) -> int:
        """Which alternative is chosen."""
        return self.chooser.currentIndex() if self.chooser else 0

    @property
    def group(self) -> Group:
        """The rows of the chosen alternative."""
        return self._groups[self.index]

    def groups(self) -> Iterator[tuple[int, Group]]:
        """All alternatives that were chosen so far."""
        yield from self._groups.items()

    def choose(self, index: int) -> None:
        """Choose an alternative by its place."""
        if self.chooser:
            self.chooser.setCurrentIndex(index)
        model = self._models[index]
        if index not in self._groups:
            self._make(index)
        for other, group in self._groups.items():
            group.setVisible(other == index and bool(group.members))
        self._words.setText("" if self.group.members else _doc(model))
        self._words.setVisible(bool(self._words.text()))
        self.more.setVisible(self.group.has_more)
        self._on_more(self.more.isChecked())
        self.set_path(self.path)
        self.mark("")

    def _make(self, index: int) -> None:
        group = Group(self._models[index], self._label_width, self._connect, self)
        group.show_value(self._models[index]())
        self._groups[index] = group
        self._layout.addWidget(group)
        # Rows that are made late would else come last when Tab goes through the window.
        if self.chooser:
            before: QWidget = self.chooser
            for leaf in group.leaves():
                QWidget.setTabOrder(before, leaf.editor)
                before = leaf.editor

    def reveal(self, paths: Container[str]) -> None:
        """Show the rows behind "More" if one of these is there."""
        if any(leaf.more and leaf.path in paths for leaf in self.group.leaves()):
            self.more.setChecked(True)

    def set_path(self, path: str) -> None:
        """Name it and the chosen rows by their paths; rows out of sight carry none."""
        self.path = path
        for group in self._groups.values():
            group.set_path(path if group is self.group else f"{path}?")
        self.setObjectName(f"{path}.section")
        self.more.setObjectName(f"{path}.more")
        (self.chooser or self._only).setObjectName(path)

    def mark(self, sentence: str) -> None:
        """Show what is wrong with the choice, or that nothing is."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        if self.chooser:
            set_look(self.chooser, "wrong", bool(sentence))
            self.chooser.setAccessibleDescription(sentence or self._help)
            doc = _doc(self._models[self.index])
            self.chooser.setToolTip(tip(self._help, sentence or doc))

    def read(self, problems: Problems) -> Declared | None:
        """The chosen model; what is wrong is added to ``problems``."""
        return self.group.read(problems, self.path)

    def show_value(self, value: Declared) -> None:
        """Show a model, choosing its alternative."""
        self.choose(self._models.index(type(value)))
        self.group.show_value(value)

    @Slot(bool)
    def _on_more(self, shown: bool) -> None:
        self.more.setText("Less" if shown else "More")
        for group in self._groups.values():
            group.show_more(shown)

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.choose(index)
        self.edited.emit(self.path)
        self.committed.emit()


def _doc(model: type[Declared]) -> str:
    """The first paragraph of a choice's docstring: what it says of itself to everybody."""
    paragraph = (inspect.getdoc(model) or "").split("\n\n")[0]
    return " ".join(paragraph.replace("`", "").split())
