"""The widget that shows a panel and passes mouse and keyboard on to it."""

from __future__ import annotations

import math
from typing import Any, Literal, cast

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from vaegui.panels.context import Context
from vaegui.panels.drawing.navigation import CLICK
from vaegui.panels.panel import HasHoverText, Panel, Pointer
from vaegui.panels.style import Style
from vaegui.ui.forms.form_field import tip
from vaegui.ui.plots.painted_panel import PaintedPanel
from vaegui.ui.state.workbench import Workbench

__all__ = ["Canvas"]

_BUTTONS = {
    Qt.MouseButton.LeftButton: 1,
    Qt.MouseButton.MiddleButton: 2,
    Qt.MouseButton.RightButton: 3,
}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class Canvas(PaintedPanel):
    """A panel that can be pointed at.

    What the mouse can do there is its status tip. A right click that the panel has no use for
    asks for the menu of the panel.
    """

    used = Signal()
    """The user presses, drags or turns the wheel on it."""
    menu_wanted = Signal(QPoint)
    """The user wants the menu of the panel, at a point of the screen."""

    def __init__(
        self,
        panel: Panel,
        workbench: Workbench,
        style: Style,
        parent: QWidget | None = None,
        text: float = 1.0,
    ) -> None:
        super().__init__(panel, workbench, style, parent, text)
        self._pressed: tuple[float, float] | None = None
        self.setMouseTracking(isinstance(panel, HasHoverText))
        self.setStatusTip(panel.gestures)

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
            text = self.panel.hover_text(*self._pixels(event.position()), context)
            place = event.globalPosition().toPoint()
            heading, *rest = text.split("\n")
            QToolTip.showText(place, tip(*rest, heading=heading) if text else "", self)

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

    @property
    def _pointed(self) -> Context[Any] | None:
        """What the mouse is over; None before there are artists for it."""
        context = self.context
        return context if context is not None and self._picture.is_for(context.run) else None

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
        axes, data = self._picture.axes_at(x, y), None
        if axes is not None:
            across, up = axes.transData.inverted().transform((x, y))
            data = float(across), float(up)
        pointer = Pointer(kind, x, y, axes, data, button, turns, self._pressed)
        self.used.emit()
        return self.apply(self.panel.point(pointer, context))
