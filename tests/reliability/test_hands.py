"""The monkey's hands: keys go to the window that has the keyboard when each is pressed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLOSED_BY_KEYS = """
from PySide6.QtCore import QTimer, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from tests.reliability.monkey import hands

app = QApplication([])
app.setQuitOnLastWindowClosed(False)


def close_a_dialog():
    dialog = QDialog()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    close = QPushButton("Close", dialog)
    close.clicked.connect(dialog.close)
    dialog.destroyed.connect(lambda: print("dialog gone"))
    dialog.show()
    QTest.qWaitForWindowActive(dialog)
    close.setFocus()
    hands.press(Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    app.quit()


QTimer.singleShot(0, close_a_dialog)
app.exec()
"""


def test_a_window_that_a_key_deletes_gets_no_more_keys() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", CLOSED_BY_KEYS],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "MALLOC_PERTURB_": "165"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "dialog gone" in done.stdout
