"""When panels are painted: one at a time, no more often than anybody can see or training bears."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from vaegui.training.record.events import Prepared, Resumed, Snapshot

__all__ = ["Paintable", "Repainter"]

FRAME = 0.016
"""Seconds between two paints when nothing else wants the processor."""
TRAINING_FRAME = 0.050
"""Least seconds between two paints while a model trains."""
TRAINING_SHARE = 0.03
"""Part of one processor's time that painting may take while a model trains."""
BRIEF_SHARE = 0.08
"""The same while one trains that is done in a minute or less: all that can be seen of it must be
painted now, and it is a few seconds longer at most."""
LONGEST_PAUSE = 0.25
"""Seconds after which the next panel is painted even if that takes more than its share: what is
slow to paint shall not look as if nothing happened."""
WALL_SHARE = 0.4
"""Part of the window's own time that it may take: what is left answers keys and the mouse. It takes
longer by the clock than by the processor, which the training keeps busy."""
HANDLED_SHARE = 0.5
"""The same while the user handles a panel: then what is handled must follow the hand."""
HANDLED_FOR = 0.3
"""Seconds after the last press or drag that count as handling."""
BETWEEN_PARTS = 0.001
"""Seconds between two parts of one paint."""
PROMPT_FOR = 1.0
"""Seconds in which painting may take as much after a run began, a panel came into sight, or has
another size or theme: nobody can look at what is shown until then."""
OTHERS_EVERY = 0.2
"""Least seconds between two paints of other panels meanwhile."""
_BEGINNINGS: frozenset[type] = frozenset({Prepared, Resumed})


class Paintable(Protocol):
    """What the repainter paints: a canvas."""

    @property
    def outdated(self) -> bool:
        """Whether the picture would be another if it were drawn now."""

    @property
    def shows_snapshots(self) -> bool:
        """Whether the picture becomes another with a snapshot of the model."""

    def on_screen(self) -> bool:
        """Whether anything of it can be seen."""

    def paint(self) -> bool:
        """Do a part of bringing the picture up to date; whether it is whole, and shown."""


class Repainter(QObject):
    """Paints a stale visible panel per tick, or a part of it. Its timer runs only if there is one.

    A panel that cannot be seen stays stale and costs nothing until it is shown. While a model
    trains, the pause after a paint grows with what the paint took, so that painting keeps within
    its share of the time however slow the machine or large the window.

    Parameters
    ----------
    training
        Says whether the time between paints is wanted for training.
    awaited
        Says whether an answer is due any moment: for a frame at most, a paint waits for it, so
        that what follows the hand and the answer come on screen in one.
    brief
        Says whether the training that goes on is over soon. Then painting may take more of its
        time, and the canvas that was added first, the map, has every second turn.
    """

    snapshot_painted = Signal()
    """Every visible panel that shows snapshots has painted the latest: another may be made. Not
    emitted while no such panel is visible, so that none is made for nobody."""

    def __init__(
        self,
        training: Callable[[], bool],
        parent: QObject | None = None,
        awaited: Callable[[], bool] = lambda: False,
        brief: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self._training = training
        self._awaited = awaited
        self._brief = brief
        self._last: Paintable | None = None
        self._canvases: list[Paintable] = []
        self._stale: list[Paintable] = []
        self._unfinished: list[Paintable] = []
        # What the parts took so far, by the wall's and the processor's clock.
        self._took = self._used = 0.0
        self._unpainted_snapshot = False
        self._handled: Paintable | None = None
        self._handled_until = 0.0
        self._prompt_until = 0.0
        self._next = self._others_next = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    @property
    def resting(self) -> bool:
        """Whether there is nothing to paint."""
        return not self._timer.isActive()

    def awaits(self, canvas: Paintable) -> bool:
        """Whether a canvas that can be seen is to be painted, or is half painted."""
        return canvas in self._waiting() and canvas.on_screen()

    def add(self, canvas: Paintable) -> None:
        """Look after a canvas from now on; it is stale."""
        self._canvases.append(canvas)
        self.mark([canvas])

    def mark(self, canvases: Iterable[Paintable]) -> None:
        """Some canvases are stale."""
        for canvas in canvases:
            if canvas not in self._stale:
                self._stale.append(canvas)
        self.wake()

    def renew(self, canvas: Paintable) -> None:
        """What a canvas shows is of another size or theme: paint promptly for a while."""
        now = time.monotonic()
        self._prompt_until = now + PROMPT_FOR
        self._next = min(self._next, now + FRAME)
        self._timer.stop()
        self.mark([canvas])

    def see(self, canvas: Paintable) -> None:
        """A canvas came into sight or left it: one that shows old news is painted promptly."""
        if canvas in self._stale and canvas.on_screen():
            self.renew(canvas)
        self.wake()

    @Slot(object)
    def take(self, news: frozenset[type]) -> None:
        """Events of these classes were taken in: what they change is stale."""
        self._unpainted_snapshot |= Snapshot in news
        if news & _BEGINNINGS:
            self._prompt_until = time.monotonic() + PROMPT_FOR
        self.look()

    @Slot()
    def look(self) -> None:
        """Something else may be known or looked at: the canvases that it changes are stale."""
        self.mark([canvas for canvas in self._canvases if canvas.outdated])

    def handle(self, canvas: Paintable) -> None:
        """The user presses or drags on a canvas: paint promptly for a while, and that one first."""
        if self._handled is not canvas or time.monotonic() >= self._handled_until:
            self._others_next = time.monotonic() + OTHERS_EVERY
        self._handled = canvas
        self._handled_until = time.monotonic() + HANDLED_FOR
        soon = FRAME if self._training() else 0.0
        self._next = min(self._next, time.monotonic() + soon)
        self._timer.stop()
        self.wake()

    @Slot()
    def wake(self) -> None:
        """Something may have been marked, shown or hidden."""
        self._tell_of_snapshot()
        if not any(canvas.on_screen() for canvas in self._waiting()):
            return
        wait = round(1000 * max(0.0, self._due() - time.monotonic()))
        if not self._timer.isActive() or wait < self._timer.remainingTime():
            self._timer.start(wait)

    def _waiting(self) -> list[Paintable]:
        """Those to be painted: what is half done first, then in the order they became stale."""
        return [*self._unfinished, *(c for c in self._stale if c not in self._unfinished)]

    def _due(self) -> float:
        """When the next paint may be, by the monotonic clock."""
        if time.monotonic() >= self._handled_until:
            return self._next
        if self._awaited():
            return max(self._next, self._handled_until - HANDLED_FOR + FRAME)
        if self._training() and self._handled not in self._waiting():
            return max(self._next, self._others_next)
        return self._next

    @Slot()
    def _on_tick(self) -> None:
        visible = [canvas for canvas in self._waiting() if canvas.on_screen()]
        if visible:
            self._paint(self._next_of(visible))
            # What was marked while it painted waits for its turn, too.
            self._timer.stop()
        self.wake()

    def _paint(self, canvas: Paintable) -> None:
        """Paint a part. What comes in after the first part of a picture makes it stale again."""
        if canvas in self._unfinished:
            self._unfinished.remove(canvas)
        else:
            self._stale.remove(canvas)
        self._last = canvas
        begin, used = time.monotonic(), time.thread_time()
        whole = canvas.paint()
        end = time.monotonic()
        self._took += end - begin
        self._used += time.thread_time() - used
        if not whole:
            self._unfinished.insert(0, canvas)
            self._next = end + BETWEEN_PARTS
            return
        self._next = end + self._pause(self._took, self._used)
        self._took = self._used = 0.0

    def _next_of(self, visible: list[Paintable]) -> Paintable:
        """The one that waits longest; while one is handled, that one unless the others' turn came.

        So what follows the hand does so promptly, and the others do not stand still.
        """
        now, handled = time.monotonic(), self._handled
        if now >= self._handled_until or handled is None:
            first = self._canvases[0]
            others_turn = visible[0] in self._unfinished or self._last is first
            return first if self._brief() and first in visible and not others_turn else visible[0]
        others = [canvas for canvas in visible if canvas is not handled]
        if handled in visible and (not others or now < self._others_next):
            return handled
        self._others_next = now + OTHERS_EVERY
        return others[0]

    def _pause(self, took: float, used: float) -> float:
        """Seconds to leave to others after a paint that took and used (of a processor) so many."""
        now = time.monotonic()
        handled = now < self._handled_until
        if not self._training():
            return 0.001 if handled else max(0.001, FRAME - took)
        if handled or now < self._prompt_until:
            return max(FRAME - took, used * (1 / HANDLED_SHARE - 1))
        allowed = BRIEF_SHARE if self._brief() else TRAINING_SHARE
        share = min(used * (1 / allowed - 1), LONGEST_PAUSE)
        return max(TRAINING_FRAME - took, took * (1 / WALL_SHARE - 1), share)

    def _tell_of_snapshot(self) -> None:
        if not self._unpainted_snapshot:
            return
        showing = [c for c in self._canvases if c.shows_snapshots and c.on_screen()]
        if self._brief():
            # The others show whichever is the latest when it is their turn.
            showing = showing[:1]
        waiting = self._waiting()
        if showing and not any(canvas in waiting for canvas in showing):
            self._unpainted_snapshot = False
            self.snapshot_painted.emit()
