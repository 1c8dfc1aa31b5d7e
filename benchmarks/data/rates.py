"""Training rates on data in files, against the same data in memory, after the first epoch.

``python -m benchmarks.data.rates file|memory PATH`` trains on own data for as many seconds as each
line of its input says, writes the examples per second, and rests until the next line.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks.result import Result

__all__ = ["decoded", "mapped"]

MAPPED_BYTES = 4 << 30
COUNT, SIDE = 50_000, 80
PAIRS, SECONDS = 6, 3.0
WARM = 300
"""Steps that are done before it is measured: the faster compiler is found by then."""


def mapped(_: Path | None) -> list[Result]:
    """A .npy of 4 GB, as it is and loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.npy")
        shape = (MAPPED_BYTES // (4 * 784), 28, 28)
        with path.open("wb") as file:
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
            file.truncate(file.tell() + MAPPED_BYTES)
        return [_compared("a .npy of 4 GB", path)]


def decoded(_: Path | None) -> list[Result]:
    """A folder of 50,000 PNGs, as they are decoded for training and as an array."""
    with tempfile.TemporaryDirectory() as folder:
        y, x = np.mgrid[:SIDE, :SIDE]
        for i in range(COUNT):
            grey = 127 + 80 * np.sin(x / (5 + i % 17) + y / (9 + i % 13))
            Image.fromarray(grey.astype(np.uint8)).save(Path(folder, f"{i:05}.png"))
        return [_compared(f"{COUNT:,} PNGs of {SIDE} by {SIDE}", Path(folder))]


def _compared(what: str, path: Path) -> Result:
    with tempfile.TemporaryDirectory() as caches, ExitStack() as ending:
        peers = []
        for how in ("file", "memory"):
            peer = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.data.rates", how, str(path)],
                env={**os.environ, "XDG_CACHE_HOME": caches},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            ending.callback(peer.wait)
            assert peer.stdin is not None
            assert peer.stdout is not None
            ending.callback(peer.stdin.close)
            if peer.stdout.readline() != "ready\n":
                raise RuntimeError(f"training from {how} did not begin")
            peers.append((peer.stdin, peer.stdout))
        pairs = []
        for _ in range(PAIRS):
            rates = []
            for asked, answered in peers:
                print(SECONDS, file=asked, flush=True)
                rates.append(float(answered.readline()))
            pairs.append(rates)
    share = median(file / memory for file, memory in pairs)
    rates_text = " of ".join(f"{median(each):,.0f}" for each in zip(*pairs, strict=True))
    measured = f"{100 * share:.0f} % ({rates_text} examples/s)"
    return Result(
        f"Training rate from {what} against the same in memory",
        measured,
        "at least 90 %",
        share >= 0.9,
    )


def _serve(how: str, path: Path) -> None:
    """Train as long as is told."""
    from vaegui.data.composed.selected import SelectedRows
    from vaegui.data.dataset import Dataset
    from vaegui.data.own.proposal import propose
    from vaegui.data.sources.array import ArraySource
    from vaegui.progress import no_progress
    from vaegui.training.settings.settings import Settings
    from vaegui.training.trainer.run_state import RunState
    from vaegui.training.trainer.trainer import Trainer

    data = propose(path, no_progress).data
    settings = Settings(data=data).with_values(
        {"training.epochs": 100_000, "likelihood.kind": "gaussian"}
    )
    opened = data.open(no_progress)
    dataset = opened.dataset
    if how == "memory":
        whole = ArraySource(opened.whole.source.read(slice(None)).x)
        parts = [SelectedRows(whole, opened.rows[part]) for part in ("train", "test", "validation")]
        dataset = Dataset(dataset.name, *parts[:2], dataset.scaling, validation=parts[2])
    # All is read once for its statistics, as in the first epoch.
    trainer = Trainer(RunState(settings, dataset.description), dataset)
    engine, step = trainer.model.engine, 0
    while step < WARM:
        step += len(engine.train(step, 1_000_000))
    print("ready", flush=True)
    for line in sys.stdin:
        begin, seen = time.perf_counter(), 0
        while (took := time.perf_counter() - begin) < float(line):
            steps = len(engine.train(step, 1_000_000))
            seen += engine.batches.seen(step, steps)
            step += steps
        engine.rest()
        print(seen / took, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1], Path(sys.argv[2]))
