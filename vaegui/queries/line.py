"""How mean and standard deviation change on the straight line from one input to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import ExampleRef
from vaegui.queries.base import Query, Steps

if TYPE_CHECKING:
    from vaegui.queries.computing.subject import Subject

__all__ = ["Line", "LineFound"]

Floats = NDArray[np.float32]

PLACES = 9
"""Inputs and reconstructions that are shown along a line."""


@dataclass(frozen=True, eq=False, slots=True)
class LineFound:
    """Posteriors along the line.

    ``at`` (points,) from 0 to 1; ``mean``, ``log_var`` (points, units); ``x`` and
    ``reconstruction`` (9, *shape) at nine even places of it, in the data's own scale.
    """

    query: Line
    at: Floats
    mean: Floats
    log_var: Floats
    x: Floats
    reconstruction: Floats


@dataclass(frozen=True, slots=True)
class Line(Query[LineFound]):
    """Encode ``points`` inputs on the straight line from one example to another."""

    title: ClassVar[str] = "follow a line between two inputs"

    start: ExampleRef
    end: ExampleRef
    points: int = 101

    def fits(self, subject: Subject) -> bool:
        """See `Query.fits`."""
        return subject.has(self.start, self.end)

    def run(self, subject: Subject) -> Steps[LineFound]:
        """See `Query.run`."""
        yield from ()
        at, places = np.linspace(0, 1, self.points), np.linspace(0, 1, PLACES)
        # The line leads through inputs as the encoder sees them.
        filled = subject.model.scaling.filled
        start, end = (
            filled(subject.example(ref).x).astype(float) for ref in (self.start, self.end)
        )
        share = np.concatenate([at, places]).reshape(-1, *(1 for _ in start.shape))
        x = ((1 - share) * start + share * end).astype(np.float32)
        mean, log_var = subject.model.encode(x)
        n = self.points
        decoded = subject.model.decode(mean[n:])
        return LineFound(self, at.astype(np.float32), mean[:n], log_var[:n], x[n:], decoded)
