"""Two rows of the read-out of the mean made equal, on a copy that trains on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import VaeguiError
from vaegui.queries.base import Partial, Query, Repeat, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["EqualRows", "EqualRowsFound"]

Floats = NDArray[np.float32]

LOOKS = 40
"""Points of the curves, beside some early ones: it is at first that the rows part."""

EARLY = (1, 2, 3, 5, 8)


@dataclass(frozen=True, eq=False, slots=True)
class EqualRowsFound:
    """What became of the two rows, at ``step`` (points,) 0, ..., steps of the copy.

    ``distance`` (points,) is the Euclidean distance of the two columns of weights and biases;
    ``gradient`` (points, 2) the norms of their gradients and ``gradient_distance`` (points,) the
    norm of the gradients' difference, of the loss on one fixed batch with fixed noise.
    ``before`` and ``after`` (probes, units) are the probes' means in the copy when the rows were
    made equal and now. ``original`` (probes, units) are those of the model itself.
    """

    query: EqualRows
    step: NDArray[np.int64]
    distance: Floats
    gradient: Floats
    gradient_distance: Floats
    original: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class EqualRows(Query[EqualRowsFound]):
    """On a copy, give unit ``second`` the read-out of the mean of ``first``; train ``steps`` more.

    The copy starts from the weights that the model has when it is asked.
    """

    title: ClassVar[str] = "make two rows equal"
    repeat: ClassVar[Repeat] = Repeat.NEVER

    steps: int
    first: int = 0
    second: int = 1

    def run(self, subject: Subject) -> Steps[EqualRowsFound]:
        """See `Query.run`."""
        from vaegui.queries.computing.copies import copied_engine, train_to
        from vaegui.queries.computing.row_gradients import RowGradients, equalise

        trainer, pair, x = subject.trainer, (self.first, self.second), subject.probes.x
        self._check(trainer.model.vae.units)
        start = trainer.step
        original = subject.model.encode(x)[0]
        engine = copied_engine(trainer)
        equalise(engine.inference.vae, *pair)
        copy = engine.inference
        gradients = RowGradients(engine, start, pair)
        before = after = copy.encode(x)[0]
        steps, looked = [0], [gradients.look()]

        def found() -> EqualRowsFound:
            seen = np.array(looked, np.float32)
            return EqualRowsFound(
                query=self,
                step=np.array(steps, np.int64),
                distance=seen[:, 0],
                gradient=seen[:, 1:3],
                gradient_distance=seen[:, 3],
                original=original,
                before=before,
                after=after,
            )

        yield Partial(found, 0, self.steps, "Compiling the copy")
        engine.warm_up()
        for look in looks(self.steps):
            for step in train_to(engine, start + steps[-1], start + look):
                yield Partial(found, step - start, self.steps)
            after = copy.encode(x)[0]
            steps.append(look)
            looked.append(gradients.look())
            yield Partial(found, look, self.steps)
        return found()

    def _check(self, units: int) -> None:
        """Raise `VaeguiError` unless these are two units of the model."""
        pair = self.first, self.second
        if self.first == self.second or not all(0 <= unit < units for unit in pair):
            raise VaeguiError(
                "This experiment needs two different latent units.",
                f"The model has {units}; choose two of them, or train one with more.",
            )


def looks(steps: int) -> list[int]:
    """After which steps to look: early ones, then evenly to the last."""
    even = np.linspace(0, steps, min(LOOKS, steps) + 1).round().astype(int)
    return sorted({int(step) for step in (*EARLY, *even) if 0 < step <= steps})
