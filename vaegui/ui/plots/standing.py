"""Has the queries answered that the visible panels need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot

from vaegui.queries.base import Query
from vaegui.ui.state.workbench import Workbench

if TYPE_CHECKING:
    from vaegui.ui.plots.canvas import Canvas

__all__ = ["StandingQueries"]


class StandingQueries(QObject):
    """Collects what the panels on screen want to know, whenever that may be something else."""

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._canvases: list[Canvas] = []
        # What comes on screen or leaves it is known only after Qt has laid out the window.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.ask)
        workbench.begun.connect(self.ask)
        workbench.focus_changed.connect(self.ask)

    def add(self, canvas: Canvas) -> None:
        """Look after a canvas from now on."""
        self._canvases.append(canvas)
        canvas.visibility_changed.connect(self._on_visibility_changed)
        canvas.options_changed.connect(self.ask)

    @Slot()
    def ask(self) -> None:
        """Ask for what the panels on screen need now."""
        if self._workbench.run is None:
            return
        queries: list[Query[Any]] = []
        for canvas in self._canvases:
            context = canvas.context
            # Of an earlier step there is no model that could be asked.
            if context is not None and not context.not_kept and canvas.on_screen():
                panel = canvas.panel
                queries += () if panel.lacking(context) else panel.queries(context)
        self._workbench.want(queries)

    @Slot()
    def _on_visibility_changed(self) -> None:
        self._later.start(0)
