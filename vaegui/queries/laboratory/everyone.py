"""The whole training part encoded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from vaegui.queries.copies import Still
from vaegui.queries.encoding import Encoding
from vaegui.queries.experiments import Population, PopulationFound
from vaegui.queries.laboratory.study import PIECE_SECONDS, Study
from vaegui.training.trainer.trainer import Trainer

__all__ = ["Everyone"]


class Everyone(Study):
    """Encodes every training example with the weights of the beginning."""

    title: ClassVar[str] = "encode all training examples"

    def __init__(self, trainer: Trainer, still: Still | None, experiment: Population) -> None:
        super().__init__(trainer, still)
        self._experiment = experiment
        self.total = trainer.dataset.train.spec.length
        self._encoding: Encoding | None = None

    @property
    def experiment(self) -> Population:
        """What is tried."""
        return self._experiment

    def pieces(self) -> Iterator[None]:
        """Encode some at a time."""
        train = self.trainer.dataset.train
        encoding = self._encoding = Encoding(self.look(), train, PIECE_SECONDS)
        while not encoding.complete:
            encoding.advance()
            self.done = encoding.done
            yield

    def finding(self) -> PopulationFound:
        """The posteriors so far."""
        assert self._encoding is not None
        mean, log_var = self._encoding.posteriors()
        labels = self.trainer.dataset.train.labels
        return PopulationFound(mean, log_var, None if labels is None else labels[: self.done])
