from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.fake_worker import Bench
from vaegui.ui.theme.theme import TEXT_SIZES


def test_larger_text_makes_letters_of_controls_and_titles_larger_and_is_remembered(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    label = bench.window.findChild(QLabel, "status.state")
    assert isinstance(label, QLabel)
    before = label.fontMetrics().height()
    try:
        for _ in range(3):
            bench.press("larger_text")
        assert label.fontMetrics().height() > 1.3 * before
        assert bench.preferences.text == 1.5
        bench.press("normal_text")
        assert label.fontMetrics().height() == before
        bench.press("smaller_text")
        assert label.fontMetrics().height() < before
    finally:
        bench.press("normal_text")
    assert bench.preferences.text == 1.0


def test_text_has_a_largest_size(bench: Bench) -> None:
    try:
        for _ in range(len(TEXT_SIZES)):
            bench.press("larger_text")
        assert bench.theme.text == TEXT_SIZES[-1]
    finally:
        bench.press("normal_text")


def test_text_in_panels_grows_with_that_of_controls(bench: Bench, qtbot: QtBot) -> None:
    bench.window.show()
    bench.load(panels=True)
    dock = bench.window.docks["loss"]
    qtbot.waitUntil(lambda: getattr(dock, "canvas", None) is not None, timeout=20_000)
    canvas = dock.canvas  # type: ignore[attr-defined]

    def height() -> int:
        """Of the ink of what the panel says while it is empty."""
        image = canvas.grab().toImage()
        ground = image.pixelColor(2, 2)
        rows = [
            y
            for y in range(image.height())
            if any(image.pixelColor(x, y) != ground for x in range(0, image.width(), 2))
        ]
        return rows[-1] - rows[0] if rows else 0

    qtbot.waitUntil(lambda: bench.window.repainter.resting, timeout=20_000)
    before = height()
    try:
        for _ in range(3):
            bench.press("larger_text")
        with qtbot.waitSignal(canvas.painted, timeout=20_000):
            pass
        assert height() > 1.3 * before
    finally:
        bench.press("normal_text")


def test_full_screen_and_back(bench: Bench, qtbot: QtBot, qapp: QApplication) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    bench.press("full_screen")
    assert bench.window.windowState() & Qt.WindowState.WindowFullScreen
    bench.press("full_screen")
    assert not bench.window.windowState() & Qt.WindowState.WindowFullScreen


def test_the_menu_marks_the_present_theme(bench: Bench) -> None:
    bench.window.choose_theme("dark")
    marked = {
        name
        for name in ("system", "light", "dark")
        for action in [bench.window.findChild(type(bench.window.actions_["quit"]), f"theme_{name}")]
        if action.isChecked()
    }
    assert marked == {"dark"}
