"""The table of an explanation as Qt's model: sortable, with rows at its end that stay there."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QFont

from vaegui.panels.explain.shared.base import ValueTable
from vaegui.panels.style import Style

__all__ = ["NumberTable"]

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class NumberTable(QAbstractTableModel):
    """Columns of numbers; a running sum is summed in the order that is shown."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._table: ValueTable | None = None
        self._order = np.arange(0)
        self._shown: list[Any] = []
        self._by: tuple[int, Qt.SortOrder] = 0, Qt.SortOrder.AscendingOrder

    @property
    def table(self) -> ValueTable | None:
        """What it shows."""
        return self._table

    @property
    def order(self) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The rows in the order in which they stand."""
        return self._order

    def set_style(self, style: Style) -> None:
        """Use other colours."""
        self._style = style
        self._refresh()

    def set_table(self, table: ValueTable | None) -> None:
        """Show another table; one of the same size keeps selection and scroll position."""
        same = _size(table) == _size(self._table)
        if not same:
            self.beginResetModel()
        self._table = table
        self._sort()
        if same:
            self._refresh()
            last = max(0, self.columnCount() - 1)
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        else:
            self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; a running sum stands for its summands."""
        self._by = column, order
        self._sort()
        self._refresh()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows of numbers and rows of text below them."""
        if parent.isValid() or self._table is None:
            return 0
        return len(self._order) + len(self._table.footer)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Columns of the table."""
        return 0 if parent.isValid() or self._table is None else len(self._table.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles and what they mean."""
        if self._table is None or orientation != Qt.Orientation.Horizontal:
            return None
        if section >= len(self._table.columns):
            return None
        column = self._table.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(column.role)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A number, its colour, and whether it changed."""
        if self._table is None or not index.isValid():
            return None
        row, column = index.row(), self._table.columns[index.column()]
        below = row - len(self._order)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            if below >= 0:
                return self._table.footer[below][index.column()]
            return column.written(float(self._shown[index.column()][row]))
        if role == Qt.ItemDataRole.FontRole:
            font = QFont()
            font.setBold(below >= 0)
            return font
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._brush(column.role)
        changed = below < 0 and column.changed is not None and column.changed[self._order[row]]
        if role == Qt.ItemDataRole.BackgroundRole and changed:
            tint = QColor(self._style.output if column.role == "output" else self._style.parameter)
            tint.setAlpha(48)
            return QBrush(tint)
        if role == Qt.ItemDataRole.ToolTipRole and changed:
            return "Another number than before."
        return None

    def _brush(self, role: str) -> QBrush | None:
        return QBrush(QColor(getattr(self._style, role))) if role else None

    def _sort(self) -> None:
        table = self._table
        if table is None or not table.columns:
            self._order, self._shown = np.arange(0), []
            return
        by, direction = self._by
        by = min(by, len(table.columns) - 1)
        values = np.asarray(table.columns[by].values, np.float64)
        down = direction == Qt.SortOrder.DescendingOrder
        self._order = np.argsort(-values if down else values, kind="stable")
        self._shown = [column.shown(self._order) for column in table.columns]

    def _refresh(self) -> None:
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))


def _size(table: ValueTable | None) -> tuple[int, int, int]:
    if table is None:
        return 0, 0, 0
    return len(table.columns), len(table.columns[0].values), len(table.footer)
