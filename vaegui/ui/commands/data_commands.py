"""Opening data of the user's, and giving what the page makes of them to Setup and to training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.data.formats.pictures import Pictures
from vaegui.data.own.own import OwnData
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.state.data_recipe import DataRecipe

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["DataCommands"]


class DataCommands(QObject):
    """What can be done with data of the user's.

    Parameters
    ----------
    train
        Trains on data: the present model if it has none and can have these, or a new one.
    give_data
        Lets the present model have data, if it has none and can; whether it could.

    Attributes
    ----------
    recipe
        The data that are looked at.
    asking
        How the user is asked.
    """

    opened = Signal()
    """The page of own data is to be seen."""
    used = Signal()
    """Setup has what was made of the data."""
    notified = Signal(str)
    """A word for the status bar."""

    def __init__(
        self,
        setup: SetupPanel,
        actions: Actions,
        asking: Asking,
        train: Callable[[Settings], None],
        give_data: Callable[[Settings], bool],
        worker: Worker,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.asking = asking
        self.recipe = DataRecipe(self)
        self._setup, self._train, self._window = setup, train, parent
        self._give_data = give_data
        self._worker = worker
        self._folder = str(Path.home())
        actions["open_data"].triggered.connect(self.ask_file)

    def open(self, path: str) -> None:
        """Find out what a file or folder is; Setup's other settings are those it is judged by."""
        self._folder = str(Path(path).parent)
        self.recipe.open(path, self._setup.value or Settings())
        self.opened.emit()

    @Slot()
    def ask_file(self) -> None:
        """Ask for a file, and open it."""
        if path := self.asking.data_file(self._window, self._folder):
            self.open(path)

    @Slot()
    def ask_folder(self) -> None:
        """Ask for a folder, and open it."""
        if path := self.asking.data_folder(self._window, self._folder):
            self.open(path)

    def use(self, settings: Settings) -> None:
        """Put settings with these data into Setup; it can be undone there.

        A model without data that can have them has them at once.
        """
        self._setup.take(settings, f"Use {_name(settings)}")
        if not self._give_data(settings):
            name = _name(settings)
            self.notified.emit(f"Setup has {name} now. Press Train, or change more first.")
        self.used.emit()

    def train(self, settings: Settings) -> None:
        """Train on these data."""
        self._setup.take(settings, f"Use {_name(settings)}")
        self.used.emit()
        self._train(settings)

    def give(self, model: str, data: OwnData) -> None:
        """Ask where the data of a model are now, and open its file with them."""
        folder = isinstance(data.format, Pictures) and not data.path.lower().endswith(".zip")
        ask = self.asking.data_folder if folder else self.asking.data_file
        if path := ask(self._window, str(Path(data.path).parent)):
            self._worker.open(model, path)

    def read(self, model: str, data: OwnData) -> None:
        """Open a model's file with the data that it names, as the user said so."""
        self._worker.open(model, data.path)

    def rehearse(self, settings: Settings) -> None:
        """Do some steps on these data with a model that is forgotten then."""
        self._worker.rehearse(settings)

    def cancel_rehearsal(self) -> None:
        """Give it up."""
        self._worker.cancel()

    def close(self, timeout: float = 0.0) -> bool:
        """End the thread that reads; whether it has ended within so many seconds."""
        return self.recipe.close(timeout)


def _name(settings: Settings) -> str:
    name = getattr(settings.data, "name", "")
    return name if isinstance(name, str) and name else settings.data.label
