"""The widget that shows a panel and passes the mouse on to it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal, cast

import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vaegui.panels.context import Context, Options
from vaegui.panels.drawing.navigation import CLICK
from vaegui.panels.panel import HasHoverText, Panel, Pointer
from vaegui.panels.style import Style
from vaegui.queries.base import Repeat
from vaegui.runs.run import Run
from vaegui.training.record.events import Probes, State
from vaegui.ui.forms.form_field import tip
from vaegui.ui.plots.layers import Layers, PixelSize
from vaegui.ui.state.workbench import Workbench

__all__ = ["Canvas"]

DESCRIBE_EVERY = 1.0
"""Seconds between two descriptions for screen readers."""

_BUTTONS = {
    Qt.MouseButton.LeftButton: 1,
    Qt.MouseButton.MiddleButton: 2,
    Qt.MouseButton.RightButton: 3,
}
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
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Canvas(QWidget):
    """A widget that shows one panel.

    What the mouse can do there is its status tip. A right click that the panel has no use for
    asks for the menu of the panel.

    Parameters
    ----------
    text
        How many times larger than usual text is.
    """

    needs_redraw = Signal()
    """It must be painted anew: another size, another screen, other colours."""
    visibility_changed = Signal()
    """It came on screen or left it."""
    used = Signal()
    """The user presses, drags or turns the wheel on it."""
    drawn = Signal()
    """The panel has taken in the run and the focus as they are now; not all is painted yet."""
    painted = Signal()
    """What was drawn is on screen."""
    menu_wanted = Signal(QPoint)
    """The user wants the menu of the panel, at a point of the screen."""
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
        self._style = style
        self._text = text
        self._layers = Layers()
        # The probes of the run that the panel was set up for.
        self._set_up_for: Probes | None = None
        # What it read of the context that it drew last.
        self._read: tuple[object, ...] | None = None
        # The size at which the image was drawn.
        self._drawn_at: PixelSize | None = None
        self._parts: Iterator[None] | None = None
        self._expected: Run | None = None
        self._image = QImage()
        # What was still to come when the image was drawn: it shows nothing of the model then.
        self._awaited = ""
        self._instead = ""
        self._ring = False
        self._pressed: tuple[float, float] | None = None
        self._described = -DESCRIBE_EVERY
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(panel.title)
        self.setMouseTracking(isinstance(panel, HasHoverText))
        self.setStatusTip(panel.gestures)
        workbench.state_changed.connect(self.update)
        workbench.begun.connect(self._on_begun)

    @property
    def outdated(self) -> bool:
        """See `Paintable.outdated`."""
        context = self.context
        return context is not None and self._read_of(context) != self._read

    @property
    def shows_snapshots(self) -> bool:
        """See `Paintable.shows_snapshots`: it draws one, or what is asked anew of each."""
        context = self.context
        if context is None or context.snapshot is None:
            return False
        asked = (query.repeat is Repeat.WITH_SNAPSHOTS for query in self.panel.queries(context))
        return any(asked) or any(v is context.snapshot for v in self.panel.depends(context))

    def _read_of(self, context: Context[Any]) -> tuple[object, ...]:
        """What the panel reads of a context, and of which run."""
        return context.run, *self.panel.depends(context)

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

    @Slot()
    def _on_begun(self) -> None:
        self.set_options(self.options.for_another_run())

    def set_style(self, style: Style, text: float = 1.0) -> None:
        """Use other colours, and text so many times larger, from the next paint on.

        What is shown until then has neither, and goes.
        """
        self._style, self._text = style, text
        self._set_up_for = None
        self._image = QImage()
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

    def _rehearsing(self, run: Run) -> Iterator[None]:
        """Draw a run where nobody sees it: the artists and glyphs that this makes are kept."""
        self._set_up(run)
        self.panel.draw(Context(run, self._workbench.focus, self.options))
        yield
        self._layers.draw_static(self.panel.artists())
        yield
        self._layers.paint(self.panel.artists())
        self._layers.forget()
        yield

    def _painting(self) -> Iterator[None]:
        context = self.context
        resized = self._layers.fit(self._size(), self._text)
        expected, self._expected = self._expected, None
        if context is None and expected is not None:
            yield from self._rehearsing(expected)
            context = self.context
        if context is None:
            return
        awaited = self.coming
        fresh = self._set_up(context.run)
        self._read = self._read_of(context)
        changed = self.panel.draw(context)
        self.drawn.emit()
        if changed or fresh or resized or self._layers.empty:
            yield
            self._layers.draw_static(self.panel.artists())
            yield
        if self._layers.paint(self.panel.artists()):
            self._image, self._drawn_at = self._layers.image(), self._layers.fitted
            self.update()
        if awaited != self._awaited:
            self._awaited = awaited
            self.update()
        if time.monotonic() - self._described >= DESCRIBE_EVERY:
            self._describe()

    def _set_up(self, run: Run) -> bool:
        """Let the panel make its artists for a run, unless it has; whether it did."""
        if self._is_for(run):
            return False
        self._layers.figure.clear()
        self.panel.setup(self._layers.figure, self._style, run.begun)
        self._set_up_for = run.begun.probes
        return True

    def _is_for(self, run: Run) -> bool:
        """Whether the panel's artists were made for a run, or for one that was expected."""
        return self._set_up_for is run.begun.probes

    def _size(self) -> PixelSize:
        """Width and height in Qt's pixels, at least what a figure can bear, and the scale."""
        return max(self.width(), 16), max(self.height(), 16), self.devicePixelRatioF()

    def _describe(self) -> None:
        self._described = time.monotonic()
        context = self.context
        text = self.panel.empty if context is None else self.panel.describe(context)
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
        self._layers.resize(inches)
        if (context := self.context) is not None:
            self._set_up(context.run)
            self.panel.draw(context)
        self._layers.save(file, kind, dpi, title, self._style.text)
        # The panel is laid out for the file now.
        self._parts = None
        self._layers.forget()
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
        painter.fillRect(self.rect(), QColor(self._style.background))
        if words := self._instead or self.coming or self._awaited or self._empty:
            painter.setPen(QColor(self._style.muted))
            inner = self.rect().adjusted(16, 8, -16, -8)
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        elif not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._target(), self._image)
        if self._ring:
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _target(self) -> QRectF:
        """Where the picture goes: pixel upon pixel, or in the middle until it is drawn anew."""
        size = QSizeF(self._image.size()) / self.devicePixelRatioF()
        if self._drawn_at == self._size():
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
        if self._set_up_for is not None:
            self._describe()
        self._ring = event.reason() in _BY_KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ring = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel."""
        self._pressed = self._pixels(event.position())
        self._point("press", event.position(), _BUTTONS.get(event.button(), 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pass a drag on to the panel."""
        held = next((n for button, n in _BUTTONS.items() if event.buttons() & button), 0)
        if held:
            self._point("drag", event.position(), held)
        elif isinstance(self.panel, HasHoverText) and (context := self._pointed):
            told = self.panel.hover_text(*self._pixels(event.position()), context)
            place = event.globalPosition().toPoint()
            heading, *rest = told.split("\n")
            QToolTip.showText(place, tip(*rest, heading=heading) if told else "", self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel; a right click that it has no use for opens its menu."""
        used = self._point("release", event.position(), _BUTTONS.get(event.button(), 0))
        pressed, self._pressed = self._pressed, None
        moved = pressed is not None and math.dist(pressed, self._pixels(event.position())) > CLICK
        if event.button() == Qt.MouseButton.RightButton and not used and not moved:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.menu_wanted.emit(event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu by keyboard; by mouse only the release tells a click from a drag."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Pass it on to the panel."""
        self._point("double", event.position(), _BUTTONS.get(event.button(), 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pass it on to the panel."""
        self._point("wheel", event.position(), 0, event.angleDelta().y() / 120)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With the arrows, pick the next or previous example."""
        step, context = _STEPS.get(cast("Qt.Key", event.key())), self.context
        example = None if step is None or context is None else context.neighbour(step)
        if example is None or context is None:
            super().keyPressEvent(event)
            return
        self.used.emit()
        self._workbench.look_at(context.focus.replace(example=example))

    def apply(self, context: Context[Any]) -> bool:
        """Look at what a panel says, and by the options that it says; whether either is another."""
        before = self._workbench.focus, self.options
        self._workbench.look_at(context.focus)
        self.set_options(context.options)
        return (self._workbench.focus, self.options) != before

    @property
    def _pointed(self) -> Context[Any] | None:
        """What the mouse is over; None before there are artists for it."""
        context = self.context
        return context if context is not None and self._is_for(context.run) else None

    def _pixels(self, at: QPointF) -> tuple[float, float]:
        """A place in the widget -> figure pixels from the lower left."""
        ratio = self.devicePixelRatioF()
        return at.x() * ratio, (self.height() - at.y()) * ratio

    def _point(
        self,
        kind: Literal["press", "drag", "release", "double", "wheel"],
        at: QPointF,
        button: int,
        turns: float = 0.0,
    ) -> bool:
        """Tell the panel what the mouse does; whether anything came of it."""
        context = self._pointed
        if context is None:
            return False
        x, y = self._pixels(at)
        axes = self._layers.axes_at(x, y)
        data = None
        if axes is not None:
            across, up = axes.transData.inverted().transform((x, y))
            data = float(across), float(up)
        pointer = Pointer(kind, x, y, axes, data, button, turns, self._pressed)
        self.used.emit()
        return self.apply(self.panel.point(pointer, context))
