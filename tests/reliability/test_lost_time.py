"""The program as its user starts it is killed ten seconds after its training began."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.reliability.figures import record
from vaegui.files.model.model_file import open_model
from vaegui.files.recovery import take_left_runs
from vaegui.training.record.losses import StepsDone

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own and SIGKILL"),
]

LIFE = 10.0
"""Seconds from the first step to the kill."""
PATIENCE = 120.0
"""Seconds until the first step at most."""

COMMAND = [sys.executable, "-m", "vaegui", "train", "--epochs", "100000"]
# The bar of a terminal moves with the first step.
COMMAND_BEGAN = b"epoch 1/100000"

WINDOW = """
import json, sys
from PySide6.QtCore import QEventLoop
from vaegui.app import build

app, window = build(["vaegui"])
bench, train = window.workbench, window.actions_["train"]
window.show()

def until(fact):
    while not fact():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

until(lambda: bench.state == "idle" and train.isEnabled())
changed = {"training.epochs": 100000, **json.loads(sys.argv[1])}
window.setup.set_value(bench.settings.with_values(changed))
until(train.isEnabled)
train.trigger()
until(lambda: bench.run is not None and bench.run.step > 0)
print("began", flush=True)
app.exec()
"""


def killed_after(command: list[str], began: bytes, home: Path, display: dict[str, str]) -> float:
    """Start a program in a terminal, wait until it says that it began, and kill it `LIFE` later.

    Gives the seconds since 1970 at which it was killed.
    """
    folders = {f"XDG_{kind}_HOME": str(home / kind) for kind in ("CONFIG", "CACHE", "DATA")}
    environment = {**os.environ, **display, **folders, "COLUMNS": "120", "TERM": "xterm"}
    here, there = os.openpty()
    program = subprocess.Popen(
        command, stdout=there, stderr=there, env=environment, cwd=Path(__file__).parents[2]
    )
    os.close(there)
    said, end, begun = b"", time.monotonic() + PATIENCE, False
    try:
        while (left := end - time.monotonic()) > 0:
            # What it goes on to say is read, too: a full terminal would hold it up.
            if select.select([here], [], [], left)[0]:
                said += os.read(here, 1 << 16)
            if not begun and began in said:
                begun, end = True, time.monotonic() + LIFE
        assert begun, said.decode(errors="replace")
        assert program.poll() is None, said.decode(errors="replace")
    finally:
        program.kill()
        program.wait()
        os.close(here)
    return time.time()


@pytest.mark.parametrize("batch_size", [128, 1], ids=["short epochs", "within an epoch"])
def test_a_training_on_the_command_line_loses_ten_seconds_at_most(
    batch_size: int, tmp_path: Path
) -> None:
    to = ["--out", str(tmp_path / "out.keras"), "--set", f"training.batch_size={batch_size}"]
    killed = killed_after([*COMMAND, *to], COMMAND_BEGAN, tmp_path, {})
    check(tmp_path, killed, batch_size, "vaegui train")


@pytest.mark.parametrize("batch_size", [128, 1], ids=["short epochs", "within an epoch"])
def test_a_training_in_a_window_loses_ten_seconds_at_most(
    batch_size: int, xvfb: dict[str, str], tmp_path: Path
) -> None:
    changed = f'{{"training.batch_size": {batch_size}}}'
    command = [sys.executable, "-c", WINDOW, changed]
    killed = killed_after(command, b"began", tmp_path, xvfb)
    check(tmp_path, killed, batch_size, "the window")


def check(home: Path, killed: float, batch_size: int, what: str) -> None:
    """What was kept is young enough, and can be gone on with."""
    (left,) = take_left_runs(home / "DATA" / "vaegui" / "autosave")
    age = killed - left.about.saved
    opened = open_model(left.model)
    assert opened.step == left.about.step > 0
    if batch_size == 1:
        assert opened.history.seconds > 0.0
        assert opened.history.epochs == []
    (done,) = [event for event in opened.run(max_steps=1) if isinstance(event, StepsDone)]
    assert done.first == left.about.step + 1
    left.discard()
    record(f"Killed ten seconds after {what} began", f"the last {age:.1f} s lost")
    assert age <= LIFE
