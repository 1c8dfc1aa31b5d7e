"""What the command line keeps of a run while it trains."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.files.run_folder.folders import assert_same, followed, follower
from tests.training import tiny
from vaegui.cli.keeping import Keeper
from vaegui.files import autosave as autosave_module
from vaegui.files.autosave import Autosave
from vaegui.files.run_folder import writer
from vaegui.files.run_folder.writer import RunWriter
from vaegui.model_run import ModelRun
from vaegui.training.record.events import Event
from vaegui.training.record.losses import EpochDone


def test_a_folder_that_is_away_is_told_once_and_the_run_kept_elsewhere_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave_module, "SHARE", 1e9)  # however long keeping takes
    monkeypatch.setattr(writer, "HISTORY_TURN", (0.0, 1e9))
    folder, aside, complaints = tmp_path / "run", tmp_path / "aside", []
    autosave = Autosave(tmp_path / "kept", 0.0)
    trainer = tiny.trainer(training__epochs=8)
    run = ModelRun(trainer, trainer.begun())
    kept = []
    into = RunWriter(folder)
    # Between two attempts nothing is written; that is no success.
    turns = iter(range(10_000))
    monkeypatch.setattr(writer._Turn, "due", property(lambda _: next(turns) % 4 == 0))

    def on_event(event: Event) -> None:
        keeper.add(run, event)
        if isinstance(event, EpochDone):
            if event.epoch == 2:
                folder.rename(aside)
            if event.epoch == 6:
                aside.rename(folder)
            kept.append(len(list((tmp_path / "kept").glob("*/[0-9]*.keras"))))

    def complain(message: str, remedy: str) -> None:
        complaints.append(message)

    with Keeper(autosave, into, folder / "checkpoint.keras", complain) as keeper:
        run.go_on(on_event=on_event)
        keeper.finish(run)
    assert 1 <= len(complaints) <= 3  # of history, snapshot and checkpoint
    assert len(set(complaints)) == len(complaints)
    assert all("its folder does not exist" in each for each in complaints)
    assert (max(kept[:2]), max(kept[2:6])) == (0, 1)
    assert list((tmp_path / "kept").glob("*/*")) == []
    assert_same(run, followed(follower(folder).poll()))
