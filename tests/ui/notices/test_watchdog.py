"""A worker that makes no progress is noticed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.training.record.events import Status
from vaegui.ui.notices.watchdog import COMPILING, SILENCE, Watchdog


@pytest.fixture
def watchdog(bench: Bench) -> Watchdog:
    """Of a window in which a model is being trained."""
    bench.window.show()
    bench.load()
    bench.post(fake_prepared(), Status("training"))
    bench.post(fake_steps(1, 5))
    return bench.window.watchdog


def after(bench: Bench, seconds: float) -> None:
    """Let the worker be silent for so long, and the watchdog look."""
    bench.worker.silent_for = seconds
    bench.window.watchdog.look()


def button(watchdog: Watchdog, name: str) -> QPushButton:
    found = watchdog.banner.findChild(QPushButton, f"no_progress.{name}")
    assert isinstance(found, QPushButton)
    return found


def test_silence_is_told_with_the_stacks_in_the_log(
    bench: Bench, watchdog: Watchdog, caplog: pytest.LogCaptureFixture
) -> None:
    after(bench, SILENCE - 1)
    assert not watchdog.banner.isVisible()
    assert not caplog.records
    after(bench, SILENCE + 1)
    assert watchdog.banner.isVisible()
    words = watchdog.banner.findChild(QLabel, "no_progress.words")
    assert isinstance(words, QLabel)
    assert words.text() == "Training has made no progress for 31 seconds."
    assert "test_watchdog.py" in caplog.text


def test_the_stacks_are_written_once(
    bench: Bench, watchdog: Watchdog, caplog: pytest.LogCaptureFixture
) -> None:
    after(bench, SILENCE + 1)
    after(bench, SILENCE + 2)
    assert caplog.text.count("No progress for 31 s") == 1


def test_progress_takes_the_banner_away(bench: Bench, watchdog: Watchdog) -> None:
    after(bench, SILENCE + 1)
    after(bench, 0.1)
    assert not watchdog.banner.isVisible()


def test_so_does_the_end_of_the_work(bench: Bench, watchdog: Watchdog) -> None:
    after(bench, SILENCE + 1)
    bench.post(Status("idle"))
    assert not watchdog.banner.isVisible()


def test_who_keeps_waiting_is_asked_again_after_as_long(
    bench: Bench, watchdog: Watchdog, qtbot: QtBot
) -> None:
    after(bench, SILENCE + 1)
    qtbot.mouseClick(button(watchdog, "wait"), Qt.MouseButton.LeftButton)
    after(bench, 2 * SILENCE)
    assert not watchdog.banner.isVisible()
    after(bench, 2 * SILENCE + 2)
    assert watchdog.banner.isVisible()


def test_compiling_may_take_longer(bench: Bench, watchdog: Watchdog) -> None:
    bench.post(Status("preparing"))
    after(bench, COMPILING - 1)
    assert not watchdog.banner.isVisible()
    bench.post(Status("training"))
    after(bench, COMPILING - 1)
    assert not watchdog.banner.isVisible()
    after(bench, COMPILING + 1)
    assert watchdog.banner.isVisible()


def test_the_limit_can_be_set(bench: Bench, watchdog: Watchdog) -> None:
    watchdog.limit = 5.0
    after(bench, 6.0)
    assert watchdog.banner.isVisible()


def test_the_last_copy_is_saved_where_the_user_says(
    bench: Bench, watchdog: Watchdog, qtbot: QtBot
) -> None:
    after(bench, SILENCE + 1)
    qtbot.mouseClick(button(watchdog, "rescue"), Qt.MouseButton.LeftButton)
    assert bench.worker.called("rescue") == []
    bench.answers.save_file = "/models/rescued.keras"
    qtbot.mouseClick(button(watchdog, "rescue"), Qt.MouseButton.LeftButton)
    assert bench.worker.called("rescue") == [("/models/rescued.keras",)]


def test_it_looks_by_itself_while_there_is_something_to_do(
    bench: Bench, watchdog: Watchdog, qtbot: QtBot
) -> None:
    bench.worker.silent_for = SILENCE + 1
    qtbot.waitUntil(watchdog.banner.isVisible, timeout=5000)
