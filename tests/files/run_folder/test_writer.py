"""A run that trains, written to its folder."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.files.run_folder.folders import assert_same, followed, follower
from tests.training import tiny
from vaegui.errors import Cancelled, FileError, SettingsError
from vaegui.files.model.model_file import open_model
from vaegui.files.run_folder import heartbeat, writer
from vaegui.files.run_folder.writer import RunWriter
from vaegui.model_run import ModelRun
from vaegui.training.record.events import (
    Event,
    Failed,
    Finished,
    Prepared,
    Saved,
    Snapshot,
)
from vaegui.training.record.losses import EpochDone, StepsDone


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is written with each event."""
    for name in ("HISTORY_TURN", "SNAPSHOT_TURN", "CHECKPOINT_TURN"):
        monkeypatch.setattr(writer, name, (0.0, 1e9))


def model_run(**values: Any) -> ModelRun:
    trainer = tiny.trainer(**values)
    return ModelRun(trainer, trainer.begun())


def test_the_follower_knows_what_the_training_itself_knows(tmp_path: Path) -> None:
    run, into = model_run(training__epochs=3), RunWriter(tmp_path / "a" / "run")
    watching, events, kept = follower(into.folder), [], []

    def on_event(event: Event) -> None:
        into.add(event, run, run.trainer)
        found = watching.poll()
        events.extend(found)
        if isinstance(event, EpochDone):
            kept.append(followed(events).step == run.step)

    run.go_on(on_event=on_event)
    into.finish(run, run.trainer)
    events += watching.poll()
    assert watching.over
    assert all(kept)
    assert len(kept) == 3
    theirs = followed(events)
    assert_same(run, theirs)
    assert theirs.saved_step == run.saved_step == run.step
    assert any(isinstance(event, Snapshot) for event in events[:-5])
    assert {Prepared, StepsDone, EpochDone, Snapshot, Saved, Finished} <= set(map(type, events))
    model = open_model(into.checkpoint)
    assert (model.id, model.step) == (run.id, run.step)
    assert not [thread for thread in threading.enumerate() if thread.name == "vaegui-heartbeat"]


def test_snapshots_that_are_made_to_be_written_are_in_the_run_and_its_follower_too(
    tmp_path: Path,
) -> None:
    run, into = model_run(training__epochs=3), RunWriter(tmp_path / "run")
    watching, events = follower(into.folder), []

    def on_event(event: Event) -> None:
        into.add(event, run, run.trainer)
        events.extend(watching.poll())

    run.go_on(on_event=on_event)
    into.finish(run, run.trainer)
    events += watching.poll()
    steps = run.snapshots.steps
    assert len(steps) > 3
    assert open_model(into.checkpoint).snapshots.steps == steps
    assert followed(events).snapshots.steps == steps


def test_writing_changes_no_bit_of_the_training(tmp_path: Path) -> None:
    plain, written, into = model_run(), model_run(), RunWriter(tmp_path)
    plain.go_on()
    written.go_on(on_event=lambda event: into.add(event, written, written.trainer))
    into.finish(written, written.trainer)
    assert plain.history.steps().tobytes() == written.history.steps().tobytes()


def test_a_run_that_was_stopped_says_so(tmp_path: Path) -> None:
    run, into = model_run(training__epochs=100), RunWriter(tmp_path)

    def on_event(event: Event) -> None:
        into.add(event, run, run.trainer)
        if isinstance(event, EpochDone):
            raise Cancelled

    run.go_on(on_event=on_event)
    into.finish(run, run.trainer)
    assert follower(tmp_path).poll()[-1] == Finished("stopped", run.step)


def test_a_run_that_failed_says_why_and_keeps_its_last_model(tmp_path: Path) -> None:
    run, into = model_run(), RunWriter(tmp_path)
    run.go_on(on_event=lambda event: into.add(event, run, run.trainer))
    into.fail(SettingsError("It diverged.", "Train more slowly."))
    failed = follower(tmp_path).poll()[-1]
    assert isinstance(failed, Failed)
    assert (failed.message, failed.remedy) == ("It diverged.", "Train more slowly.")
    assert open_model(into.checkpoint).step > 0


def test_a_folder_that_holds_a_run_is_left_alone(tmp_path: Path) -> None:
    run, into = model_run(), RunWriter(tmp_path)
    run.go_on(on_event=lambda event: into.add(event, run, run.trainer))
    into.finish(run, run.trainer)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FileError, match="already holds a run"):
        RunWriter(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_that_never_began_leaves_room_for_another(tmp_path: Path) -> None:
    RunWriter(tmp_path).fail(SettingsError("The data are gone."))
    assert list(tmp_path.iterdir()) == []
    RunWriter(tmp_path)


@pytest.mark.parametrize("place", ["file", "below a file"])
def test_a_place_where_no_folder_can_be_is_refused_at_once(tmp_path: Path, place: str) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(FileError):
        RunWriter(file if place == "file" else file / "run")


def test_what_could_not_be_written_is_written_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full for a while in the middle, and takes half of what is appended."""
    run, into = model_run(training__epochs=4), RunWriter(tmp_path)
    failures, full = [], False
    whole = Path.open

    def filling(self: Path, *args: Any, **kwargs: Any) -> Any:
        file: Any = whole(self, *args, **kwargs)
        if full and self.name == "history":
            write = file.write

            def half(content: bytes) -> None:
                write(content[: len(content) // 2])
                raise OSError(28, "No space left on device")

            file.write = half
        return file

    monkeypatch.setattr(Path, "open", filling)

    def on_event(event: Event) -> None:
        nonlocal full
        full = 5 < run.step < 30
        try:
            into.add(event, run, run.trainer)
        except FileError as error:
            failures.append(error.message)
        assert into.failing == full

    run.go_on(on_event=on_event)
    into.finish(run, run.trainer)
    assert failures
    assert all("the disk is full" in message for message in failures)
    assert_same(run, followed(follower(tmp_path).poll()))


def test_signs_of_life_come_also_while_nothing_else_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    run, into = model_run(), RunWriter(tmp_path)
    into.add(run.begun, run, run.trainer)
    times = {json.loads((tmp_path / "state.json").read_text())["time"]}
    waiting = threading.Event()
    for _ in range(1000):
        waiting.wait(0.01)
        times.add(json.loads((tmp_path / "state.json").read_text())["time"])
        if len(times) > 3:
            break
    assert len(times) > 3
    into.fail(KeyboardInterrupt())
