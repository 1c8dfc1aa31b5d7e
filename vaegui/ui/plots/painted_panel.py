"""A panel on screen: what it draws, when that is old, and words where there is nothing to draw."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import shiboken6
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from vaegui.panels.context import Context, Options
from vaegui.panels.panel import Panel
from vaegui.panels.style import Style
from vaegui.queries.base import Repeat
from vaegui.runs.run import Run
from vaegui.training.record.state import State
from vaegui.ui.plots.layers import PixelSize
from vaegui.ui.plots.picture import Picture
from vaegui.ui.state.workbench import Workbench

__all__ = ["PaintedPanel"]

DESCRIBE_EVERY = 1.0
"""Seconds between two descriptions for screen readers."""

_BY_KEYBOARD = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}
_COMING: dict[State, str] = {
    "preparing": "The model is being prepared: the first picture comes with its first steps.",
    "opening": "The model is being opened ...",
    "training": "Training begins: the first picture comes in a moment.",
}
"""What is said until there is a first picture of a model."""


class PaintedPanel(QWidget):
    """A widget that shows one panel.

    Parameters
    ----------
    text
        How many times larger than usual text is.
    """

    needs_redraw = Signal()
    """It must be painted anew: another size, another screen, other colours."""
    visibility_changed = Signal()
    """It came on screen or left it."""
    drawn = Signal()
    """The panel has taken in the run and the focus as they are now; not all is painted yet."""
    painted = Signal()
    """What was drawn is on screen."""
    options_changed = Signal()
    """The panel has other options: those of this canvas alone."""
    save_wanted = Signal()
    """The user wants to save the picture."""

    def __init__(
        self,
        panel: Panel,
        workbench: Workbench,
        style: Style,
        parent: QWidget | None = None,
        text: float = 1.0,
    ) -> None:
        super().__init__(parent)
        self.panel = panel
        self.options: Options = panel.first_options
        self._workbench = workbench
        self._picture = Picture(panel, style, text)
        self._parts: Iterator[None] | None = None
        self._expected: Run | None = None
        # What was still to come when the image was drawn: it shows nothing of the model then.
        self._awaited = ""
        self._instead = ""
        self._ring = False
        self._described = -DESCRIBE_EVERY
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(panel.title)
        workbench.state_changed.connect(self.update)
        workbench.begun.connect(self._on_begun)

    @property
    def outdated(self) -> bool:
        """See `Paintable.outdated`."""
        context = self.context
        if context is None:
            return False
        return not self._picture.is_of(context) or bool(self._awaited and not self.coming)

    @property
    def shows_snapshots(self) -> bool:
        """See `Paintable.shows_snapshots`: it draws one, or what is asked anew of each."""
        context = self.context
        if context is None or context.snapshot is None:
            return False
        asked = (query.repeat is Repeat.WITH_SNAPSHOTS for query in self.panel.queries(context))
        return any(asked) or any(v is context.snapshot for v in self.panel.depends(context))

    @property
    def context(self) -> Context[Any] | None:
        """What the panel draws now, or None before there is a run."""
        run = self._workbench.run
        return None if run is None else Context(run, self._workbench.focus, self.options)

    def set_options(self, options: Options) -> None:
        """Show the panel by other options, from the next paint on."""
        if options != self.options:
            self.options = options
            self.options_changed.emit()
            self.needs_redraw.emit()

    def apply(self, context: Context[Any]) -> bool:
        """Take focus and options of a context that the panel returned; whether either changed."""
        before = self._workbench.focus, self.options
        self._workbench.look_at(context.focus)
        self.set_options(context.options)
        return (self._workbench.focus, self.options) != before

    @Slot()
    def _on_begun(self) -> None:
        self.set_options(self.options.for_another_run())

    def set_style(self, style: Style, text: float = 1.0) -> None:
        """Use other colours, and text so many times larger, from the next paint on.

        What is shown until then has neither, and goes.
        """
        self._picture.set_style(style, text)
        self.update()
        self.needs_redraw.emit()

    @property
    def coming(self) -> str:
        """What is said until there is a first picture of a model; '' once there is one."""
        run, state = self._workbench.run, self._workbench.state
        return "" if run is not None and run.snapshot is not None else _COMING.get(state, "")

    @property
    def _empty(self) -> str:
        """What is said while there is no run; '' once there is one."""
        return self.panel.empty if self._workbench.run is None else ""

    def say_instead(self, words: str) -> None:
        """Show words in place of the picture; it comes back with an empty string."""
        if words != self._instead:
            self._instead = words
            self.update()

    def on_screen(self) -> bool:
        """Whether anything of it can be seen: not closed, not behind another tab."""
        return (
            shiboken6.isValid(self)
            and self.isVisible()
            and not self.window().isMinimized()
            and not self.visibleRegion().isEmpty()
        )

    def paint(self) -> bool:
        """Do the next part of bringing the picture up to date; whether it is whole, and shown.

        Keys and mouse need not wait for all of it: moving the artists, drawing what is static,
        and painting what moves on it are parts. All show what the first part found.
        """
        self._parts = self._parts or self._painting()
        for _ in self._parts:
            return False
        self._parts = None
        self.painted.emit()
        return True

    def rehearse(self, run: Run) -> None:
        """Have the panel lay itself out for a run that may begin; what is shown stays."""
        self._expected = run
        self.needs_redraw.emit()

    def _painting(self) -> Iterator[None]:
        context = self.context
        expected, self._expected = self._expected, None
        if context is None and expected is not None:
            expected_context = Context(expected, self._workbench.focus, self.options)
            yield from self._picture.rehearse(expected_context, self._size())
            context = self.context
        if context is None:
            return
        awaited = self.coming
        whole = self._picture.draw(context, self._size())
        self.drawn.emit()
        if (yield from self._picture.paint(whole)) or awaited != self._awaited:
            self._awaited = awaited
            self.update()
        if time.monotonic() - self._described >= DESCRIBE_EVERY:
            self._describe()

    def _size(self) -> PixelSize:
        """Width and height in Qt's pixels, at least what a figure can bear, and the scale."""
        return max(self.width(), 16), max(self.height(), 16), self.devicePixelRatioF()

    def _describe(self) -> None:
        self._described = time.monotonic()
        context = self.context
        text = self.panel.empty
        if context is not None:
            text = self.panel.lacking(context) or self.panel.describe(context)
        self.setAccessibleDescription(text)

    def save(
        self,
        file: str | BinaryIO,
        kind: str,
        inches: tuple[float, float],
        dpi: float,
        title: str,
    ) -> None:
        """Write the picture as "png", "svg" or "pdf", laid out for a size, under a title."""
        self._picture.save(self.context, file, kind, inches, dpi, title)
        # The panel is laid out for the file now.
        self._parts = None
        self.needs_redraw.emit()

    def sizeHint(self) -> QSize:
        """Room for a picture that can be read."""
        return QSize(360, 280)

    def minimumSizeHint(self) -> QSize:
        """Small enough for a crowded window."""
        return QSize(190, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture; one of another size, until it is drawn anew, keeps its proportions."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._picture.style.background))
        if words := self._instead or self.coming or self._awaited or self._empty:
            painter.setPen(QColor(self._picture.style.muted))
            inner = self.rect().adjusted(16, 8, -16, -8)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        elif not self._picture.image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._target(), self._picture.image)
        if self._ring:
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _target(self) -> QRectF:
        """Where the picture goes: pixel upon pixel, or in the middle until it is drawn anew."""
        size = QSizeF(self._picture.image.size()) / self.devicePixelRatioF()
        if self._picture.size == self._size():
            # At a scale that is a fraction it has up to a pixel more than the widget.
            return QRectF(QPointF(0, 0), size)
        room = QSizeF(self.size())
        size = size.scaled(room.boundedTo(size), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(QPointF(0, 0), size)
        target.moveCenter(QRectF(self.rect()).center())
        return target

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the picture drawn anew."""
        super().resizeEvent(event)
        self.needs_redraw.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Have what was missed while hidden drawn."""
        super().showEvent(event)
        self.visibility_changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody need wait for this panel any more."""
        super().hideEvent(event)
        self.visibility_changed.emit()

    def event(self, event: QEvent) -> bool:
        """Have the picture drawn anew when the window comes to a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.needs_redraw.emit()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say what is shown to someone who cannot see it."""
        super().focusInEvent(event)
        self._describe()
        self._ring = event.reason() in _BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ring = False
        self.update()
