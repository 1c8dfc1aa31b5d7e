"""What is in the menus, and in which order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from vaegui.ui.commands.panel_commands import PANEL
from vaegui.ui.theme.icons import icon
from vaegui.ui.theme.theme import ThemeChoice

if TYPE_CHECKING:
    from vaegui.ui.shell.window import Window

__all__ = ["fill_menus"]

_EXCHANGE = ("import_model", "import_weights", "export_weights", "export_script")
_TEXT = ("larger_text", "smaller_text", "normal_text")
_THEMES: dict[ThemeChoice, str] = {"system": "&System", "light": "&Light", "dark": "&Dark"}


def fill_menus(window: Window) -> QMenu:
    """Make File, Edit, Run, View and Help; return View, to which later docks are added."""
    actions, bar = window.actions_, window.menuBar()
    file = bar.addMenu("&File")
    file.addAction(actions["open"])
    file.addMenu(window.files.recent_menu)
    file.addSeparator()
    file.addActions([actions["save"], actions["save_as"]])
    file.addSeparator()
    file.addActions([actions[n] for n in _EXCHANGE])
    file.addSeparator()
    file.addAction(actions["quit"])
    _fill_edit(window, bar.addMenu("&Edit"))
    run = bar.addMenu("&Run")
    run.addActions([actions[name] for name in ("train", "train_anew", "pause", "step", "stop")])
    run.addSeparator()
    run.addAction(actions["reset"])
    run.addSeparator()
    run.addAction(actions["estimate"])
    view = bar.addMenu("&View")
    _fill_view(window, view)
    help_ = bar.addMenu("&Help")
    help_.addActions([actions[n] for n in ("welcome", "tour", "guide", "shortcuts")])
    help_.addSeparator()
    help_.addActions([actions["log_folder"], actions["diagnostics"]])
    help_.addSeparator()
    help_.addAction(actions["about"])
    for menu in (file, run, view, help_):
        menu.setToolTipsVisible(True)
    return view


def _fill_edit(window: Window, menu: QMenu) -> None:
    stack = window.setup.undo_stack
    for name, action, key in (
        ("undo", stack.createUndoAction(window, "&Undo"), QKeySequence.StandardKey.Undo),
        ("redo", stack.createRedoAction(window, "&Redo"), QKeySequence.StandardKey.Redo),
    ):
        action.setObjectName(name)
        action.setShortcuts(key)
        action.setIcon(icon(name, window.theme))
        menu.addAction(action)
        window.theme.changed.connect(partial(_refresh_icon, action, name, window))


def _fill_view(window: Window, menu: QMenu) -> None:
    for number, (name, dock) in enumerate(window.docks.items(), 1):
        action = dock.toggleViewAction()
        action.setToolTip(f"Show or hide the dock {dock.windowTitle()}.")
        action.triggered.connect(partial(window.pages.turn_to, "workbench"))
        menu.addAction(action)
        focus = QAction(f"Go to {dock.windowTitle()}", window)
        focus.setObjectName(f"focus_{name}")
        focus.setShortcut(QKeySequence(f"Ctrl+{number}"))
        focus.triggered.connect(partial(window.focus_panel, name))
        window.addAction(focus)
    menu.addSeparator()
    menu.addAction(window.actions_["explain"])
    menu.addSeparator()
    menu.addActions([window.actions_[name] for name in PANEL])
    menu.addSeparator()
    menu.addAction(window.actions_["reset_layout"])
    menu.addActions([window.actions_["next_panel"], window.actions_["previous_panel"]])
    menu.addSeparator()
    menu.addAction(window.actions_["full_screen"])
    sizes = menu.addMenu("Te&xt size")
    sizes.addActions([window.actions_[name] for name in _TEXT])
    themes = menu.addMenu("&Theme")
    group = QActionGroup(themes)
    for choice, text in _THEMES.items():
        # No icon: it would stand where the mark of the present one does.
        action = QAction(text, group)
        action.setObjectName(f"theme_{choice}")
        action.setCheckable(True)
        action.setChecked(window.theme.choice == choice)
        action.triggered.connect(partial(window.choose_theme, choice))
        themes.addAction(action)
        window.theme.changed.connect(partial(_refresh_choice, action, choice, window))


def _refresh_choice(action: QAction, choice: ThemeChoice, window: Window) -> None:
    action.setChecked(window.theme.choice == choice)


def _refresh_icon(action: QAction, name: str, window: Window) -> None:
    action.setIcon(icon(name, window.theme))
