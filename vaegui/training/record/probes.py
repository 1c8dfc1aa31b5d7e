"""Which inputs are followed while a model trains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.source import ExampleRef, Part
from vaegui.training.record.events import Probes

__all__ = ["choose_probes"]

PROBES = 500
GALLERY = 20


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
