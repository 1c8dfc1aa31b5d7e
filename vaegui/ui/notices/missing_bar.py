"""A note about a model whose data cannot be had: what works, what does not, what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMainWindow

from vaegui.data.own.own import OwnData
from vaegui.runs.run import Run
from vaegui.ui.notices.banner import Banner
from vaegui.ui.state.workbench import Workbench

__all__ = ["MissingBar", "missing_data_text"]

HEADING = "This model can be looked at, but not trained: its data are not here."


class MissingBar(Banner):
    """A banner that is there while the present run has no data, until it is closed.

    Parameters
    ----------
    open_again
        Called with the path of the model's file, to try again.
    give
        Called with that path and the recipe of data in files, to ask where these are now.
    window
        Where it is put.
    """

    def __init__(
        self,
        workbench: Workbench,
        open_again: Callable[[str], None],
        give: Callable[[str, OwnData], None],
        window: QMainWindow,
    ) -> None:
        super().__init__("missing", "Missing data", window)
        self._workbench, self._open_again, self._ask = workbench, open_again, give
        self._give = self.add_button(
            "give", "Choose the data ...", "Say where the file or folder is now.", self._on_give
        )
        self._again = self.add_button(
            "try", "Try again", "Open the file and look for its data again.", self._on_again
        )
        self.add_button(
            "close", "Close", "Close this note; the model stays as it is.", self._on_close
        )
        workbench.begun.connect(self._on_begun)
        self._on_begun()

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        missing = run is not None and bool(run.begun.missing)
        if run is not None and missing:
            self.show_text(HEADING, missing_data_text(run))
            self._again.setVisible(run.begun.path is not None)
            in_files = isinstance(run.begun.settings.data, OwnData)
            self._give.setVisible(run.begun.path is not None and in_files)
        self.setVisible(missing)

    @Slot()
    def _on_again(self) -> None:
        if self._workbench.path is not None:
            self._open_again(self._workbench.path)

    @Slot()
    def _on_give(self) -> None:
        path, run = self._workbench.path, self._workbench.run
        if path is not None and run is not None and isinstance(run.begun.settings.data, OwnData):
            self._ask(path, run.begun.settings.data)

    @Slot()
    def _on_close(self) -> None:
        self.setVisible(False)


def missing_data_text(run: Run) -> str:
    """What is missing, what can be done without it, and what cannot, in some sentences."""
    return (
        f"{run.begun.missing}\n"
        "Drag over the latent space to decode any point; its ellipses, if any, are as they were "
        "saved. Reconstructions shows draws from the prior, Loss how the model was trained. "
        "Training it further, Explain and log p(x) need the data."
    )
