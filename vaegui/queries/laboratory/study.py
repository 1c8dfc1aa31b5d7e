"""What every experiment that is under way has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from vaegui.errors import VaeguiError
from vaegui.queries.copies import Still
from vaegui.queries.experiments import Experiment, Finding
from vaegui.training.engine.engine import Engine

if TYPE_CHECKING:
    from vaegui.training.trainer.trainer import Trainer

__all__ = ["PIECE_SECONDS", "Study", "train_to"]

PIECE_SECONDS = 0.015
"""How long one piece of an experiment aims to take: training and the user wait for it."""


class Study(ABC):
    """One experiment that is under way.

    Parameters
    ----------
    trainer
        The model that it is about.
    still
        Makes a copy of the model to look at; the caller keeps it for the next of this class.

    Attributes
    ----------
    title
        What it is called in messages.
    step
        Number of steps that the model had done when the experiment began.
    done, total
        How many pieces are done, of how many; what is counted depends on the experiment.
    doing
        What it is busy with, if that is not what it is for; or empty.
    """

    title: ClassVar[str]

    def __init__(self, trainer: Trainer, still: Still | None) -> None:
        self.trainer, self.still = trainer, still
        self.step, self.done, self.total, self.doing = trainer.step, 0, 0, ""

    @property
    @abstractmethod
    def experiment(self) -> Experiment:
        """What is tried."""

    @abstractmethod
    def pieces(self) -> Iterator[None]:
        """Go on, yielding between two pieces; there is a finding whenever it yields or ends."""

    @abstractmethod
    def finding(self) -> Finding:
        """What has come of it so far."""

    def goes_on_as(self, experiment: Experiment) -> bool:
        """Take up a changed experiment if what is there can be used for it; whether it can."""
        return False

    def look(self) -> Still:
        """Return a copy of the model as it is now, to be looked at."""
        if self.still is None:
            self.still = Still(self.trainer)
        self.still.take()
        self.step = self.trainer.step
        return self.still


def train_to(engine: Engine, step: int, end: int) -> Iterator[int]:
    """Train a copy from ``step`` to ``end``, yielding after each piece the steps done.

    Raises
    ------
    VaeguiError
        If its numbers are no longer finite.
    """
    try:
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
    finally:
        engine.rest()
