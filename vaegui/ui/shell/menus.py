"""What is in the menus, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from vaegui.ui.commands.panel_commands import PANEL
from vaegui.ui.pages.base import Shared
from vaegui.ui.pages.pages import Pages
from vaegui.ui.theme.icons import icon
from vaegui.ui.theme.theme import Theme, ThemeChoice

__all__ = ["fill_menus"]

_EXCHANGE = ("import_model", "import_weights", "export_weights", "export_script")
_TEXT = ("larger_text", "smaller_text", "normal_text")
_THEMES: dict[ThemeChoice, str] = {"system": "&System", "light": "&Light", "dark": "&Dark"}


def fill_menus(
    window: QMainWindow,
    shared: Shared,
    pages: Pages,
    choose_theme: Callable[[ThemeChoice], None],
) -> QMenu:
    """Make File, Edit, Run, View and Help; return View, to which later docks are added."""
    actions, bar = shared.actions, window.menuBar()
    file = bar.addMenu("&File")
    file.addActions([actions["open"], actions["open_data"]])
    file.addMenu(shared.files.recent_menu)
    file.addSeparator()
    file.addActions([actions["save"], actions["save_as"]])
    file.addSeparator()
    file.addActions([actions[n] for n in _EXCHANGE])
    file.addSeparator()
    file.addAction(actions["quit"])
    _fill_edit(bar.addMenu("&Edit"), window, shared)
    run = bar.addMenu("&Run")
    run.addActions([actions[name] for name in ("train", "train_anew", "pause", "step", "stop")])
    run.addSeparator()
    run.addAction(actions["reset"])
    run.addSeparator()
    run.addAction(actions["estimate"])
    view = bar.addMenu("&View")
    _fill_panels(view, window, pages)
    _fill_view(view, shared, choose_theme)
    help_ = bar.addMenu("&Help")
    help_.addActions([actions[n] for n in ("welcome", "tour", "guide", "shortcuts")])
    help_.addSeparator()
    help_.addActions([actions["log_folder"], actions["diagnostics"]])
    help_.addSeparator()
    help_.addAction(actions["about"])
    for menu in (file, run, view, help_):
        menu.setToolTipsVisible(True)
    return view


def _fill_edit(menu: QMenu, window: QMainWindow, shared: Shared) -> None:
    stacks, theme = shared.undo, shared.theme
    for name, action, key in (
        ("undo", stacks.createUndoAction(window, "&Undo"), QKeySequence.StandardKey.Undo),
        ("redo", stacks.createRedoAction(window, "&Redo"), QKeySequence.StandardKey.Redo),
    ):
        action.setObjectName(name)
        action.setShortcuts(key)
        action.setIcon(icon(name, theme))
        menu.addAction(action)
        theme.changed.connect(partial(_refresh_icon, action, name, theme))


def _fill_panels(menu: QMenu, window: QMainWindow, pages: Pages) -> None:
    """What shows and hides each dock; and keys that go to it, which are in no menu."""
    for number, (name, dock) in enumerate(pages.home.docks.items(), 1):
        action = dock.toggleViewAction()
        action.setToolTip(f"Show or hide the dock {dock.windowTitle()}.")
        action.triggered.connect(partial(pages.turn_to, "workbench"))
        menu.addAction(action)
        focus = QAction(f"Go to {dock.windowTitle()}", window)
        focus.setObjectName(f"focus_{name}")
        focus.setShortcut(QKeySequence(f"Ctrl+{number}"))
        focus.triggered.connect(partial(pages.focus_panel, name))
        window.addAction(focus)


def _fill_view(menu: QMenu, shared: Shared, choose_theme: Callable[[ThemeChoice], None]) -> None:
    actions, theme = shared.actions, shared.theme
    menu.addSeparator()
    menu.addActions([actions["explain"], actions["play"]])
    menu.addSeparator()
    menu.addActions([actions[name] for name in PANEL])
    menu.addSeparator()
    menu.addAction(actions["reset_layout"])
    menu.addActions([actions["next_panel"], actions["previous_panel"]])
    menu.addSeparator()
    menu.addAction(actions["full_screen"])
    sizes = menu.addMenu("Te&xt size")
    sizes.addActions([actions[name] for name in _TEXT])
    themes = menu.addMenu("&Theme")
    group = QActionGroup(themes)
    for choice, text in _THEMES.items():
        # No icon: it would stand where the mark of the present one does.
        action = QAction(text, group)
        action.setObjectName(f"theme_{choice}")
        action.setCheckable(True)
        action.setChecked(theme.choice == choice)
        action.triggered.connect(partial(choose_theme, choice))
        themes.addAction(action)
        theme.changed.connect(partial(_refresh_choice, action, choice, theme))


def _refresh_choice(action: QAction, choice: ThemeChoice, theme: Theme) -> None:
    action.setChecked(theme.choice == choice)


def _refresh_icon(action: QAction, name: str, theme: Theme) -> None:
    action.setIcon(icon(name, theme))
