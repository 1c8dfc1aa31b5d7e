"""Any example can be picked by a number: that of an input, or its row."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from tests.fakes import fake_lookable, fake_prepared, fake_ref
from tests.ui.fake_worker import FakeWorker
from vaegui.data.source import ExampleRef
from vaegui.ui.plots.example_chooser import ExampleChooser
from vaegui.ui.state.workbench import Workbench


class Chosen:
    """The chooser on screen, with a run."""

    def __init__(
        self,
        workbench: Workbench,
        worker: FakeWorker,
        qtbot: QtBot,
        name: Literal["example", "other"] = "example",
    ) -> None:
        self.workbench, self._worker = workbench, worker
        chooser = ExampleChooser(workbench, name=name)
        qtbot.addWidget(chooser)
        kind = chooser.findChild(QComboBox, f"{name}.kind")
        number = chooser.findChild(QSpinBox, f"{name}.number")
        assert isinstance(kind, QComboBox)
        assert isinstance(number, QSpinBox)
        self.kind, self.number, self._chooser = kind, number, chooser
        chooser.show()

    @property
    def kinds(self) -> list[str]:
        return [self.kind.itemText(i) for i in range(self.kind.count())]

    def post(self, *events: Any) -> None:
        self._worker.post(*events)
        self.workbench.take()


@pytest.fixture
def chosen(workbench: Workbench, worker: FakeWorker, qtbot: QtBot) -> Chosen:
    made = Chosen(workbench, worker, qtbot)
    made.post(fake_prepared())
    return made


def test_any_example_can_be_picked_by_its_part_and_row(chosen: Chosen) -> None:
    assert chosen.kinds == ["Input", "Training", "Test"]
    chosen.kind.setFocus()
    QTest.keyClick(chosen.kind, Qt.Key.Key_Down)
    assert chosen.workbench.focus.example == ExampleRef("fa4e", "train", 0)
    assert (chosen.number.minimum(), chosen.number.maximum()) == (0, 12_799)
    chosen.number.selectAll()
    QTest.keyClicks(chosen.number, "12345")
    QTest.keyClick(chosen.number, Qt.Key.Key_Return)
    assert chosen.workbench.focus.example == ExampleRef("fa4e", "train", 12_345)
    QTest.keyClick(chosen.kind, Qt.Key.Key_Up)
    assert chosen.workbench.focus.example is None
    assert chosen.number.value() == 1


def test_a_probe_can_be_counted_by_its_row_and_stays_picked(chosen: Chosen) -> None:
    chosen.workbench.look_at(chosen.workbench.focus.replace(example=fake_ref(7)))
    assert chosen.number.value() == 8
    QTest.keyClick(chosen.kind, Qt.Key.Key_End)
    assert chosen.workbench.focus.example == fake_ref(7)
    assert chosen.number.value() == fake_ref(7).row
    chosen.number.stepUp()
    assert chosen.workbench.focus.example == ExampleRef("fa4e", "test", fake_ref(7).row + 1)


def test_what_is_picked_elsewhere_is_counted_as_it_was_picked(chosen: Chosen) -> None:
    picked = ExampleRef("fa4e", "train", 9)
    chosen.workbench.look_at(chosen.workbench.focus.replace(example=picked))
    assert chosen.kind.currentText() == "Training"
    chosen.workbench.look_at(chosen.workbench.focus.replace(example=fake_ref(2)))
    assert chosen.kind.currentText() == "Input"


def test_without_data_only_inputs_that_were_saved_can_be_picked(chosen: Chosen) -> None:
    begun = fake_lookable().begun
    chosen.post(begun)
    assert chosen.kinds == ["Input"]
    chosen.post(fake_lookable(saved=False).begun)
    assert not chosen.kind.isEnabled()
    assert chosen.workbench.focus.example is None


def test_the_other_end_is_counted_by_itself(
    chosen: Chosen, workbench: Workbench, worker: FakeWorker, qtbot: QtBot
) -> None:
    other = Chosen(workbench, worker, qtbot, "other")
    assert other.number.value() == 2
    QTest.keyClick(other.kind, Qt.Key.Key_End)
    assert other.number.value() == fake_ref(1).row
    other.number.setValue(77)
    assert workbench.focus.other == ExampleRef("fa4e", "test", 77)
    assert (chosen.kind.currentText(), chosen.number.value()) == ("Input", 1)
    QTest.keyClick(other.kind, Qt.Key.Key_Home)
    assert workbench.focus.other is None
    assert other.number.value() == 2
