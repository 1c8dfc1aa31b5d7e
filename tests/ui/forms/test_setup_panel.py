"""The Setup dock: settings, undo and redo, and what it says about training."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.forms.test_form import choose, field, type_into
from vaegui.data import Digits8x8, GivenArray, OwnData
from vaegui.training.settings.settings import Settings
from vaegui.ui.forms.setup_panel import SetupPanel


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """A window with the panel, and undo and redo as its actions."""
    window = QWidget()
    panel = SetupPanel()
    QVBoxLayout(window).addWidget(panel)
    for action, keys in (
        (panel.undo_stack.createUndoAction(window), QKeySequence.StandardKey.Undo),
        (panel.undo_stack.createRedoAction(window), QKeySequence.StandardKey.Redo),
    ):
        action.setShortcut(keys)
        window.addAction(action)
    qtbot.addWidget(window)
    window.resize(260, 700)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.fixture
def panel(window: QWidget) -> SetupPanel:
    panel = window.findChild(SetupPanel)
    assert panel is not None
    return panel


def press(qtbot: QtBot, panel: SetupPanel, path: str, key: Qt.Key) -> None:
    qtbot.keyClick(field(panel.form, path), key, Qt.KeyboardModifier.ControlModifier)


def value(panel: SetupPanel) -> Settings:
    assert panel.value is not None
    return panel.value


def line(panel: SetupPanel, name: str) -> str:
    label = panel.findChild(QLabel, f"setup.{name}")
    assert label is not None
    assert label.isVisible() == bool(label.text())
    return label.text()


def test_typing_in_one_field_is_one_step_of_undo(qtbot: QtBot, panel: SetupPanel) -> None:
    type_into(qtbot, panel.form, "training.epochs", "345")
    assert panel.undo_stack.count() == 1
    assert panel.undo_stack.undoText() == "Epochs"
    panel.undo_stack.undo()
    assert panel.value == Settings()
    panel.undo_stack.redo()
    assert value(panel).training.epochs == 345


def test_typing_again_after_leaving_the_field_is_another_step(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    type_into(qtbot, panel.form, "training.epochs", "3")
    qtbot.keyClick(field(panel.form, "training.epochs"), Qt.Key.Key_Return)
    type_into(qtbot, panel.form, "training.epochs", "4")
    panel.undo_stack.undo()
    assert value(panel).training.epochs == 3


def test_typing_back_what_was_there_leaves_nothing_to_undo(qtbot: QtBot, panel: SetupPanel) -> None:
    type_into(qtbot, panel.form, "training.epochs", "20")
    assert panel.undo_stack.count() == 0


def test_undo_takes_a_wrong_text_back(qtbot: QtBot, panel: SetupPanel) -> None:
    type_into(qtbot, panel.form, "architecture.widths", "oops")
    assert panel.value is None
    panel.undo_stack.undo()
    assert panel.value == Settings()
    panel.undo_stack.redo()
    assert panel.value is None


def test_the_shortcut_undoes_in_the_form_not_in_the_field(qtbot: QtBot, panel: SetupPanel) -> None:
    choose(qtbot, panel.form, "architecture", "Convolutional layers")
    type_into(qtbot, panel.form, "latent_units", "5")
    type_into(qtbot, panel.form, "architecture.filters", "7")
    press(qtbot, panel, "architecture.filters", Qt.Key.Key_Z)
    assert value(panel).architecture.model_dump()["filters"] == (32, 64)
    press(qtbot, panel, "latent_units", Qt.Key.Key_Z)
    assert value(panel).latent_units == 2
    press(qtbot, panel, "latent_units", Qt.Key.Key_Z)
    assert panel.value == Settings()
    assert panel.undo_stack.index() == 0
    for _ in range(3):
        panel.undo_stack.redo()
    assert value(panel).latent_units == 5
    assert value(panel).architecture.model_dump()["filters"] == (7,)


def test_undo_brings_what_it_changes_into_sight(qtbot: QtBot, panel: SetupPanel) -> None:
    panel.window().resize(260, 250)
    more = field(panel.form, "training.more")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    type_into(qtbot, panel.form, "training.seed", "5")
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    scroll.verticalScrollBar().setValue(0)
    panel.undo_stack.undo()
    seed = field(panel.form, "training.seed")
    assert seed.isVisible()
    qtbot.waitUntil(lambda: not seed.visibleRegion().isEmpty())


def test_restoring_the_defaults_can_be_undone(qtbot: QtBot, panel: SetupPanel) -> None:
    type_into(qtbot, panel.form, "latent_units", "5")
    button = panel.findChild(QWidget, "setup.restore_defaults")
    with qtbot.waitSignal(panel.changed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert panel.value == Settings()
    panel.undo_stack.undo()
    assert value(panel).latent_units == 5


def test_settings_that_were_set_are_a_new_start(qtbot: QtBot, panel: SetupPanel) -> None:
    type_into(qtbot, panel.form, "latent_units", "5")
    other = Settings().with_values({"training.epochs": 3})
    panel.set_value(other)
    assert panel.value == other
    assert panel.undo_stack.count() == 0
    type_into(qtbot, panel.form, "training.epochs", "4")
    panel.undo_stack.undo()
    assert panel.value == other


def test_it_says_why_train_cannot_start_until_that_is_mended(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    assert line(panel, "reason") == ""
    with qtbot.waitSignal(panel.changed):
        type_into(qtbot, panel.form, "training.epochs", "0")
    assert line(panel, "reason") == (
        "Train cannot start: Epochs must be a whole number from 1 to 100,000; got '0'."
    )
    type_into(qtbot, panel.form, "training.epochs", "9")
    assert line(panel, "reason") == ""


def test_a_problem_from_outside_is_shown_and_told(panel: SetupPanel) -> None:
    panel.show_problem("architecture", "Convolutional layers need pictures.")
    assert line(panel, "reason") == "Train cannot start: Convolutional layers need pictures."
    assert panel.value == Settings()


def test_it_names_what_the_model_was_not_made_with(qtbot: QtBot, panel: SetupPanel) -> None:
    panel.set_run_settings(Settings())
    assert line(panel, "hint") == ""
    type_into(qtbot, panel.form, "architecture.widths", "16")
    assert line(panel, "hint") == (
        "Changed: Hidden layers. Changes apply to the next model: Run > Train a new model."
    )
    panel.undo_stack.undo()
    assert line(panel, "hint") == ""
    panel.set_run_settings(Settings().with_values({"data.kind": "digits"}))
    assert line(panel, "hint").startswith("Changed: Data.")
    panel.set_run_settings(None)
    assert line(panel, "hint") == ""


def test_more_epochs_need_no_new_model(qtbot: QtBot, panel: SetupPanel) -> None:
    panel.set_run_settings(Settings())
    type_into(qtbot, panel.form, "training.epochs", "40")
    assert line(panel, "hint") == "Changed: Epochs. The present run can take it."


def test_only_what_the_run_can_take_may_be_applied_to_it(qtbot: QtBot, panel: SetupPanel) -> None:
    apply = panel.findChild(QWidget, "setup.apply")
    assert apply is not None
    panel.set_run_settings(Settings())
    panel.set_can_apply(True)
    assert not apply.isVisible()
    type_into(qtbot, panel.form, "optimiser.learning_rate", "0.0005")
    assert apply.isVisible()
    with qtbot.waitSignal(panel.applied) as told:
        qtbot.mouseClick(apply, Qt.MouseButton.LeftButton)
    assert told.args == [Settings().with_values({"optimiser.learning_rate": 0.0005})]
    panel.set_can_apply(False)
    assert not apply.isVisible()
    panel.set_can_apply(True)
    type_into(qtbot, panel.form, "latent_units", "3")
    assert not apply.isVisible()
    type_into(qtbot, panel.form, "latent_units", "x")
    assert not apply.isVisible()


def test_a_schedule_that_never_ends_is_pointed_out_and_stands_in_nobodys_way(
    qtbot: QtBot, panel: SetupPanel
) -> None:
    assert line(panel, "warning") == ""
    slow = {"objective.warm_up.kind": "linear", "objective.warm_up.length": 30}
    panel.set_value(Settings().with_values(slow))
    assert line(panel, "warning") == "beta reaches 1 only after 30 of 20 epochs."
    assert line(panel, "reason") == ""
    assert panel.value is not None
    type_into(qtbot, panel.form, "training.epochs", "40")
    assert line(panel, "warning") == ""


def test_settings_that_were_set_are_told_of(qtbot: QtBot, panel: SetupPanel) -> None:
    with qtbot.waitSignal(panel.changed):
        panel.set_value(Settings().with_values({"latent_units": 3}))


@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_a_narrow_dock_needs_no_scrolling_sideways(panel: SetupPanel, kind: str) -> None:
    panel.set_value(Settings().with_values({"architecture.kind": kind}))
    panel.window().resize(260, 300)
    scroll = panel.findChild(QScrollArea)
    assert scroll is not None
    assert scroll.widget().minimumSizeHint().width() <= 240
    assert scroll.widget().width() <= scroll.viewport().width()


def test_the_size_of_the_network_follows_what_is_typed(qtbot: QtBot, panel: SetupPanel) -> None:
    fact = panel.findChild(QLabel, "architecture.fact")
    assert fact is not None
    type_into(qtbot, panel.form, "latent_units", "3")
    three = fact.text()
    assert "weights" in three
    type_into(qtbot, panel.form, "latent_units", "5")
    assert fact.text() != three
    type_into(qtbot, panel.form, "latent_units", "-5")
    assert not fact.isVisible()


def test_convolutions_of_what_is_no_picture_are_explained_beside_the_layers(
    panel: SetupPanel,
) -> None:
    panel.set_value(
        Settings().with_values({"data.kind": "six-features", "architecture.kind": "conv"})
    )
    fact = panel.findChild(QLabel, "architecture.fact")
    assert fact is not None
    assert "need pictures" in fact.text()


@pytest.mark.parametrize(
    "data", [GivenArray(name="mine", shape=(5,)), OwnData(path="/x.npy", shape=(5,))]
)
def test_data_that_the_form_does_not_offer_are_shown_and_kept(
    qtbot: QtBot, panel: SetupPanel, data: GivenArray | OwnData
) -> None:
    settings = Settings(data=data)
    panel.set_value(settings)
    assert panel.value == settings
    box = panel.findChild(QComboBox, "data")
    assert box is not None
    assert box.currentText() == data.label
    choose(qtbot, panel.form, "data", "Digits 8x8")
    assert value(panel).data == Digits8x8()


def test_all_data_to_choose_from_can_be_seen_at_once(panel: SetupPanel) -> None:
    lists = [box for box in panel.form.findChildren(QComboBox) if box.findText("Shapes") >= 0]
    assert lists
    assert all(box.maxVisibleItems() >= box.count() for box in lists)
