"""What the examples look like: some of them, the classes, and the parts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vaegui.data.own.ledger import place_text
from vaegui.data.own.look import Look
from vaegui.data.own.whole import OwnSplit
from vaegui.data.source import PART_NAMES
from vaegui.panels.style import style
from vaegui.session.data_worker import Found
from vaegui.ui.forms import Form
from vaegui.ui.pages.own_data.looks.grid import ExampleGrid
from vaegui.ui.pages.own_data.section import PAGE, Section, label
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["FirstExamples", "Parts"]

CELL, ROWS = 64, 3
_DARK = 0.55


class FirstExamples(Section):
    """Some pictures or curves; pointing at one says where it is from."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__("examples", "What it looks like", "", recipe, theme)
        self._grid = ExampleGrid(theme, CELL, ROWS, self)
        self._grid.setObjectName(f"{PAGE}.examples.grid")
        self._grid.setAccessibleName("Some examples")
        self.column.addWidget(self._grid)

    def applies(self, found: Found) -> bool:
        """To arrays; a table has rows instead."""
        return len(found.look.examples) > 0

    def show_found(self, found: Found) -> None:
        """Show the examples."""
        look = found.look
        shape = found.opened.dataset.shape
        size = " by ".join(f"{n:,}" for n in shape)
        captions = [
            "\n".join(filter(None, (place_text(place), word, f"{size} values")))
            for place, word in zip(look.places, look.labels, strict=True)
        ]
        count = found.opened.whole.source.spec.length
        shown = "All" if len(look.examples) == count else "Some, from the first to the last, of"
        self.words.setText(
            f"{shown} {count:,} examples of {size} values. Point at one to see where it is from."
        )
        self.words.show()
        self._grid.show_examples(look.examples, look.low, look.high, captions)


class Parts(Section):
    """How examples are divided, and how many each class has."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__("parts", "How it is divided", "", recipe, theme)
        self._bar = _Shares(theme, self)
        self._bar.setObjectName(f"{PAGE}.parts.bar")
        self.column.addWidget(self._bar)
        self._form = Form(OwnSplit(), compact=True, parent=self)
        self._form.setObjectName(f"{PAGE}.parts.form")
        self._form.committed.connect(self._on_form)
        self.column.addWidget(self._form)
        self._classes = label("", parent=self)
        self._classes.setObjectName(f"{PAGE}.classes")
        self.column.addWidget(self._classes)

    def show_found(self, found: Found) -> None:
        """Show the present parts and classes."""
        data, look = self.recipe.data, found.look
        if data is None:
            return
        if self._form.value != data.split:
            self._form.set_value(data.split)
        counts = {PART_NAMES[part]: count for part, count in look.parts.items() if count}
        self._bar.show_shares(counts)
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        groups = "" if look.groups is None else f" {look.groups:,} groups stay whole."
        filed = found.opened.whole.has_parts and data.split.as_filed
        own = " The files have parts of their own; shares are for those that they lack."
        self.words.setText(
            f"{told} examples.{own if filed else ''} The model learns from the training part only, "
            f"is watched on the validation part and measured on the test part.{groups}"
        )
        self.words.show()
        self._classes.setText(_classes(look))

    @Slot()
    def _on_form(self) -> None:
        split = self._form.value
        if split is not None:
            values = {f"data.split.{name}": v for name, v in split.model_dump().items()}
            self.recipe.change(values, "Parts")


def _classes(look: Look) -> str:
    if not look.classes:
        return "There are no labels, and none are needed: they would only colour the points."
    shown = ", ".join(f"{name} ({count:,})" for name, count in look.classes[:20])
    more = f" and {len(look.classes) - 20:,} more" if len(look.classes) > 20 else ""
    return (
        f"{len(look.classes):,} classes: {shown}{more}. Labels colour points and serve analysis; "
        "the model never learns from them."
    )


class _Shares(QWidget):
    """A bar divided as the examples are."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counts: dict[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_shares(self, counts: dict[str, int]) -> None:
        """Show others: how many examples each part has, by its name."""
        self._counts = counts
        told = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        self.setAccessibleName(f"Parts: {told}")
        self.setToolTip(told)
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a line of text."""
        return QSize(200, self.fontMetrics().height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A piece for each part, with its name where there is room."""
        painter = QPainter(self)
        total, left = max(1, sum(self._counts.values())), 0.0
        colours = style(self._theme.current).classes
        for i, (name, count) in enumerate(self._counts.items()):
            wide = self.width() * count / total
            place = QRectF(left, 0, max(1.0, wide - 2), self.height())
            painter.fillRect(place, QColor(colours[i]))
            text = f"{name} {count / total:.0%}"
            if painter.fontMetrics().horizontalAdvance(text) + 8 < wide:
                painter.setPen(
                    QColor("white" if QColor(colours[i]).lightnessF() < _DARK else "black")
                )
                painter.drawText(place.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
            left += wide
        painter.end()
