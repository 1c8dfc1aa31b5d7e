from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolBar

from tests.fakes import fake_lookable, fake_prepared
from tests.ui.fake_worker import Bench
from vaegui.data.own.own import OwnData
from vaegui.training.record.events import Status
from vaegui.training.settings.settings import Settings


def bar(bench: Bench) -> QToolBar:
    found = bench.window.findChild(QToolBar, "missing")
    assert isinstance(found, QToolBar)
    return found


def look(bench: Bench) -> None:
    """A model is opened whose data cannot be had."""
    bench.load()
    run = fake_lookable()
    assert run.snapshot is not None
    bench.post(run.begun, run.snapshot, Status("idle"))


def test_the_note_says_what_is_missing_and_what_works_all_the_same(bench: Bench) -> None:
    assert bar(bench).isHidden()
    look(bench)
    assert not bar(bench).isHidden()
    words = bar(bench).findChild(QLabel, "missing.words")
    assert isinstance(words, QLabel)
    for part in ("there is no connection", "Check the network", "decode any point", "the prior"):
        assert part in words.text()


def test_training_is_off_and_its_tooltip_says_why(bench: Bench) -> None:
    look(bench)
    assert {"train", "step", "reset", "estimate", "explain"}.isdisjoint(bench.enabled())
    assert {"train_anew", "open", "save", "save_as"} <= bench.enabled()
    assert "there is no connection" in bench.window.actions_["train"].toolTip()


def test_the_note_can_be_closed_and_the_model_stays(bench: Bench) -> None:
    look(bench)
    close = bar(bench).findChild(QPushButton, "missing.close")
    assert isinstance(close, QPushButton)
    close.click()
    assert bar(bench).isHidden()
    assert bench.workbench.run is not None


def test_the_file_can_be_opened_again_once_the_data_are_there(
    bench: Bench, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(model_file.parent)
    Path("somewhere").mkdir()
    model_file.rename("somewhere/run.keras")
    look(bench)
    again = bar(bench).findChild(QPushButton, "missing.try")
    assert isinstance(again, QPushButton)
    again.click()
    assert bench.worker.called("open") == [("somewhere/run.keras",)]
    bench.post(fake_prepared(path="somewhere/run.keras"), Status("idle"))
    assert bar(bench).isHidden()
    assert "train" in bench.enabled()


def test_the_file_of_own_data_can_be_chosen_anew(bench: Bench, tmp_path: Path) -> None:
    bench.load()
    settings = Settings(data=OwnData(path="/old/place/x.npy"))
    begun = replace(fake_prepared(path="run.keras"), settings=settings, missing="x.npy is gone.")
    bench.post(begun, Status("idle"))
    bench.answers.data_file = str(tmp_path / "x.npy")
    give = bar(bench).findChild(QPushButton, "missing.give")
    assert isinstance(give, QPushButton)
    assert not give.isHidden()
    give.click()
    assert bench.worker.called("open") == [("run.keras", str(tmp_path / "x.npy"))]


def test_data_that_are_no_file_cannot_be_chosen(bench: Bench) -> None:
    look(bench)
    give = bar(bench).findChild(QPushButton, "missing.give")
    assert isinstance(give, QPushButton)
    assert give.isHidden()
