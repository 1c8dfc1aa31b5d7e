"""The style sheet of the program, made from the colours of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from vaegui.paths import resource

__all__ = ["Colours", "mixed", "stylesheet"]


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that controls are made of, as "#rrggbb"."""

    window: str
    base: str
    button: str
    text: str
    muted: str
    """Secondary text: units, hints."""
    faint: str
    """What is disabled."""
    line: str
    """Separators between regions."""
    border: str
    """Frames of controls."""
    hover: str
    pressed: str
    accent: str
    """Focus and what is on."""
    highlight: str
    """Background of what is selected."""
    highlighted: str
    """Text on `highlight`."""
    tip: str
    tip_text: str
    error: str
    error_base: str
    """Background of a field with a wrong value."""
    warning: str


def mixed(a: str, b: str, part: float) -> str:
    """The colour that is ``part`` of the way from ``a`` to ``b``, all as "#rrggbb"."""
    pairs = zip(bytes.fromhex(a[1:]), bytes.fromhex(b[1:]), strict=True)
    return "#" + bytes(round(x + (y - x) * part) for x, y in pairs).hex()


def stylesheet(colours: Colours) -> str:
    """The style sheet for the application.

    Only what Fusion draws heavily is redrawn; everything keeps the desktop's own font.
    """
    names = {name: getattr(colours, name) for name in colours.__dataclass_fields__}
    images = {name: resource("themes", f"{name}.svg").as_posix() for name in _IMAGES}
    return Template(_SHEET).substitute(names, **images)


_IMAGES = ("down", "up", "check", "close", "float")

_SHEET = """
QToolTip {
    background: $tip; color: $tip_text; border: 1px solid $tip;
    padding: 5px 7px; opacity: 245;
}
QMainWindow::separator { background: $line; width: 1px; height: 1px; margin: 2px; }
QMainWindow::separator:hover { background: $accent; }

QMenuBar { background: $window; padding: 2px 4px; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 9px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $base; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: $highlight; color: $highlighted; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 6px; }
QMenu::icon { padding-left: 6px; }

QToolBar {
    background: $window; border: none; border-bottom: 1px solid $line;
    padding: 4px 6px; spacing: 3px;
}
QToolBar::separator { background: $line; width: 1px; margin: 5px 5px; }
QToolButton {
    border: 1px solid transparent; border-radius: 6px; padding: 4px 7px; background: transparent;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }

QStatusBar { background: $window; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QProgressBar {
    border: none; border-radius: 4px; background: $pressed; color: $text;
    text-align: center; min-height: 8px;
}
QProgressBar::chunk { background: $highlight; border-radius: 4px; }

QDockWidget {
    font-weight: 600; titlebar-close-icon: url("$close"); titlebar-normal-icon: url("$float");
}
QDockWidget::close-button, QDockWidget::float-button {
    border: none; border-radius: 4px; padding: 0;
}
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: $pressed; }
QDockWidget::title {
    background: $window; padding: 6px 9px; border-bottom: 1px solid $line; text-align: left;
}
QDockWidget > QWidget { font-weight: 400; }
QTabBar::tab {
    padding: 6px 12px; color: $muted; background: transparent;
    border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $base; color: $text; border: 1px solid $border; border-radius: 5px;
    selection-background-color: $highlight; selection-color: $highlighted;
}
QLineEdit { padding: 3px 6px; }
QAbstractSpinBox { padding: 3px 0; }
QAbstractSpinBox > QLineEdit { border: none; padding: 0 0 0 6px; background: transparent; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 1px solid $accent;
}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $faint; background: $window;
}
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"], QComboBox[wrong="true"] {
    border: 1px solid $error; background: $error_base;
}
QAbstractSpinBox[wrong="true"] > QLineEdit { background: transparent; }

QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 18px; border: none; background: transparent;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {
    background: $hover; border-radius: 3px;
}
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {
    background: $pressed; border-radius: 3px;
}
QHeaderView::up-arrow, QHeaderView::down-arrow {
    width: 10px; height: 10px; subcontrol-origin: padding; subcontrol-position: left center;
    left: 4px;
}
QHeaderView::up-arrow { image: url("$up"); }
QHeaderView::down-arrow { image: url("$down"); }
QAbstractSpinBox::up-arrow { image: url("$up"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 10px; height: 10px; }

QComboBox { padding: 3px 4px 3px 7px; combobox-popup: 0; }
QComboBox::drop-down { width: 20px; border: none; }
QComboBox::down-arrow { image: url("$down"); width: 13px; height: 13px; }
QComboBox QAbstractItemView {
    background: $base; border: 1px solid $border; padding: 3px; outline: none;
    selection-background-color: $highlight; selection-color: $highlighted;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 5px; }

QCheckBox { spacing: 7px; }
QCheckBox::indicator {
    width: 14px; height: 14px; border: 1px solid $border; border-radius: 4px; background: $base;
}
QCheckBox::indicator:hover { border-color: $muted; }
QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked {
    background: $highlight; border-color: $highlight; image: url("$check");
}
QCheckBox:focus::indicator:checked { border-color: $text; }

QPushButton {
    background: $button; color: $text; border: 1px solid $border; border-radius: 6px;
    padding: 5px 14px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; background: $window; }
QPushButton:default { background: $highlight; color: $highlighted; border-color: $highlight; }
QPushButton:default:focus { border-color: $text; }
QFrame#term { background: $tip; border: 1px solid $border; }
QFrame#term QLabel { color: $tip_text; background: transparent; }
QFrame[tour="true"] { background: $base; border: 2px solid $accent; border-radius: 10px; }
QPushButton[term="true"] {
    background: transparent; color: $muted; padding: 0 0 1px 0; border: none;
    border-bottom: 1px dotted $muted; border-radius: 0;
}
QLabel[todo="true"] { color: $accent; font-weight: 600; }
QPushButton[primary="true"] {
    background: $highlight; color: $highlighted; border-color: $highlight;
}
QPushButton[quiet="true"] {
    background: transparent; color: $muted; border: none; padding: 0; border-radius: 0;
}
QPushButton[quiet="true"]:hover, QPushButton[quiet="true"]:checked { color: $accent; }
QPushButton[quiet="true"]:focus { color: $accent; text-decoration: underline; }

QScrollArea { border: none; background: transparent; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QFrame[card="true"] { background: $base; border: 1px solid $line; border-radius: 8px; }
QFrame[clickable="true"]:hover { border-color: $accent; }
QPushButton[link="true"] {
    background: transparent; border: none; padding: 0; text-align: left;
    font-size: 12pt; font-weight: 600; color: $accent;
}
QPushButton[link="true"]:focus { text-decoration: underline; }
QPushButton[link="true"]:disabled, QPushButton[quiet="true"]:disabled { color: $faint; }
QPushButton:default:disabled { background: $window; color: $faint; border-color: $border; }
QLabel[title="true"] { font-size: 17pt; font-weight: 600; }
QLabel[badge="true"] {
    color: $highlighted; background: $highlight; border-radius: 7px; padding: 1px 8px;
}
QLabel[heading="true"] { font-weight: 600; }
QLabel[muted="true"] { color: $muted; }
QLabel[problem="true"] { color: $error; }
QLabel[hint="true"] { color: $warning; }
"""
