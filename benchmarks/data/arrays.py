"""How soon pictures are ready, against a loop around Pillow, and what training on 20 GB takes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.result import Result

__all__ = ["large", "pictures"]

COUNT, SIDE, PAIRS = 5_000, 128, 5
GIGABYTES, STEPS = 20, 300


def pictures(_: Path | None) -> list[Result]:
    """5,000 PNGs until they are one array, each way in a process of its own, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        pairs = [(_apart("vaegui", folder), _apart("pillow", folder)) for _ in range(PAIRS)]
    ratios = [own / plain for own, plain in pairs]
    ratio = statistics.median(ratios)
    what = f"{COUNT:,} PNGs of {SIDE} by {SIDE} ready / a loop around Pillow on all processors"
    seconds = statistics.median(own for own, _ in pairs)
    text = f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}; {seconds:.1f} s)"
    return [Result(what, text, "at most 1.2", ratio <= 1.2)]


def large(_: Path | None) -> list[Result]:
    """Resident memory that training from a file of 20 GB adds, all of it read once before."""
    with tempfile.TemporaryDirectory() as folder:
        path = sparse(Path(folder), GIGABYTES)
        growth = _apart("large", str(path))
    what = f"Memory that training from a .npy of {GIGABYTES} GB adds"
    return [Result(what, f"{growth / 1e6:,.0f} MB", "under 500 MB", growth < 500e6)]


def sparse(folder: Path, gigabytes: float, name: str = "large.npy") -> Path:
    """A file of zeros that takes no room on the disk."""
    rows = int(gigabytes * 1e9) // (4 * 784)
    path = folder / name
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": (rows, 28, 28)}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + rows * 784 * 4)
    return path


def _write(folder: Path) -> None:
    chance = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    for i in range(COUNT):
        waves = [127 + 80 * np.sin(x / (5 + i % 17) + y / 9 + colour) for colour in range(3)]
        noisy = np.stack(waves, axis=-1) + chance.normal(0, 6, (SIDE, SIDE, 3))
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{i:05}.png")


def _apart(how: str, path: str) -> float:
    command = [sys.executable, "-m", "benchmarks.data.arrays", how, path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _with_pillow(folder: Path) -> float:
    def decoded(path: Path) -> np.ndarray:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("RGB"))

    begin = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = np.stack(list(pool.map(decoded, sorted(folder.iterdir()))))
    assert found.shape == (COUNT, SIDE, SIDE, 3)
    return time.perf_counter() - begin


def _with_vaegui(folder: Path) -> float:
    from vaegui.data.formats.pictures import Pictures
    from vaegui.progress import no_progress

    begin = time.perf_counter()
    format = Pictures(width=SIDE, height=SIDE)
    arrays = format.read(folder, no_progress).parts["all"]
    seconds = time.perf_counter() - begin
    assert arrays.length == COUNT
    return seconds


def _large(path: Path) -> float:
    import vaegui
    from vaegui.data.own.proposal import propose
    from vaegui.errors import Cancelled
    from vaegui.progress import no_progress
    from vaegui.training.record.losses import StepsDone

    small = sparse(path.parent, 0.05, "small.npy")
    steps = {"training.epochs": 1, "likelihood.kind": "gaussian"}

    def stop(event: object) -> None:
        if isinstance(event, StepsDone) and event.first >= STEPS:
            raise Cancelled

    def trained(which: Path) -> None:
        data = propose(which, no_progress).data
        settings = vaegui.Settings(data=data).with_values(steps)
        vaegui.train(settings, on_event=stop)

    trained(small)  # TensorFlow and a compiled step are there before it is measured
    before = _resident()
    trained(path)
    return _resident() - before


def _resident() -> int:
    """Most bytes that this process had in memory so far, mapped files among them."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


if __name__ == "__main__":
    ways = {"pillow": _with_pillow, "vaegui": _with_vaegui, "large": _large}
    print(ways[sys.argv[1]](Path(sys.argv[2])))
