"""How long the window is held up while files are opened: read, judged, shown and rehearsed.

``python -m benchmarks.window.importing PATH [trace]`` opens one file in the real program on the
present display and writes JSON. Gaps of more than 50 ms are told on standard error, with ``trace``
also what all threads did.
"""

from __future__ import annotations

import faulthandler
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QLabel, QPushButton

from benchmarks.result import Result
from benchmarks.window.driven import LOOKING, Heart, sleep, wait_for
from tests.xvfb import Xvfb

__all__ = ["importing"]

MOST = 0.05
"""Seconds between two beats at most."""
PATIENCE = 240.0
ROWS, COLUMNS = 100_000, 50
WIDE_ROWS, WIDE_COLUMNS = 1_000, 2_000
PICTURES, SIDE = 5_000, 64


def importing(mnist: Path | None) -> list[Result]:
    """The longest gap of the event loop for several files, each in a fresh program."""
    with tempfile.TemporaryDirectory() as folder:
        return [_result(what, path) for what, path in _files(Path(folder), mnist)]


def _result(what: str, path: Path) -> Result:
    gap = _driven(path)["longest"]
    target = f"at most {1000 * MOST:.0f} ms"
    return Result(
        f"Longest gap while {what} is opened, checked and rehearsed",
        f"{1000 * gap:.0f} ms",
        target,
        gap <= MOST,
    )


def _files(folder: Path, mnist: Path | None) -> Iterator[tuple[str, Path]]:
    if mnist is not None:
        yield "MNIST", mnist
    chance = np.random.default_rng(0)
    yield f"a CSV of {ROWS:,} x {COLUMNS}", _table(folder / "table.csv", ROWS, COLUMNS, chance)
    wide = _table(folder / "wide.csv", WIDE_ROWS, WIDE_COLUMNS, chance)
    yield f"a CSV of {WIDE_ROWS:,} x {WIDE_COLUMNS:,}", wide
    yield f"a folder of {PICTURES:,} PNGs", _pictures(folder / "pictures", chance)


def _table(path: Path, rows: int, columns: int, chance: np.random.Generator) -> Path:
    with path.open("w", encoding="ascii") as file:
        print(*(f"f{i}" for i in range(columns)), sep=",", file=file)
        for row in chance.normal(size=(rows, columns)).tolist():
            print(*row, sep=",", file=file)
    return path


def _pictures(folder: Path, chance: np.random.Generator) -> Path:
    folder.mkdir()
    for i in range(PICTURES):
        pixels = chance.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{i:05}.png")
    return folder


def _driven(path: Path) -> dict[str, float]:
    """Open a file in a program on a display and with preferences of its own."""
    display = Xvfb()
    try:
        with tempfile.TemporaryDirectory() as folder:
            homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), folder)
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.window.importing", str(path)],
                env={**display.environment, **homes, "OPENBLAS_NUM_THREADS": "1"},
                stdout=subprocess.PIPE,
                check=True,
                timeout=2 * PATIENCE,
            )
    finally:
        display.close()
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


class TellingHeart(Heart):
    """Tells of late beats how much of the time this thread computed; ``gaps`` are all beats."""

    def __enter__(self) -> TellingHeart:
        self._computed = time.thread_time()
        super().__enter__()
        return self

    def _on_beat(self) -> None:
        super()._on_beat()
        computed, gap = time.thread_time(), self.gaps[-1]
        if gap > MOST:
            told = (
                f"{1000 * gap:.0f} ms, {1000 * (computed - self._computed):.0f} of them computing"
            )
            print(f"--- a gap of {told} ---", file=sys.stderr, flush=True)
        self._computed = computed


class TracingHeart(TellingHeart):
    """Also tells what all threads do, for which it needs no interpreter lock; it is slower."""

    def _on_beat(self) -> None:
        super()._on_beat()
        faulthandler.dump_traceback_later(MOST, exit=False)

    def __exit__(self, *details: object) -> None:
        super().__exit__(*details)
        faulthandler.cancel_dump_traceback_later()


def _main(path: str, heart_of: type[TellingHeart]) -> None:
    from vaegui.app import build

    app, window = build(["vaegui"])
    window.show()
    wait_for(lambda: window.workbench.state == "idle" and window.repainter.resting)
    sleep(LOOKING)
    recipe, found = window.data.recipe, {}
    with heart_of() as heart:
        window.data.open(path)
        wait_for(lambda: not recipe.busy, PATIENCE)
        sleep(1.0)  # what was found is shown section by section
    assert recipe.found is not None, recipe.failure
    found["opened"] = max(heart.gaps)
    recipe.take_all()
    with heart_of() as heart:
        wait_for(lambda: not recipe.busy, PATIENCE)
        sleep(1.0)
    found["mended"] = max(heart.gaps)
    with heart_of() as heart:
        button = window.findChild(QPushButton, "own_data.rehearse")
        told = window.findChild(QLabel, "own_data.rehearsal.told")
        assert isinstance(button, QPushButton)
        assert isinstance(told, QLabel)
        button.click()
        wait_for(lambda: "epoch takes" in told.text(), PATIENCE)
        sleep(0.5)
    found["rehearsed"] = max(heart.gaps)
    print(json.dumps({**found, "longest": max(found.values())}), flush=True)
    window.files.confirm_discard = lambda then: then()  # type: ignore[method-assign]
    window.close()
    app.processEvents()


if __name__ == "__main__":
    _main(sys.argv[1], TracingHeart if "trace" in sys.argv[2:] else TellingHeart)
