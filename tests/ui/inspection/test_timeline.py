"""The timeline puts every panel to an earlier step."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench

STEPS = (0, 100, 250, 500)
ChildT = TypeVar("ChildT", bound=QObject)


def part(bench: Bench, kind: type[ChildT], name: str) -> ChildT:
    found = bench.window.docks["timeline"].findChild(kind, f"timeline_{name}")
    assert isinstance(found, kind)
    return found


@pytest.fixture
def trained(bench: Bench) -> Bench:
    """A window with a run of which four steps are kept."""
    bench.load()
    begun = fake_prepared()
    bench.post(begun, fake_steps(1, 500), *(fake_snapshot(begun, step) for step in STEPS))
    return bench


def test_without_earlier_steps_there_is_nothing_to_go_back_to(bench: Bench) -> None:
    bench.load()
    assert not part(bench, QSlider, "slider").isEnabled()
    assert "kept" in part(bench, QSlider, "slider").toolTip()
    assert not bench.window.actions_["play"].isEnabled()
    begun = fake_prepared()
    bench.post(begun, fake_snapshot(begun, 0))
    assert not bench.window.actions_["play"].isEnabled()
    bench.post(fake_snapshot(begun, 100))
    assert bench.window.actions_["play"].isEnabled()


def test_its_right_end_is_the_model_as_it_is_now(trained: Bench) -> None:
    slider = part(trained, QSlider, "slider")
    assert slider.value() == slider.maximum() == 3
    assert trained.workbench.focus.step is None
    assert part(trained, QToolButton, "live").isChecked()


def test_moving_it_shows_an_earlier_step_everywhere(trained: Bench) -> None:
    part(trained, QSlider, "slider").setValue(1)
    assert trained.workbench.focus.step == 100
    assert "step 100" in part(trained, QLabel, "where").text()
    assert not part(trained, QToolButton, "live").isChecked()


def test_the_keyboard_moves_it(trained: Bench, qtbot: QtBot) -> None:
    qtbot.keyClick(part(trained, QSlider, "slider"), Qt.Key.Key_Left)
    assert trained.workbench.focus.step == 250
    qtbot.keyClick(part(trained, QSlider, "slider"), Qt.Key.Key_Home)
    assert trained.workbench.focus.step == 0
    qtbot.keyClick(part(trained, QSlider, "slider"), Qt.Key.Key_End)
    assert trained.workbench.focus.step is None


def test_an_earlier_step_stays_while_later_ones_come(trained: Bench) -> None:
    slider = part(trained, QSlider, "slider")
    slider.setValue(2)
    run = trained.workbench.run
    assert run is not None
    trained.post(fake_snapshot(run.begun, 600), fake_snapshot(run.begun, 700))
    assert trained.workbench.focus.step == 250
    assert (slider.value(), slider.maximum()) == (2, 5)


def test_the_latest_step_follows_the_training(trained: Bench) -> None:
    run = trained.workbench.run
    assert run is not None
    part(trained, QSlider, "slider").setValue(0)
    part(trained, QToolButton, "live").click()
    trained.post(fake_snapshot(run.begun, 600))
    slider = part(trained, QSlider, "slider")
    assert trained.workbench.focus.step is None
    assert slider.value() == slider.maximum() == 4


def test_playing_goes_through_all_kept_steps_and_ends_at_the_latest(
    trained: Bench, qtbot: QtBot
) -> None:
    seen: list[int | None] = []
    trained.workbench.focus_changed.connect(lambda _: seen.append(trained.workbench.focus.step))
    trained.press("play")
    play = trained.window.actions_["play"]
    qtbot.waitUntil(lambda: not play.isChecked(), timeout=30_000)
    assert seen == [0, 100, 250, None]


def test_playing_can_be_ended_where_it_is(trained: Bench, qtbot: QtBot) -> None:
    trained.press("play")
    assert trained.workbench.focus.step == 0
    trained.press("play")
    assert not trained.window.docks["timeline"].timeline.playing  # type: ignore[attr-defined]
    assert trained.workbench.focus.step == 0


def test_another_run_ends_playing_and_is_shown_as_it_is(trained: Bench) -> None:
    trained.press("play")
    other = fake_prepared()
    trained.post(other, fake_snapshot(other, 0))
    assert not trained.window.actions_["play"].isChecked()
    assert trained.workbench.focus.step is None
    assert not trained.window.actions_["play"].isEnabled()


def test_it_is_closed_by_its_own_button_and_comes_back_by_the_menu(trained: Bench) -> None:
    dock = trained.window.docks["timeline"]
    part(trained, QToolButton, "close").click()
    assert dock.isHidden()
    dock.toggleViewAction().trigger()
    assert not dock.isHidden()


def test_its_controls_say_what_they_do_once_there_are_steps(trained: Bench) -> None:
    assert "Follow" in part(trained, QToolButton, "live").toolTip()
    assert "earlier step" in part(trained, QSlider, "slider").toolTip()
