"""Light and dark: the palette and the style sheet of the whole program."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from vaegui.paths import resource
from vaegui.ui.theme.stylesheet import Colours, mixed, stylesheet

__all__ = ["Choice", "Scheme", "Theme"]

Scheme = Literal["light", "dark"]
Choice = Literal["system", "light", "dark"]

_SCHEMES: dict[Choice, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The look of the application: what the user chose, and what that is at the moment.

    Making one puts it on. It remembers nothing from one start to the next; its owner does.

    Parameters
    ----------
    app
        The application to dress.
    choice
        "light", "dark", or "system" to follow the desktop, also when that changes.
    """

    changed = Signal()
    """The colours are others now: `current` tells which."""

    def __init__(self, app: QApplication, choice: Choice = "system") -> None:
        super().__init__(app)
        self._app = app
        self._hints = app.styleHints()
        self._choice: Choice = choice
        self._current: Scheme | None = None
        app.setStyle("Fusion")
        self._hints.colorSchemeChanged.connect(self._on_system_changed)
        self.set_choice(choice)

    @property
    def choice(self) -> Choice:
        """What the user chose."""
        return self._choice

    @property
    def current(self) -> Scheme:
        """The theme that is on."""
        return self._current or "light"

    def set_choice(self, choice: Choice) -> None:
        """Choose a theme. The window frame follows where the desktop allows it."""
        self._choice = choice
        self._hints.setColorScheme(_SCHEMES[choice])
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

    def _apply(self) -> None:
        wanted = self._wanted()
        if wanted == self._current:
            return
        self._current = wanted
        self._app.setPalette(_palette(wanted))
        self._app.setStyleSheet(stylesheet(_colours(wanted)))
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
