from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_ref, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.panels.explain.shared.base import PARTS
from vaegui.presets import DIGITS_CONVOLUTIONAL, PRESETS, SIX_FEATURES
from vaegui.training.record.events import DrawingReady, Failed, Status
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.commands.preset_commands import BigQuestion
from vaegui.ui.pages.welcome import QUESTIONS
from vaegui.ui.state.preferences import Preferences


@pytest.fixture
def opened(bench: Bench, qtbot: QtBot) -> Bench:
    """A window on screen with the Welcome page over it."""
    bench.window.resize(1320, 840)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    bench.window.pages.turn_to("welcome")
    return bench


def button(bench: Bench, name: str) -> QPushButton:
    found = bench.window.pages["welcome"].findChild(QPushButton, f"welcome.{name}")
    assert found is not None
    return found


def unsaved_run(bench: Bench) -> None:
    """A model whose steps are not saved."""
    bench.load()
    bench.post(fake_prepared(), fake_steps(1, 5), Status("idle"))
    bench.window.pages.turn_to("welcome")


def test_one_click_trains_a_preset(opened: Bench) -> None:
    for preset in PRESETS:
        opened.window.pages.turn_to("workbench")
        opened.window.pages.turn_to("welcome")
        button(opened, f"train.{preset.name}").click()
        assert opened.worker.called("train")[-1] == (preset.settings, True)
        assert opened.window.setup.value == preset.settings


def test_the_page_waits_until_there_is_a_model_and_says_so(
    opened: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, train = opened.window.pages["welcome"], button(opened, "train.six-features")
    told = page.findChild(QLabel, "welcome.told")
    assert told is not None
    train.click()
    assert told.text().startswith("Six features: loading")
    assert not train.isEnabled()
    monkeypatch.setattr("vaegui.ui.shell.window.show_failure", lambda *_: None)
    opened.post(Failed("It did not work.", "Try again.", kind=JobKind.TRAINING))
    assert train.isEnabled()
    train.click()
    opened.load()
    opened.post(fake_prepared(), Status("training"))
    assert page.isHidden()
    opened.window.pages.turn_to("welcome")
    assert train.isEnabled()


def test_a_preset_can_be_opened_untrained(opened: Bench) -> None:
    button(opened, "open.digits-convolutional").click()
    assert opened.worker.called("reset") == [(DIGITS_CONVOLUTIONAL.settings,)]
    assert not opened.worker.called("train")


def test_a_click_anywhere_on_a_card_counts(opened: Bench, qtbot: QtBot) -> None:
    card = button(opened, "train.six-features").parentWidget()
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert opened.worker.called("train") == [(SIX_FEATURES.settings, True)]


def test_enter_on_the_opened_page_trains_the_first_preset(opened: Bench, qtbot: QtBot) -> None:
    first = button(opened, "train.six-features")
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, Qt.Key.Key_Space)
    assert opened.worker.called("train") == [(SIX_FEATURES.settings, True)]


@pytest.mark.parametrize("name", ["train.digits", "open.digits", "question.mu"])
def test_unsaved_work_is_asked_about_first(opened: Bench, name: str) -> None:
    unsaved_run(opened)
    opened.answers.unsaved = "cancel"
    button(opened, name).click()
    assert not opened.worker.called("train")
    assert not opened.worker.called("reset")
    if name.startswith("question"):
        # It is answered with the model that there is: nothing is given up.
        assert opened.answers.asked == []
    else:
        assert opened.answers.asked == ["unsaved"]
        assert opened.window.pages["welcome"].isVisible()


def test_a_training_is_ended_before_a_preset_takes_its_place(opened: Bench) -> None:
    unsaved_run(opened)
    opened.post(Status("training"))
    opened.answers.unsaved = "discard"
    button(opened, "train.digits").click()
    names = [call[0] for call in opened.worker.calls]
    assert names.index("stop") < names.index("train")


@pytest.mark.parametrize("part", ["mu", "gaussian"])
def test_a_question_trains_the_six_features_and_opens_the_page_that_answers_it(
    opened: Bench, part: BigQuestion
) -> None:
    button(opened, f"question.{part}").click()
    assert opened.worker.called("train") == [(SIX_FEATURES.settings, True)]
    assert opened.workbench.focus.topic == ""
    opened.load()
    opened.post(DrawingReady())
    assert opened.workbench.focus.topic == ""  # there is nothing to explain yet
    begun = fake_prepared(shape=(6,), classes=3)
    opened.post(replace(begun, settings=SIX_FEATURES.settings), Status("training"))
    assert opened.workbench.focus.topic == topic_of(part)
    # The first input's two means happen to be nearly the same.
    assert opened.workbench.focus.example == fake_ref(1)


def test_a_question_about_a_trained_model_is_answered_with_it(opened: Bench) -> None:
    unsaved_run(opened)
    opened.post(DrawingReady())
    button(opened, "question.mu").click()
    assert not opened.worker.called("train")
    assert opened.workbench.focus.topic == topic_of("mu")
    assert opened.window.pages["welcome"].isHidden()


def test_a_question_whose_model_could_not_be_made_is_forgotten(
    opened: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaegui.ui.shell.window.show_failure", lambda *_: None)
    button(opened, "question.mu").click()
    opened.load()
    opened.post(
        DrawingReady(),
        Failed("It did not work.", "Try again.", kind=JobKind.TRAINING),
    )
    opened.post(fake_prepared(), Status("idle"))
    assert opened.workbench.focus.topic == ""


def topic_of(part: BigQuestion) -> str:
    topics = [explanation.name for explanation in EXPLANATIONS if explanation.part == part]
    return topics[0] if topics else EXPLANATIONS[0].name


def test_the_questions_are_those_of_the_page_that_answers_them() -> None:
    assert {part: question for part, (question, _) in QUESTIONS.items()} == PARTS


def test_a_run_that_begins_closes_the_page(opened: Bench) -> None:
    opened.load()
    opened.post(fake_prepared(), Status("training"))
    assert opened.window.pages["welcome"].isHidden()


def test_escape_and_going_to_a_dock_close_the_page(opened: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(opened.window.pages["welcome"], Qt.Key.Key_Escape)
    assert opened.window.pages["welcome"].isHidden()
    opened.press("welcome")
    assert opened.window.pages["welcome"].isVisible()
    opened.window.pages.focus_panel("setup")
    assert opened.window.pages["welcome"].isHidden()


def test_panels_behind_the_page_are_painted_when_it_closes(opened: Bench, qtbot: QtBot) -> None:
    opened.load(panels=True)
    qtbot.waitUntil(lambda: opened.window.docks["input"].canvas is not None)  # type: ignore[attr-defined]
    canvas = opened.window.docks["input"].canvas  # type: ignore[attr-defined]
    assert not canvas.on_screen()
    opened.window.pages.turn_to("workbench")
    qtbot.waitUntil(lambda: canvas.on_screen() and opened.window.repainter.resting)
    assert not opened.window.repainter.awaits(canvas)


def test_show_at_start_is_remembered(opened: Bench, tmp_path: Path) -> None:
    box = opened.window.pages["welcome"].findChild(QCheckBox)
    assert box is not None
    assert box.isChecked()
    box.click()
    assert not opened.preferences.welcome
    assert not Preferences(tmp_path / "window.ini").welcome
    box.click()
    assert opened.preferences.welcome


def test_recent_files_that_are_still_there_are_offered(
    opened: Bench, tmp_path: Path, model_file: Path
) -> None:
    here = model_file.rename(tmp_path / "wines.keras")
    for path in (tmp_path / "gone.keras", here):
        opened.preferences.add_recent(str(path))
    opened.window.pages.turn_to("workbench")
    opened.window.pages.turn_to("welcome")
    texts = {b.text(): b for b in opened.window.pages["welcome"].findChildren(QPushButton)}
    assert "gone.keras" not in texts
    texts["wines.keras"].click()
    assert opened.worker.called("open") == [(str(here),)]


def test_a_recent_file_keeps_the_ampersand_in_its_name(opened: Bench, tmp_path: Path) -> None:
    here = tmp_path / "a & b.keras"
    here.touch()
    opened.preferences.add_recent(str(here))
    opened.window.pages.turn_to("workbench")
    opened.window.pages.turn_to("welcome")
    assert "a && b.keras" in {
        b.text() for b in opened.window.pages["welcome"].findChildren(QPushButton)
    }


def test_open_a_model_waits_until_that_is_possible(opened: Bench, model_file: Path) -> None:
    open_ = button(opened, "open_file")
    assert not open_.isEnabled()
    opened.load()
    assert open_.isEnabled()
    opened.answers.open_file = str(model_file)
    open_.click()
    assert opened.worker.called("open") == [(str(model_file),)]
