from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from tests.ui.fake_worker import Bench
from vaegui.ui.help.shortcuts import show_shortcuts


def test_all_keys_of_commands_are_told_but_those_that_few_keyboards_have(bench: Bench) -> None:
    dialog = show_shortcuts(bench.window)
    told = [label.text() for label in dialog.findChildren(QLabel)]
    assert "F9" in " ".join(told)
    assert "Ctrl+O" in told
    assert not any("F14" in text or "Ctrl+O," in text for text in told)


def test_the_dialog_fits_the_screen_however_large_its_text(bench: Bench) -> None:
    for _ in range(4):
        bench.press("larger_text")
    dialog = show_shortcuts(bench.window)
    QApplication.processEvents()
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    rows = dialog.findChild(QScrollArea)
    assert rows is not None
    assert rows.widget().width() >= rows.widget().minimumSizeHint().width()
