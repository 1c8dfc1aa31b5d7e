"""Whether cost grows no faster than the data do."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.result import Result
from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.sources.array import ArraySource
from vaegui.progress import no_progress
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

__all__ = ["examples", "memory"]

SMALL, LARGE = 1_000, 1_000_000
PAIRS = 5
SECONDS = 2.0
MAPPED_BYTES = 4 << 30


def examples(mnist: Path | None) -> list[Result]:
    """Training rate with a thousand and with a million examples, in pairs."""
    sample = Settings().load_data(no_progress)
    trainers = {}
    for count in (SMALL, LARGE):
        x = np.resize(sample.train.read(slice(None)).x, (count, 28, 28))
        dataset = Dataset("Digits", ArraySource(x), sample.test, sample.scaling)
        settings = Settings().with_values({"training.epochs": 100_000})
        trainers[count] = Trainer(RunState(settings, dataset.description), dataset)
        _rate(trainers[count])
    ratios = [_rate(trainers[LARGE]) / _rate(trainers[SMALL]) for _ in range(PAIRS)]
    ratio = statistics.median(ratios)
    what = f"Training rate with {LARGE:,} examples / with {SMALL:,}"
    text = f"{ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return [Result(what, text, "0.9 to 1.1", 0.9 <= ratio <= 1.1)]


def memory(mnist: Path | None) -> list[Result]:
    """Memory of the process's own while it trains from a memory-mapped file of 4 GB."""
    shape = (MAPPED_BYTES // (784 * 4), 28, 28)
    with tempfile.TemporaryDirectory() as folder:
        x = np.memmap(Path(folder) / "x.f32", np.float32, "w+", shape=shape)
        dataset = Dataset("Mapped", ArraySource(x), ArraySource(x[:512]), Scaling())
        settings = Settings().with_values({"training.compiler": "xla"})
        few = [ArraySource(np.array(x[:count])) for count in (1024, 512)]
        small = Dataset("Small", *few, Scaling())
        # TensorFlow, the model and a compiled step are there before it is measured.
        list(Trainer(RunState(settings, small.description), small).run(max_steps=8))
        before = _own_memory()
        trainer = Trainer(RunState(settings, dataset.description), dataset)
        peak = 0
        for event in trainer.run(max_steps=600):
            peak = max(peak, _own_memory() - before)
            del event
    what = "Memory that training from a 4 GB memory-mapped array adds"
    return [Result(what, f"{peak / 1e6:,.0f} MB", "under 500 MB", peak < 500e6)]


def _rate(trainer: Trainer) -> float:
    """Examples per second of the steps themselves, over about `SECONDS`."""
    engine, step, seen, spent = trainer.model.engine, 0, 0, 0.0
    engine.train(0, 1)
    while spent < SECONDS:
        started = time.perf_counter()
        steps = len(engine.train(step, 1_000_000))
        spent += time.perf_counter() - started
        seen += engine.batches.seen(step, steps)
        step += steps
    return seen / spent


def _own_memory() -> int:
    """Bytes that no file stands behind: pages of a mapped file can be dropped any time."""
    status = Path("/proc/self/status").read_text("utf-8")
    kilobytes = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(kilobytes.split()[1]) * 1024
