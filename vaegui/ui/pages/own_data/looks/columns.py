"""The columns of a table: first rows, what each column is for, and how it becomes features."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from vaegui.data.own.columns.column import Column
from vaegui.session.data_worker import Found
from vaegui.ui.forms import Form
from vaegui.ui.forms.controls import ComboBox
from vaegui.ui.pages.own_data.declared_parts import declared_part
from vaegui.ui.pages.own_data.looks.column_model import (
    BARS,
    HISTOGRAM,
    ROLE,
    ROLES,
    ColumnModel,
    Index,
)
from vaegui.ui.pages.own_data.section import PAGE, Section, label
from vaegui.ui.state.data_recipe import DataRecipe
from vaegui.ui.theme.theme import Theme

__all__ = ["Columns"]

_MOST_LINES = 12
_MEASURED = 20
"""So many rows decide how wide the columns of the list are; each has ten texts to measure."""
_OF_LIST = 72
"""Pixels that a list needs beside its words."""
NumberColumn = declared_part("NumberColumn", Column, "log1p", "mask")
DateColumn = declared_part("DateColumn", Column, "date", "mask")
WordColumn = declared_part("WordColumn", Column, "other", "mask")
_PARTS = {"number": NumberColumn, "date": DateColumn, "category": WordColumn, "text": WordColumn}


class Columns(Section):
    """The first rows, the columns below each other, and the settings of the chosen column."""

    def __init__(self, recipe: DataRecipe, theme: Theme) -> None:
        super().__init__(
            "columns",
            "What it looks like",
            "The first rows, and below them what each column is for. A feature is what the model "
            "learns from; a label only colours points and is never learned; rows of one group stay "
            "in one part; what is ignored is not used.",
            recipe,
            theme,
        )
        self._rows = QTableWidget(self)
        self._rows.setObjectName(f"{PAGE}.rows")
        self._rows.setAccessibleName("First rows of the table")
        self._rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._rows.verticalHeader().hide()
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self._rows.horizontalHeader().setDefaultAlignment(left)
        self._rows.setShowGrid(False)
        self._rows.setTabKeyNavigation(False)
        self._rows.setProperty("roomy", True)
        self.column.addWidget(self._rows)
        self._model = ColumnModel()
        self._model.role_chosen.connect(self._on_role)
        self._table = self._made_table()
        self.column.addWidget(self._table)
        self._about = label("", "muted", self)
        self.column.addWidget(self._about)
        self._forms: dict[str, Form] = {}
        for kind, part in _PARTS.items():
            form = Form(part(), compact=True, parent=self)
            form.setObjectName(f"{PAGE}.column.{kind}")
            form.committed.connect(self._on_form)
            form.hide()
            self._forms[kind] = form
            self.column.addWidget(form)

    def _made_table(self) -> QTableView:
        table = QTableView(self)
        table.setObjectName(f"{PAGE}.columns.table")
        table.setAccessibleName("Columns of the table")
        table.setModel(self._model)
        table.setItemDelegateForColumn(ROLE, _Roles(table))
        table.setItemDelegateForColumn(HISTOGRAM, _Histograms(self.theme, table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # Not when a button goes down: the list would close as it comes up.
        table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        table.clicked.connect(self._on_clicked)
        table.activated.connect(self._on_clicked)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setProperty("roomy", True)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(_MEASURED)
        header.setSectionResizeMode(HISTOGRAM, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(ROLE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(ROLE, self.fontMetrics().horizontalAdvance("feature") + _OF_LIST)
        header.setHighlightSections(False)
        table.selectionModel().currentRowChanged.connect(self._on_row)
        return table

    def applies(self, found: Found) -> bool:
        """To tables."""
        return bool(found.look.profiles)

    def show_found(self, found: Found) -> None:
        """Show the columns and first rows."""
        data, profiles = self.recipe.data, found.look.profiles
        if data is None:
            return
        guesses = {guess.field: guess.reason for guess in found.guesses}

        def reason(row: int) -> str:
            field, now = f"columns.{row}.role", data.columns[row].role
            return guesses.get(field, "") if now == self._guessed(field, now) else ""

        self._model.show_columns(data.columns, profiles, reason)
        self._show_rows([p.name for p in profiles], found.look.cells)
        _fit(self._table, min(_MOST_LINES, self._model.rowCount()))
        _fit(self._rows, self._rows.rowCount())
        self._tell()

    def _guessed(self, field: str, now: str) -> str:
        """The role that was guessed: the present one, unless it is among the others."""
        first = self.recipe.first_guess(field)
        return "" if first is not None and now in first.alternatives else now

    def _show_rows(self, names: list[str], rows: tuple[tuple[str, ...], ...]) -> None:
        columns = len(rows[0]) if rows else 0
        self._rows.setRowCount(len(rows))
        self._rows.setColumnCount(columns)
        self._rows.setHorizontalHeaderLabels(names[:columns])
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                self._rows.setItem(i, j, QTableWidgetItem(cell or "–"))
        self._rows.resizeColumnsToContents()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        editing = self._table.state() == QAbstractItemView.State.EditingState
        if index.column() == ROLE and not editing:
            self._table.edit(index)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, previous: QModelIndex) -> None:
        self._tell()

    def _tell(self) -> None:
        """Say why the chosen column has its role, and offer how it becomes features."""
        data, row = self.recipe.data, self._table.currentIndex().row()
        chosen = data.columns[row] if data is not None and 0 <= row < len(data.columns) else None
        for form in self._forms.values():
            form.hide()
        if chosen is None:
            self._about.setText("Choose a column to see how it becomes features.")
            return
        reason = self._model.reason(row)
        why = f", as {reason}" if reason else ", as you set it"
        features = f" It becomes: {_few(chosen.names)}." if chosen.names else ""
        self._about.setText(f"{chosen.name}: {chosen.role}{why}.{features}")
        if chosen.role == "feature":
            form = self._forms[chosen.kind]
            part = type(form.value) if form.value is not None else _PARTS[chosen.kind]
            form.set_value(part(**{name: getattr(chosen, name) for name in part.model_fields}))
            form.show()

    @Slot(int, str)
    def _on_role(self, row: int, role: str) -> None:
        data = self.recipe.data
        if data is not None:
            name = data.columns[row].name
            self.recipe.change({f"data.columns.{row}.role": role}, f"{name}: {role}")

    @Slot()
    def _on_form(self) -> None:
        data, row = self.recipe.data, self._table.currentIndex().row()
        if data is None or not 0 <= row < len(data.columns):
            return
        value = self._forms[data.columns[row].kind].value
        if value is not None:
            values = {f"data.columns.{row}.{name}": v for name, v in value.model_dump().items()}
            self.recipe.change(values, f"Column {data.columns[row].name}")


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown} and {len(names) - 6:,} more" if len(names) > 6 else shown


def _fit(table: QTableView, rows: int) -> None:
    """Make a table as high as its first rows."""
    high = sum(table.rowHeight(row) for row in range(rows))
    bar = table.horizontalScrollBar().sizeHint().height()
    table.setFixedHeight(table.horizontalHeader().sizeHint().height() + high + bar + 4)


class _Roles(QStyledItemDelegate):
    """Roles are chosen from a list, which opens with one click; a mark says so."""

    def displayText(self, value: Any, locale: Any) -> str:
        """The role, with the mark of a list."""
        return f"{value}  ▾"

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The list."""
        box = ComboBox(parent)
        box.setObjectName(f"{PAGE}.columns.role")
        box.addItems(ROLES)
        box.activated.connect(lambda: self._done(box))
        QTimer.singleShot(0, box, box.showPopup)
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the role."""
        if isinstance(editor, ComboBox):
            editor.setCurrentText(str(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take what was chosen."""
        if isinstance(editor, ComboBox):
            model.setData(model.index(index.row(), index.column()), editor.currentText())

    def _done(self, box: ComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


class _Histograms(QStyledItemDelegate):
    """Draws the bars of a histogram."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Bars from the left, the highest as high as the row."""
        super().paint(painter, option, index)
        bars = index.data(BARS) or ()
        place = QRectF(option.rect).adjusted(4, 3, -4, -3)
        each = min(place.width() / max(1, len(bars)), 12.0)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        for i, bar in enumerate(bars):
            high = max(1.0, bar * place.height()) if bar else 0.0
            left = place.left() + i * each
            painter.drawRect(QRectF(left, place.bottom() - high, max(1.0, each - 1.0), high))
        painter.restore()
