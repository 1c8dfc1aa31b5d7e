"""The posteriors of all training examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.queries.base import Partial, Query, Repeat, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Population", "PopulationFound"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class PopulationFound:
    """The posteriors so far: ``mean``, ``log_var`` (examples, units), ``labels`` or None."""

    query: Population
    mean: Floats
    log_var: Floats
    labels: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class Population(Query[PopulationFound]):
    """Encode every training example with the weights that the model has when it is asked."""

    title: ClassVar[str] = "encode all training examples"
    repeat: ClassVar[Repeat] = Repeat.NOW_AND_THEN

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`: the data must be here."""
        return not subject.trainer.examples.missing

    def run(self, subject: Subject) -> Steps[PopulationFound]:
        """See `Query.run`."""
        from vaegui.queries.computing.encoding import Encoding

        train = subject.trainer.examples.dataset.train
        labels = train.labels

        def found() -> PopulationFound:
            mean, log_var = encoding.posteriors()
            return PopulationFound(
                self, mean, log_var, None if labels is None else labels[: encoding.done]
            )

        model = subject.lend()
        try:
            encoding = Encoding(model, train)
            while not encoding.complete:
                encoding.advance()
                yield Partial(found, encoding.done, train.spec.length)
        finally:
            subject.give_back(model)
        return found()
