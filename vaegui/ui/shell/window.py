"""The window: pages, menus, toolbar, status bar, and what ties them to the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QPaintEvent,
    QUndoGroup,
)
from PySide6.QtWidgets import QDockWidget, QMainWindow

from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.commands.data_commands import DataCommands
from vaegui.ui.commands.file_commands import FileCommands
from vaegui.ui.commands.help_commands import HelpCommands
from vaegui.ui.commands.import_commands import ImportCommands
from vaegui.ui.commands.panel_commands import PanelCommands
from vaegui.ui.commands.preset_commands import PresetCommands
from vaegui.ui.commands.run_commands import RunCommands
from vaegui.ui.commands.setup_commands import SetupCommands
from vaegui.ui.commands.view_commands import ViewCommands
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.help.guide import open_guide
from vaegui.ui.help.shortcuts import show_shortcuts
from vaegui.ui.notices.dialogs import Offer, about, show_failure
from vaegui.ui.notices.missing_bar import MissingBar
from vaegui.ui.notices.watchdog import Watchdog
from vaegui.ui.pages.base import Shared
from vaegui.ui.pages.pages import Pages
from vaegui.ui.pages.tour.tour import Tour
from vaegui.ui.pages.workbench import WorkbenchPage
from vaegui.ui.plots.panel_maker import PanelMaker
from vaegui.ui.shell.drops import Drops
from vaegui.ui.shell.menus import fill_menus
from vaegui.ui.shell.placing import place_window
from vaegui.ui.shell.status_bar import StatusBar, fraction
from vaegui.ui.shell.toolbar import Toolbar
from vaegui.ui.state.bridge import Bridge
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme, ThemeChoice
from vaegui.version import __version__

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["Window"]


class Window(QMainWindow):
    """The whole program on screen.

    Parameters
    ----------
    workbench
        What it shows.
    worker
        Whom it orders to do things; it is told to end when the window closes.
    bridge
        Wakes the workbench when the worker has posted something.
    theme, preferences, asking
        The look, what is remembered, and how the user is asked.
    """

    painted = Signal()
    """The window is on screen for the first time."""
    closing = Signal()
    """The window closes and nothing keeps it from doing so; the worker is told to end next."""

    def __init__(
        self,
        workbench: Workbench,
        worker: Worker,
        bridge: Bridge,
        theme: Theme,
        preferences: Preferences,
        asking: Asking | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("vaegui")
        theme.dress(self)
        self._workbench = workbench
        self._worker = worker
        self._bridge = bridge
        self._theme = theme
        self._preferences = preferences
        self._has_painted = False
        self._may_close = False
        self._in_close_event = False
        self._asking = asking = asking or Asking()
        self.setAcceptDrops(True)
        self.actions_ = actions = Actions(workbench, theme, self)
        self.setup = setup = SetupPanel(workbench.settings, self)
        self._panels = PanelMaker(workbench, theme, self)
        self.repainter = self._panels.repainter
        self.files = FileCommands(workbench, worker, actions, asking, preferences, self)
        confirm_discard = self.files.confirm_discard
        self.imports = ImportCommands(workbench, worker, actions, asking, confirm_discard, self)
        self.runs = RunCommands(workbench, worker, actions, asking, confirm_discard, self)
        self.presets = PresetCommands(workbench, worker, confirm_discard, setup.set_value, self)
        self.help = HelpCommands(workbench, theme, actions, self)
        self.view = ViewCommands(theme, preferences, actions, self)
        self.pictures = PanelCommands(
            workbench, self._panels, actions, asking, lambda: self.files.name, self
        )
        self._setups = SetupCommands(workbench, setup, self.runs, self)
        self.data = DataCommands(
            setup, actions, asking, self.runs.train_on, self.runs.give_data, worker, self
        )
        self._drops = Drops(
            self.files.open,
            self.imports.start,
            self.data.open,
            partial(actions.why_not, "open"),
            self,
        )
        undo = QUndoGroup(self)
        for stack in (setup.undo_stack, self.data.recipe.undo_stack):
            undo.addStack(stack)
        undo.setActiveStack(setup.undo_stack)
        shared = Shared(
            workbench, theme, preferences, actions,
            self._panels, setup, self.files, self.imports, self.presets, self.data, undo,
        )  # fmt: skip
        self.pages = Pages(shared, self)
        self.setCentralWidget(self.pages)
        self.tour = Tour(self, shared, self.pages)
        self.status = StatusBar(workbench, worker, self)
        self.setStatusBar(self.status)
        self.addToolBar(Toolbar(self.pages, actions, self))
        self.missing = MissingBar(workbench, self.files.open, self.data, self)
        self.view_menu = fill_menus(self, shared, self.pages, self.choose_theme)
        self._connect()
        place_window(self, preferences.geometry)
        self.watchdog = Watchdog(workbench, worker, self._rescue, self)
        self.watchdog.limit = preferences.silence or self.watchdog.limit
        self._on_title()

    @property
    def workbench(self) -> Workbench:
        """What the window shows."""
        return self._workbench

    @property
    def worker(self) -> Worker:
        """Who does what it orders."""
        return self._worker

    @property
    def preferences(self) -> Preferences:
        """What is remembered from one start to the next."""
        return self._preferences

    @property
    def theme(self) -> Theme:
        """The look of the program."""
        return self._theme

    @property
    def docks(self) -> Mapping[str, QDockWidget]:
        """The docks of the workbench, by name."""
        return self.pages.home.docks

    def show_message(self, message: str) -> None:
        """Show a passing message in the status bar."""
        self.status.show_message(message)

    @Slot(str)
    def _on_preset(self, message: str) -> None:
        # It is about a training to come.
        self.status.show_message(message, ("training",))

    def fail(self, failed: Failed) -> None:
        """Show that something did not work; the program goes on."""
        if failed.cancelled:
            self.show_message(failed.message)
            return
        offer = None
        if failed.fix is not None:
            offer = Offer(
                failed.fix.label, partial(self._setups.apply_fix, failed.fix, failed.kind)
            )
        elif failed.kind is JobKind.SAVING:
            offer = Offer("Save As ...", self.files.save_as)
        show_failure(self, failed, offer)

    @Slot()
    def reset_layout(self) -> None:
        """Put all docks back where the program has them at first, and show them."""
        self.pages.turn_to(WorkbenchPage.name)
        self.pages.home.reset()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Put a theme on and remember it."""
        self._preferences.theme = choice
        self._theme.set_choice(choice)

    def _connect(self) -> None:
        workbench, actions = self._workbench, self.actions_
        self._bridge.woken.connect(workbench.take)
        workbench.changed.connect(self._on_title)
        workbench.state_changed.connect(self._on_title)
        workbench.failed.connect(self.fail)
        workbench.notified.connect(self.show_message)
        self.pages.home.dock_added.connect(self._on_dock_added)
        self.repainter.snapshot_painted.connect(self._on_snapshot_painted)
        self.runs.refused.connect(self._on_refused)
        self.files.notified.connect(self.show_message)
        self.files.found_foreign.connect(self.imports.start)
        self.presets.notified.connect(self._on_preset)
        self.data.notified.connect(self.show_message)
        self.data.used.connect(partial(self.pages.turn_to, WorkbenchPage.name))
        for commands in (self.help, self.pictures, self.view):
            commands.notified.connect(self.show_message)
        actions["stop"].triggered.connect(self.status.show_cancelling)
        actions["quit"].triggered.connect(self.close)
        actions["reset_layout"].triggered.connect(self.reset_layout)
        actions["next_panel"].triggered.connect(partial(self.pages.walk, 1))
        actions["previous_panel"].triggered.connect(partial(self.pages.walk, -1))
        actions["shortcuts"].triggered.connect(partial(show_shortcuts, self))
        actions["about"].triggered.connect(self._on_about)
        actions["tour"].triggered.connect(self.tour.start)
        actions["guide"].triggered.connect(self._on_guide)

    def _rescue(self) -> None:
        """Ask where to save the last copy of a model whose training is stuck."""
        known = self._workbench.path
        proposal = Path(known or Path.home() / f"{self.files.name}.keras")
        path = self._asking.save_file(
            self, str(proposal.with_name(f"{proposal.stem}-rescued{proposal.suffix}"))
        )
        if path:
            self._worker.rescue(path)

    @Slot()
    def _on_refused(self) -> None:
        path, sentence = next(iter(self.setup.problems().items()), ("", "Setup is incomplete."))
        self.pages.focus_panel("setup")
        if path:
            self.setup.show_problem(path, sentence)
        self.show_message(f"Cannot train: {sentence}")

    @Slot()
    def _on_snapshot_painted(self) -> None:
        self._worker.painted()

    @Slot()
    def _on_title(self) -> None:
        done = fraction(self._workbench)
        parts = [f"{self.files.name}[*]", "vaegui"] if self.files.name else ["vaegui[*]"]
        if done is not None and self._workbench.active:
            parts.insert(0, f"{100 * done:.0f} %")
        title = " - ".join(parts)
        if title != self.windowTitle():
            self.setWindowTitle(title)
        self.setWindowModified(self._workbench.unsaved)

    @Slot(QDockWidget)
    def _on_dock_added(self, dock: QDockWidget) -> None:
        self.view_menu.insertAction(self.actions_["reset_layout"], dock.toggleViewAction())

    @Slot()
    def _on_guide(self) -> None:
        open_guide(self)

    @Slot()
    def _on_about(self) -> None:
        ready = self._workbench.ready
        about(self, {"vaegui": __version__} | (ready.versions if ready else {}))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first time."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take whatever is dragged here."""
        self._drops.accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take it at any place."""
        self._drops.accept(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped, or say why not."""
        self._drops.take(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved steps; then end everything."""
        if not self._may_close:
            self._in_close_event = True
            self.files.confirm_discard(self._close_now)
            self._in_close_event = False
        if not self._may_close:
            event.ignore()
            return
        self._preferences.keep_layout(self.saveGeometry(), self.pages.home.layout_state)
        self._bridge.close()
        self._panels.stop()
        self.data.close()
        self.closing.emit()
        # Out of sight at once. The worker ends with its chunk of steps, or with loading TensorFlow;
        # `vaegui.app.main` waits for it.
        self.hide()
        self._worker.close()
        event.accept()

    def _close_now(self) -> None:
        self._may_close = True
        if not self._in_close_event:
            self.close()
