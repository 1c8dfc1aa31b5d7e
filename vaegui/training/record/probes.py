"""Which inputs are followed while a model trains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.source import Example, ExampleRef, Part

__all__ = ["Probes", "choose_probes"]

PROBES = 500
GALLERY = 20

_OTHERS: dict[Part, int] = {"test": 1 << 40, "train": 2 << 40, "validation": 3 << 40}
"""Where the noise keys of examples begin that are no probes; no part has so many rows."""


@dataclass(frozen=True, eq=False)
class Probes:
    """The fixed inputs whose Gaussians are followed; balanced over the classes.

    ``x`` (probes, *shape) as in the data, ``labels`` (probes,) or None. The first
    ``gallery`` of them are those of the reconstructions panel. In a run without its data ``x``
    is empty; ``labels`` and ``refs`` are those of the Gaussians that were saved.
    """

    x: NDArray[Any]
    labels: NDArray[np.int64] | None
    gallery: int
    refs: tuple[ExampleRef, ...] = ()
    """Which example each probe is."""

    def __len__(self) -> int:
        return len(self.x)

    def number(self, ref: ExampleRef | None) -> int | None:
        """The number of the probe that is this example, from 0; None if none is."""
        return None if ref is None else self._numbers.get(ref)

    def label(self, number: int) -> int | None:
        """The label of a probe, or None where there are none."""
        return None if self.labels is None else int(self.labels[number])

    def example(self, number: int) -> Example:
        """A probe as the example that it is. Raises `IndexError` in a run without its data."""
        return Example(self.refs[number], self.x[number], self.label(number))

    def noise_key(self, ref: ExampleRef) -> int:
        """The key of the noise that an example is shown with; no two examples share one.

        It is the number of a probe; those of other examples are above all these.
        """
        number = self.number(ref)
        return ref.row + _OTHERS[ref.part] if number is None else number

    @cached_property
    def _numbers(self) -> dict[ExampleRef, int]:
        return {ref: number for number, ref in enumerate(self.refs)}


def choose_probes(dataset: Dataset, count: int = PROBES, gallery: int = GALLERY) -> Probes:
    """Pick probes from the test part, or from the training part if that is all there is.

    With labels, classes take turns (one of each, then the second of each, ...), so that any
    beginning of the probes is balanced. The same dataset always gives the same probes.

    Parameters
    ----------
    dataset
        Where to pick from.
    count
        How many at most.
    gallery
        How many of the first are shown decoded.
    """
    name: Part = "test" if dataset.test.spec.length else "train"
    part = dataset.parts[name]
    length, labels = part.spec.length, part.labels
    rows = (np.arange(length) if labels is None else _by_turns(labels))[:count]
    chosen = part.read(rows)
    refs = tuple(ExampleRef(dataset.id, name, int(row)) for row in rows)
    return Probes(chosen.x, chosen.labels, min(gallery, len(rows)), refs)


def _by_turns(labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Rows ordered so that classes take turns."""
    rank = np.empty(len(labels), np.int64)
    for label in np.unique(labels):
        mask = labels == label
        rank[mask] = np.arange(mask.sum())
    return np.lexsort((labels, rank))
