"""A note about a model whose data are not here: what works, what does not, what to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMainWindow, QMenu

from vaegui.data import DataChoice, NoData, OwnData
from vaegui.data.own.known import is_known
from vaegui.files.foreign.roles.proposal import fitting_sources
from vaegui.runs.run import Run
from vaegui.training.settings.settings import Settings
from vaegui.ui.notices.banner import Banner
from vaegui.ui.state.workbench import Workbench

__all__ = ["Giver", "MissingBar", "missing_data_text"]

HEADING = "This model can be looked at, but not trained: its data are not here."
NONE = "This model can be looked at, but not trained: it has no data."
UNASKED = "It was not read: you never opened it in this program."
ALONE = "This model can be looked at, but not trained: it is a decoder alone."
UNREAD = "This model was trained on {path}. Read it?"


class Giver(Protocol):
    """What brings data to a model that lacks them."""

    def give(self, model: str, data: OwnData) -> None:
        """Ask where the data of a model's file are now, and open it with them."""
        ...

    def read(self, model: str, data: OwnData) -> None:
        """Open a model's file with the data that it names, as the user said so."""
        ...

    def ask_file(self) -> None:
        """Ask for a file of other data, and look at it on the page of own data."""
        ...

    def ask_folder(self) -> None:
        """Ask for a folder of pictures, and do the same."""
        ...

    def use(self, settings: Settings) -> None:
        """Take settings that name other data."""
        ...


class MissingBar(Banner):
    """A banner that is there while the present run has no data, until it is closed.

    Parameters
    ----------
    open_again
        Called with the path of the model's file, to try again.
    giver
        Brings the data.
    window
        Where it is put.
    """

    def __init__(
        self,
        workbench: Workbench,
        open_again: Callable[[str], None],
        giver: Giver,
        window: QMainWindow,
    ) -> None:
        super().__init__("missing", "Missing data", window)
        self._workbench, self._open_again, self._giver = workbench, open_again, giver
        self._read = self.add_button(
            "read",
            "Read",
            "Read these data: they are a file or folder that you know.",
            self._on_read,
        )
        self._give = give = self.add_button(
            "give", "Choose the data", "Give the model examples to look at and to train on.", None
        )
        self._menu = QMenu(give)
        self._menu.setObjectName("missing.menu")
        self._menu.setToolTipsVisible(True)
        give.setMenu(self._menu)
        self._again = self.add_button(
            "try", "Try again", "Open the file and look for its data again.", self._on_again
        )
        self._close = self.add_button(
            "close", "Close", "Close this note; the model stays as it is.", self._on_close
        )
        workbench.begun.connect(self._on_begun)
        self._on_begun()

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        missing = run is not None and bool(run.begun.missing)
        if run is not None and missing:
            data, opened = run.begun.settings.data, run.begun.path is not None
            unread = isinstance(data, OwnData) and opened and not is_known(data.path)
            self.show_text(
                _heading(run.begun.settings, unread),
                missing_data_text(run, UNASKED if unread else ""),
            )
            self._read.setVisible(unread)
            self._again.setVisible(opened and not (unread or isinstance(data, NoData)))
            self._close.setText("Not now" if unread else "Close")
            self._give.setVisible(run.begun.settings.has_encoder)
            self._offer(run)
        self.setVisible(missing)

    def _offer(self, run: Run) -> None:
        """Fill the menu: where its own data may be, those of the program that fit, and files."""
        menu, settings, path = self._menu, run.begun.settings, run.begun.path
        menu.clear()
        if isinstance(settings.data, OwnData) and path is not None:
            where = partial(self._giver.give, path, settings.data)
            menu.addAction(f"Where {settings.data.name} is now ...".replace("&", "&&"), where)
            menu.addSeparator()
        for source in fitting_sources(run.begun.data.shape):
            data: DataChoice = source()
            if data != settings.data:
                menu.addAction(data.label, partial(self._giver.use, settings.with_data(data)))
        menu.addSeparator()
        menu.addAction("A file of yours ...", self._giver.ask_file)
        menu.addAction("A folder of pictures of yours ...", self._giver.ask_folder)

    @Slot()
    def _on_read(self) -> None:
        run, path = self._workbench.run, self._workbench.path
        if run is not None and path is not None and isinstance(run.begun.settings.data, OwnData):
            self._giver.read(path, run.begun.settings.data)

    @Slot()
    def _on_again(self) -> None:
        if self._workbench.path is not None:
            self._open_again(self._workbench.path)

    @Slot()
    def _on_close(self) -> None:
        self.setVisible(False)


def _heading(settings: Settings, unread: bool) -> str:
    data = settings.data
    if not settings.has_encoder:
        return ALONE
    if unread and isinstance(data, OwnData):
        return UNREAD.format(path=data.path)
    return NONE if isinstance(data, NoData) else HEADING


def missing_data_text(run: Run, why: str = "") -> str:
    """Why data are missing, what can be done without them, and what cannot, in some sentences.

    ``why`` goes before what the run says of it.
    """
    snapshot = run.snapshot
    kept = "; its ellipses are as they were saved" if snapshot and len(snapshot.mean) else ""
    trained = ", Loss how the model was trained" if run.step else ""
    if not run.begun.settings.has_encoder:
        return (
            f"{run.begun.missing}\n"
            "Drag over the latent space to decode any point. Reconstructions shows draws from the "
            "prior. It can be saved, exported and used from Python."
        )
    if len(run.begun.probes):
        return (
            f"{run.begun.missing}\n"
            "In place of inputs the panels and Explain show draws from the prior, decoded. Drag "
            "over the latent space to decode any point. Training, its loss and log p(x) need data."
        )
    return (
        f"{why or run.begun.missing}\n"
        f"Drag over the latent space to decode any point{kept}. Reconstructions shows draws from "
        f"the prior{trained}. Training it further, what Explain says of an input, and log p(x) "
        "need data."
    )
