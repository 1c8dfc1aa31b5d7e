"""A model that is asked, and what answering needs and keeps."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from vaegui.queries.computing.copies import FrozenModel
from vaegui.queries.computing.worked import WorkedExample
from vaegui.training.model.inference import Inference
from vaegui.training.record.events import Probes
from vaegui.training.trainer.trainer import Trainer

__all__ = ["Subject"]


class Subject:
    """One trainer's model as queries see it. Only the thread that owns TensorFlow may use it.

    Parameters
    ----------
    trainer
        Whose model it is. It goes on training between the pieces of a query.

    Attributes
    ----------
    kept
        What a query of a class keeps for the next one of its class.
    """

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.kept: dict[type, Any] = {}
        self._unused: list[FrozenModel] = []

    @property
    def model(self) -> Inference:
        """The model itself, as it is now."""
        return self.trainer.model

    @property
    def probes(self) -> Probes:
        """The inputs that are followed."""
        return self.trainer.probes

    @cached_property
    def worked(self) -> WorkedExample:
        """Follows one input through the model; traced when first asked for."""
        return WorkedExample(self.model)

    def has_probe(self, *probes: int) -> bool:
        """Whether there are probes of these numbers."""
        return all(0 <= probe < len(self.probes) for probe in probes)

    def probe(self, number: int) -> NDArray[Any]:
        """Return one probe in the data's own scale, as a batch of one, (1, *shape)."""
        return self.probes.x[number : number + 1]

    def lend(self) -> FrozenModel:
        """Lend a copy of the model as it is now; what is given back is lent again."""
        model = self._unused.pop() if self._unused else FrozenModel(self.trainer)
        model.take()
        return model

    def give_back(self, model: FrozenModel) -> None:
        """Take back a copy that is no longer needed."""
        self._unused.append(model)
