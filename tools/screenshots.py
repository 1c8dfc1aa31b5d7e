"""Make the pictures in docs/screenshots from the real program, on a display of its own.

``python tools/screenshots.py`` starts itself once for each scale factor, because Qt reads that only
when it starts; each of those trains the default model and takes the window, and each of its docks,
in both themes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SIZE = 1440, 900
EPOCHS = 12
PAUSE_AFTER = 2
"""Epochs after which the picture of a training under way is taken."""
CURSOR = (0.4, -0.3)
PROBE = 3
PATIENCE = 300.0
"""Seconds that any one thing may take."""
COLOURS = 256
GAP = 10
"""Pixels above the section to which a page is scrolled."""


def main() -> int:
    """Take all pictures, or with ``--scale`` those of one scale factor on this display."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--own-data", action="store_true", help="only the page Own data")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they are put")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    sys.path.insert(0, str(ROOT))
    if arguments.scale is not None:
        _take(arguments.scale, arguments.folder, only_data=arguments.own_data)
        return 0
    from tests.xvfb import Xvfb

    display = Xvfb("3000x2000x24")
    try:
        for scale in (1, 2):
            _start(scale, arguments.folder, display.environment, only_data=arguments.own_data)
    finally:
        display.close()
    for picture in sorted(arguments.folder.glob("own-*.png" if arguments.own_data else "*.png")):
        _shrink(picture)
    return 0


def _start(scale: int, folder: Path, environment: dict[str, str], *, only_data: bool) -> None:
    """Run this file again at a scale factor, away from the user's own settings."""
    with tempfile.TemporaryDirectory() as home:
        own = {
            "QT_SCALE_FACTOR": str(scale),
            "XDG_CONFIG_HOME": home,
            "XDG_CACHE_HOME": home,
            "XDG_DATA_HOME": home,
            "TF_CPP_MIN_LOG_LEVEL": "3",
        }
        command = [sys.executable, __file__, "--scale", str(scale), "--folder", str(folder)]
        command += ["--own-data"] * only_data
        subprocess.run(command, env={**os.environ, **environment, **own}, check=True, cwd=ROOT)


def _take(scale: int, folder: Path, *, only_data: bool) -> None:
    """Train in the real window and take it before, while and after it trains, light and dark."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

    from tools.screenshot_data import pictures, table
    from vaegui import app as program
    from vaegui.panels.explain.all import EXPLANATIONS
    from vaegui.presets import SIX_FEATURES, Preset
    from vaegui.queries.decode import Decode
    from vaegui.queries.explain import Explain
    from vaegui.queries.inspect import Inspect
    from vaegui.training.record.events import Failed
    from vaegui.ui.pages.explain.page import ExplanationView
    from vaegui.ui.pages.explain.trial import ExperimentRow
    from vaegui.ui.pages.own_data.page import OwnDataPage

    app, window = program.build(["vaegui"])
    workbench = window.workbench
    window.theme.set_choice("light")
    window.resize(*SIZE)
    window.show()
    failures: list[Failed] = []
    workbench.failed.connect(failures.append)

    def wait(fact: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not fact():
            if failures:
                raise RuntimeError(f"{failures[0].message}\n{failures[0].details}")
            if time.monotonic() > until:
                raise TimeoutError(f"nothing comes of it; the window is {workbench.state}")
            app.processEvents()
            time.sleep(0.002)  # the training wants the processor, too

    def settle() -> None:
        wait(lambda: window.repainter.resting)
        QApplication.sendPostedEvents()
        app.processEvents()

    def shoot(pictures: dict[str, QWidget]) -> None:
        for theme in ("light", "dark"):
            window.theme.set_choice(theme)
            settle()
            suffix = f"{theme}.png" if scale == 1 else f"{theme}@{scale}x.png"
            for name, widget in pictures.items():
                widget.grab().save(str(folder / f"{name}-{suffix}"))
        window.theme.set_choice("light")

    def epochs_done() -> int:
        return len(workbench.run.history.epochs) if workbench.run is not None else 0

    def is_answered() -> bool:
        run = workbench.run
        picked = workbench.focus.example
        if run is None or picked is None:
            return False
        return all(run.result(query) for query in (Decode(CURSOR), Inspect(picked)))

    def has_finished(preset: Preset) -> bool:
        run = workbench.run
        return run is not None and run.begun.settings == preset.settings and bool(run.finished)

    def explanations() -> Iterator[str]:
        """Open each explanation, with its experiment done, and wait until it is painted."""
        for explanation in EXPLANATIONS:
            workbench.look_at(workbench.focus.replace(topic=explanation.name))
            # Not before a click on the map and the answer to it have opened the page.
            wait(lambda: any(view.isVisible() for view in window.findChildren(ExplanationView)))
            view = next(v for v in window.findChildren(ExplanationView) if v.isVisible())
            for trial in view.findChildren(ExperimentRow):
                trial.begin()
                wait(lambda trial=trial: not trial.running)  # type: ignore[misc]
            wait(lambda: workbench.run is not None and workbench.run.latest(Explain) is not None)
            settle()
            yield explanation.name

    def own_data() -> None:
        """The page with a folder of pictures, and with a table, scrolled to its columns."""
        page, recipe = window.pages["own_data"], window.data.recipe
        scroll = page.findChild(QScrollArea, "own_data.scroll")
        assert isinstance(page, OwnDataPage)
        assert scroll is not None
        with tempfile.TemporaryDirectory(prefix="data-") as place:
            for name, make, first in (("pictures", pictures, ""), ("table", table, "columns")):
                window.data.open(str(make(Path(place))))
                wait(lambda: not recipe.busy and page.is_up_to_date)
                settle()
                section = page.findChild(QWidget, f"own_data.{first}") if first else None
                top = 0 if section is None else section.mapTo(scroll.widget(), QPoint(0, 0)).y()
                scroll.verticalScrollBar().setValue(top - GAP if top else 0)
                shoot({f"own-{name}": window})
        recipe.forget()

    wait(lambda: workbench.state == "idle")
    settle()
    own_data()
    if only_data:
        window.close()
        while not window.worker.close(1.0):
            app.processEvents()
        return
    window.pages.turn_to("welcome")
    shoot({"welcome": window})
    window.pages.turn_to("workbench")
    shoot({"start": window})
    assert workbench.settings is not None
    window.setup.set_value(workbench.settings.with_values({"training.epochs": EPOCHS}))
    wait(lambda: workbench.settings == window.setup.value)
    window.actions_["train"].trigger()
    wait(lambda: epochs_done() >= PAUSE_AFTER)
    window.actions_["pause"].trigger()
    wait(lambda: workbench.state == "paused")
    shoot({"training": window})
    window.actions_["pause"].trigger()
    wait(lambda: workbench.state == "idle")
    assert workbench.run is not None
    picked = workbench.run.begun.probes.refs[PROBE]
    workbench.look_at(workbench.focus.replace(cursor=CURSOR, example=picked))
    wait(is_answered)
    shoot({"window": window, **{f"panel-{name}": dock for name, dock in window.docks.items()}})
    assert workbench.run is not None
    workbench.run.saved_step = workbench.run.step  # nobody is there to be asked about saving
    window.presets.train(SIX_FEATURES)
    wait(lambda: has_finished(SIX_FEATURES))
    workbench.look_at(workbench.focus.replace(cursor=CURSOR))
    wait(is_answered)
    shoot({"six-features": window})
    if scale == 1:
        for name in explanations():
            shoot({f"explain-{name}": window})
    workbench.run.saved_step = workbench.run.step
    window.close()
    while not window.worker.close(1.0):
        app.processEvents()


def _shrink(path: Path) -> None:
    """Write a picture with a palette: a third of the bytes, and nobody sees a difference."""
    from PIL import Image

    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    # Median cut would spend the palette on greys, and give two classes the same colour.
    small = picture.quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
    )
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
