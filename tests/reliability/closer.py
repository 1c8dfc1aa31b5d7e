"""The program as a process that closes itself at a moment; run by `test_closings`.

``python -m tests.reliability.closer MOMENT MILLISECONDS FILE``: it closes so long after the moment
came, and prints the seconds until the window was out of sight. FILE is where a model is saved.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from vaegui import app
from vaegui.queries.many_times import RunManyTimes
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.asking import Asking
from vaegui.ui.shell.window import Window

LOOK = 10
"""Milliseconds between two looks whether the moment has come."""
MOMENTS = (
    "loading",
    "ready",
    "preparing",
    "training",
    "changing",
    "paused",
    "saving",
    "explaining",
    "trying",
    "estimating",
    "opening",
)


class Closer:
    """Leads a window to a moment, and closes it then."""

    def __init__(self, window: Window, moment: str, delay: int, path: str) -> None:
        self._window, self._bench = window, window.workbench
        self._moment, self._delay, self._path = moment, delay, path
        self._ways = self._way()
        self._wanted: Callable[[], bool] = next(self._ways)
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK)

    def _way(self):  # type: ignore[no-untyped-def]
        """What to wait for, one after another; in between what a user does."""
        window, bench, moment = self._window, self._bench, self._moment
        yield window.isVisible
        if moment == "loading":
            return
        yield lambda: bench.ready is not None and bench.state == "idle"
        if moment == "ready":
            return
        wanted = Settings().with_values({"training.epochs": 1000})
        if moment == "changing":
            # Another network than the one that is being prepared ahead.
            wanted = wanted.with_values({"architecture.widths": [300, 200]})
        window.setup.set_value(wanted)
        window.actions_["train"].trigger()
        if moment in ("preparing", "changing"):
            yield lambda: bench.state == "preparing"
            return
        yield lambda: bench.run is not None and bench.run.step > 20
        if moment == "paused":
            window.actions_["pause"].trigger()
            yield lambda: bench.state == "paused"
        elif moment in ("saving", "opening"):
            window.actions_["save"].trigger()
            if moment == "opening":
                yield lambda: bench.path is not None
                window.worker.open(self._path)
        elif moment == "explaining":
            window.actions_["explain"].trigger()
        elif moment == "trying":
            bench.experiment(RunManyTimes(bench.focus.example, count=100_000, seed=0))
        elif moment == "estimating":
            window.worker.estimate(5_000)

    def _look(self) -> None:
        if self._wanted():
            self._wanted = next(self._ways, self._wanted)
            if self._ways.gi_frame is None:
                self._timer.stop()
                QTimer.singleShot(self._delay, self._close)

    def _close(self) -> None:
        asked = time.monotonic()
        self._window.close()
        # A save is waited for with the window in sight, which the user asked for.
        QTimer.singleShot(0, partial(self._gone, asked))

    def _gone(self, asked: float) -> None:
        if self._window.isVisible():
            QTimer.singleShot(LOOK, partial(self._gone, asked))
        else:
            print(f"{time.monotonic() - asked:.3f}", flush=True)


def main() -> int:
    """Run the program."""
    moment, delay, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    build = app.build
    kept: list[Closer] = []

    def build_and_close(argv: list[str]) -> tuple[QApplication, Window]:
        asking = Asking(unsaved=lambda *_: "discard", save_file=lambda *_: path)
        application, window = build(argv, asking)
        kept.append(Closer(window, moment, delay, path))
        return application, window

    app.build = build_and_close
    return app.main(["vaegui"])


if __name__ == "__main__":
    sys.exit(main())
