"""Other models beside the one that trains: copies to look at, and copies to train."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from vaegui.core.vae import VAE
from vaegui.errors import VaeguiError
from vaegui.training.engine.engine import Engine
from vaegui.training.model.build import build_vae
from vaegui.training.model.inference import Inference
from vaegui.training.model.state import assign_all, state_variables
from vaegui.training.record.history import History
from vaegui.training.trainer.course import Course

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["FrozenModel", "copied_engine", "train_to", "untrained_engine"]


class FrozenModel(Inference):
    """A copy of the model as it was at one moment, while the model itself trains on.

    Parameters
    ----------
    trainer
        Whose model it is. `take` copies the weights; until then they are untrained.
    """

    def __init__(self, trainer: Trainer) -> None:
        same = trainer.inference
        super().__init__(
            _built(trainer),
            trainer.data.scaling,
            np.dtype(trainer.data.dtype),
            same.seed,
            same.batch_size,
            trainer.placement.scope,
        )
        self._trainer = trainer

    def take(self) -> None:
        """Take the weights as they are now."""
        _copy_weights(self._trainer.vae, self.vae)


def copied_engine(trainer: Trainer) -> Engine:
    """Return an engine that goes on from where the trainer stands, on a copy of its model.

    Weights, optimiser and random streams are copied; the steps of one do not touch the other.
    """
    vae = _built(trainer)
    _copy_weights(trainer.vae, vae)
    assign_all(state_variables(vae), state_variables(trainer.vae))
    return _engine(trainer, vae, trainer.history.copy(), plain=False)


def untrained_engine(trainer: Trainer, *, plain: bool = False) -> Engine:
    """Return an engine at the very start of the trainer's settings.

    Parameters
    ----------
    trainer
        Whose settings and data it has.
    plain
        Whether it trains a plain autoencoder, as `Engine` explains.
    """
    return _engine(trainer, _built(trainer), History(), plain=plain)


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


def _engine(trainer: Trainer, vae: VAE, history: History, *, plain: bool) -> Engine:
    course = Course(trainer.settings, history, trainer.steps_per_epoch)
    return trainer.engine.sibling(vae, course.controls, plain=plain)


def _built(trainer: Trainer) -> VAE:
    with trainer.placement.scope():
        return build_vae(trainer.settings, trainer.data)


def _copy_weights(source: VAE, target: VAE) -> None:
    for old, new in zip(source.weights, target.weights, strict=True):
        new.assign(old)
