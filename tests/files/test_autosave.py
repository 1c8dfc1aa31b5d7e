from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.training import tiny
from vaegui.errors import FileError
from vaegui.files import autosave as module
from vaegui.files import recovery
from vaegui.files.autosave import Autosave
from vaegui.files.model.model_file import open_model
from vaegui.files.recovery import LeftRun, take_left_runs
from vaegui.training.trainer.trainer import Trainer


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    """A run of 12 steps, one epoch."""
    trained = tiny.trainer(training__epochs=1)
    list(trained.run())
    return trained


def left_behind(
    folder: Path, trainer: Trainer, origin: str | None = None, saved: float | None = None
) -> Path:
    """Let a program keep a run and die; the model file. ``saved`` changes when it was."""
    autosave = Autosave(folder)
    before = {*folder.glob("*/*.keras")}
    autosave.keep(trainer, origin)
    del autosave  # and its lock, as at the end of a process
    (model,) = {*folder.glob("*/*.keras")} - before
    if saved is not None:
        path = model.with_suffix(".json")
        path.write_text(json.dumps({**json.loads(path.read_text()), "saved": saved}))
    return model


def give_back(found: list[LeftRun]) -> None:
    for left in found:
        left.give_back()


def test_a_run_that_was_left_behind_is_found_with_what_it_is(
    tmp_path: Path, trainer: Trainer
) -> None:
    left_behind(tmp_path, trainer, "/models/digits.keras")
    (left,) = take_left_runs(tmp_path)
    assert (left.about.step, left.about.epoch, left.about.epochs) == (12, 1, 1)
    assert left.about.origin == "/models/digits.keras"
    assert left.about.data == trainer.data.name
    validation = trainer.history.epochs[-1].validation
    assert validation is not None
    assert left.about.loss == validation.total
    assert abs(left.about.saved - time.time()) < 60
    opened = open_model(left.model)
    assert np.array_equal(opened.history.steps(), trainer.history.steps())
    left.give_back()


def test_the_run_of_a_program_that_goes_on_is_not_offered(tmp_path: Path, trainer: Trainer) -> None:
    autosave = Autosave(tmp_path)
    autosave.keep(trainer, None)
    assert take_left_runs(tmp_path) == []
    del autosave
    gc.collect()
    give_back(found := take_left_runs(tmp_path))
    assert len(found) == 1


def test_nor_is_one_that_another_window_offers(tmp_path: Path, trainer: Trainer) -> None:
    left_behind(tmp_path, trainer)
    (left,) = take_left_runs(tmp_path)
    assert take_left_runs(tmp_path) == []
    left.give_back()
    (again,) = take_left_runs(tmp_path)
    again.discard()
    assert list(tmp_path.iterdir()) == []


def test_each_keeping_takes_the_place_of_the_one_before(tmp_path: Path, trainer: Trainer) -> None:
    autosave = Autosave(tmp_path)
    for _ in range(3):
        autosave.keep(trainer, None)
    (own,) = tmp_path.iterdir()
    assert sorted(path.name for path in own.iterdir()) == ["000003.json", "000003.keras", "lock"]
    autosave.forget(trainer.step)
    assert [path.name for path in own.iterdir()] == ["lock"]
    autosave.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cut", ["000002.json", ".vaegui-0123456789ab.keras"])
def test_the_run_before_is_found_when_saving_was_cut_short(
    tmp_path: Path, trainer: Trainer, cut: str
) -> None:
    model = left_behind(tmp_path, trainer)
    (model.parent / cut).write_bytes(b"half")
    (left,) = take_left_runs(tmp_path)
    assert left.model == model
    assert sorted(path.name for path in model.parent.iterdir()) == [
        "000001.json",
        "000001.keras",
        "lock",
    ]
    left.give_back()


def test_a_failure_leaves_what_was_kept_before(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    autosave = Autosave(tmp_path)
    autosave.keep(trainer, None)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(FileError, match="the disk is full"):
            autosave.keep(trainer, None)
    del autosave
    gc.collect()
    (left,) = take_left_runs(tmp_path)
    assert left.model.name == "000001.keras"
    left.discard()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, trainer: Trainer) -> None:
    (tmp_path / "file").touch()
    autosave = Autosave(tmp_path / "file" / "autosave")
    with pytest.raises(FileError, match="not a folder"):
        autosave.keep(trainer, None)
    assert not autosave.has_unkept(trainer.step)
    autosave.forget(0)
    autosave.close()


def test_only_the_latest_runs_are_kept(tmp_path: Path, trainer: Trainer) -> None:
    models = [left_behind(tmp_path, trainer, saved=1e9 + n) for n in range(5)]
    found = take_left_runs(tmp_path)
    assert [left.model for left in found] == models[:1:-1]
    assert len(list(tmp_path.iterdir())) == 3
    give_back(found)


def test_and_only_as_many_as_take_up_little_room(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [left_behind(tmp_path, trainer, saved=1e9 + n) for n in range(3)]
    monkeypatch.setattr(recovery, "LARGEST", int(2.5 * models[0].stat().st_size))
    found = take_left_runs(tmp_path)
    assert [left.model for left in found] == models[:0:-1]
    give_back(found)


def test_a_model_that_is_too_large_is_not_kept_and_that_is_told(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 1000)
    with pytest.raises(FileError, match="too much to be kept") as caught:
        Autosave(tmp_path).keep(trainer, None)
    assert caught.value.remedy == "Save it from time to time."


def test_what_is_no_run_is_passed_over_and_old_remains_are_cleared(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "fresh").mkdir()
    (tmp_path / "old").mkdir()
    os.utime(tmp_path / "old", (1e9, 1e9))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "000001.keras").touch()
    (tmp_path / "broken" / "000001.json").write_text('{"step": 1e400}')
    assert take_left_runs(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "file", "fresh"]


def test_without_a_folder_there_is_nothing_and_nothing_is_kept(tmp_path: Path) -> None:
    assert take_left_runs(tmp_path / "missing") == []
    none = Autosave()
    assert not none.due()
    assert not none.has_unkept(5)


def test_an_adopted_run_is_this_programs_own(tmp_path: Path, trainer: Trainer) -> None:
    left_behind(tmp_path, trainer)
    (left,) = take_left_runs(tmp_path)
    autosave = Autosave(tmp_path)
    autosave.adopt(left)
    assert not autosave.has_unkept(trainer.step)
    assert take_left_runs(tmp_path) == []
    del autosave
    gc.collect()
    (again,) = take_left_runs(tmp_path)
    assert again.about == left.about
    again.discard()


def test_a_run_that_cannot_be_adopted_stays_for_the_next_start(
    tmp_path: Path, trainer: Trainer
) -> None:
    left_behind(tmp_path, trainer)
    (left,) = take_left_runs(tmp_path)
    (tmp_path / "file").touch()
    Autosave(tmp_path / "file").adopt(left)
    assert left.model.is_file()
    left.give_back()


def test_it_is_due_after_the_interval_and_later_if_it_costs_much(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    autosave = Autosave(tmp_path, interval=60.0)
    now[0] += 1e4  # until TensorFlow was loaded and the steps were compiled
    assert not autosave.due()
    now[0] += 59.0
    assert not autosave.due()
    now[0] += 1.0
    assert autosave.due()

    def slow(path: Path, trainer: Trainer) -> None:
        now[0] += 6.0
        path.touch()

    monkeypatch.setattr("vaegui.files.model.model_file.save", slow)
    autosave.keep(trainer, None)
    now[0] += 54.0  # what the first one costs does not count, as it loads modules
    assert autosave.due()
    autosave.keep(trainer, None)
    now[0] += 390.0
    assert not autosave.due()
    now[0] += 4.0
    assert autosave.due()
    autosave.forget(trainer.step)
    now[0] += 1e4
    assert not autosave.due()  # another run
    autosave.close()


def test_a_path_that_is_no_text_is_not_remembered(tmp_path: Path, trainer: Trainer) -> None:
    left_behind(tmp_path, trainer, os.fsdecode(b"/models/\xff.keras"))
    (left,) = take_left_runs(tmp_path)
    assert left.about.origin is None
    left.discard()


TAKE = """
import sys
from pathlib import Path
from vaegui.files.recovery import take_left_runs
assert "tensorflow" not in sys.modules
print(len(take_left_runs(Path(sys.argv[1]))))
"""


def test_another_process_sees_the_lock_too(tmp_path: Path, trainer: Trainer) -> None:
    def seen_elsewhere() -> int:
        command = [sys.executable, "-c", TAKE, str(tmp_path)]
        return int(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    autosave = Autosave(tmp_path)
    autosave.keep(trainer, None)
    assert seen_elsewhere() == 0
    del autosave
    gc.collect()
    assert seen_elsewhere() == 1
