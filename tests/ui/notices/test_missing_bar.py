from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolBar

from tests.fakes import fake_lookable, fake_prepared
from tests.ui.fake_worker import Bench
from vaegui.data import BundledMnist, Digits8x8, NoData, OwnData
from vaegui.data.own.known import remember
from vaegui.training.record.events import Status
from vaegui.training.settings.settings import Settings


def bar(bench: Bench) -> QToolBar:
    found = bench.window.findChild(QToolBar, "missing")
    assert isinstance(found, QToolBar)
    return found


def text(bench: Bench, part: str) -> str:
    label = bar(bench).findChild(QLabel, f"missing.{part}")
    assert isinstance(label, QLabel)
    return label.text()


def menu(bench: Bench) -> QMenu:
    found = bar(bench).findChild(QMenu, "missing.menu")
    assert isinstance(found, QMenu)
    return found


def choices(bench: Bench) -> list[str]:
    """What "Choose the data" offers."""
    return [action.text() for action in menu(bench).actions() if action.text()]


def choose(bench: Bench, label: str) -> None:
    next(action for action in menu(bench).actions() if action.text() == label).trigger()


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
    assert {"train", "step", "reset", "estimate"}.isdisjoint(bench.enabled())
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
    choose(bench, "Where x.npy is now ...")
    assert bench.worker.called("open") == [("run.keras", str(tmp_path / "x.npy"))]


def without_data(bench: Bench) -> Settings:
    """A model is imported without data that has the shape of the bundled digits."""
    bench.load()
    settings = Settings(data=NoData(shape=(28, 28)))
    begun = replace(fake_prepared(), settings=settings, imported="vae", missing="It has no data.")
    bench.post(begun, Status("idle"))
    return settings


def test_a_model_without_data_is_offered_those_of_the_program_that_fit_and_files(
    bench: Bench,
) -> None:
    settings = without_data(bench)
    assert "it has no data" in text(bench, "heading")
    assert BundledMnist.label in choices(bench)
    assert Digits8x8.label not in choices(bench)
    assert {"A file of yours ...", "A folder of pictures of yours ..."} <= set(choices(bench))
    choose(bench, BundledMnist.label)
    assert bench.worker.called("give_data") == [(settings.with_data(BundledMnist()),)]


def test_a_file_for_a_model_without_data_is_looked_at_on_its_page_and_then_given(
    bench: Bench, tmp_path: Path
) -> None:
    settings = without_data(bench)
    np.save(tmp_path / "x.npy", np.zeros((5, 28, 28), np.float32))
    bench.answers.data_file = str(tmp_path / "x.npy")
    choose(bench, "A file of yours ...")
    assert bench.window.pages.current.title == "Own data"
    chosen = settings.with_data(OwnData(path=str(tmp_path / "x.npy"), shape=(28, 28)))
    bench.window.data.use(chosen)
    assert bench.worker.called("give_data") == [(chosen,)]


def test_data_chosen_in_setup_can_be_given_too_and_trained_on(bench: Bench) -> None:
    settings = without_data(bench)
    assert "train" not in bench.enabled()
    chosen = settings.with_data(BundledMnist())
    bench.window.setup.take(chosen, "Use")
    assert {"train", "step"} <= bench.enabled()
    assert "estimate" not in bench.enabled()
    bench.press("train")
    assert bench.worker.called("train") == [(chosen, False)]
    apply = bench.window.findChild(QPushButton, "setup.apply")
    assert isinstance(apply, QPushButton)
    apply.click()
    assert bench.worker.called("give_data") == [(chosen,)]


def test_data_of_another_shape_need_a_new_model(bench: Bench) -> None:
    settings = without_data(bench)
    bench.window.setup.take(settings.with_data(Digits8x8()), "Use")
    assert "train" not in bench.enabled()


def test_a_file_that_a_model_names_is_read_only_when_the_user_says_so(
    bench: Bench, tmp_path: Path
) -> None:
    bench.load()
    settings = Settings(data=OwnData(path=str(tmp_path / "x.npy")))
    begun = replace(fake_prepared(path="run.keras"), settings=settings, missing="It was not read.")
    bench.post(begun, Status("idle"))
    assert text(bench, "heading") == f"This model was trained on {tmp_path / 'x.npy'}. Read it?"
    read, close = (
        bar(bench).findChild(QPushButton, f"missing.{name}") for name in ("read", "close")
    )
    assert isinstance(read, QPushButton)
    assert isinstance(close, QPushButton)
    assert close.text() == "Not now"
    read.click()
    assert bench.worker.called("open") == [("run.keras", str(tmp_path / "x.npy"))]
    remember(tmp_path / "x.npy")
    bench.post(begun, Status("idle"))
    assert read.isHidden()
    assert close.text() == "Close"
