"""Other models beside the one that trains: copies to look at, and copies to train."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from vaegui.core.vae import VAE
from vaegui.errors import VaeguiError
from vaegui.training.engine.engine import Engine
from vaegui.training.model.inference import Inference
from vaegui.training.model.state import assign_all, state_variables
from vaegui.training.record.history import History
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.step_schedule import StepSchedule

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["copied_engine", "copy_weights", "train_to", "untrained_engine"]


def copied_engine(trainer: Trainer) -> Engine:
    """Return an engine that goes on from where the trainer stands, on a copy of its model.

    Weights, optimiser and random streams are copied; the steps of one do not touch the other.
    """
    copy, vae = trainer.model.untrained(), trainer.model.vae
    copy_weights(vae, copy.vae)
    assign_all(state_variables(copy.vae), state_variables(vae))
    return _engine(trainer, copy, trainer.history.copy())


def untrained_engine(trainer: Trainer, settings: Settings) -> Engine:
    """Return an engine at the very start of such settings, on the trainer's data."""
    return _engine(trainer, trainer.model.untrained(settings), History())


def train_to(engine: Engine, step: int, end: int) -> Iterator[int]:
    """Train a copy from ``step`` to ``end``, yielding after each piece the steps done.

    Raises
    ------
    VaeguiError
        If its numbers are no longer finite.
    """
    while step < end:
        engine.hurry()
        terms = engine.train(step, end - step)
        if not np.isfinite(terms).all():
            raise VaeguiError(
                "The copy's loss is no longer a finite number.",
                "Choose a lower learning rate; the model itself is as it was.",
            )
        step += len(terms)
        yield step


def copy_weights(source: VAE, target: VAE) -> None:
    """Give a model the weights that another one has now."""
    for old, new in zip(source.weights, target.weights, strict=True):
        new.assign(old)


def _engine(trainer: Trainer, copy: Inference, history: History) -> Engine:
    schedule = StepSchedule(trainer.settings, history, trainer.state.batches.steps)
    return trainer.model.engine.sibling(copy, schedule.controls)
