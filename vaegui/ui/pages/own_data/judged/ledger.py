"""The list of every example that is left out or changed, and saving it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from vaegui.data.formats.base import LedgerEntry
from vaegui.data.own.ledger import ledger_csv, ledger_json, place_text
from vaegui.files.atomic import replacing
from vaegui.ui.commands.asking import Asking
from vaegui.ui.pages.own_data.section import PAGE, button, label

__all__ = ["LedgerDialog"]

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_HEADINGS = ("Where", "What", "Why")


class LedgerModel(QAbstractTableModel):
    """A row for each entry."""

    def __init__(self, entries: tuple[LedgerEntry, ...]) -> None:
        super().__init__()
        self._entries = entries

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One for each."""
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Where, what, why."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, and numbers of the rows."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return _HEADINGS[section] if orientation == Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        entry = self._entries[index.row()]
        return (place_text(entry.place), entry.what, entry.why)[index.column()]


class LedgerDialog(QDialog):
    """Shows the ledger beside the page, which goes on working."""

    def __init__(self, entries: tuple[LedgerEntry, ...], asking: Asking, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries, self._asking = entries, asking
        self.setObjectName(f"{PAGE}.ledger")
        self.setWindowTitle("Left out or changed")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 480)
        table = QTableView(self)
        table.setObjectName(f"{PAGE}.ledger.table")
        table.setAccessibleName("Examples that are left out or changed")
        self._model = LedgerModel(entries)
        table.setModel(self._model)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setProperty("roomy", True)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.resizeSection(0, 280)
        header.setStretchLastSection(True)
        self._told = label("Examples and lines are counted from 1.", "muted")
        self._told.setObjectName(f"{PAGE}.ledger.told")
        row = QHBoxLayout()
        row.addWidget(self._told, 1)
        row.addWidget(
            button("ledger.save", "Save ...", "As a table (CSV) or as JSON.", self._on_save)
        )
        row.addWidget(button("ledger.close", "Close", "Close this list (Esc).", self.close))
        column = QVBoxLayout(self)
        column.addWidget(table)
        column.addLayout(row)

    @Slot()
    def _on_save(self) -> None:
        path = self._asking.ledger_file(self, str(Path.home() / "left-out.csv"))
        if not path:
            return
        text = ledger_json(self._entries) if path.endswith(".json") else ledger_csv(self._entries)
        try:
            with replacing(Path(path)) as temporary:
                temporary.write_text(text, "utf-8")
        except OSError as error:
            self._told.setText(f"{path} cannot be written: {error.strerror}. Choose another place.")
        else:
            self._told.setText(f"Saved as {path}.")
