"""Several sources one after another, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vaegui.data.source import Batch, Rows, Source

__all__ = ["JoinedSource"]


class JoinedSource:
    """The `Source` of the examples of some sources, which have one shape, type and set of names.

    Either all of them have labels, or none is taken to have any.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        specs = [source.spec for source in sources]
        known = [spec.fingerprint for spec in specs]
        self.spec = replace(
            specs[0],
            length=sum(spec.length for spec in specs),
            fingerprint=" and ".join(known) if all(known) else "",
        )
        labels = [source.labels for source in sources if source.labels is not None]
        self.labels = np.concatenate(labels) if len(labels) == len(sources) else None
        self._sources = tuple(sources)
        self._ends = np.cumsum([spec.length for spec in specs])

    def read(self, rows: Rows) -> Batch:
        """Return some examples, counted through all sources."""
        numbers = np.arange(self.spec.length)[rows] if isinstance(rows, slice) else rows
        which = np.searchsorted(self._ends, numbers, side="right")
        x = np.empty((len(numbers), *self.spec.shape), self.spec.dtype)
        for index in np.unique(which):
            here = which == index
            start = 0 if index == 0 else self._ends[index - 1]
            x[here] = self._sources[index].read(numbers[here] - start).x
        return Batch(x, None if self.labels is None else self.labels[numbers])
