"""A note about a model whose data cannot be had: what works, what does not, what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QPushButton,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from vaegui.runs.run import Run
from vaegui.ui.state.workbench import Workbench

__all__ = ["MissingBar", "described"]

HEADING = "This model can be looked at, but not trained: its data are not here."


class MissingBar(QToolBar):
    """A bar above the docks, there while the run on the bench has no data, until it is closed.

    Parameters
    ----------
    open_again
        Called with the path of the model's file, to try again.
    window
        Where the bar is put.
    """

    def __init__(
        self, workbench: Workbench, open_again: Callable[[str], None], window: QMainWindow
    ) -> None:
        super().__init__("Missing data", window)
        self._workbench, self._open_again = workbench, open_again
        self.setObjectName("missing")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self._words = QLabel(self)
        self.addWidget(self._told())
        self._again = self._add_button("Try again", "Open the file and look for its data again.")
        self._again_action = self.addWidget(self._again)
        self._again.clicked.connect(self._on_again)
        close = self._add_button("Close", "Close this note; the model stays as it is.")
        self.addWidget(close)
        close.clicked.connect(self._on_close)
        workbench.begun.connect(self._on_begun)
        window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        window.addToolBar(Qt.ToolBarArea.TopToolBarArea, self)
        self._on_begun()

    def _told(self) -> QWidget:
        told = QWidget(self)
        told.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        lines = QVBoxLayout(told)
        lines.setContentsMargins(6, 6, 6, 6)
        lines.setSpacing(2)
        lines.addStretch()
        heading = QLabel(HEADING, self)
        heading.setProperty("heading", True)
        self._words.setObjectName("missing.words")
        for label in (heading, self._words):
            # A name of data or of a file is never taken for markup.
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            lines.addWidget(label)
        lines.addStretch()
        return told

    def _add_button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"missing.{text.split()[0].lower()}")
        button.setToolTip(tip)
        return button

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        missing = run is not None and bool(run.begun.missing)
        if run is not None and missing:
            self._words.setText(described(run))
            self._again_action.setVisible(run.begun.path is not None)
        self.setVisible(missing)

    @Slot()
    def _on_again(self) -> None:
        if self._workbench.path is not None:
            self._open_again(self._workbench.path)

    @Slot()
    def _on_close(self) -> None:
        self.setVisible(False)


def described(run: Run) -> str:
    """What is missing, what can be done without it, and what cannot, in some sentences."""
    return (
        f"{run.begun.missing}\n"
        "Drag over the latent space to decode any point; its ellipses, if any, are as they were "
        "saved. Reconstructions shows draws from the prior, Loss how the model was trained. "
        "Training it further, Explain and log p(x) need the data."
    )
