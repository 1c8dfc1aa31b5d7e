from __future__ import annotations

from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from tests.fakes import fake_explained, fake_prepared, fake_ref, fake_snapshot, fake_steps
from tests.ui.fake_worker import Bench
from vaegui.panels.explain.shared.base import ValueColumn, ValueTable
from vaegui.panels.style import style
from vaegui.queries.equal_rows import EqualRows
from vaegui.queries.explain import Explain
from vaegui.queries.many_times import RunManyTimes
from vaegui.training.record.events import Status
from vaegui.ui.forms.editors import NumberBox
from vaegui.ui.notices.picture_dialog import PictureSize
from vaegui.ui.pages.explain.contents import ExplanationList
from vaegui.ui.pages.explain.explain import ExplainPage
from vaegui.ui.pages.explain.number_table import NumberTable
from vaegui.ui.plots.panel_dock import PanelDock

Q = TypeVar("Q")


@pytest.fixture
def open_bench(bench: Bench, qtbot: QtBot) -> Bench:
    """A window with a run, and the page open at the read-outs."""
    bench.window.resize(1300, 800)
    bench.window.show()
    bench.load(panels=True)
    with_a_run(bench)
    select(bench, topic="read-outs")
    answer(bench, qtbot)
    qtbot.waitUntil(lambda: bench.window.repainter.resting, timeout=10_000)
    return bench


def select(bench: Bench, **changes: object) -> None:
    bench.workbench.look_at(bench.workbench.focus.replace(**changes))


def wanted(bench: Bench, kind: type[Q]) -> list[Q]:
    """What the worker was told last to answer, of a class."""
    told = bench.worker.called("want")
    return [query for query in told[-1][0] if isinstance(query, kind)] if told else []


def answer(bench: Bench, qtbot: QtBot) -> None:
    """Explain what the open page asks for, once it is on screen and asks."""
    qtbot.waitUntil(lambda: bool(wanted(bench, Explain)), timeout=10_000)
    (query,) = wanted(bench, Explain)
    assert bench.workbench.run is not None
    begun = bench.workbench.run.begun
    number = begun.probes.number(query.example)
    assert number is not None
    bench.post(fake_explained(begun, number, held=query.held))


def explain_page(bench: Bench) -> ExplainPage:
    found = bench.window.pages["explain"]
    assert isinstance(found, ExplainPage)
    return found


def contents(bench: Bench) -> ExplanationList:
    """The list of explanations and the open one."""
    found = explain_page(bench).contents
    assert found is not None
    return found


def with_a_run(bench: Bench) -> None:
    """A run whose numbers were not explained yet."""
    begun = fake_prepared(shape=(6,), classes=3, probes=30)
    bench.post(begun, fake_steps(1, 500), fake_snapshot(begun, 500), Status("idle"))


def page(bench: Bench, name: str = "read-outs"):  # type: ignore[no-untyped-def]
    return contents(bench).pages[name]


def test_the_page_takes_the_place_of_the_docks_and_gives_it_back(open_bench: Bench) -> None:
    window = open_bench.window
    assert window.actions_["explain"].isChecked()
    assert contents(open_bench).isVisible()
    assert not any(dock.isVisible() for dock in window.docks.values())
    window.actions_["explain"].trigger()
    assert open_bench.workbench.focus.topic == ""
    assert not contents(open_bench).isVisible()
    assert all(dock.isVisible() for dock in window.docks.values())


def test_the_map_and_the_input_beside_it_are_those_of_the_docks(
    open_bench: Bench, qtbot: QtBot
) -> None:
    beside = explain_page(open_bench).beside
    assert [view.panel for view in beside] == ["latent", "input"]
    qtbot.waitUntil(lambda: all(view.canvas and view.canvas.on_screen() for view in beside))
    for view in beside:
        dock = open_bench.window.docks[view.panel]
        assert isinstance(dock, PanelDock)
        assert dock.canvas is not view.canvas
        assert not dock.canvas.on_screen()  # type: ignore[union-attr]


def test_an_arrow_key_in_the_map_beside_it_explains_the_next_input(
    open_bench: Bench, qtbot: QtBot
) -> None:
    view = explain_page(open_bench).beside[0]
    qtbot.waitUntil(lambda: view.canvas is not None)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert open_bench.workbench.focus.example == fake_ref(1)


def test_the_headings_of_the_list_can_be_read_in_another_theme(open_bench: Bench) -> None:
    open_bench.window.theme.set_choice("dark")
    listed = contents(open_bench).findChild(QListWidget)
    assert listed is not None
    assert listed.item(0).foreground().color().lightnessF() > 0.6


def test_a_click_in_the_list_opens_another_explanation(open_bench: Bench) -> None:
    names = contents(open_bench).findChild(QListWidget)
    assert isinstance(names, QListWidget)
    (item,) = names.findItems("Is it the mean of a?", Qt.MatchFlag.MatchExactly)
    names.setCurrentItem(item)
    assert open_bench.workbench.focus.topic == "mean-of-a"
    assert contents(open_bench).pages["mean-of-a"].isVisible()


def test_copy_as_text_copies_question_text_and_all_numbers(open_bench: Bench) -> None:
    buttons = page(open_bench).findChildren(QPushButton)
    next(b for b in buttons if b.text() == "Copy as text").click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("How exactly are μ₁ and μ₂ computed?")
    assert "j\taⱼ\tw₁ⱼ" in copied
    assert len([line for line in copied.splitlines() if "\t" in line]) == 1 + 4 + 2


def test_save_as_picture_writes_the_picture(open_bench: Bench, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "sums.png"
    open_bench.answers.picture_size = PictureSize()
    open_bench.answers.save_picture = str(path)
    button = next(
        button
        for button in page(open_bench).findChildren(QPushButton)
        if button.text() == "Save as picture ..."
    )
    button.click()
    assert path.read_bytes().startswith(b"\x89PNG")


def test_until_the_numbers_come_it_says_so_and_not_to_train_a_model(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.window.show()
    bench.load(panels=True)
    with_a_run(bench)
    select(bench, topic="network")
    qtbot.waitUntil(lambda: bool(wanted(bench, Explain)), timeout=10_000)
    told = page(bench, "network").findChildren(QLabel)
    qtbot.waitUntil(lambda: any("are being computed" in label.text() for label in told))
    answer(bench, qtbot)
    qtbot.waitUntil(lambda: any("The hidden vector a" in label.text() for label in told))


def test_every_title_in_the_list_has_the_room_that_it_needs(open_bench: Bench) -> None:
    listed = contents(open_bench).findChild(QListWidget)
    assert listed is not None
    for height in (800, 420, 420, 420):
        open_bench.window.resize(1300, height)
        QApplication.processEvents()
        for item in (listed.item(row) for row in range(listed.count())):
            place = listed.visualItemRect(item)
            room = place.adjusted(3, 0, -3, 0)
            needed = QFontMetrics(item.font().resolve(listed.font())).boundingRect(
                room, Qt.TextFlag.TextWordWrap, item.text()
            )
            assert needed.height() <= place.height()
            assert needed.width() <= room.width()
        open_bench.press("larger_text")


def test_choosing_the_other_unit_swaps_the_two(open_bench: Bench) -> None:
    boxes = [b for b in page(open_bench).findChildren(QComboBox) if "μ₂" in b.itemText(1)]
    boxes[0].setCurrentIndex(1)
    boxes[0].activated.emit(1)
    focus = open_bench.workbench.focus
    assert (focus.unit, focus.beside) == (1, 0)


def test_an_experiment_begins_and_ends_with_its_button(open_bench: Bench) -> None:
    select(open_bench, topic="equal-rows")
    buttons = page(open_bench, "equal-rows").findChildren(QPushButton)
    button = next(b for b in buttons if b.text() == "Make equal and train")
    button.click()
    assert wanted(open_bench, EqualRows) == [EqualRows(200, 0, 1)]
    assert button.text() == "Stop"
    button.click()
    assert wanted(open_bench, EqualRows) == []
    assert button.text() == "Make equal and train"


def test_the_small_table_shows_all_its_rows(open_bench: Bench, qtbot: QtBot) -> None:
    numbers = page(open_bench).numbers
    qtbot.waitUntil(lambda: numbers.rowCount() == 4 + 2, timeout=5000)


def test_sorting_leaves_the_last_rows_and_sums_in_the_new_order(open_bench: Bench) -> None:
    numbers = NumberTable(style("light"))
    values = [3.0, 1.0, 2.0]
    columns = (
        ValueColumn("v", np.array(values), 1),
        ValueColumn("sum", np.array(values), 1, running=True),
    )
    numbers.set_table(ValueTable(columns, (("all", "6.0"),)))
    numbers.sort(0, Qt.SortOrder.AscendingOrder)
    shown = [[numbers.index(r, c).data() for c in range(2)] for r in range(4)]
    assert shown == [["1.0", "1.0"], ["2.0", "3.0"], ["3.0", "6.0"], ["all", "6.0"]]


def test_what_goes_on_follows_the_form_and_the_picked_input(open_bench: Bench) -> None:
    select(open_bench, topic="many-times")
    many = page(open_bench, "many-times")
    buttons = {b.text(): b for b in many.findChildren(QPushButton)}
    select(open_bench, example=fake_ref(4))
    assert not wanted(open_bench, RunManyTimes)
    buttons["Run"].click()
    select(open_bench, example=fake_ref(5))
    times = many.findChild(NumberBox)
    times.set_raw("2000")
    times.edited.emit()
    buttons["New random stream"].click()
    told = [q for (want,) in open_bench.worker.called("want") for q in want]
    assert list(dict.fromkeys(q for q in told if isinstance(q, RunManyTimes))) == [
        RunManyTimes(fake_ref(4), 1_000, 1),
        RunManyTimes(fake_ref(5), 1_000, 1),
        RunManyTimes(fake_ref(5), 2_000, 1),
        RunManyTimes(fake_ref(5), 2_000, 2),
    ]
