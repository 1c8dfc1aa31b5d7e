"""``vaegui train`` against scripts of other tools, each in a process of its own, in turn.

JAX is looked for in the Python that the environment variable JAX_PYTHON names, or in this one.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.result import Result
from vaegui.data import BundledMnist
from vaegui.progress import no_progress

__all__ = ["jax_scan", "whole_run"]

PAIRS = 7
EPOCHS = 40
WARM = 10
"""Epochs that are not counted: compilers are at work."""
RUN_EPOCHS = 20
HERE = Path(__file__).parent


def jax_scan(mnist: Path | None) -> list[Result]:
    """Time of an epoch of the default network, validation included, by when each is reported."""
    what = "dense 784-512-256-2 from outside: training rate, vaegui train / jax.lax.scan"
    python = os.environ.get("JAX_PYTHON", sys.executable)
    if python == sys.executable and importlib.util.find_spec("jax") is None:
        return [Result(what, "not installed", "at least 1.05")]
    with _digits() as (folder, train, test):
        theirs = [python, str(HERE / "jax_script.py"), train, test, str(EPOCHS)]
        ours = _ours(EPOCHS, folder)
        ratios = [_epoch(theirs, folder) / _epoch(ours, folder) for _ in range(PAIRS)]
    return [_ratio(what, ratios, 1.05)]


def whole_run(mnist: Path | None) -> list[Result]:
    """Seconds from the start of a process to the end of it, a run trained and saved."""
    what = f"Start to saved file, {RUN_EPOCHS} epochs: Keras script / vaegui train"
    with _digits() as (folder, train, test):
        script = str(HERE / "keras_script.py")
        theirs = [sys.executable, script, train, test, str(RUN_EPOCHS), folder]
        ours = _ours(RUN_EPOCHS, folder)
        pairs = [(_seconds(theirs, folder), _seconds(ours, folder)) for _ in range(PAIRS)]
    medians = " and ".join(
        f"{statistics.median(column):.1f} s" for column in zip(*pairs, strict=True)
    )
    result = _ratio(what, [their / our for their, our in pairs], 1.0)
    return [Result(what, f"{result.measured}: {medians}", result.target, result.met)]


@contextmanager
def _digits() -> Iterator[tuple[str, str, str]]:
    """A folder, and in it the bundled digits as two ``.npy`` files: training and test part."""
    data = BundledMnist().load(no_progress)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, source in (("train", data.train), ("test", data.test)):
            paths.append(str(Path(folder) / f"{name}.npy"))
            np.save(paths[-1], source.read(slice(None)).x)
        yield folder, *paths


def _ours(epochs: int, folder: str) -> list[str]:
    file = str(Path(folder) / "run.keras")
    return [sys.executable, "-m", "vaegui", "train", "--epochs", str(epochs), "--out", file]


def _epoch(command: list[str], folder: str) -> float:
    """Seconds of an epoch, by when each is reported: the mean of those that count."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_environment(folder),
    )
    assert process.stdout is not None
    times = [time.perf_counter() for line in process.stdout if line.startswith("epoch ")]
    if process.wait() or len(times) < EPOCHS:
        raise RuntimeError(f"{' '.join(command)} did not work")
    return (times[-1] - times[WARM - 1]) / (len(times) - WARM)


def _seconds(command: list[str], folder: str) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=_environment(folder))
    return time.perf_counter() - started


def _environment(folder: str) -> dict[str, str]:
    """With nothing remembered of another time, such as which compiler was faster then."""
    own = {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(HERE.parents[1])}
    return {**os.environ, **own, "XDG_CACHE_HOME": folder}


def _ratio(what: str, ratios: list[float], least: float) -> Result:
    ratio = statistics.median(ratios)
    spread = f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return Result(what, spread, f"at least {least}", ratio >= least)
