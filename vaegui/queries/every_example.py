"""Every example of a part of the data: its posterior, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Part
from vaegui.queries.base import Partial, Query, Repeat, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["EveryExample", "EveryExampleFound"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class EveryExampleFound:
    """A row for each example so far, in the order of the data.

    ``mean``, ``log_var``, ``kl`` (examples, units); ``reconstruction`` (examples,), the negative
    log-likelihood of one draw; both in nats. ``labels`` (examples,) or None.
    """

    query: EveryExample
    mean: Floats
    log_var: Floats
    reconstruction: Floats
    kl: Floats
    labels: NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class EveryExample(Query[EveryExampleFound]):
    """Encode and decode all examples of a part with the weights that the model has when asked."""

    title: ClassVar[str] = "measure every example"
    repeat: ClassVar[Repeat] = Repeat.NOW_AND_THEN

    part: Part

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`: the data must be here, and have the part."""
        examples = subject.trainer.examples
        return not examples.missing and self.part in examples.dataset.parts

    def run(self, subject: Subject) -> Steps[EveryExampleFound]:
        """See `Query.run`."""
        source = subject.trainer.examples.dataset.parts[self.part]
        count, units = source.spec.length, subject.model.vae.units
        mean, log_var, kl = (np.empty((count, units), np.float32) for _ in range(3))
        reconstruction = np.empty(count, np.float32)
        labels, done = source.labels, 0

        def found() -> EveryExampleFound:
            known = None if labels is None else labels[:done]
            rows = mean[:done], log_var[:done], reconstruction[:done], kl[:done]
            return EveryExampleFound(self, *rows, known)

        model = subject.lend()
        try:
            while done < count:
                rows = slice(done, min(done + model.evaluated_together, count))
                each = model.measure_each(source.read(rows).x, done)
                mean[rows], log_var[rows], kl[rows] = each.mean, each.log_var, each.kl
                reconstruction[rows] = each.reconstruction
                done = rows.stop
                yield Partial(found, done, count)
        finally:
            subject.give_back(model)
        return found()
