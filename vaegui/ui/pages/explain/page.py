"""One explanation: its question, its text, its picture, its controls and its table."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from vaegui.panels.explain.shared.base import ExperimentControls, Explanation, ValueTable
from vaegui.ui.help.terms import terms_of
from vaegui.ui.pages.explain.controls import chooser
from vaegui.ui.pages.explain.number_table import NumberTable
from vaegui.ui.pages.explain.trial import ExperimentRow
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.widgets.wrapping import Wrapping

if TYPE_CHECKING:
    from vaegui.panels.style import Style
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["ExplanationView"]

LEAST = 250
"""Pixels of height that the picture has at least."""
COMPUTING = "The numbers of this input are being computed ..."
SOON = 40
"""Milliseconds between two changes of text and table."""


class ExplanationView(QWidget):
    """What is shown of one explanation. The canvas is a panel's as any other.

    Text and table are brought up to date with the picture, so that all three are about one answer.

    Parameters
    ----------
    pending
        Says whether the canvas is about to be painted.
    """

    def __init__(
        self,
        explanation: Explanation,
        canvas: Canvas,
        pending: Callable[[], bool],
        workbench: Workbench,
        style: Style,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.explanation = explanation
        self.canvas = canvas
        self._pending = pending
        self._trials: list[ExperimentRow] = []
        self._found: tuple[str, ValueTable | None] = "", None
        self._workbench = workbench
        self._text = QLabel(self)
        self._shown_text = ""
        self._rows = 0
        self._text_width = 0
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.numbers = NumberTable(style)
        self._view = self._table_view()
        below = QSplitter(Qt.Orientation.Vertical, self)
        below.setChildrenCollapsible(False)
        # However long the table: the picture is what is looked at.
        canvas.setMinimumHeight(LEAST)
        below.addWidget(canvas)
        below.addWidget(self._view)
        below.setStretchFactor(0, 1)
        below.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(self._head())
        column.addWidget(self._text)
        column.addWidget(terms_of(explanation.name, self))
        if explanation.controls:
            column.addWidget(self._controls())
        column.addWidget(below, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON)
        self._soon.timeout.connect(self._on_soon)
        canvas.drawn.connect(self._look)
        canvas.painted.connect(self._on_painted)
        workbench.changed.connect(self.refresh)
        workbench.focus_changed.connect(self.refresh)
        workbench.state_changed.connect(self.refresh)
        self._look()
        self._show()

    def set_style(self, style: Style) -> None:
        """Use other colours in the table; the canvas is told by its own owner."""
        self.numbers.set_style(style)

    def text(self) -> str:
        """The explanation as text: question, what is said, and all numbers of the table."""
        text, table = self._described()
        parts = [self.explanation.question, text]
        if table is not None:
            parts.append(table.text(self.numbers.order))
        return "\n\n".join(parts)

    @Slot()
    def refresh(self) -> None:
        """Bring text and table up to date, with the picture; while hidden, when it is shown."""
        if self._waiting or not self._pending():
            self.canvas.say_instead(self._waiting)
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    @property
    def _waiting(self) -> str:
        """Why there is nothing to show of the model there is; '' if there is, or without one."""
        begun = next((trial.waiting for trial in self._trials if trial.waiting), "")
        context = self.canvas.context
        if begun or context is None or context.snapshot is None or context.not_kept:
            return begun
        if self.explanation.lacking(context):
            return ""
        asked = self.explanation.queries(context)
        if all(context.latest(type(query)) is not None for query in asked):
            return ""
        begun_run = context.run.begun
        return COMPUTING if len(begun_run.probes) else begun_run.missing or COMPUTING

    @Slot()
    def _on_painted(self) -> None:
        self.canvas.say_instead(self._waiting)
        self._show()

    @Slot()
    def _on_soon(self) -> None:
        if not self._pending():
            self._look()
            self._show()

    @Slot()
    def _look(self) -> None:
        """Find what is to be said of the present answer."""
        text, table = self._described()
        self._found = self._waiting or self.canvas.coming or text, table

    def _described(self) -> tuple[str, ValueTable | None]:
        """What is to be said, and the numbers behind it."""
        context = self.canvas.context
        if context is None:
            return self.explanation.empty, None
        if lacking := self.explanation.lacking(context):
            return lacking, None
        return self.explanation.describe(context), self.explanation.table(context)

    @Slot()
    def _show(self) -> None:
        """Show what was found."""
        text, table = self._found
        if text != self._shown_text:
            self._shown_text = text
            self._text.setText(_paragraphs(text))
            self._keep_height()
        self.numbers.set_table(table)
        self._view.setVisible(table is not None)
        rows = self.numbers.rowCount()
        if table is not None and rows != self._rows:
            self._rows = rows
            self._view.setMaximumHeight(self._height_of(rows))

    def _keep_height(self) -> None:
        """The text never takes less room while its width stays: the picture below would jump."""
        if not self.isVisible():
            return
        width = self._text.width()
        if width != self._text_width:
            self._text_width = width
            self._text.setMinimumHeight(0)
        needed = self._text.heightForWidth(width)
        self._text.setMinimumHeight(max(self._text.minimumHeight(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the text's height anew."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_height)

    def showEvent(self, event: QShowEvent) -> None:
        """Bring up to date what was missed while hidden."""
        super().showEvent(event)
        self.refresh()

    def _height_of(self, rows: int) -> int:
        """Of a table that shows so many rows and nothing below them."""
        row = self._view.verticalHeader().defaultSectionSize()
        head = self._view.horizontalHeader().sizeHint().height()
        return head + rows * row + 2 * self._view.frameWidth()

    def _head(self) -> QHBoxLayout:
        title = QLabel(self.explanation.question, self)
        title.setWordWrap(True)
        font = QFont(title.font())
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setWeight(QFont.Weight.DemiBold)
        title.setFont(font)
        row = QHBoxLayout()
        row.addWidget(title, 1)
        for name, tip, slot in (
            ("Copy as text", "Copy the question, the text and all numbers.", self._on_copy),
            (
                "Save as picture ...",
                "Save the picture as PNG, SVG or PDF.",
                self.canvas.save_wanted,
            ),
        ):
            button = QPushButton(name, self)
            button.setToolTip(tip)
            button.clicked.connect(slot)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _controls(self) -> QWidget:
        whole = QWidget(self)
        row = Wrapping(whole)
        for control in self.explanation.controls:
            if isinstance(control, ExperimentControls):
                trial = ExperimentRow(control, self.canvas, self._workbench, whole)
                trial.turned.connect(self.refresh)
                self._trials.append(trial)
                for part in trial.parts:
                    row.addWidget(part)
            else:
                row.addWidget(chooser(control, self._workbench, whole))
        return whole

    def _table_view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.numbers)
        view.setSortingEnabled(True)
        view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().setVisible(False)
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 5)
        view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        view.horizontalHeader().setHighlightSections(False)
        view.setAccessibleName(f"Numbers of: {self.explanation.question}")
        view.setVisible(False)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), view)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._on_copy_cells)
        return view

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    @Slot()
    def _on_copy_cells(self) -> None:
        indexes = self._view.selectionModel().selectedIndexes()
        rows: dict[int, list[str]] = {}
        for index in sorted(indexes, key=lambda i: (i.row(), i.column())):
            rows.setdefault(index.row(), []).append(str(index.data()))
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows.values()))


def _paragraphs(text: str) -> str:
    """Plain text as HTML with room between its lines; a blank line begins a paragraph."""
    parts = (escape(part).replace("\n", "<br>") for part in text.split("\n\n"))
    return "".join(f'<p style="margin: 0 0 4px 0; line-height: 128%">{part}</p>' for part in parts)
