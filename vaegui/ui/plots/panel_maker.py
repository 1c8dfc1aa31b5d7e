"""Fills the places of panels with canvases once matplotlib is there, and keeps them painted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from vaegui.panels.style import style
from vaegui.runs.run import Run
from vaegui.ui.plots.panel_view import PanelView
from vaegui.ui.plots.repainter import Repainter
from vaegui.ui.plots.standing import StandingQueries
from vaegui.ui.state.workbench import Workbench
from vaegui.ui.theme.theme import Theme

if TYPE_CHECKING:
    from vaegui.panels.panel import Panel
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["PanelMaker"]


class PanelMaker(QObject):
    """Makes one canvas per turn of the event loop, so that the window stays fluent meanwhile.

    Attributes
    ----------
    repainter
        What paints the canvases.
    """

    made = Signal(QWidget)
    """A canvas was made."""
    unplaced = Signal(str, str)
    """Nobody has made a place for the panel of this name and title."""

    def __init__(self, workbench: Workbench, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._theme = theme
        self._kinds: dict[str, type[Panel]] = {}
        self._views: list[PanelView] = []
        self._waiting: list[PanelView] = []
        self._canvases: list[Canvas] = []
        self._expected: Run | None = None
        self._rehearsing: list[Canvas] = []
        self.repainter = Repainter(
            lambda: workbench.state == "training",
            self,
            lambda: workbench.awaiting,
            lambda: workbench.run is not None and workbench.run.brief,
        )
        self._standing = StandingQueries(workbench, self)
        workbench.changed.connect(self.repainter.take)
        workbench.focus_changed.connect(self.repainter.look)
        workbench.expected.connect(self._on_expected)
        workbench.drawing_ready.connect(self._on_drawing_ready)
        theme.changed.connect(self._on_theme_changed)

    def canvas(self, panel: Panel, parent: QWidget) -> Canvas:
        """Make a canvas that is painted and has the theme's colours from now on."""
        # Not before matplotlib was loaded by another thread: it would hold the window up.
        from vaegui.ui.plots.canvas import Canvas

        theme = self._theme
        canvas = Canvas(panel, self._workbench, style(theme.current), parent, theme.text)
        canvas.needs_redraw.connect(partial(self.repainter.renew, canvas))
        canvas.visibility_changed.connect(partial(self.repainter.see, canvas))
        canvas.used.connect(partial(self.repainter.handle, canvas))
        self.repainter.add(canvas)
        self._standing.add(canvas)
        self._canvases.append(canvas)
        self.made.emit(canvas)
        return canvas

    def place(self, view: PanelView) -> None:
        """Have a view filled with its panel, when there is something to draw with."""
        self._views.append(view)
        self._waiting.append(view)
        if self._kinds:
            QTimer.singleShot(0, self, self._on_next)

    @Slot()
    def stop(self) -> None:
        """Make no more canvases: the window closes."""
        self._waiting.clear()
        self._rehearsing.clear()

    @Slot()
    def _on_drawing_ready(self) -> None:
        from vaegui.panels.all import PANELS

        placed = {view.panel for view in self._views}
        for kind in PANELS:
            if kind.name not in placed:
                self.unplaced.emit(kind.name, kind.title)
        self._kinds = {kind.name: kind for kind in PANELS}
        QTimer.singleShot(0, self, self._on_next)

    @Slot()
    def _on_next(self) -> None:
        if self._waiting:
            self._fill(self._waiting.pop(0))
            QTimer.singleShot(0, self, self._on_next)

    def _fill(self, view: PanelView) -> None:
        kind = self._kinds.get(view.panel)
        if kind is None:
            return
        canvas = self.canvas(kind(), view)
        view.fill(canvas)
        if self._expected is not None:
            self._rehearse([canvas])

    @Slot(object)
    def _on_expected(self, run: Run) -> None:
        """Make ready for a run, so that its first pictures take less while it trains."""
        self._expected = run
        self._rehearse([view.canvas for view in self._views if view.canvas is not None])

    def _rehearse(self, canvases: list[Canvas]) -> None:
        """Let canvases get ready for the expected run.

        The repainter sees to those on screen, this to those that come there with the run.
        """
        assert self._expected is not None
        for canvas in canvases:
            canvas.rehearse(self._expected)
        if not self._rehearsing:
            QTimer.singleShot(0, self, self._on_rehearsal)
        self._rehearsing += [canvas for canvas in canvases if canvas not in self._rehearsing]

    @Slot()
    def _on_rehearsal(self) -> None:
        if not self._rehearsing:
            return
        canvas = self._rehearsing[0]
        if self._workbench.run is not None or canvas.on_screen() or canvas.paint():
            self._rehearsing.pop(0)
        QTimer.singleShot(0, self, self._on_rehearsal)

    @Slot()
    def _on_theme_changed(self) -> None:
        for canvas in self._canvases:
            canvas.set_style(style(self._theme.current), self._theme.text)
