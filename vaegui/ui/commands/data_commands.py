"""Opening data of the user's, and giving what the page makes of them to Setup and to training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.state.data_recipe import DataRecipe

__all__ = ["DataCommands"]


class DataCommands(QObject):
    """What can be done with data of the user's.

    Parameters
    ----------
    train
        Trains a new model with some settings, after asking about unsaved steps.

    Attributes
    ----------
    recipe
        The data that are looked at.
    asking
        How the user is asked.
    """

    opened = Signal()
    """Data are being looked at: the page is to be seen."""
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
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.asking = asking
        self.recipe = DataRecipe(self)
        self._setup, self._train, self._window = setup, train, parent
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
        """Put settings with these data into Setup; it can be undone there."""
        self._setup.take(settings, f"Use {_name(settings)}")
        self.notified.emit(f"Setup has {_name(settings)} now. Press Train, or change more first.")
        self.used.emit()

    def train(self, settings: Settings) -> None:
        """Train a new model on these data."""
        self._setup.take(settings, f"Use {_name(settings)}")
        self.used.emit()
        self._train(settings)

    def close(self) -> None:
        """End the thread that reads."""
        self.recipe.close()


def _name(settings: Settings) -> str:
    name = getattr(settings.data, "name", "")
    return name if isinstance(name, str) and name else settings.data.label
