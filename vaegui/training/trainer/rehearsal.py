"""A few steps on the real data with a model of its own: time, memory, and whether it works."""

from __future__ import annotations

import time
from collections.abc import Generator

import psutil

from vaegui.errors import DivergedError
from vaegui.training.record.events import Progress, Rehearsed
from vaegui.training.record.losses import StepsDone
from vaegui.training.trainer.trainer import Trainer

__all__ = ["STEPS", "rehearse"]

STEPS = 20


def rehearse(trainer: Trainer, before: int) -> Generator[Progress, None, Rehearsed]:
    """Do `STEPS` steps and tell how it went. The trainer is of no use afterwards.

    Parameters
    ----------
    before
        Bytes that this process had in memory before the data were loaded and the model was built.

    Raises
    ------
    VaeguiError
        If the model cannot be trained at all.
    """
    yield Progress("Compiling the model", 0, None)
    trainer.prepare()
    yield Progress("Rehearsing (steps)", 0, STEPS)
    most, loss, why_not = _resident(), float("nan"), ""
    chunks: list[tuple[int, float]] = []
    began = time.perf_counter()
    try:
        for event in trainer.run(max_steps=STEPS):
            if isinstance(event, StepsDone):
                now = time.perf_counter()
                chunks.append((len(event.total), now - began))
                began, loss = now, float(event.total[-1])
                yield Progress("Rehearsing (steps)", trainer.step, STEPS)
            most = max(most, _resident())
    except DivergedError as error:
        why_not = str(error)
    # The first chunk has what is done only once.
    counted = chunks[1:] or chunks
    steps = sum(count for count, _ in counted)
    a_step = sum(seconds for _, seconds in counted) / max(1, steps)
    return Rehearsed(
        settings=trainer.settings,
        steps=trainer.step,
        epoch_seconds=a_step * trainer.state.batches.steps,
        memory=max(0, most - before),
        loss=loss,
        why_not=why_not,
    )


def _resident() -> int:
    """Bytes of this process that are in memory."""
    return int(psutil.Process().memory_info().rss)
