"""Whether a step runs faster under XLA or as a plain graph: measured, and remembered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vaegui import strict_json
from vaegui.core.vae import VAE
from vaegui.data.description import DataDescription
from vaegui.paths import cache_folder
from vaegui.training.engine.engine import Engine
from vaegui.training.model.devices import versions
from vaegui.training.model.rewind import Checkpoint
from vaegui.training.model.state import TrainerState, check_state_fits
from vaegui.training.settings.settings import Settings

__all__ = [
    "Strategy",
    "as_set",
    "compiler_from",
    "compiler_state",
    "measure",
    "remember",
    "remembered",
    "unmeasured",
]

_XLA, _GPU = "engine/xla", "engine/gpu"

HOPELESS = 10
"""A compiler that takes so many times longer than the other is not timed any further."""

TRIALS = 5
"""Chunks of steps that each compiler is timed with."""


@dataclass(frozen=True, slots=True)
class Strategy:
    """How steps are compiled, and ``why``, for the status bar's details."""

    xla: bool
    why: str

    def __str__(self) -> str:
        return f"{'XLA' if self.xla else 'graph'}, {self.why}"


def as_set(settings: Settings) -> Strategy | None:
    """Return the compiler that the settings ask for, or None if the faster is to be found out."""
    compiler = settings.training.compiler
    return None if compiler == "auto" else Strategy(compiler == "xla", "as set")


def unmeasured(vae: VAE, *, on_cpu: bool) -> Strategy | None:
    """Return the compiler that is known to be faster without being measured, or None.

    XLA takes seconds for each step with convolutions on a CPU, and many to compile them: nobody
    shall wait to see that.
    """
    convolves = any(
        len(v.shape) > 2 for model in vae.parts.values() for v in model.trainable_variables
    )
    if on_cpu and convolves:
        return Strategy(False, "as XLA is far slower at convolutions on a CPU")
    return None


def measure(engine: Engine, checkpoint: Checkpoint, step: int) -> Strategy:
    """Time both compilers on real steps, and put the model back to where it was.

    Parameters
    ----------
    engine
        Compiles with the faster afterwards.
    checkpoint
        Of everything that steps change.
    step
        How many steps the model has done.
    """
    checkpoint.take(step, force=True)
    seconds = {xla: _alone(engine, xla) for xla in (False, True)}
    if seconds[True] <= HOPELESS * seconds[False]:
        # In turn, and the least of each: whatever else the machine does only adds to it.
        trials = [{xla: _in_a_chunk(engine, xla) for xla in seconds} for _ in range(TRIALS)]
        seconds = {xla: min(trial[xla] for trial in trials) for xla in seconds}
    checkpoint.restore()
    xla = seconds[True] < seconds[False]
    faster, slower = seconds[xla], seconds[not xla]
    other = "the graph" if xla else "XLA"
    why = f"measured: {1e3 * faster:.1f} ms a step, {other} {1e3 * slower:.1f} ms"
    engine.compile_with(xla)
    return Strategy(xla, why)


def _alone(engine: Engine, xla: bool) -> float:
    """Seconds of a step by itself; one before it is not counted."""
    engine.compile_with(xla)
    engine.train(engine.graph_steps, 1)
    started = time.perf_counter()
    engine.train(engine.graph_steps, 1)
    return time.perf_counter() - started


def _in_a_chunk(engine: Engine, xla: bool) -> float:
    """Seconds of a step among others."""
    engine.compile_with(xla)
    started = time.perf_counter()
    steps = len(engine.train(engine.graph_steps, 8, exactly=True))
    return (time.perf_counter() - started) / steps


def remembered(settings: Settings, data: DataDescription) -> Strategy | None:
    """Return what was measured for this network on this machine before, or None."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        entry = strict_json.parse(_path().read_bytes())[_key(settings, data)]
        return Strategy(bool(entry["xla"]), str(entry["why"]))
    return None


def remember(settings: Settings, data: DataDescription, strategy: Strategy) -> None:
    """Keep a measurement, so that the same settings give the same bits in every run here.

    Where it cannot be kept, nothing but that is lost.
    """
    path = _path()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            known = strict_json.parse(path.read_bytes())
        except (OSError, ValueError):
            known = {}
        known = known if isinstance(known, dict) else {}
        known[_key(settings, data)] = {"xla": strategy.xla, "why": strategy.why}
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(known, indent=1), "utf-8")
        temporary.replace(path)


def compiler_state(strategy: Strategy | None, *, on_gpu: bool) -> TrainerState:
    """Return the compiler that a run settled on, and for which kind of device; none at first."""
    return {} if strategy is None else {_XLA: np.array(strategy.xla), _GPU: np.array(on_gpu)}


def compiler_from(state: TrainerState, *, on_gpu: bool) -> Strategy | None:
    """Take the compiler of `compiler_state` out of a state, if it was for this kind of device.

    What is faster on a GPU may be far slower on a CPU. Older files do not tell where they were.
    """
    found = {name: state.pop(name) for name in (_XLA, _GPU) if name in state}
    check_state_fits({name: np.array(False) for name in found}, found)
    if _XLA not in found or bool(found.get(_GPU, on_gpu)) != on_gpu:
        return None
    return Strategy(bool(found[_XLA]), "as in the run so far")


def _path() -> Path:
    return cache_folder() / "compilers.json"


def _key(settings: Settings, data: DataDescription) -> str:
    """What the speed of a step depends on: network, shapes, optimiser, machine, versions."""
    chosen = settings.model_dump(
        mode="json",
        include={
            "architecture": True,
            "latent_units": True,
            "likelihood": {"kind"},
            "optimiser": {"kind"},
            "training": {"batch_size", "precision", "device"},
        },
    )
    machine = platform.machine(), platform.processor(), platform.node()
    text = json.dumps([chosen, data.shape, data.dtype, machine, versions()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
