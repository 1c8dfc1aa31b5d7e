"""The real program, driven and timed from inside; a process of its own that writes JSON.

``python -m benchmarks.window.driven startup|changed|training BEGUN``, where BEGUN is
`time.monotonic` when the process was started.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QEventLoop,
    QObject,
    QPointF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QMouseEvent

from vaegui.app import build
from vaegui.machine.display import why_no_display
from vaegui.queries.decode import Decode
from vaegui.training.settings.settings import Settings
from vaegui.ui.shell.window import Window

__all__ = ["main"]

BEAT = 0.002
"""Seconds between two beats of the heart that is missed while the event loop is held up."""
MOVE = 0.016
"""Seconds between two movements of the mouse."""
DRAGS = 250
PAIRS = 6
SECONDS = 3.0
"""Length of each part of a pair."""
STOPS = 8
ENDING = 60.0
"""Seconds that the worker may take to end, and to be done with what it compiles."""
LOOKING = 5.0
"""Seconds that somebody looks at the window before pressing Train."""
CHANGED = {"latent_units": 3}
"""A change for which another model must be compiled."""


def main() -> None:
    """Run one of the programmes."""
    programme, begun = sys.argv[1], float(sys.argv[2])
    assert not why_no_display()
    app, window = build(["vaegui"])
    painted: list[float] = []
    window.painted.connect(
        # What is posted after a paint comes when it is on screen.
        lambda: QTimer.singleShot(0, lambda: painted.append(time.monotonic() - begun))
    )
    window.show()
    wait_for(lambda: bool(painted))
    with Heart() as heart:
        wait_for(lambda: window.workbench.state == "idle" and window.repainter.resting)
        sleep(1.0)
    found: dict[str, Any] = {"painted": painted[0], "loading": max(heart.gaps)}
    if programme != "startup":
        sleep(LOOKING)
        found = _changed(window) if programme == "changed" else _training(window)
    print(json.dumps(found))
    sys.stdout.flush()
    window.files.confirm_discard = lambda then: then()  # type: ignore[method-assign]
    window.close()
    app.processEvents()
    # The interpreter must not go away while TensorFlow is at work.
    assert window.worker.close(ENDING)


def _training(window: Window) -> dict[str, Any]:
    seen = Seen(window)
    # So many epochs need no other model, only time.
    _set(window, {"training.epochs": 10_000})
    with Heart() as heart:
        first_loss = _train(window, seen)
        sleep(8.0)
    gaps = heart.gaps
    while_training = _drag(window, seen)
    pairs = _pairs(window)
    stops = [_stop(window) for _ in range(STOPS)]
    window.actions_["stop"].trigger()
    wait_for(lambda: window.workbench.state == "idle")
    sleep(0.5)
    idle = _drag(window, seen)
    return {
        "first_loss": first_loss,
        "gaps": gaps,
        "drag_training": while_training,
        "drag_idle": idle,
        "pairs": pairs,
        "stops": stops,
    }


def _changed(window: Window) -> dict[str, Any]:
    seen = Seen(window)
    _set(window, CHANGED)
    return {"first_loss": _train(window, seen)}


def _set(window: Window, values: dict[str, Any]) -> None:
    settings = Settings().with_values(values)
    window.setup.set_value(settings)
    window.workbench.set_settings(settings)


def _train(window: Window, seen: Seen) -> float:
    """Seconds from pressing Train until a loss is on screen."""
    begin = time.monotonic()
    window.actions_["train"].trigger()
    wait_for(lambda: bool(seen.losses))
    return seen.losses[0] - begin


def sleep(seconds: float) -> None:
    """Let the event loop run undisturbed."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait_for(fact: Callable[[], bool], timeout: float = 60.0) -> None:
    """Let the event loop run until something is so."""
    loop = QEventLoop()
    end = time.monotonic() + timeout
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if fact() or time.monotonic() > end else None)
    timer.start(1)
    loop.exec()
    if not fact():
        raise TimeoutError("The program did not come so far.")


class Heart(QObject):
    """Beats every 2 ms in the event loop; ``gaps`` are the seconds between beats, none left out."""

    def __enter__(self) -> Heart:
        self.gaps: list[float] = []
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start(round(1000 * BEAT))
        return self

    def __exit__(self, *_: object) -> None:
        self._on_beat()
        self._timer.stop()

    def _on_beat(self) -> None:
        now = time.monotonic()
        self.gaps.append(now - self._last)
        self._last = now


class Seen(QObject):
    """What came on screen, and when."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._workbench = window.workbench
        self.losses: list[float] = []
        self.answers: list[tuple[float, tuple[float, ...]]] = []
        self.paints: dict[str, list[float]] = {}
        canvases = [dock.canvas for dock in window.docks.values() if hasattr(dock, "canvas")]
        self.latent = next(c for c in canvases if c.panel.name == "latent")
        for canvas in canvases:
            self._watch(canvas)
        self._shown: dict[str, Any] = {}
        original, seen = type(self.latent).paintEvent, self

        def paint_event(canvas: Any, event: Any) -> None:
            original(canvas, event)
            seen._on_screen(canvas.panel.name)

        type(self.latent).paintEvent = paint_event

    def _watch(self, canvas: Any) -> None:
        paint, name = canvas.paint, canvas.panel.name
        times = self.paints.setdefault(name, [])
        found: list[Any] = []

        def timed() -> bool:
            begin = time.monotonic()
            # What is painted is what the first part finds.
            found[:] = found or [self._found(name)]
            whole: bool = paint()
            times.append(time.monotonic() - begin)
            if whole:
                self._shown[name] = found.pop() or self._shown.get(name)
            return whole

        canvas.paint = timed

    def _found(self, name: str) -> Any:
        run = self._workbench.run
        if run is not None and name == "loss":
            return run.step
        if run is not None and name == "latent":
            decoded = run.latest(Decode)
            return None if decoded is None else decoded.value.query.z
        return None

    def _on_screen(self, name: str) -> None:
        if name == "loss" and self._shown.get(name):
            self.losses.append(time.monotonic())
        elif name == "latent" and self._shown.get(name):
            self.answers.append((time.monotonic(), self._shown[name]))


class Mouse(QObject):
    """Drags the cursor of the latent panel in a spiral, by the clock, whatever the window does.

    Attributes
    ----------
    asked
        When each movement was due, and the z that the window made of it.
    """

    _due = Signal(float, float, float)

    def __init__(self, window: Window, canvas: Any) -> None:
        super().__init__()
        self._workbench, self._canvas = window.workbench, canvas
        self._middle = QPointF(canvas.width() / 2, canvas.height() / 2)
        self._radius = 0.3 * min(canvas.width(), canvas.height())
        self.asked: list[tuple[float, tuple[float, ...]]] = []
        # Queued, so that it waits for its turn in the event loop as a real mouse's events do.
        self._due.connect(self._on_due, Qt.ConnectionType.QueuedConnection)

    def drag(self) -> None:
        """Press, make all movements, release when the last was taken in."""
        self._send(QEvent.Type.MouseButtonPress, self._middle)
        thread = threading.Thread(target=self._move)
        thread.start()
        wait_for(lambda: len(self.asked) == DRAGS)
        thread.join()
        self._send(QEvent.Type.MouseButtonRelease, self._middle)

    def _move(self) -> None:
        begin = time.monotonic()
        for i in range(DRAGS):
            moment = begin + i * MOVE
            time.sleep(max(0.0, moment - time.monotonic()))
            turn, radius = 2 * math.pi * i / DRAGS, self._radius * (0.5 + i / DRAGS / 2)
            self._due.emit(moment, radius * math.cos(turn), radius * math.sin(turn))

    @Slot(float, float, float)
    def _on_due(self, moment: float, x: float, y: float) -> None:
        self._send(QEvent.Type.MouseMove, self._middle + QPointF(x, y))
        self.asked.append((moment, self._workbench.focus.cursor or ()))

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        event = QMouseEvent(kind, at, self._canvas.mapToGlobal(at), button, left, none)
        QCoreApplication.sendEvent(self._canvas, event)


def _drag(window: Window, seen: Seen) -> list[float]:
    """Seconds from each movement of a drag until its decoding is on screen.

    A position that was passed over counts until a later one is shown.
    """
    seen.answers.clear()
    mouse = Mouse(window, seen.latent)
    mouse.drag()
    number = {z: i for i, (_, z) in enumerate(mouse.asked)}
    wait_for(lambda: bool(seen.answers) and number.get(seen.answers[-1][1]) == DRAGS - 1)
    shown = [(when, number[z]) for when, z in seen.answers if z in number]
    return [
        next(when for when, j in shown if j >= i) - due for i, (due, _) in enumerate(mouse.asked)
    ]


def _pairs(window: Window) -> list[tuple[float, float]]:
    """Examples per second in the window and headless, alternating."""
    peer = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.window.headless"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert peer.stdin is not None
    assert peer.stdout is not None
    _pause(window, "paused")
    assert peer.stdout.readline() == "ready\n"
    pairs = []
    for _ in range(PAIRS):
        _pause(window, "training")
        sleep(0.3)
        in_window = _rate(window)
        _pause(window, "paused")
        print(SECONDS, file=peer.stdin, flush=True)
        pairs.append((in_window, float(peer.stdout.readline())))
    _pause(window, "training")
    peer.stdin.close()
    peer.wait()
    return pairs


def _pause(window: Window, wanted: str) -> None:
    window.actions_["pause"].trigger()
    wait_for(lambda: window.workbench.state == wanted)


def _rate(window: Window) -> float:
    run = window.workbench.run
    assert run is not None
    before, begin = run.step, time.monotonic()
    sleep(SECONDS)
    done, seconds = run.step - before, time.monotonic() - begin
    return done / run.begun.steps_per_epoch * run.begun.data.train_examples / seconds


def _stop(window: Window) -> float:
    """Seconds from pressing Stop until the window says that training has ended; then go on."""
    sleep(0.25)
    begin = time.monotonic()
    window.actions_["stop"].trigger()
    wait_for(lambda: window.workbench.state == "idle")
    took = time.monotonic() - begin
    window.actions_["train"].trigger()
    wait_for(lambda: window.workbench.state == "training")
    return took


if __name__ == "__main__":
    main()
