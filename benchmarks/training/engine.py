"""The engine against what a user would pick instead, in pairs of runs in one process."""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.result import Result
from benchmarks.training import peers
from vaegui.data.dataset import Dataset
from vaegui.data.sources.array import ArraySource
from vaegui.presets import PRESETS
from vaegui.progress import no_progress
from vaegui.training.record.history import History
from vaegui.training.record.losses import EpochDone, LossTerms
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

__all__ = ["convolutional", "dense", "epochs"]

PAIRS = 7
MANY = 99_000
WARM, EPOCHS = 100, 400
BATCH = 128
SECONDS = 2.0
"""How long each of a pair runs."""


def dense(mnist: Path | None) -> list[Result]:
    """784-512-256-2, batches of 128."""
    trainer = _trainer()
    contestants = {
        "model.fit": (peers.fit_dense(), 1.7),
        "jax.lax.scan": (peers.jax_dense() if _installed("jax") else None, 1.0),
        "torch.compile": (peers.torch_dense() if _installed("torch") else None, 1.0),
    }
    results, rate = _against("dense 784-512-256-2", _engine(trainer), contestants)
    share = _share_of_gemm(rate)
    what = "Dense: share of what the machine's matrix product allows"
    return [*results, Result(what, f"{share:.0%}", "at least 75 %", share >= 0.75)]


def convolutional(mnist: Path | None) -> list[Result]:
    """The Keras example's convolutional net, batches of 128.

    JAX is no rival here: it has XLA alone, whose transposed convolutions take seconds on a CPU.
    """
    trainer = _trainer(architecture__kind="conv")
    contestants = {
        "model.fit": (peers.fit_convolutional(), 1.2),
        "torch.compile": (peers.torch_convolutional() if _installed("torch") else None, 1.2),
    }
    return _against("the Keras example's convolutional net", _engine(trainer), contestants)[0]


def epochs(mnist: Path | None) -> list[Result]:
    """What an epoch of the six features costs beside its steps, early and after many others."""
    preset = next(preset for preset in PRESETS if preset.name == "six-features")
    settings = preset.settings.with_values({"training.epochs": 100_000})
    dataset = settings.load_data(no_progress)
    results = []
    for before in (0, MANY):
        history = History()
        trainer = Trainer(RunState(settings, dataset.description, history), dataset)
        terms = LossTerms(1.0, 1.0, 0.0)
        for epoch in range(1, before + 1):
            step = epoch * trainer.state.batches.steps
            kl = np.zeros(settings.latent_units, np.float32)
            history.add_epoch(EpochDone(epoch, step, terms, terms, kl, 2, 0.01))
        history.extend(np.ones((before * trainer.state.batches.steps, 3), np.float32))
        seconds = _beside(trainer)
        what = f"Six features: an epoch beside its steps, after {before:,} epochs"
        target = "at most 1.5 ms"
        results.append(Result(what, f"{1e3 * seconds:.2f} ms", target, seconds <= 1.5e-3))
    return results


def _beside(trainer: Trainer) -> float:
    """Median seconds of an epoch less those of its steps, once compiling is over."""
    ends: list[tuple[float, float]] = []
    steps = trainer.run()
    while len(ends) < WARM + EPOCHS:
        if isinstance(event := next(steps), EpochDone):
            ends.append((time.perf_counter(), event.seconds))
    steps.close()
    times = zip(ends[WARM:], ends[WARM + 1 :], strict=False)
    return statistics.median(now - then - spent for (then, _), (now, spent) in times)


def _trainer(**values: str) -> Trainer:
    """Set up the default model on as many digits as full MNIST has, so that epochs are as long."""
    settings = Settings().with_values({k.replace("__", "."): v for k, v in values.items()})
    sample = settings.load_data(no_progress)
    x = np.tile(sample.train.read(slice(None)).x, (6, 1, 1))
    dataset = Dataset("Digits", ArraySource(x), sample.test, sample.scaling)
    return Trainer(RunState(settings, dataset.description), dataset)


def _engine(trainer: Trainer) -> peers.Contestant:
    """Train some steps: the whole trainer with history, checks and validation."""

    def run(steps: int) -> None:
        for _ in trainer.run(max_steps=steps):
            pass

    return peers.Contestant(run)


def _against(
    net: str, ours: peers.Contestant, contestants: dict[str, tuple[peers.Contestant | None, float]]
) -> tuple[list[Result], float]:
    """Ratios to each contestant, medians over pairs; and our own median rate in examples/s."""
    steps = _steps_for(ours)
    rates, results = [], []
    for name, (theirs, target) in contestants.items():
        what = f"{net}: training rate, engine / {name}"
        if theirs is None:
            results.append(Result(what, "not installed", f"at least {target}"))
            continue
        their_steps = _steps_for(theirs)
        ratios = []
        for _ in range(PAIRS):
            our_rate, their_rate = _rate(ours, steps), _rate(theirs, their_steps)
            rates.append(our_rate)
            ratios.append(our_rate / their_rate)
        ratio = statistics.median(ratios)
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        results.append(
            Result(what, f"{ratio:.2f} ({spread})", f"at least {target}", ratio >= target)
        )
    rate = statistics.median(rates)
    results.insert(0, Result(f"{net}: engine", f"{rate:,.0f} examples/s"))
    return results, rate


def _steps_for(contestant: peers.Contestant) -> int:
    """Steps that take about `SECONDS`; the contestant is warm afterwards."""
    steps = contestant.unit
    contestant.run(steps)
    while (seconds := _seconds(contestant, steps)) < SECONDS / 4:
        steps *= 2
    return max(1, int(steps * SECONDS / seconds / contestant.unit)) * contestant.unit


def _rate(contestant: peers.Contestant, steps: int) -> float:
    return steps * BATCH / _seconds(contestant, steps)


def _seconds(contestant: peers.Contestant, steps: int) -> float:
    started = time.perf_counter()
    contestant.run(steps)
    return time.perf_counter() - started


def _share_of_gemm(rate: float) -> float:
    """Our rate over the rate at which the same matrix products alone would run.

    Each layer of a step needs three products: forward, gradient of its weights, gradient of its
    inputs (not for the first layer). TensorFlow computes them all in one graph, and NumPy's BLAS
    one after another; the faster counts.
    """
    layers = [(784, 512), (512, 256), (256, 4), (2, 256), (256, 512), (512, 784)]
    shapes = []
    for i, (inputs, outputs) in enumerate(layers):
        shapes += [(BATCH, inputs, outputs), (inputs, BATCH, outputs)]
        if i:
            shapes.append((BATCH, outputs, inputs))
    random = np.random.default_rng(0)
    pairs = [
        (random.random((m, k), np.float32), random.random((k, n), np.float32)) for m, k, n in shapes
    ]
    times = [_seconds_of(_by_tensorflow(pairs)), _seconds_of(_by_numpy(pairs))]
    return rate / (BATCH / min(times))


def _by_tensorflow(pairs: list[Any]) -> Callable[[], object]:
    import tensorflow as tf

    constants = [(tf.constant(a), tf.constant(b)) for a, b in pairs]
    products = tf.function(lambda pairs: [tf.matmul(a, b)[0, 0] for a, b in pairs])
    return lambda: products(constants)


def _by_numpy(pairs: list[Any]) -> Callable[[], object]:
    results = [np.empty((len(a), b.shape[1]), np.float32) for a, b in pairs]
    return lambda: [np.matmul(*pair, out=out) for pair, out in zip(pairs, results, strict=True)]


def _seconds_of(products: Callable[[], object]) -> float:
    """How long all the matrix products take once: the median of some trials."""
    products()
    times = []
    for _ in range(PAIRS):
        started = time.perf_counter()
        for _ in range(100):
            products()
        times.append((time.perf_counter() - started) / 100)
    return statistics.median(times)


def _installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
