"""Groups of a form's values, and the sections that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from vaegui.declared import Choice, Declared, is_more, term_of
from vaegui.ui.forms.alternatives import alternatives, can_be_made, description
from vaegui.ui.forms.arrange import CARD_MARGINS, Arrangement, arrange
from vaegui.ui.forms.form_field import FormField, Problems, title_of, wrapping_label
from vaegui.ui.forms.heading import Heading

__all__ = ["Group", "Section"]

WITHIN_MARGINS = (0, 4, 0, 0)
"""Of a section within a card."""


def _ordered(model: type[Declared], arrangement: Arrangement) -> list[tuple[str, FieldInfo]]:
    """The fields in the order of the form: within a card, sections come after plain values."""
    fields = [item for item in model.model_fields.items() if item[0] != "kind"]
    if arrangement == "rows":
        fields.sort(key=lambda item: bool(alternatives(item[1])))
    return fields


def _shown(model: type[Declared], arrangement: Arrangement) -> list[tuple[str, FieldInfo]]:
    """The fields that the form can change."""
    fields = _ordered(model, arrangement)
    if can_be_made(model):
        return fields
    adjustable = model.adjustable if issubclass(model, Choice) else ()
    return [(name, field) for name, field in fields if name in adjustable]


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
        self.members: dict[str, FormField | Section] = {}
        self._kept: Declared | None = None
        for name, field in _shown(model, arrangement):
            if alternatives(field):
                card = arrangement == "cards" and not is_more(field)
                self.members[name] = Section(name, field, card, label_width, connect, self)
            else:
                form_field = self.members[name] = FormField(
                    name, field, arrangement == "toolbar", self
                )
                connect(form_field)
        adopted = self._adopt() if arrangement == "cards" else set()
        own = {name: member for name, member in self.members.items() if name not in adopted}
        arrange(self, own, arrangement, label_width)
        self.show_more(arrangement == "toolbar")

    def _adopt(self) -> set[str]:
        """Give what shows only behind "More" to the card before it: cards have none together."""
        adopted: set[str] = set()
        card: Section | None = None
        for name, member in self.members.items():
            if isinstance(member, Section) and not member.more:
                card = member
            elif isinstance(member, Section) and card is not None:
                card.adopt(member)
                adopted.add(name)
        return adopted

    def form_fields(self) -> Iterator[FormField]:
        """All values within that can be seen, in order."""
        for member in self.members.values():
            if isinstance(member, Section):
                yield from member.group.form_fields()
            else:
                yield member

    def parts(self) -> Iterator[FormField | Section]:
        """All values and sections within, also those of alternatives out of sight."""
        for member in self.members.values():
            yield member
            if isinstance(member, Section):
                for _, group in member.groups():
                    yield from group.parts()

    @property
    def more(self) -> list[FormField | Section]:
        """What shows only behind "More"."""
        return [member for member in self.members.values() if member.more]

    def show_more(self, shown: bool) -> None:
        """Show or hide what is behind "More"."""
        for member in self.more:
            member.set_visible(shown)

    def set_path(self, path: str) -> None:
        """Name all within by their dotted paths."""
        for name, member in self.members.items():
            member.set_path(f"{path}.{name}" if path else name)

    def read(self, problems: Problems, path: str) -> Declared | None:
        """The model that the rows say; what is wrong is added to ``problems``."""
        if self._kept is None and not can_be_made(self.model):
            return None
        before = len(problems)
        values = {name: member.read(problems) for name, member in self.members.items()}
        if self._kept is not None and not can_be_made(self.model):
            if all(value == getattr(self._kept, name) for name, value in values.items()):
                return self._kept
            values = {**dict(self._kept), **values}
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
        """Show a model; one that no form can make is kept as it is."""
        self._kept = value
        for name, member in self.members.items():
            part = getattr(value, name)
            if isinstance(member, Section):
                member.show_value(part)
            else:
                member.editor.show_value(part)


Connect = Callable[["FormField | Section"], None]
"""What a form does with each new part: it listens to it."""


class Section(QFrame):
    """A group within a form, with a heading; of a choice also which alternative it is.

    The rows of an alternative are made when it is first chosen and kept, so that what was typed
    in them is there again when the user comes back to it. A ``card`` has a frame and, for want of
    rows, a paragraph; sections within one go without.
    """

    edited = Signal(str)
    """The user chose another alternative; carries the section's path."""
    committed = Signal()

    def __init__(
        self,
        name: str,
        field: FieldInfo,
        card: bool,
        label_width: int,
        connect: Connect,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._models = alternatives(field)
        self._is_card = card
        self._adopted: list[Section] = []
        self.more = is_more(field)
        self._label_width = label_width
        self._connect = connect
        self._groups: dict[int, Group] = {}
        self.name = name
        self.path = name
        self.setProperty("card", card)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(CARD_MARGINS if card else WITHIN_MARGINS))
        self._layout.setSpacing(5)
        self._heading = Heading(
            title_of(name, field), field.description or "", term_of(field), self._models, self
        )
        self._heading.chosen.connect(self._on_chosen)
        self._heading.more.toggled.connect(self._on_more)
        self._layout.addWidget(self._heading)
        self._words = wrapping_label("muted", self)
        self._note = wrapping_label("problem", self)
        self._layout.addWidget(self._note)
        self._layout.addWidget(self._words)
        self._fact = wrapping_label("muted", self)
        self._fact.hide()
        self._layout.addWidget(self._fact)
        connect(self)
        self.choose(0)

    @property
    def index(self) -> int:
        """Which alternative is chosen."""
        return self._heading.index

    @property
    def group(self) -> Group:
        """The rows of the chosen alternative."""
        return self._groups[self.index]

    def groups(self) -> Iterator[tuple[int, Group]]:
        """All alternatives that were chosen so far."""
        yield from self._groups.items()

    def choose(self, index: int) -> None:
        """Choose an alternative by its place."""
        model = self._models[index]
        self._heading.show_alternative(index)
        if index not in self._groups:
            self._make(index)
        for other, group in self._groups.items():
            group.setVisible(other == index and bool(group.members))
        self._words.setText(description(model) if self._is_card and not self.group.members else "")
        self._words.setVisible(bool(self._words.text()))
        self._show_toggle()
        self.set_path(self.path)
        self.mark("")

    def _make(self, index: int) -> None:
        group = Group(self._models[index], self._label_width, self._connect, self)
        if can_be_made(self._models[index]):
            group.show_value(self._models[index]())
        self._groups[index] = group
        self._layout.insertWidget(self._layout.indexOf(self._fact), group)
        # Rows that are made late would else come last when Tab goes through the window.
        if self._heading.chooser:
            before: QWidget = self._heading.chooser
            for form_field in group.form_fields():
                QWidget.setTabOrder(before, form_field.editor)
                before = form_field.editor

    def show_fact(self, sentence: str) -> None:
        """Say below the rows what follows from them; nothing if it is empty."""
        self._fact.setObjectName(f"{self.path}.fact")
        self._fact.setText(sentence)
        self._fact.setVisible(bool(sentence))

    def adopt(self, section: Section) -> None:
        """Show another section, which stays its owner's, with what is behind "More" here."""
        self._adopted.append(section)
        self._layout.addWidget(section)
        self._show_toggle()

    def reveal(self, paths: Iterable[str]) -> None:
        """Show what is behind "More" if one of these is there."""
        hidden = [member.path for member in [*self.group.more, *self._adopted]]
        if any(path == h or path.startswith(f"{h}.") for path in paths for h in hidden):
            self._heading.more.setChecked(True)

    def set_visible(self, visible: bool) -> None:
        """Show or hide it as a whole."""
        self.setVisible(visible)

    def _show_toggle(self) -> None:
        self._heading.more.setVisible(bool(self.group.more or self._adopted))
        self._on_more(self._heading.more.isChecked())

    def set_path(self, path: str) -> None:
        """Name it and the chosen rows by their paths; rows out of sight carry none."""
        self.path = path
        for group in self._groups.values():
            group.set_path(path if group is self.group else f"{path}?")
        self.setObjectName(f"{path}.section")
        self._heading.set_path(path)

    def mark(self, sentence: str) -> None:
        """Show what is wrong with the choice, or that nothing is."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        self._heading.mark(sentence)

    def read(self, problems: Problems) -> Declared | None:
        """The chosen model; what is wrong is added to ``problems``."""
        return self.group.read(problems, self.path)

    def show_value(self, value: Declared) -> None:
        """Show a model, choosing its alternative."""
        self.choose(self._models.index(type(value)))
        self.group.show_value(value)

    @Slot(bool)
    def _on_more(self, shown: bool) -> None:
        self._heading.more.setText("Less" if shown else "More")
        for group in self._groups.values():
            group.show_more(shown)
        for section in self._adopted:
            section.setVisible(shown)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.choose(index)
        self.edited.emit(self.path)
        self.committed.emit()
