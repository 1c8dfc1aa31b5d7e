"""What an array may mean, each with its first examples side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from vaegui.data.own.layout.layout import Layout
from vaegui.data.own.look import LayoutLook
from vaegui.session.data_worker import Found
from vaegui.ui.forms import Form
from vaegui.ui.pages.card import Card
from vaegui.ui.pages.own_data.looks.grid import ExampleGrid
from vaegui.ui.pages.own_data.section import PAGE, Section, clear, label, sentence
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["Layouts"]

WIDE, CELL = 236, 48
_TURNS = {
    "inverted": ("Not inverted", "Black and white exchanged"),
    "transposed": ("Upright", "On its side"),
}


class Layouts(Section):
    """A card for each layout that could be meant; the present one is marked."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__(
            "layouts",
            "Which looks right?",
            "A file does not say how its values are to be seen. Click the one that looks right.",
            recipe,
            theme,
        )
        self._place = QWidget(self)
        self._cards = Wrapping(self._place)
        self.column.addWidget(self._place)
        self._shown: list[Layout] = []
        self._by_hand = QPushButton("By hand", self)
        self._by_hand.setObjectName(f"{PAGE}.layouts.by_hand")
        self._by_hand.setCheckable(True)
        self._by_hand.setProperty("quiet", True)
        self._by_hand.setToolTip("Set axes, channels, width and white yourself.")
        self.column.addWidget(self._by_hand, 0, Qt.AlignmentFlag.AlignLeft)
        self._form = Form(Layout(), compact=True, parent=self)
        self._form.hide()
        self._by_hand.toggled.connect(self._form.setVisible)
        self._form.committed.connect(self._on_form)
        self.column.addWidget(self._form)

    def applies(self, found: Found) -> bool:
        """To arrays: columns of a table say what they are."""
        return bool(found.look.layouts)

    def show_found(self, found: Found) -> None:
        """Show what the array could mean."""
        looks, data = found.look.layouts, self.recipe.data
        if data is None:
            return
        if self._form.value != data.layout:
            self._form.set_value(data.layout)
        clear(self._cards)
        for at, look in enumerate(looks):
            card = self._card(at, look, data.layout)
            self._cards.addWidget(card)
            card.show()
        self._cards.invalidate()
        self._place.updateGeometry()

    def _card(self, at: int, look: LayoutLook, present: Layout) -> Card:
        chosen = look.layout == present
        choose = QPushButton(_words(look, None if chosen else present))
        choose.setObjectName(f"{PAGE}.layouts.{at}")
        choose.setAccessibleDescription("This is how they are read." if chosen else look.reason)
        choose.setToolTip("This is how they are read." if chosen else "Read them like this.")
        choose.clicked.connect(partial(self._on_chosen, look))
        card = Card(choose, self._place)
        card.setFixedWidth(WIDE)
        card.setProperty("chosen", chosen)
        grid = ExampleGrid(self.theme, CELL, 1)
        low, high = _range(look)
        grid.show_examples(look.examples, low, high, [""] * len(look.examples))
        card.column.addWidget(grid)
        card.column.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        why = label("As it is read now." if chosen else sentence(look.reason))
        why.setProperty("muted", True)
        card.column.addWidget(why)
        return card

    def _on_chosen(self, look: LayoutLook) -> None:
        data = self.recipe.data
        self._set(look.layout, _words(look, data.layout if data is not None else None))

    def _on_form(self) -> None:
        layout = self._form.value
        if isinstance(layout, Layout):
            self._set(layout, "Layout by hand")

    def _set(self, layout: Layout, what: str) -> None:
        data = self.recipe.data
        if data is not None and layout != data.layout:
            self.recipe.change({"data.layout": layout.model_dump()}, what)


def _range(look: LayoutLook) -> tuple[float, float]:
    x = look.examples
    if x.dtype == "uint8":
        return 0.0, 255.0
    if look.layout.white:
        return 0.0, look.layout.white
    low, high = float(x.min(initial=0)), float(x.max(initial=0))
    return (low, high) if high > low else (low, low + 1)


def _words(look: LayoutLook, present: Layout | None) -> str:
    """What an example is in this layout, or how that differs from the present one."""
    layout, shape = look.layout, look.examples.shape[1:]
    for field, words in _TURNS.items():
        turned = {field: not getattr(layout, field)}
        if present is not None and layout.model_copy(update=turned) == present:
            return words[getattr(layout, field)]
    if layout.form == "features":
        return f"{shape[0]:,} features"
    if layout.form == "signal":
        return f"A curve of {shape[0]:,} values"
    size = f"{shape[1]} × {shape[0]}"
    kind = "in colour" if len(shape) == 3 and shape[2] >= 3 else "grey"
    how = [
        word
        for word, on in (("on its side", layout.transposed), ("inverted", layout.inverted))
        if on
    ]
    return ", ".join([f"Picture {size}, {kind}", *how])
