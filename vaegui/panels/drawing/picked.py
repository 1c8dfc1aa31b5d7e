"""The picked example: what is known of it and of its Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import ExampleRef
from vaegui.panels.context import Context
from vaegui.panels.drawing.classes import example_name
from vaegui.queries.inspect import Inspect, Inspected
from vaegui.training.record.events import Snapshot

__all__ = ["Encoded", "Picked", "picked", "unknown"]

Array = NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Encoded:
    """An example, its label if it has one, and its posterior: ``mean``, ``log_var`` (units,)."""

    ref: ExampleRef
    label: int | None
    mean: Array
    log_var: Array


@dataclass(frozen=True, eq=False, slots=True)
class Picked(Encoded):
    """The picked example at the step that is shown.

    ``source`` is where its posterior comes from; ``x`` and ``reconstruction`` (*shape) are in the
    data's own scale, None where they are not known.
    """

    source: Snapshot | Inspected
    x: Array | None
    reconstruction: Array | None


def picked(ctx: Context[Any]) -> Picked | None:
    """What is known of the picked example; None if nothing is.

    Snapshots hold the Gaussians of probes alone. What is shown of another example is the answer to
    `Inspect`, and until that comes what is known of the one before.
    """
    ref, number, shot = ctx.example, ctx.probe, ctx.snapshot
    if ref is None or shot is None:
        return None
    answer = ctx.result(Inspect(ref)) or (ctx.latest(Inspect) if number is None else None)
    if answer is not None:
        found, example = answer.value, answer.value.example
        x = np.asarray(example.x, np.float32)
        posterior = found.mean, found.log_var
        return Picked(example.ref, example.label, *posterior, found, x, found.reconstruction)
    if number is None or number >= len(shot.mean):
        return None
    probes, decoded = ctx.run.begun.probes, shot.reconstruction
    return Picked(
        ref,
        probes.label(number),
        shot.mean[number],
        shot.log_var[number],
        shot,
        np.asarray(probes.x[number], np.float32) if number < len(probes) else None,
        decoded[number] if number < len(decoded) else None,
    )


def unknown(ctx: Context[Any]) -> str:
    """Why nothing is known of the example that is picked; '' where none is."""
    if ctx.example is None:
        return ""
    name = example_name(ctx.run.begun, ctx.example)
    if ctx.focus.step is None:
        return f"What the model makes of {name} is being computed ..."
    return (
        f"Of step {ctx.focus.step:,} the Gaussians of the inputs are kept that are followed, and "
        f"{name} is none of them. Pick one of those, or go to the latest step."
    )
