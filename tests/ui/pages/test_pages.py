from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_prepared, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from tests.xvfb import Xvfb
from vaegui.training.record.events import Status
from vaegui.ui.pages.pages import PAGES
from vaegui.ui.shell.placing import fitted

NAMES = [page.name for page in PAGES]

OPEN_AND_CLOSE = """
import faulthandler, sys, tempfile
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from tests.ui.fake_worker import Bench

faulthandler.enable()
app = QApplication([])
bench = Bench(app, Path(tempfile.mkdtemp()))
window = bench.window
window.show()
window.resize(1000, 700)
bench.load(panels=True)
QTest.qWait(300)
before = window.size()
for _ in range(5):
    QTest.mouseClick(window.findChild(QToolButton, "page.explain"), Qt.MouseButton.LeftButton)
    QTest.qWait(100)
    assert window.pages.current.name == "explain"
    window.actions_["explain"].trigger()
    QTest.qWait(50)
    assert window.pages.current.name == "workbench"
    window.actions_["explain"].trigger()
    QTest.qWait(50)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert window.pages.current.name == "workbench"
    assert window.size() == before, (window.size(), before)
bench.close()
print("closed")
"""


def opened_and_closed(environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:  # type: ignore[type-arg]
    return subprocess.run(
        [sys.executable, "-c", OPEN_AND_CLOSE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def test_explain_can_be_opened_and_closed_as_often_as_one_likes() -> None:
    done = opened_and_closed()
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("closed\n")


@pytest.mark.display
def test_explain_can_be_opened_and_closed_in_a_real_window(xvfb: dict[str, str]) -> None:
    done = opened_and_closed({**xvfb, "QT_QPA_PLATFORM": "xcb"})
    assert done.returncode == 0, done.stderr


@pytest.fixture
def shown(bench: Bench, qtbot: QtBot) -> Bench:
    """A window on screen with a run."""
    bench.window.show()
    qtbot.waitExposed(bench.window)
    bench.load(panels=True)
    begun = fake_prepared()
    bench.post(begun, fake_steps(1, 5), fake_snapshot(begun, 5), Status("idle"))
    return bench


def seen(bench: Bench) -> list[str]:
    """The pages that can be seen."""
    return [name for name in NAMES if bench.window.pages[name].isVisible()]


def button(bench: Bench, page: str) -> QToolButton:
    found = bench.window.findChild(QToolButton, f"page.{page}")
    assert isinstance(found, QToolButton)
    return found


def test_exactly_one_page_is_seen_and_its_button_is_down(shown: Bench, qtbot: QtBot) -> None:
    for name in ("explain", "welcome", "workbench", "welcome", "explain", "workbench"):
        qtbot.mouseClick(button(shown, name), Qt.MouseButton.LeftButton)
        assert seen(shown) == [name]
        assert [page for page in NAMES if button(shown, page).isChecked()] == [name]
        assert shown.window.actions_["explain"].isChecked() == (name == "explain")


def test_no_page_changes_the_size_of_the_window(shown: Bench, qtbot: QtBot) -> None:
    for size in (QSize(1320, 840), QSize(900, 500)):
        shown.window.resize(size)
        for name in (*NAMES, *reversed(NAMES)):
            shown.window.pages.turn_to(name)
            QApplication.processEvents()
            assert shown.window.size() == size


@pytest.mark.parametrize("page", ["welcome", "explain"])
def test_escape_leaves_a_page(shown: Bench, qtbot: QtBot, page: str) -> None:
    shown.window.pages.turn_to(page)
    focus = shown.window.focusWidget()
    assert focus is not None
    assert shown.window.pages[page].isAncestorOf(focus) or focus is shown.window.pages[page]
    qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert seen(shown) == ["workbench"]


def test_its_key_opens_explain_and_closes_it(shown: Bench, qtbot: QtBot) -> None:
    for page in ("explain", "workbench", "explain", "workbench"):
        qtbot.keyClick(shown.window, Qt.Key.Key_F9)
        assert seen(shown) == [page]


@pytest.mark.parametrize("page", ["welcome", "explain"])
def test_going_to_a_dock_goes_to_the_workbench(shown: Bench, page: str) -> None:
    for name, dock in shown.window.docks.items():
        shown.window.pages.turn_to(page)
        shown.window.pages.focus_panel(name)
        assert seen(shown) == ["workbench"]
        focus = shown.window.focusWidget()
        assert focus is not None
        assert dock.isAncestorOf(focus)


def test_showing_a_dock_from_the_menu_goes_to_the_workbench(shown: Bench) -> None:
    shown.window.pages.turn_to("explain")
    shown.window.docks["loss"].toggleViewAction().trigger()
    assert seen(shown) == ["workbench"]
    assert shown.window.docks["loss"].isVisible()


def test_a_topic_opens_explain_and_no_topic_leaves_it(shown: Bench) -> None:
    bench = shown.workbench
    bench.look_at(bench.focus.replace(topic="read-outs"))
    assert seen(shown) == ["explain"]
    bench.look_at(bench.focus.replace(topic=""))
    assert seen(shown) == ["workbench"]
    shown.press("explain")
    assert bench.focus.topic == "read-outs"
    shown.window.pages.turn_to("welcome")
    assert bench.focus.topic == ""
    assert seen(shown) == ["welcome"]


def test_f6_walks_through_the_parts_of_the_page(shown: Bench, qtbot: QtBot) -> None:
    shown.window.pages.turn_to("explain")
    page = shown.window.pages["explain"]
    qtbot.waitUntil(lambda: len(page.parts()) == 4)
    visited = []
    for _ in page.parts():
        shown.press("next_panel")
        focus = shown.window.focusWidget()
        here = [p for p in page.parts() if focus and (p is focus or p.isAncestorOf(focus))]
        visited += here
    assert len({id(part) for part in visited}) == 4


@pytest.mark.parametrize("layout", [b"", b"nonsense", b"\x00\x00\x00\xff\x00\x00\x00\x00\xfd"])
def test_a_layout_that_is_none_is_replaced_by_the_first(
    qapp: QApplication, tmp_path: Path, layout: bytes
) -> None:
    first = Bench(qapp, tmp_path)
    first.preferences.keep_layout(QByteArray(layout), QByteArray(layout))
    first.close()
    second = Bench(qapp, tmp_path)
    second.window.show()
    assert all(dock.isVisible() for dock in second.window.docks.values())
    second.close()


def test_a_layout_of_an_older_version_is_not_used(qapp: QApplication, tmp_path: Path) -> None:
    old = QMainWindow()
    bench = Bench(qapp, tmp_path)
    bench.preferences.keep_layout(QByteArray(), old.saveState(1))
    bench.close()
    again = Bench(qapp, tmp_path)
    again.window.show()
    assert all(dock.isVisible() for dock in again.window.docks.values())
    again.close()


def test_a_layout_is_kept_by_a_program_that_never_showed_the_workbench(
    qapp: QApplication, tmp_path: Path
) -> None:
    for page, visible in (("workbench", True), ("welcome", False), ("workbench", False)):
        bench = Bench(qapp, tmp_path)
        bench.window.pages.turn_to(page)
        bench.window.show()
        if page == "workbench":
            assert bench.window.docks["loss"].isVisible() == visible
            bench.window.docks["loss"].close()
        bench.close()


@pytest.mark.parametrize("other", [name for name in NAMES if name != "workbench"])
def test_a_floating_dock_is_seen_on_its_page_only_and_remembered_from_any(
    qapp: QApplication, tmp_path: Path, other: str
) -> None:
    first = Bench(qapp, tmp_path)
    first.window.show()
    first.window.pages.turn_to("workbench")
    first.window.docks["loss"].setFloating(True)
    first.window.pages.turn_to(other)
    assert not first.window.docks["loss"].isVisible()
    first.window.pages.turn_to("workbench")
    assert first.window.docks["loss"].isVisible()
    assert first.window.docks["loss"].isFloating()
    first.window.pages.turn_to(other)
    first.close()
    second = Bench(qapp, tmp_path)
    second.window.show()
    second.window.pages.turn_to("workbench")
    assert second.window.docks["loss"].isVisible()
    assert second.window.docks["loss"].isFloating()
    second.close()


def test_the_window_is_never_larger_than_the_screen(qapp: QApplication, tmp_path: Path) -> None:
    first = Bench(qapp, tmp_path)
    available = first.window.screen().availableGeometry()
    first.window.show()
    assert first.window.height() <= available.height()
    first.window.resize(3000, 2000)
    first.close()
    second = Bench(qapp, tmp_path)
    second.window.show()
    assert second.window.width() <= max(available.width(), second.window.minimumSizeHint().width())
    assert second.window.height() <= available.height()
    second.close()


@pytest.mark.parametrize(
    ("wanted", "fit"),
    [
        (QRect(10, 30, 300, 200), QRect(10, 30, 300, 200)),
        (QRect(10, 30, 3000, 200), QRect(0, 30, 853, 200)),
        (QRect(700, 400, 300, 200), QRect(553, 280, 300, 200)),
        (QRect(-4000, -4000, 300, 200), QRect(0, 24, 300, 200)),
        (QRect(0, 0, 1320, 840), QRect(0, 24, 853, 456)),
    ],
)
def test_a_window_is_put_within_its_screen(wanted: QRect, fit: QRect) -> None:
    assert fitted(wanted, QRect(0, 24, 853, 456)) == fit


SMALL_SCREEN = """
import tempfile
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.ui.fake_worker import Bench

app = QApplication([])
folder = Path(tempfile.mkdtemp())
for _ in range(2):  # the second has a size that is remembered, too large for this screen
    bench = Bench(app, folder)
    bench.window.show()
    QTest.qWaitForWindowExposed(bench.window)
    screen, window = bench.window.screen().availableGeometry(), bench.window.geometry()
    assert screen.contains(window), (screen, window)
    bench.window.resize(1320, 840)
    bench.close()
print(screen.width(), screen.height())
"""


@pytest.mark.display
def test_the_window_fits_a_screen_of_1280_by_720_at_scale_1_5() -> None:
    with closing(Xvfb("1280x720x24")) as server:
        done = subprocess.run(
            [sys.executable, "-c", SMALL_SCREEN],
            env={**server.environment, "QT_SCALE_FACTOR": "1.5"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["853", "480"]


@pytest.fixture
def toolbar(bench: Bench, qtbot: QtBot) -> Bench:
    bench.window.resize(1320, 840)
    bench.window.show()
    qtbot.waitExposed(bench.window)
    bench.load()
    return bench


def buttons(bench: Bench) -> dict[str, QToolButton]:
    """The toolbar's buttons by the name of their action."""
    found = bench.window.findChildren(QToolButton)
    return {b.defaultAction().objectName(): b for b in found if b.defaultAction()}


def test_no_button_of_the_toolbar_moves_when_another_says_something_else(toolbar: Bench) -> None:
    before = {name: b.geometry() for name, b in buttons(toolbar).items()}
    words = set()
    begun = fake_prepared()
    toolbar.post(begun, fake_steps(1, 5), Status("training"))
    for state in ("training", "paused", "training", "idle"):
        toolbar.post(Status(state))  # type: ignore[arg-type]
        QApplication.processEvents()
        assert {name: b.geometry() for name, b in buttons(toolbar).items()} == before
        words |= {b.text() for b in buttons(toolbar).values()}
    assert {"Pause", "Resume", "Continue"} <= words


def test_what_goes_on_with_a_paused_run_is_one_command(toolbar: Bench) -> None:
    toolbar.post(fake_prepared(), fake_steps(1, 5), Status("paused"))
    assert buttons(toolbar)["pause"].isEnabled()
    train = buttons(toolbar)["train"]
    assert not train.isEnabled()
    assert "paused" in train.toolTip()


def test_a_narrow_toolbar_has_its_overflow_arrow(toolbar: Bench, qtbot: QtBot) -> None:
    arrow = toolbar.window.findChild(QToolButton, "qt_toolbar_ext_button")
    assert arrow is not None
    assert not arrow.isVisible()
    toolbar.window.resize(QSize(0, 0))
    qtbot.waitUntil(arrow.isVisible)
    assert not buttons(toolbar)["reset"].isVisible()
    picture = arrow.grab().toImage()
    assert len({picture.pixel(x, y) for x in range(picture.width()) for y in range(12, 24)}) > 1
