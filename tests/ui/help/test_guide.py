from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.fake_worker import Bench
from vaegui.ui.help.formula import formula
from vaegui.ui.help.guide import Guide, open_guide
from vaegui.wording.terms import TERMS


@pytest.fixture
def guide(bench: Bench, qtbot: QtBot) -> Guide:
    bench.window.show()
    page = open_guide(bench.window)
    qtbot.waitExposed(page)
    return page


def found(page: Guide) -> str:
    label = page.findChild(QLabel, "guide.found")
    assert isinstance(label, QLabel)
    return label.text()


def field(page: Guide) -> QLineEdit:
    made = page.findChild(QLineEdit, "guide.search")
    assert isinstance(made, QLineEdit)
    return made


def test_the_guide_begins_with_its_title(guide: Guide) -> None:
    QApplication.processEvents()
    assert guide.text.verticalScrollBar().maximum() > 0
    assert guide.text.verticalScrollBar().value() == 0
    assert guide.text.textCursor().position() == 0


def test_a_word_is_found_wherever_it_stands_and_one_place_follows_the_other(guide: Guide) -> None:
    count = guide.text.toPlainText().lower().count("warm-up")
    assert count > 3
    QTest.keyClicks(field(guide), "WARM-up")
    assert found(guide) == f"1 of {count}"
    first = guide.text.textCursor()
    assert first.selectedText().lower() == "warm-up"
    QTest.keyClick(field(guide), Qt.Key.Key_Return)
    assert found(guide) == f"2 of {count}"
    assert guide.text.textCursor().position() > first.position()


def test_the_place_before_the_first_is_the_last(guide: Guide) -> None:
    QTest.keyClicks(field(guide), "ellipse")
    count = found(guide).rpartition(" ")[2]
    QTest.keyClick(guide, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert found(guide) == f"{count} of {count}"


def test_a_place_that_was_found_is_in_sight(guide: Guide) -> None:
    QTest.keyClicks(field(guide), "Cyclical")
    assert guide.text.rect().contains(guide.text.cursorRect().center())


def test_what_the_guide_does_not_say_is_not_found(guide: Guide) -> None:
    QTest.keyClicks(field(guide), "quaternion")
    assert found(guide) == "Not found"
    assert not guide.text.textCursor().hasSelection()


def test_ctrl_f_goes_to_the_field_and_escape_leaves_first_it_then_the_window(
    guide: Guide, qtbot: QtBot
) -> None:
    QTest.keyClick(guide, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(field(guide).hasFocus)
    QTest.keyClicks(field(guide), "prior")
    QTest.keyClick(guide, Qt.Key.Key_Escape)
    assert field(guide).text() == ""
    assert found(guide) == ""
    with qtbot.waitSignal(guide.destroyed):
        QTest.keyClick(guide, Qt.Key.Key_Escape)


def test_formulas_take_the_colour_of_another_theme(guide: Guide, bench: Bench) -> None:
    bench.window.choose_theme("dark")
    ink = guide.text.palette().text().color().lightness()
    assert ink > 180
    guide.go_to("Beta")
    shown = guide.text.viewport().grab().toImage()
    light = sum(
        shown.pixelColor(x, y).lightness() > 180
        for x in range(shown.width())
        for y in range(shown.height())
    )
    assert light > 200


def test_the_guide_finds_its_formulas_set_when_it_is_opened(bench: Bench, qtbot: QtBot) -> None:
    bench.window.show()
    formula.cache_clear()
    bench.load(panels=True)
    formulas = {term.formula for term in TERMS.values()}
    qtbot.waitUntil(lambda: formula.cache_info().misses == len(formulas), timeout=20_000)
    before = formula.cache_info().misses
    page = open_guide(bench.window)
    qtbot.waitExposed(page)
    assert page.go_to("Standard error")
    assert formula.cache_info().misses == before


def test_what_was_found_is_marked_in_another_theme_too(guide: Guide, bench: Bench) -> None:
    QTest.keyClicks(field(guide), "posterior")
    QTest.keyClick(field(guide), Qt.Key.Key_Return)
    before = found(guide), guide.text.textCursor().selectionStart()
    bench.window.choose_theme("dark")
    assert (found(guide), guide.text.textCursor().selectionStart()) == before
    assert guide.text.textCursor().selectedText().lower() == "posterior"
    marked = {mark.cursor.selectedText().lower() for mark in guide.text.extraSelections()}
    assert marked == {"posterior"}
