"""How the members of a group lie: in rows, as cards, or in one row of a toolbar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from vaegui.ui.forms.form_field import FormField
from vaegui.ui.widgets.wrapping import Wrapping

__all__ = ["CARD_MARGINS", "Arrangement", "arrange"]

Arrangement = Literal["cards", "rows", "toolbar"]
"""A card for each member, a row for each, or all in one row, and in more where it is narrow."""

CARD_MARGINS = (10, 7, 10, 8)

Members = Mapping[str, FormField | QWidget]
"""Plain values, and sections, which are widgets as a whole."""


def arrange(group: QWidget, members: Members, how: Arrangement, label_width: int) -> None:
    """Lay the members of a group out on its widget; labels of rows are ``label_width`` wide."""
    if how == "toolbar":
        _in_a_toolbar(group, members)
    elif how == "cards":
        _as_cards(group, members, label_width)
    else:
        _in_rows(members, _grid(group, label_width))


def _in_rows(members: Members, grid: QGridLayout) -> None:
    for member in members.values():
        row = grid.rowCount()
        if isinstance(member, QWidget):
            grid.addWidget(member, row, 0, 1, 2)
        else:
            grid.addWidget(member.label, row, 0)
            grid.addWidget(member.editor, row, 1)
            grid.addWidget(member.note, row + 1, 0, 1, 2)


def _as_cards(group: QWidget, members: Members, label_width: int) -> None:
    column = QVBoxLayout(group)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(7)
    for name, member in members.items():
        if isinstance(member, QWidget):
            column.addWidget(member)
            continue
        card = QFrame(group)
        card.setProperty("card", True)
        member.label.setProperty("heading", True)
        grid = _grid(card, label_width)
        grid.setContentsMargins(*CARD_MARGINS)
        _in_rows({name: member}, grid)
        column.addWidget(card)


def _in_a_toolbar(group: QWidget, members: Members) -> None:
    row = Wrapping(group)
    for member in members.values():
        if isinstance(member, QWidget):
            row.addWidget(member)
            continue
        # A label goes to the next row with what it is the label of.
        both = QWidget(group)
        pair = QHBoxLayout(both)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(5)
        pair.addWidget(member.label)
        pair.addWidget(member.editor)
        member.editor.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row.addWidget(both)


def _grid(parent: QWidget, label_width: int) -> QGridLayout:
    """Rows of a label and a control; labels are as wide in all grids of a form."""
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(5)
    grid.setColumnMinimumWidth(0, label_width)
    grid.setColumnStretch(1, 1)
    return grid
