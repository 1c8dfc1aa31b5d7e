"""Training into a run folder and following it, on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import vaegui
from tests.cli.test_cli import TINY
from tests.files.run_folder.folders import fake_begun, fake_events, write
from vaegui.cli import follow
from vaegui.cli import main as cli
from vaegui.errors import FileError
from vaegui.files.run_folder import follower


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "PAUSE", 0.01)


def test_a_run_folder_holds_the_model_and_is_followed_to_the_same_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "runs" / "1"
    command = ["train", *TINY, "--epochs", "2", "--json", "--run-folder", str(folder)]
    assert cli.main(command) == 0
    trained = capsys.readouterr()
    assert f"Saved to {folder / 'checkpoint.keras'} after 24 steps." in trained.err
    assert vaegui.load(folder / "checkpoint.keras").step == 24
    assert cli.main(["follow", str(folder), "--json"]) == 0
    watched = capsys.readouterr()
    assert watched.out == trained.out
    assert [line[:10] for line in watched.err.splitlines()[:2]] == ["epoch 1/2:", "epoch 2/2:"]
    assert cli.main(command) == 2
    assert "already holds a run" in capsys.readouterr().err


def test_it_is_asked_where_to_save(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", *TINY]) == 2
    assert "Add --out FILE.keras" in capsys.readouterr().err


def test_a_model_file_is_written_beside_the_folder_if_asked(tmp_path: Path) -> None:
    out, folder = tmp_path / "run.keras", tmp_path / "run"
    command = ["train", *TINY, "--epochs", "1", "--out", str(out), "--run-folder", str(folder)]
    assert cli.main(command) == 0
    assert vaegui.load(out).step == vaegui.load(folder / "checkpoint.keras").step == 12


def test_a_run_that_cannot_begin_leaves_nothing_in_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = ["train", *TINY, "--set", "training.device=GPU:7", "--run-folder", str(folder)]
    assert cli.main(command) == 2
    assert not folder.exists() or list(folder.iterdir()) == []


def test_what_cannot_be_finished_in_the_folder_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise FileError("The disk is full.", "Free some space.")

    out, folder = tmp_path / "run.keras", tmp_path / "run"
    monkeypatch.setattr("vaegui.files.run_folder.writer.RunWriter.finish", full)
    command = ["train", *TINY, "--epochs", "1", "--out", str(out), "--run-folder", str(folder)]
    assert cli.main(command) == 2
    assert vaegui.load(out).step == 12
    assert "The disk is full." in capsys.readouterr().err
    assert cli.main(["follow", str(folder)]) == 2
    assert "The disk is full." in capsys.readouterr().err


def test_a_writer_that_died_ends_following_with_what_can_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    begun = fake_begun()
    write(tmp_path, begun, fake_events(begun), pid=child.pid, checkpoint_step=150)
    assert cli.main(["follow", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "epoch 2/" in error
    assert "ended without saying so" in error
    assert "its model after 150 steps" in error


def test_a_folder_that_is_not_there_yet_is_waited_for_until_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(follower, "PATIENCE", 0.0)
    looks = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) > 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    assert cli.main(["follow", str(tmp_path / "later")]) == 130
    error = capsys.readouterr().err
    assert error.count("holds no run yet") == 1
    assert error.splitlines()[-1] == "vaegui: Following was cancelled."


def test_a_file_cannot_be_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "run.keras").write_text("")
    assert cli.main(["follow", str(tmp_path / "run.keras")]) == 2
    assert "is a file" in capsys.readouterr().err


def test_following_loads_no_tensorflow_and_shows_a_run_while_it_trains(tmp_path: Path) -> None:
    begun = fake_begun()
    write(tmp_path, begun, fake_events(begun), state="finished", reason="complete", step=200)
    program = (
        "import sys; from vaegui.cli.main import main; "
        f"assert main(['follow', {str(tmp_path)!r}, '--json']) == 0; "
        "assert not {'tensorflow', 'keras', 'PySide6'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["epochs"] == 2
