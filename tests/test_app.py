from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.hostile.models.foreign import FOREIGN
from vaegui import __main__, app
from vaegui.training.settings.settings import Settings
from vaegui.ui.commands.asking import Asking

SCRIPT = """
import json, sys, time
begin = time.monotonic()
from vaegui.app import build
app, window = build(["vaegui"])
seen = {}

def loaded():
    return [name for name in ("matplotlib", "tensorflow") if name in sys.modules]

def on_painted():
    seen["painted"] = loaded()
    seen["seconds"] = time.monotonic() - begin
    seen["train"] = window.actions_["train"].isEnabled()

def on_drawing():
    seen["drawing"] = loaded()
    app.quit()

window.painted.connect(on_painted)
window.workbench.drawing_ready.connect(on_drawing)
seen["built"] = loaded()
window.show()
app.exec()
print(json.dumps(seen), flush=True)
import os
os._exit(0)  # the rest of loading is no part of this test
"""


def test_the_window_is_there_before_matplotlib_and_tensorflow(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["built"] == []
    assert seen["painted"] == []
    assert not seen["train"]
    assert "matplotlib" in seen["drawing"]
    # Under a second on a machine with nothing else to do; here, others may be at work, too.
    assert seen["seconds"] < 5


NO_EGL = """
import ctypes, sys
from vaegui.machine import display
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("PySide6."):
            raise ImportError("libEGL.so.1: cannot open shared object file")
sys.meta_path.insert(0, Missing())
def refuse(name):
    raise OSError(f"{name}: cannot open shared object file: No such file or directory")
ctypes.CDLL = refuse
display._PROBE = "raise SystemExit(1)"
from vaegui.__main__ import main
sys.argv[:] = ["vaegui"]
sys.exit(main())
"""


def test_a_missing_library_of_qt_is_told_before_qt_is_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_EGL],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": ":0"},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("vaegui cannot open a window: Qt needs the system library")
    assert "apt-get install" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_display_it_says_why_and_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["vaegui"])
    monkeypatch.setattr(
        "vaegui.machine.display.why_no_display", lambda arguments: "No display was found."
    )
    monkeypatch.setattr(app, "main", lambda argv: pytest.fail("the window was opened"))
    assert __main__.main() == 2
    assert capsys.readouterr().err == "No display was found.\n"


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ([], "window"),
        (["model.keras"], "window"),
        (["-platform", "offscreen"], "window"),
        (["--data", "table.csv"], "window"),
        (["train", "--epochs", "1"], "command line"),
        (["--help"], "command line"),
        (["--version"], "command line"),
        (["--nonsense"], "command line"),
    ],
)
def test_the_first_argument_decides_between_window_and_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], where: str
) -> None:
    from vaegui.cli import main as cli

    monkeypatch.chdir(tmp_path)
    for name in ("model.keras", "table.csv"):
        (tmp_path / name).touch()

    went: list[tuple[str, Any]] = []
    monkeypatch.setattr(app, "main", lambda argv: went.append(("window", argv)) or 0)
    monkeypatch.setattr(cli, "main", lambda argv: went.append(("command line", argv)) or 0)
    monkeypatch.setattr(sys, "argv", ["vaegui", *arguments])
    monkeypatch.setattr("vaegui.machine.display.why_no_display", lambda arguments: "")
    assert __main__.main() == 0
    expected = ["vaegui", *arguments] if where == "window" else arguments
    assert went == [(where, expected)]


def test_a_model_is_trained_saved_and_the_program_closed(qtbot: QtBot, tmp_path: Path) -> None:
    path = str(tmp_path / "model.keras")
    asking = Asking(save_file=lambda *_: path, unsaved=lambda *_: "discard")
    _, window = app.build(["vaegui"], asking)
    workbench = window.workbench
    settings = Settings().with_values(
        {
            "data.kind": "digits",
            "architecture.widths": [16],
            "training.epochs": 2,
            "training.compiler": "graph",
        }
    )
    window.setup.set_value(settings)
    workbench.set_settings(settings)
    window.show()
    try:
        qtbot.waitUntil(window.actions_["train"].isEnabled, timeout=120_000)
        window.actions_["train"].trigger()
        qtbot.waitUntil(
            lambda: workbench.run is not None and workbench.run.finished is not None,
            timeout=120_000,
        )
        assert workbench.run is not None
        assert workbench.run.epoch == 2
        qtbot.waitUntil(lambda: window.repainter.resting, timeout=30_000)
        qtbot.waitUntil(window.actions_["save"].isEnabled, timeout=30_000)
        window.actions_["save"].trigger()
        qtbot.waitUntil(lambda: not workbench.unsaved, timeout=60_000)
        assert (tmp_path / "model.keras").is_file()
    finally:
        window.close()
        window.deleteLater()
    assert not window.isVisible()


def test_a_model_of_another_program_on_the_command_line_is_asked_about(qtbot: QtBot) -> None:
    asked: list[str] = []
    asking = Asking(reading=lambda _, foreign, __: asked.append(foreign.name))
    _, window = app.build(["vaegui", str(FOREIGN)], asking)
    window.show()
    try:
        qtbot.waitUntil(lambda: asked == ["foreign.keras"], timeout=30_000)
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["tain"], "neither a file nor a command called tain"),
        (["no.keras"], "no file no.keras"),
        (["--data"], "--data needs a file or folder"),
        (["--data", "no.csv"], "no file or folder no.csv"),
    ],
)
def test_an_argument_that_is_nothing_is_told_before_any_window(
    arguments: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["vaegui", *arguments])
    monkeypatch.setattr("vaegui.machine.display.why_no_display", lambda _: 1 / 0)
    assert __main__.main() == 2
    assert sentence in capsys.readouterr().err
