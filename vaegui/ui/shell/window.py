"""The window: docks, menus, toolbar, status bar, and what ties them to the workbench."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow

from vaegui.errors import Fix
from vaegui.training.record.events import Failed, Resumed
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.actions import Actions
from vaegui.ui.commands.asking import Asking
from vaegui.ui.commands.file_commands import FileCommands
from vaegui.ui.commands.help_commands import HelpCommands
from vaegui.ui.commands.import_commands import ImportCommands
from vaegui.ui.commands.preset_commands import PresetCommands
from vaegui.ui.commands.run_commands import RunCommands
from vaegui.ui.forms.setup_panel import SetupPanel
from vaegui.ui.help.guide import open_guide
from vaegui.ui.help.shortcuts import show_shortcuts
from vaegui.ui.help.terms import explain_settings
from vaegui.ui.notices.dialogs import Offer, about, show_failure
from vaegui.ui.notices.missing_bar import MissingBar
from vaegui.ui.notices.watchdog import Watchdog
from vaegui.ui.pages.explain.place import Place
from vaegui.ui.pages.tour.tour import Tour
from vaegui.ui.pages.welcome import Welcome
from vaegui.ui.plots.panel_dock import PanelDock
from vaegui.ui.plots.panel_maker import PanelMaker
from vaegui.ui.shell.layout import TITLES, arrange
from vaegui.ui.shell.menus import fill_menus, fill_toolbar
from vaegui.ui.shell.status_bar import StatusBar, fraction
from vaegui.ui.state.bridge import Bridge
from vaegui.ui.state.preferences import Preferences
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Choice, Theme

if TYPE_CHECKING:
    from vaegui.session.worker import Worker

__all__ = ["Window"]

CLOSING = 15.0
"""Seconds that the worker may take to end when the window closes: TensorFlow may be loading."""

NO_PANELS = "All panels are closed. View > Reset layout brings them back."


class Window(QMainWindow):
    """The whole program on screen.

    Parameters
    ----------
    workbench
        What it shows.
    worker
        Whom it orders to do things; it is closed with the window.
    bridge
        Wakes the workbench when the worker has posted something.
    theme, preferences, asking
        The look, what is remembered, and how the user is asked.
    """

    painted = Signal()
    """The window is on screen for the first time."""
    closing = Signal()
    """The window closes and nothing keeps it from doing so; the worker is closed next."""

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
        self._workbench = workbench
        self._worker = worker
        self._bridge = bridge
        self._theme = theme
        self._preferences = preferences
        self._has_painted = False
        self._may_close = False
        self._in_close_event = False
        asking = asking or Asking()
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.actions_ = Actions(workbench, theme, self)
        self.docks: dict[str, QDockWidget] = {}
        self.setup = SetupPanel(workbench.settings, self)
        self._make_docks()
        panel_docks = {n: d for n, d in self.docks.items() if isinstance(d, PanelDock)}
        self._panels = PanelMaker(workbench, theme, panel_docks, self)
        self.repainter = self._panels.repainter
        self._asking = asking
        self.explain = Place(
            workbench, self._panels, self.docks, theme, asking, self.actions_["explain"], self
        )
        self.files = FileCommands(workbench, worker, self.actions_, asking, preferences, self)
        self.imports = ImportCommands(
            workbench, worker, self.actions_, asking, self.files.secure, self
        )
        self.files.found_foreign.connect(self.imports.start)
        self.runs = RunCommands(workbench, worker, self.actions_, asking, self.files.secure, self)
        self.help = HelpCommands(workbench, theme, self.actions_, self)
        self.presets = PresetCommands(
            workbench, worker, self.files.secure, self.setup.set_value, self
        )
        self.welcome = Welcome(
            self.presets, self.actions_, self.files.open, preferences, theme, self
        )
        self.tour = Tour(self)
        explain_settings(self.setup)
        self.status = StatusBar(workbench, worker, self)
        self.setStatusBar(self.status)
        fill_toolbar(self, self.actions_)
        self.missing = MissingBar(workbench, self.files.open, self)
        self.view_menu = fill_menus(self)
        self._connect()
        self._restore()
        self.watchdog = Watchdog(workbench, worker, self._rescue, self)
        self.watchdog.limit = preferences.silence or self.watchdog.limit
        self._on_title()

    @property
    def workbench(self) -> Workbench:
        """What the window shows."""
        return self._workbench

    @property
    def preferences(self) -> Preferences:
        """What is remembered from one start to the next."""
        return self._preferences

    @property
    def theme(self) -> Theme:
        """The look of the program."""
        return self._theme

    def say(self, message: str) -> None:
        """Show a passing message in the status bar."""
        self.status.say(message)

    @Slot(str)
    def _on_preset(self, message: str) -> None:
        # It is about a training to come.
        self.status.say(message, ("training",))

    def fail(self, failed: Failed) -> None:
        """Show that something did not work; the program goes on."""
        if failed.cancelled:
            self.say(failed.message)
            return
        offer = None
        if failed.fix is not None:
            offer = Offer(failed.fix.label, partial(self._mend, failed.fix, failed.what))
        elif failed.what == "saving":
            offer = Offer("Save As ...", self.files.save_as)
        show_failure(self, failed, offer)

    def _mend(self, fix: Fix, what: str) -> None:
        """Put the values that would mend a failure into Setup, and try again."""
        run = self._workbench.run
        settings = self.setup.value or (run.begun.settings if run else Settings())
        self.setup.set_value(settings.with_values(fix.values))
        if what == "training" and self.setup.value is not None:
            self.runs.train_anew(self.setup.value)

    def reset_layout(self) -> None:
        """Put all docks back where the program has them at first."""
        self.explain.close()
        arrange(self, self.docks)

    def focus_panel(self, name: str) -> None:
        """Bring a dock to the front and give it the keyboard."""
        self.welcome.close_page()
        dock = self.docks[name]
        dock.show()
        dock.raise_()
        target = dock.canvas if isinstance(dock, PanelDock) else self.setup
        if target is not None:
            target.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if not target.hasFocus():
                self.focusNextChild()

    def choose_theme(self, choice: Choice) -> None:
        """Put a theme on and remember it."""
        self._preferences.theme = choice
        self._theme.set_choice(choice)

    def _make_docks(self) -> None:
        for name, title in TITLES.items():
            if name == "setup":
                dock = QDockWidget(title, self)
                dock.setObjectName(name)
                dock.setWidget(self.setup)
            else:
                dock = PanelDock(name, title, self._workbench, self)
            self.docks[name] = dock

    def _connect(self) -> None:
        workbench, actions = self._workbench, self.actions_
        self._bridge.woken.connect(workbench.take)
        workbench.changed.connect(self._on_title)
        workbench.changed.connect(self._on_news)
        workbench.begun.connect(self._on_begun)
        workbench.state_changed.connect(self._on_title)
        workbench.state_changed.connect(self._on_state_changed)
        workbench.failed.connect(self.fail)
        self._panels.unplaced.connect(self._on_unplaced)
        self.repainter.snapshot_painted.connect(self._on_snapshot_painted)
        self.setup.changed.connect(self._on_setup_changed)
        self.setup.applied.connect(self.runs.change)
        self.runs.refused.connect(self._on_refused)
        self.runs.put_back.connect(self.setup.set_value)
        self.files.said.connect(self.say)
        workbench.told.connect(self.say)
        self.presets.said.connect(self._on_preset)
        self.files.opening.connect(self.welcome.wait_for)
        self.imports.opening.connect(self.welcome.wait_for)
        workbench.begun.connect(self.welcome.close_page)
        workbench.failed.connect(self.welcome.settle)
        self.welcome.closed.connect(self.repainter.wake)
        actions["welcome"].triggered.connect(self.welcome.open)
        self.help.said.connect(self.say)
        actions["stop"].triggered.connect(self.status.give_up)
        actions["quit"].triggered.connect(self.close)
        actions["reset_layout"].triggered.connect(self.reset_layout)
        actions["next_panel"].triggered.connect(partial(self._walk, 1))
        actions["previous_panel"].triggered.connect(partial(self._walk, -1))
        actions["shortcuts"].triggered.connect(partial(show_shortcuts, self))
        actions["about"].triggered.connect(self._on_about)
        actions["tour"].triggered.connect(self.tour.start)
        actions["guide"].triggered.connect(self._on_guide)

    def _restore(self) -> None:
        self.resize(1320, 840)
        self.restoreGeometry(self._preferences.geometry)
        arrange(self, self.docks)
        layout = self._preferences.layout
        if not layout.isEmpty():
            self.restoreState(layout)

    def _walk(self, step: int) -> None:
        """Give the keyboard to the next visible dock, or the one before."""
        names = [name for name, dock in self.docks.items() if dock.isVisible()]
        focus = self.focusWidget()
        here = next(
            (i for i, n in enumerate(names) if focus and self.docks[n].isAncestorOf(focus)),
            -1 if step > 0 else 0,
        )
        if names:
            self.focus_panel(names[(here + step) % len(names)])

    @Slot()
    def _on_begun(self) -> None:
        run = self._workbench.run
        if run is None:
            return
        if run.begun.path is not None or run.begun.recovered or run.begun.imported:
            self.setup.set_value(run.begun.settings)
        self.setup.set_run_settings(run.begun.settings)

    @Slot(object)
    def _on_news(self, news: frozenset[type]) -> None:
        run, shown = self._workbench.run, self.setup.value
        if run is None or Resumed not in news:
            return
        settings = run.begun.settings
        # A run that is done goes on for as many epochs again: Setup asks for no other number.
        if shown is not None and shown.training.epochs <= run.step // run.begun.steps_per_epoch:
            settings = settings.with_values({"training.epochs": shown.training.epochs})
        self.setup.set_run_settings(settings)

    @Slot()
    def _on_state_changed(self) -> None:
        self.setup.set_can_apply(self._workbench.state in ("idle", "training", "paused"))

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
    def _on_setup_changed(self) -> None:
        self._workbench.set_settings(self.setup.value)
        explain_settings(self.setup)

    @Slot()
    def _on_refused(self) -> None:
        path, sentence = next(iter(self.setup.problems().items()), ("", "Setup is incomplete."))
        self.focus_panel("setup")
        if path:
            self.setup.show_problem(path, sentence)
        self.say(f"Cannot train: {sentence}")

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

    @Slot(PanelDock)
    def _on_unplaced(self, dock: PanelDock) -> None:
        self.docks[dock.objectName()] = dock
        self.view_menu.insertAction(self.actions_["reset_layout"], dock.toggleViewAction())
        if not self.restoreDockWidget(dock):
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            self.tabifyDockWidget(self.docks["input"], dock)

    @Slot()
    def _on_guide(self) -> None:
        open_guide(self)

    @Slot()
    def _on_about(self) -> None:
        ready = self._workbench.ready
        about(self, ready.versions if ready else {})

    def sizeHint(self) -> QSize:
        """The size before anything is remembered."""
        return QSize(1320, 840)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first time; where no panel is left, say how they come back."""
        super().paintEvent(event)
        shown = [d for d in self.findChildren(QDockWidget) if d.isVisible() and not d.isFloating()]
        if not shown:
            painter = QPainter(self)
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NO_PANELS)
            painter.end()
        if not self._has_painted:
            self._has_painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a model file where one can be opened."""
        if _model_file(event) and self.actions_["open"].isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the model file."""
        event.acceptProposedAction()
        self.files.open(_model_file(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved steps; then end everything."""
        if not self._may_close:
            self._in_close_event = True
            self.files.secure(self._close_now)
            self._in_close_event = False
        if not self._may_close:
            event.ignore()
            return
        self.explain.close()
        self._preferences.keep_layout(self.saveGeometry(), self.saveState())
        self._bridge.woken.disconnect(self._workbench.take)
        self._panels.stop()
        self.closing.emit()
        # Out of sight first: the present chunk of steps, or the loading, has to end.
        self.hide()
        self._worker.close(CLOSING)
        event.accept()

    def _close_now(self) -> None:
        self._may_close = True
        if not self._in_close_event:
            self.close()


def _model_file(event: QDropEvent) -> str:
    """The path of the one model file that is dragged, or an empty string."""
    urls = event.mimeData().urls()
    paths = [url.toLocalFile() for url in urls if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].lower().endswith(".keras") else ""
