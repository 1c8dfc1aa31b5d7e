from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.ui.fake_worker import Bench
from tools.glossary import HEADING, glossary
from vaegui.panels.explain.all import EXPLANATIONS
from vaegui.paths import guide
from vaegui.ui.help.formula import formula
from vaegui.ui.help.guide import Guide, open_guide
from vaegui.ui.help.terms import OF_TOPICS, WAY, TermTip
from vaegui.wording.terms import TERMS


@pytest.mark.parametrize("name", TERMS)
def test_every_formula_can_be_set(qapp: QApplication, name: str) -> None:
    picture = formula(TERMS[name].formula, "#204060", 9.0, 2.0)
    assert 30 < picture.width() / 2 < 420
    assert picture.height() / 2 < 60
    image = picture.toImage()
    inked = sum(
        image.pixelColor(x, y).alpha() > 128
        for x in range(image.width())
        for y in range(image.height())
    )
    assert inked > 100


def test_nothing_of_a_formula_is_cut_off(qapp: QApplication) -> None:
    for name, term in TERMS.items():
        image = formula(term.formula, "#000000", 9.0, 1.0).toImage()
        edges = [(x, y) for x in range(image.width()) for y in (0, image.height() - 1)]
        edges += [(x, y) for x in (0, image.width() - 1) for y in range(image.height())]
        assert all(image.pixelColor(*edge).alpha() < 40 for edge in edges), name


def test_the_glossary_of_the_guide_has_every_term_as_tooltips_show_it() -> None:
    assert guide().read_text("utf-8").endswith(glossary()), "run python tools/glossary.py"
    assert guide().read_text("utf-8").count(HEADING) == 1


def test_every_term_is_one_sentence() -> None:
    for term in TERMS.values():
        assert term.sentence.endswith(".")
        assert ". " not in term.sentence


def test_only_terms_and_explanations_that_there_are_are_named() -> None:
    assert {name for names in OF_TOPICS.values() for name in names} <= {*TERMS}
    assert {explanation.name for explanation in EXPLANATIONS} <= {*OF_TOPICS}


def test_a_title_in_setup_explains_its_term_below_what_it_said_before(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    label = next(
        label
        for label in bench.window.setup.findChildren(QLabel)
        if label.buddy() is not None and label.buddy().objectName() == "objective.beta"
    )
    before = label.toolTip()
    where = label.mapToGlobal(QPoint(2, 2))
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), where))
    tip = TermTip.shown
    assert tip is not None
    texts = [part.text() for part in tip.findChildren(QLabel)]
    assert texts[0] == before
    assert TERMS["beta"].sentence in texts
    assert any(not part.pixmap().isNull() for part in tip.findChildren(QLabel))
    link = tip.findChild(QLabel, "term.link")
    assert link is not None
    link.linkActivated.emit("#beta")
    assert bench.window.findChild(Guide) is not None
    qtbot.waitUntil(lambda: TermTip.shown is None)


def test_the_guide_has_a_place_for_every_term(bench: Bench) -> None:
    page = open_guide(bench.window)
    assert all(page.go_to(term.title) for term in TERMS.values())
    assert not page.go_to("no such heading")


def test_the_guide_shows_neither_markup_nor_pictures_that_are_not_there(bench: Bench) -> None:
    text = open_guide(bench.window).text.toPlainText()
    assert "<picture" not in text
    assert "Latent space" in text


def title_in_setup(bench: Bench, path: str) -> QLabel:
    """The title beside a control of Setup."""
    return next(
        label
        for label in bench.window.setup.findChildren(QLabel)
        if label.buddy() is not None and label.buddy().objectName() == path
    )


def point_at(label: QLabel) -> TermTip | None:
    """What is explained when the mouse rests on a title."""
    where = label.mapToGlobal(QPoint(2, 2))
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), where))
    return TermTip.shown


@pytest.mark.parametrize(
    ("path", "term"), [("likelihood", "likelihood"), ("objective.warm_up", "warm-up")]
)
def test_a_title_over_a_choice_explains_its_term(
    bench: Bench, qtbot: QtBot, path: str, term: str
) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    tip = point_at(title_in_setup(bench, path))
    assert tip is not None
    assert TERMS[term].sentence in [part.text() for part in tip.findChildren(QLabel)]
    tip.close()


def test_rows_that_are_made_when_an_alternative_is_chosen_explain_their_terms(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    settings = bench.window.setup.value
    assert settings is not None
    bench.window.setup.set_value(settings.with_values({"architecture": {"kind": "conv"}}))
    tip = point_at(title_in_setup(bench, "architecture.hidden"))
    assert tip is not None
    assert TERMS["hidden-vector"].sentence in [part.text() for part in tip.findChildren(QLabel)]
    tip.close()


def test_an_explanation_waits_for_the_mouse_to_come_over_and_goes_when_it_left(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    title = title_in_setup(bench, "objective.beta")
    tip = point_at(title)
    assert tip is not None
    QApplication.sendEvent(title, QEvent(QEvent.Type.Leave))
    inside = QPointF(3, 3)
    QApplication.sendEvent(tip, QEnterEvent(inside, inside, inside))
    qtbot.wait(2 * WAY)
    assert TermTip.shown is tip
    QApplication.sendEvent(tip, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: TermTip.shown is None)


def test_an_explanation_goes_when_its_widget_is_pressed(bench: Bench, qtbot: QtBot) -> None:
    bench.window.show()
    qtbot.waitExposed(bench.window)
    title = title_in_setup(bench, "objective.beta")
    assert point_at(title) is not None
    QTest.mousePress(title, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: TermTip.shown is None)
