"""What the window costs and how promptly it answers, measured in the real program."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.result import Result
from tests.xvfb import Xvfb

__all__ = ["another_network", "startup", "training"]

STARTS = 3


def startup(mnist: Path | None) -> list[Result]:
    """Start the program three times, the first of them not counted: it fills the disk's cache."""
    runs = [_driven("startup") for _ in range(1 + STARTS)][1:]
    painted = median(run["painted"] for run in runs)
    gap = median(run["loading"] for run in runs)
    return [
        Result("Process start to window painted", f"{painted:.2f} s", "under 1 s", painted < 1),
        _at_most("Longest event-loop gap while TensorFlow loads", gap, 0.4),
    ]


def training(mnist: Path | None) -> list[Result]:
    """Train the default model with all panels open: rate, gaps, dragging, stopping."""
    found = _driven("training")
    pairs = found["pairs"]
    share = median(window / headless for window, headless in pairs)
    rates = " of ".join(f"{median(column):,.0f}" for column in zip(*pairs, strict=True))
    gaps = np.array(found["gaps"])
    held, longest = float(np.quantile(gaps, 0.99)), float(gaps.max())
    return [
        _first_loss("some seconds after loading", found["first_loss"]),
        Result(
            f"Training rate with all panels open against headless, {len(pairs)} pairs",
            f"{100 * share:.0f} % ({rates} examples/s)",
            "at least 90 %",
            share >= 0.9,
        ),
        _at_most("Event-loop gaps from Train on, p99", held, 0.016),
        _at_most("Event-loop gaps from Train on, longest", longest, 0.05),
        _dragged(found, "training", 0.05),
        _dragged(found, "idle", 0.016),
        _at_most("Stop honoured, longest of 8", max(found["stops"]), 0.1),
    ]


def another_network(mnist: Path | None) -> list[Result]:
    """Choose another network and press Train at once; nothing is known of it."""
    anew = median(_driven("changed")["first_loss"] for _ in range(STARTS))
    return [_first_loss("another network chosen a moment before", anew)]


def _at_most(what: str, seconds: float, most: float) -> Result:
    target = f"at most {1000 * most:.0f} ms"
    return Result(what, f"{1000 * seconds:.0f} ms", target, seconds <= most)


def _first_loss(when: str, seconds: float) -> Result:
    what = f"Train to first loss painted, {when}"
    return Result(what, f"{seconds:.2f} s", "at most 1.5 s", seconds <= 1.5)


def _dragged(found: dict[str, Any], state: str, most: float) -> Result:
    what = f"Dragged cursor to its decoding shown, {state}, p95"
    return _at_most(what, float(np.quantile(found[f"drag_{state}"], 0.95)), most)


def _driven(programme: str) -> dict[str, Any]:
    """Run `benchmarks.window.driven` on a display and with preferences of its own."""
    display = Xvfb()
    try:
        with tempfile.TemporaryDirectory() as folder:
            # Nothing remembered: no preferences, no measured compilers, no unsaved runs.
            homes = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"), folder)
            environment = {**display.environment, **homes}
            command = [sys.executable, "-m", "benchmarks.window.driven", programme]
            done = subprocess.run(
                [*command, str(time.monotonic())],
                env=environment,
                stdout=subprocess.PIPE,
                check=True,
                timeout=180,
            )
    finally:
        display.close()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
