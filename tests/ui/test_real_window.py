"""The program as its user has it: a real window on a display of its own, driven by the mouse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, sys, time
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from vaegui.app import build

app, window = build(["vaegui"])
bench = window.workbench
window.show()

def until(fact, seconds=90):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, f"it never came; state {bench.state}"
        app.processEvents()

def click(name):
    action = window.actions_[name]
    until(action.isEnabled)
    button = next(b for b in window.findChildren(QToolButton) if b.defaultAction() is action)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

until(lambda: bench.state == "idle")
window.setup.set_value(bench.settings.with_values(
    {"data.kind": "digits", "architecture.widths": [32], "training.epochs": 100000,
     "training.compiler": "graph"}))
click("train")
until(lambda: bench.run is not None and bench.run.step > 30 and bench.run.snapshot is not None)
live = bench.run.snapshot.step
click("pause")
until(lambda: bench.state == "paused")
paused = bench.run.step
click("step")
until(lambda: bench.run.step == paused + 1 and bench.state == "paused")
click("pause")
until(lambda: bench.run.step > paused + 5)
click("stop")
until(lambda: bench.state == "idle" and bench.run.finished is not None)
stopped = bench.run.step
until(lambda: window.repainter.resting)
seen = window.grab().toImage()
colours = len({seen.pixel(x, y) for x in range(0, seen.width(), 7)
               for y in range(0, seen.height(), 7)})
window.worker.save(sys.argv[1])
until(lambda: bench.path == sys.argv[1])
print(json.dumps({"platform": app.platformName(), "live": live, "paused": paused,
                  "stopped": stopped, "colours": colours, "title": window.windowTitle()}))
window.close()
"""


@pytest.mark.display
def test_a_person_trains_pauses_steps_stops_and_saves_in_a_real_window(
    xvfb: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "model.keras"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        env={**xvfb, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["platform"] == "xcb"
    assert 0 < told["live"] <= told["paused"] < told["stopped"]
    assert told["colours"] > 200  # panels with ellipses, curves and pictures, not empty grey
    assert "model" in told["title"]
    assert path.stat().st_size > 10_000
