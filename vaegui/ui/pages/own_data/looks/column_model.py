"""The columns of a table as Qt's model: a row for each, with what it is for and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from vaegui.data.own.columns.column import Column
from vaegui.data.own.columns.profile import ColumnProfile
from vaegui.ui.pages.own_data.section import sentence

__all__ = ["BARS", "HEADINGS", "HISTOGRAM", "ROLE", "ROLES", "ColumnModel"]

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()

HEADINGS = (
    "Column",
    "Type",
    "Role",
    "Unit",
    "Smallest",
    "Largest",
    "Mean",
    "SD",
    "Missing",
    "Values",
)
ROLE, HISTOGRAM = HEADINGS.index("Role"), HEADINGS.index("Values")
ROLES = ("feature", "label", "group", "ignore")
BARS = int(Qt.ItemDataRole.UserRole)
"""The role that gives the heights of a histogram's bars."""
_NUMBERS = range(4, 9)
_MOST_BARS = 20


class ColumnModel(QAbstractTableModel):
    """What each column is for can be changed; all else is only shown."""

    role_chosen = Signal(int, str)
    """Somebody chose another role for the column of this number."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[Column] = ()
        self._profiles: Sequence[ColumnProfile] = ()
        self._reason: Callable[[int], str] = lambda row: ""
        self._texts: dict[int, tuple[str, ...]] = {}

    def show_columns(
        self,
        columns: Sequence[Column],
        profiles: Sequence[ColumnProfile],
        reason: Callable[[int], str],
    ) -> None:
        """Show others; the same number of columns keep their place on screen.

        ``reason`` says why a column has its role, a clause; '' where somebody chose it.
        """
        same = len(columns) == len(self._columns)
        if not same:
            self.beginResetModel()
        by_name = {profile.name: profile for profile in profiles}
        self._columns, self._reason, self._texts = columns, reason, {}
        self._profiles = [by_name[column.name] for column in columns if column.name in by_name]
        if not same:
            self.endResetModel()
        elif columns:
            last = self.index(len(columns) - 1, len(HEADINGS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def reason(self, row: int) -> str:
        """Why a column has its role, a clause; '' where somebody chose it."""
        return self._reason(row)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One for each column of the table."""
        return 0 if parent.isValid() else len(self._profiles)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """What is said of each."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """What is said."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Roles can be edited."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == ROLE else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words, numbers, and the bars of a histogram."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return "" if index.column() == HISTOGRAM else self._cells(index.row())[index.column()]
        if role == BARS and index.column() == HISTOGRAM:
            return _bars(self._profiles[index.row()])
        if role == Qt.ItemDataRole.EditRole and index.column() == ROLE:
            return self._columns[index.row()].role
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(index.row(), index.column())
        return None

    def _cells(self, row: int) -> tuple[str, ...]:
        """All texts of a row, which are made when one of them is first seen."""
        if row not in self._texts:
            self._texts[row] = _cells(self._columns[row], self._profiles[row])
        return self._texts[row]

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take another role."""
        known = index.column() == ROLE and value in ROLES
        if role != Qt.ItemDataRole.EditRole or not known:
            return False
        if value != self._columns[index.row()].role:
            self.role_chosen.emit(index.row(), value)
        return True

    def _tip(self, row: int, column: int) -> str:
        profile = self._profiles[row]
        if column == HISTOGRAM and profile.words:
            told = ", ".join(f"{word} {count:,}" for word, count in profile.words[:8])
            return told + (", ..." if len(profile.words) > 8 else "")
        reason = self._reason(row)
        return sentence(reason) if reason else "As you set it."


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _cells(column: Column, profile: ColumnProfile) -> tuple[str, ...]:
    date = profile.kind == "date"
    ends = (_number(profile.low, date=date), _number(profile.high, date=date))
    total = profile.count + profile.missing
    missing = f"{profile.missing:,} ({profile.missing / total:.0%})" if profile.missing else "0"
    spread = f"{profile.sd:.4g} days" if date and np.isfinite(profile.sd) else _number(profile.sd)
    return (
        profile.name,
        profile.kind,
        column.role,
        column.unit,
        *ends,
        _number(profile.mean, date=date),
        spread,
        missing,
    )


def _number(value: float, *, date: bool = False) -> str:
    if not np.isfinite(value):
        return ""
    return str(np.datetime64(int(np.floor(value)), "D")) if date else f"{value:.5g}"


def _bars(profile: ColumnProfile) -> tuple[float, ...]:
    """Heights from 0 to 1."""
    counts = profile.bars or tuple(count for _, count in profile.words[:_MOST_BARS])
    most = max(counts, default=0)
    return tuple(count / most for count in counts) if most else ()
