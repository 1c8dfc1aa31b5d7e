from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.fake_worker import Bench
from vaegui.data import DrawnPoints
from vaegui.ui.pages.own_data.drawing.dialog import DrawingDialog
from vaegui.ui.pages.own_data.drawing.pad import DrawingPad

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def opened(bench: Bench, qtbot: QtBot) -> tuple[DrawingDialog, DrawingPad]:
    bench.load()
    bench.window.show()
    bench.window.pages.turn_to("own_data")
    press(bench.window.findChild(QPushButton, "own_data.draw"))
    dialog = bench.window.findChild(DrawingDialog, "own_data.drawing")
    assert dialog is not None
    qtbot.waitExposed(dialog)
    pad = dialog.findChild(DrawingPad, "own_data.drawing.pad")
    assert pad is not None
    return dialog, pad


def press(button: QPushButton | None) -> None:
    assert button is not None
    assert button.isEnabled()
    button.click()


def stroke(pad: DrawingPad, button: Qt.MouseButton, *way: tuple[float, float]) -> None:
    """Move over places, as shares of the pad's size, with a button held."""
    places = [QPoint(round(x * pad.width()), round(y * pad.height())) for x, y in way]
    QTest.mousePress(pad, button, Qt.KeyboardModifier.NoModifier, places[0])
    for place in places[1:]:
        QTest.mouseMove(pad, place)
    QTest.mouseRelease(pad, button, Qt.KeyboardModifier.NoModifier, places[-1])


def test_strokes_are_points_of_the_class_of_the_number_key_and_become_the_data(
    bench: Bench, qtbot: QtBot
) -> None:
    dialog, pad = opened(bench, qtbot)
    use = dialog.findChild(QPushButton, "own_data.drawing.use")
    assert use is not None
    assert not use.isEnabled()
    told = dialog.findChild(QLabel, "own_data.drawing.told")
    assert told is not None
    assert "draw 10 at least" in told.text()
    for i in range(6):
        stroke(pad, LEFT, (0.3 + i / 50, 0.3))
    QTest.keyClick(pad, Qt.Key.Key_3)
    for i in range(6):
        stroke(pad, LEFT, (0.7, 0.4 + i / 50))
    assert [kind for *_, kind in pad.points] == [1] * 6 + [3] * 6
    assert all(-1 <= value <= 1 for point in pad.points for value in point[:2])
    points = pad.points
    press(use)
    value = bench.window.setup.value
    assert value is not None
    assert isinstance(value.data, DrawnPoints)
    assert value.data.points == points
    assert value.likelihood.kind == "gaussian-learned"


def test_the_right_button_erases_and_every_stroke_can_be_undone(bench: Bench, qtbot: QtBot) -> None:
    dialog, pad = opened(bench, qtbot)
    stroke(pad, LEFT, (0.3, 0.3))
    stroke(pad, LEFT, (0.6, 0.6))
    both = pad.points
    stroke(pad, RIGHT, (0.3, 0.3))
    assert pad.points == both[1:]
    press(dialog.findChild(QPushButton, "own_data.drawing.undo"))
    assert pad.points == both
    press(dialog.findChild(QPushButton, "own_data.drawing.clear"))
    assert pad.points == ()
    QTest.keyClick(pad, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pad.points == both
    press(dialog.findChild(QPushButton, "own_data.drawing.redo"))
    assert pad.points == ()


def test_a_click_far_outside_lies_on_the_edge_and_points_begin_with_those_of_setup(
    bench: Bench, qtbot: QtBot
) -> None:
    dialog, pad = opened(bench, qtbot)
    for i in range(12):
        stroke(pad, LEFT, (0.0, (i + 1) / 14))
    assert {point[0] for point in pad.points} == {-1.0}
    points = pad.points
    press(dialog.findChild(QPushButton, "own_data.drawing.use"))
    bench.window.pages.turn_to("own_data")
    press(bench.window.findChild(QPushButton, "own_data.draw"))
    pads = bench.window.findChildren(DrawingPad, "own_data.drawing.pad")
    assert pads[-1].points == points
