"""A model that is asked, and what answering needs and keeps."""

from __future__ import annotations

from typing import Any

from vaegui.data.source import Example, ExampleRef
from vaegui.queries.computing.copies import copy_weights
from vaegui.queries.computing.worked import WorkedExample
from vaegui.training.model.inference import Inference
from vaegui.training.record.probes import Probes
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
        self._unused: list[Inference] = []
        self._worked: tuple[Inference, WorkedExample] | None = None

    @property
    def model(self) -> Inference:
        """The model itself, as it is now."""
        return self.trainer.model.inference

    @property
    def probes(self) -> Probes:
        """The inputs that are followed."""
        return self.trainer.examples.probes

    @property
    def worked(self) -> WorkedExample:
        """Follows one input through the model; traced when first asked for in its place."""
        if self._worked is None or self._worked[0] is not self.model:
            self._worked = self.model, WorkedExample(self.model)
        return self._worked[1]

    def has(self, *refs: ExampleRef) -> bool:
        """Whether these examples can be read."""
        examples = self.trainer.examples
        return examples.can_be_seen and all(ref in examples.seen for ref in refs)

    def example(self, ref: ExampleRef) -> Example:
        """Return an example of what is looked at. Raises `DataError` if it cannot be read."""
        return self.trainer.examples.seen.example(ref)

    def lend(self) -> Inference:
        """Lend a copy of the model as it is now; what is given back is lent again."""
        copy = self._unused.pop() if self._unused else self.trainer.model.untrained()
        copy_weights(self.model.vae, copy.vae)
        return copy

    def give_back(self, model: Inference) -> None:
        """Take back a copy that is no longer needed."""
        self._unused.append(model)
