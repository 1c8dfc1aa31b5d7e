"""Make the pictures in docs/screenshots from the real program, on a display of its own.

``python tools/screenshots.py`` starts itself once for each scale factor, because Qt reads that only
when it starts; each of those trains the default model and takes the window in both themes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SIZE = 1440, 900
EPOCHS = 12


def main() -> int:
    """Take all pictures, or with ``--scale`` those of one scale factor on this display."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are put")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.scale is not None:
        _take(arguments.scale, arguments.folder)
        return 0
    sys.path.insert(0, str(ROOT))
    from tests.xvfb import Xvfb

    display = Xvfb("3000x2000x24")
    try:
        for scale in (1, 2):
            _start(scale, arguments.folder, display.environment)
    finally:
        display.close()
    return 0


def _start(scale: int, folder: Path, environment: dict[str, str]) -> None:
    """Run this file again at a scale factor, away from the user's own settings."""
    with tempfile.TemporaryDirectory() as home:
        own = {
            "QT_SCALE_FACTOR": str(scale),
            "XDG_CONFIG_HOME": home,
            "XDG_CACHE_HOME": home,
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        command = [sys.executable, __file__, "--scale", str(scale), "--folder", str(folder)]
        subprocess.run(command, env={**os.environ, **environment, **own}, check=True, cwd=ROOT)


def _take(scale: int, folder: Path) -> None:
    """Train in the real window and take it while it trains and afterwards, light and dark."""
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication

    from vaegui import app as program

    app, window = program.build(["vaegui"])
    workbench = window.workbench
    window.theme.set_choice("light")
    window.resize(*SIZE)
    window.show()

    def wait(fact: Callable[[], bool]) -> None:
        while not fact():
            app.processEvents()

    def settle() -> None:
        wait(lambda: window.repainter.resting)
        QApplication.sendPostedEvents()
        app.processEvents()

    def shoot(name: str) -> None:
        for theme in ("light", "dark"):
            window.theme.set_choice(theme)
            settle()
            suffix = "" if scale == 1 else f"@{scale}x"
            window.grab().save(str(folder / f"{name}-{theme}{suffix}.png"))
        window.theme.set_choice("light")

    wait(lambda: workbench.state == "idle")
    settle()
    shoot("start")
    settings = window.setup.value
    assert settings is not None
    window.setup.set_value(settings.with_values({"training.epochs": EPOCHS}))
    window.findChild(QAction, "train").trigger()
    wait(lambda: workbench.run is not None and workbench.run.step > 2 * 79)
    shoot("training")
    wait(lambda: workbench.state == "idle")
    workbench.select(workbench.selection.but(cursor=(0.4, -0.3)))
    wait(lambda: workbench.run is not None and workbench.run.decoded is not None)
    shoot("window")
    workbench.run.saved_step = workbench.run.step
    window.close()


if __name__ == "__main__":
    sys.exit(main())
