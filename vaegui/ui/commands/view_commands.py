"""What the View menu does with the whole window: full screen, and how large text is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.ui.commands.actions import Actions
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.theme.theme import TEXT_SIZES, Theme

__all__ = ["ViewCommands"]


class ViewCommands(QObject):
    """Changes how the window is seen; the size of text is remembered."""

    notified = Signal(str)
    """A word for the status bar."""

    def __init__(
        self, theme: Theme, preferences: Preferences, actions: Actions, window: QWidget
    ) -> None:
        super().__init__(window)
        self._theme, self._preferences, self._window = theme, preferences, window
        actions["full_screen"].triggered.connect(self._on_full_screen)
        actions["larger_text"].triggered.connect(partial(self._step, 1))
        actions["smaller_text"].triggered.connect(partial(self._step, -1))
        actions["normal_text"].triggered.connect(partial(self._choose, 1.0))

    @Slot()
    def _on_full_screen(self) -> None:
        # What it was before, maximised or not, is kept beside this flag.
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _step(self, step: int) -> None:
        at = TEXT_SIZES.index(self._theme.text) + step
        if 0 <= at < len(TEXT_SIZES):
            self._choose(TEXT_SIZES[at])
        else:
            self.notified.emit(
                "Text is as large as it can be." if step > 0 else "It gets no smaller."
            )

    def _choose(self, size: float) -> None:
        self._theme.set_text(size)
        self._preferences.text = size
        self.notified.emit(f"Text is at {100 * size:.0f} %.")
