"""Why data could not be read, with what to do about it; never in the user's way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from vaegui.training.record.events import Failed
from vaegui.ui.pages.own_data.section import PAGE, button, label
from vaegui.ui.state.data_recipe import DataRecipe

__all__ = ["Failure"]


class Failure(QFrame):
    """A card at the top of the page, there while the last thing asked for did not work."""

    def __init__(self, recipe: DataRecipe, ask_file: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName(f"{PAGE}.failure")
        self.setProperty("card", True)
        self._message = label("", "problem")
        self._message.setObjectName(f"{PAGE}.failure.message")
        self._remedy = label("")
        self._remedy.setObjectName(f"{PAGE}.failure.remedy")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._message)
        text.addWidget(self._remedy)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.addLayout(text, 1)
        row.addWidget(button("failure.again", "Try again", "Read it once more.", recipe.try_again))
        row.addWidget(button("failure.other", "Open file ...", "Choose another file.", ask_file))
        self.hide()

    def show_failure(self, failed: Failed | None, undone: str) -> None:
        """Show what happened; nothing if all is well or somebody cancelled.

        ``undone`` is the change that was therefore not made, '' if it was none.
        """
        there = failed is not None and not failed.cancelled
        if failed is not None and there:
            not_done = f"Not done: {undone}. " if undone else ""
            self._message.setText(f"{not_done}{failed.message}")
            self._remedy.setText(failed.remedy)
            self._remedy.setToolTip(failed.details)
        self.setVisible(there)
