"""What is offered after a program ended unexpectedly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.files.recovery import RunSummary
from vaegui.training.record.events import Failed, Prepared, Status
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.recovery import SURE, RecoveryBar, left_run_text

ABOUT = RunSummary(
    data="MNIST", origin=None, step=900, epoch=12, epochs=20, loss=153.24, saved=1_000_000.0
)


class FakeLeft:
    """A run that was left behind, of which only the words exist."""

    def __init__(self, picture: bytes | None = None) -> None:
        self.about, self.picture = ABOUT, picture
        self.fate = ""

    def discard(self) -> None:
        self.fate = "discarded"

    def give_back(self) -> None:
        self.fate = "given back"


def offered(bench: Bench, *left: FakeLeft) -> RecoveryBar:
    window = bench.window
    bar = RecoveryBar(
        list(left),  # type: ignore[arg-type]
        bench.workbench,
        bench.worker,  # type: ignore[arg-type]
        window.files.confirm_discard,
        window,
    )
    window.show()
    return bar


def recovered(path: str | None = None) -> Prepared:
    return replace(fake_prepared(path=path), recovered=True)


def button(bar: RecoveryBar, name: str) -> QPushButton:
    found = bar.findChild(QPushButton, f"recovery.{name}")
    assert isinstance(found, QPushButton)
    return found


def words(bar: RecoveryBar, name: str = "words") -> str:
    found = bar.findChild(QLabel, f"recovery.{name}")
    assert isinstance(found, QLabel)
    return found.text()


@pytest.mark.parametrize(
    ("changes", "after", "sentence"),
    [
        ({}, 30, "Training of MNIST, as it was less than a minute ago: epoch 12 of 20, loss 153.2"),
        ({"origin": "/home/ann/a.keras"}, 7300, "Training of a.keras (MNIST), as it was 2 hours"),
        ({"epoch": 0, "loss": None}, 100, "as it was 1 minute ago: step 900 of the first epoch."),
        ({}, 3 * 86_400, "3 days ago"),
    ],
)
def test_a_run_is_described(changes: dict[str, object], after: float, sentence: str) -> None:
    about = ABOUT.model_copy(update=changes)
    assert sentence in left_run_text(about, about.saved + after)


def test_recover_opens_the_run_and_the_bar_goes_when_it_is_there(
    bench: Bench, qtbot: QtBot
) -> None:
    left = FakeLeft()
    bar = offered(bench, left)
    assert bar.isVisible()
    bench.load()
    qtbot.mouseClick(button(bar, "recover"), Qt.MouseButton.LeftButton)
    assert bench.worker.called("recover") == [(left,)]
    assert not button(bar, "recover").isEnabled()
    assert bar.isVisible()
    bench.post(recovered())
    assert not bar.isVisible()
    assert left.fate == ""
    assert bench.workbench.path is None
    assert bench.window.setup.value == bench.workbench.run.begun.settings  # type: ignore[union-attr]


def test_a_recovered_run_counts_as_unsaved(bench: Bench) -> None:
    bench.load()
    begun = recovered("/models/a.keras")
    begun.history.add_steps(fake_steps(1, 5))
    bench.post(begun)
    assert bench.workbench.unsaved
    assert bench.workbench.path == "/models/a.keras"


def test_a_run_that_cannot_be_opened_can_still_be_discarded(bench: Bench, qtbot: QtBot) -> None:
    left = FakeLeft()
    bar = offered(bench, left)
    bench.load()
    qtbot.mouseClick(button(bar, "recover"), Qt.MouseButton.LeftButton)
    bench.post(Failed("It is damaged.", "", kind=JobKind.RECOVERING), Status("idle"))
    assert button(bar, "recover").isEnabled()
    for _ in range(2):
        qtbot.mouseClick(button(bar, "discard"), Qt.MouseButton.LeftButton)
    assert left.fate == "discarded"
    assert not bar.isVisible()


def test_it_is_deleted_only_by_a_second_click(bench: Bench, qtbot: QtBot) -> None:
    first, second = FakeLeft(), FakeLeft()
    bar = offered(bench, first, second)
    assert "2 runs were left behind" in words(bar, "heading")
    qtbot.mouseClick(button(bar, "discard"), Qt.MouseButton.LeftButton)
    assert (first.fate, button(bar, "discard").text()) == ("", SURE)
    qtbot.mouseClick(button(bar, "discard"), Qt.MouseButton.LeftButton)
    assert (first.fate, second.fate) == ("discarded", "")
    assert button(bar, "discard").text() == "Discard"
    assert words(bar, "heading") == "vaegui ended unexpectedly."


def test_later_gives_all_back(bench: Bench, qtbot: QtBot) -> None:
    left = FakeLeft(), FakeLeft()
    bar = offered(bench, *left)
    qtbot.mouseClick(button(bar, "later"), Qt.MouseButton.LeftButton)
    assert [each.fate for each in left] == ["given back"] * 2
    assert not bar.isVisible()


def test_unsaved_steps_are_asked_about_before_a_run_is_recovered(
    bench: Bench, qtbot: QtBot
) -> None:
    left = FakeLeft()
    bar = offered(bench, left)
    bench.load()
    bench.post(fake_prepared(), Status("training"))
    bench.post(fake_steps(1, 5), Status("idle"))
    bench.answers.unsaved = "cancel"
    qtbot.mouseClick(button(bar, "recover"), Qt.MouseButton.LeftButton)
    assert bench.answers.asked == ["unsaved"]
    assert bench.worker.called("recover") == []
    assert button(bar, "recover").isEnabled()


def test_the_picture_is_shown(bench: Bench) -> None:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    bar = offered(bench, FakeLeft(bytes(content.data())))
    picture = bar.findChild(QLabel, "recovery.picture")
    assert isinstance(picture, QLabel)
    assert picture.isVisible()
    assert picture.pixmap().width() == 64 * bar.devicePixelRatioF()


def test_what_is_no_picture_is_not_shown(bench: Bench) -> None:
    bar = offered(bench, FakeLeft(b"no picture"))
    picture = bar.findChild(QLabel, "recovery.picture")
    assert isinstance(picture, QLabel)
    assert not picture.isVisible()
    assert ABOUT.data in words(bar)
