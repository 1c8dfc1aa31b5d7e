"""Light and dark: the palette and the style sheet of the whole program."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from vaegui.paths import resource
from vaegui.ui.theme.stylesheet import Colours, mixed, stylesheet

__all__ = ["TEXT_SIZES", "Scheme", "Theme", "ThemeChoice"]

Scheme = Literal["light", "dark"]
ThemeChoice = Literal["system", "light", "dark"]

TEXT_SIZES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""How many times larger than usual text can be."""

_SCHEMES: dict[ThemeChoice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The look of the program: light or dark, and how large text is.

    Making one puts the palette and the font on the application. The style sheet goes to the
    windows that are dressed: Qt works through all widgets of an application several times when
    its own sheet changes, and only once through those of a window. The theme remembers nothing
    from one start to the next; its owner does.

    Parameters
    ----------
    app
        The application.
    choice
        "light", "dark", or "system" to follow the desktop, also when that changes.
    text
        One of `TEXT_SIZES`.
    """

    changed = Signal()
    """Colours or the size of text are others now."""

    def __init__(
        self, app: QApplication, choice: ThemeChoice = "system", text: float = 1.0
    ) -> None:
        super().__init__(app)
        self._app = app
        self._hints = app.styleHints()
        self._choice: ThemeChoice = choice
        self._text = text
        self._font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        self._windows: list[QWidget] = []
        self._shown: tuple[Scheme, float] | None = None
        app.setStyle("Fusion")
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        self.set_choice(choice)

    @property
    def choice(self) -> ThemeChoice:
        """What the user chose."""
        return self._choice

    @property
    def current(self) -> Scheme:
        """The colours that are on."""
        return self._shown[0] if self._shown else "light"

    @property
    def text(self) -> float:
        """How many times larger than usual text is."""
        return self._text

    def dress(self, window: QWidget) -> None:
        """Give a window, and all within it and its dialogs, the look from now on."""
        self._windows.append(window)
        window.setStyleSheet(self._sheet())

    def set_choice(self, choice: ThemeChoice) -> None:
        """Choose the colours. The window frame follows where the desktop allows it."""
        self._choice = choice
        self._hints.setColorScheme(_SCHEMES[choice])
        self._apply()

    def set_text(self, text: float) -> None:
        """Choose how large text is, one of `TEXT_SIZES`."""
        self._text = text
        self._apply()

    def colour(self, role: Literal["text", "muted", "faint", "accent", "error"]) -> QColor:
        """A colour for what is drawn by hand."""
        return QColor(getattr(_colours(self.current), role))

    @Slot()
    def _on_system_changed(self) -> None:
        self._apply()

    def _wanted(self) -> Scheme:
        if self._choice != "system":
            return self._choice
        dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        return "dark" if dark else "light"

    def _sheet(self) -> str:
        return stylesheet(_colours(self.current), self._text)

    def _apply(self) -> None:
        wanted = self._wanted(), self._text
        if wanted == self._shown:
            return
        self._shown = wanted
        font = QFont(self._font)
        font.setPointSizeF(self._font.pointSizeF() * self._text)
        self._app.setFont(font)
        self._app.setPalette(_palette(self.current))
        self._windows = [window for window in self._windows if shiboken6.isValid(window)]
        for window in self._windows:
            window.setStyleSheet(self._sheet())
        self.changed.emit()


@cache
def _file(scheme: Scheme) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(resource("themes", f"{scheme}.json").read_text("utf-8"))
    return document


@cache
def _colours(scheme: Scheme) -> Colours:
    """The controls' colours: the file's palette, and what lies between two of its colours."""
    palette: dict[str, str] = _file(scheme)["palette"]
    window, text, base = palette["Window"], palette["WindowText"], palette["Base"]
    return Colours(
        window=window,
        base=base,
        button=palette["Button"],
        text=text,
        muted=_file(scheme)["panels"]["muted"],
        faint=mixed(window, text, 0.42),
        line=mixed(window, text, 0.11),
        border=mixed(window, text, 0.24),
        hover=mixed(window, text, 0.07),
        pressed=mixed(window, text, 0.14),
        accent=palette["Accent"],
        highlight=palette["Highlight"],
        highlighted=palette["HighlightedText"],
        tip=palette["ToolTipBase"],
        tip_text=palette["ToolTipText"],
        error=palette["error"],
        error_base=mixed(base, palette["error"], 0.09),
        warning=palette["warning"],
    )


def _palette(scheme: Scheme) -> QPalette:
    """Qt's palette, for what the style sheet leaves to Fusion."""
    palette = QPalette()
    for name, colour in _file(scheme)["palette"].items():
        role = getattr(QPalette.ColorRole, name, None)
        if role is not None:
            palette.setColor(role, QColor(colour))
    faint = QColor(_colours(scheme).faint)
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faint)
    return palette
