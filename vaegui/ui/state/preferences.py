"""What the window remembers from one start to the next."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from vaegui.paths import config_folder
from vaegui.ui.theme.theme import TEXT_SIZES, ThemeChoice

__all__ = ["Preferences"]

MOST_RECENT = 10


class Preferences:
    """An ini file in the folder for configuration. If it cannot be written, nothing is kept.

    Qt reports no error for an unwritable file, and neither does the program: a window that forgets
    its layout is no reason to stop anybody.
    """

    def __init__(self, path: Path | None = None) -> None:
        path = path or config_folder() / "window.ini"
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> ThemeChoice:
        """The chosen theme; the system's at first."""
        value = self._settings.value("theme")
        return cast("ThemeChoice", value) if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("theme", choice)

    @property
    def text(self) -> float:
        """How many times larger than usual text is, one of `TEXT_SIZES`; 1 at first."""
        value = str(self._settings.value("text", 1.0))
        return next((size for size in TEXT_SIZES if str(size) == value), 1.0)

    @text.setter
    def text(self, size: float) -> None:
        self._settings.setValue("text", str(size))

    @property
    def welcome(self) -> bool:
        """Whether the Welcome page opens with the program."""
        # An ini file holds a truth value as a word.
        return str(self._settings.value("welcome", "true")).lower() != "false"

    @welcome.setter
    def welcome(self, shown: bool) -> None:
        self._settings.setValue("welcome", shown)

    @property
    def tour(self) -> int:
        """The step of the guided tour that is next, from 0."""
        number = str(self._settings.value("tour", 0))
        return int(number) if number.isdecimal() else 0

    @tour.setter
    def tour(self, step: int) -> None:
        self._settings.setValue("tour", step)

    @property
    def silence(self) -> float | None:
        """Seconds without progress after which the window says so, if the file has a number."""
        number = str(self._settings.value("silence", ""))
        return float(number) if number.isdecimal() and int(number) > 0 else None

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size; empty at first."""
        return self._bytes("geometry")

    @property
    def layout(self) -> QByteArray:
        """Where the docks are; empty at first."""
        return self._bytes("layout")

    def keep_layout(self, geometry: QByteArray, layout: QByteArray) -> None:
        """Remember place, size and docks."""
        self._settings.setValue("geometry", geometry)
        self._settings.setValue("layout", layout)
        self._settings.sync()

    @property
    def recent(self) -> list[str]:
        """Paths of files opened or saved, latest first. Some may be gone."""
        value = self._settings.value("recent", [])
        # An ini file holds a list of one as a plain string.
        paths = [value] if isinstance(value, str) else value
        return [str(path) for path in paths] if isinstance(paths, list) else []

    def add_recent(self, path: str) -> None:
        """Put a file at the top of the recent ones."""
        path = str(Path(path).absolute())
        others = [old for old in self.recent if old != path]
        self._settings.setValue("recent", [path, *others][:MOST_RECENT])

    def forget_recent(self, path: str | None = None) -> None:
        """Leave out one recent file, or all."""
        left = [] if path is None else [old for old in self.recent if old != path]
        self._settings.setValue("recent", left)

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
