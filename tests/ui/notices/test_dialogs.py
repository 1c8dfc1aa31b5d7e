"""Dialogs: what happened and what to do; unsaved changes; about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from vaegui.training.record.events import Failed
from vaegui.training.record.job_kind import JobKind
from vaegui.ui.notices.dialogs import Offer, about, ask_unsaved, show_failure

FULL = Failed(
    "The disk is full: <b>model.keras</b> was not written.",
    "Free some space, or save elsewhere.",
    "OSError: [Errno 28]",
    what="saving",
    kind=JobKind.SAVING,
)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def button(dialog: QWidget, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def click(qtbot: QtBot, dialog: QWidget, name: str) -> None:
    qtbot.mouseClick(button(dialog, name), Qt.MouseButton.LeftButton)


def text(dialog: QDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    assert label.textFormat() == Qt.TextFormat.PlainText
    return label.text()


def test_a_failure_says_what_happened_and_what_to_do(window: QWidget) -> None:
    dialog = show_failure(window, FULL)
    assert dialog.windowTitle() == "Saving did not work"
    assert text(dialog, "message") == FULL.message
    assert text(dialog, "remedy") == FULL.remedy
    dialog.close()


def test_the_title_of_a_failure_keeps_names_as_they_are_written(window: QWidget) -> None:
    dialog = show_failure(window, Failed("No such module.", "Install it.", kind=JobKind.LOADING))
    assert dialog.windowTitle() == "Loading TensorFlow did not work"
    dialog.close()


def test_a_failure_leaves_the_window_usable(window: QWidget) -> None:
    dialog = show_failure(window, FULL)
    assert dialog.isVisible()
    assert not dialog.isModal()
    dialog.close()


def test_details_show_on_demand_and_all_can_be_copied(qtbot: QtBot, window: QWidget) -> None:
    dialog = show_failure(window, FULL)
    details = dialog.findChild(QPlainTextEdit, "details")
    assert details is not None
    assert not details.isVisible()
    click(qtbot, dialog, "toggle_details")
    assert details.isVisible()
    assert details.toPlainText() == FULL.details
    click(qtbot, dialog, "copy")
    copied = QGuiApplication.clipboard().text()
    assert all(part in copied for part in (FULL.message, FULL.remedy, FULL.details))
    click(qtbot, dialog, "toggle_details")
    assert not details.isVisible()
    dialog.close()


def test_a_failure_without_details_offers_none(window: QWidget) -> None:
    dialog = show_failure(window, Failed("No.", ""))
    assert dialog.findChild(QPushButton, "toggle_details") is None
    assert dialog.findChild(QLabel, "remedy") is None
    dialog.close()


def test_the_same_failure_twice_is_one_dialog(window: QWidget) -> None:
    dialog = show_failure(window, FULL)
    assert show_failure(window, FULL) is dialog
    other = show_failure(window, Failed("Another.", ""))
    assert other is not dialog
    dialog.close()
    other.close()


def test_what_would_mend_it_is_offered_and_done_once(qtbot: QtBot, window: QWidget) -> None:
    done: list[str] = []
    offer = Offer("Rescale to 0 to 1", lambda: done.append("rescaled"))
    dialog = show_failure(window, FULL, offer)
    assert show_failure(window, FULL, offer) is dialog
    assert button(dialog, "offer").text() == "Rescale to 0 to 1"
    assert button(dialog, "offer").isDefault()
    with qtbot.waitSignal(dialog.destroyed):
        click(qtbot, dialog, "offer")
    assert done == ["rescaled"]


def test_a_closed_failure_is_gone(qtbot: QtBot, window: QWidget) -> None:
    dialog = show_failure(window, FULL)
    with qtbot.waitSignal(dialog.destroyed):
        click(qtbot, dialog, "close")
    assert window.findChildren(QDialog) == []


@pytest.mark.parametrize("answer", ["save", "discard", "cancel"])
def test_unsaved_changes_are_asked_about(qtbot: QtBot, window: QWidget, answer: str) -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        click(qtbot, box, answer)

    QTimer.singleShot(0, press)
    assert ask_unsaved(window, "digits.keras") == answer


def test_escape_keeps_the_unsaved_model_open(qtbot: QtBot, window: QWidget) -> None:
    def press() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, press)
    assert ask_unsaved(window, "digits.keras") == "cancel"


def test_about_lists_versions_and_copies_them(qtbot: QtBot, window: QWidget) -> None:
    dialog = about(window, {"vaegui": "0.1.0", "tensorflow": "2.21.0"})
    assert "2.21.0" in [label.text() for label in dialog.findChildren(QLabel)]
    click(qtbot, dialog, "copy")
    assert QGuiApplication.clipboard().text() == "vaegui 0.1.0\ntensorflow 2.21.0"
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
