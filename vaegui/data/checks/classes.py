"""Classes that are too small."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaegui.data.checks.problem import Examined
from vaegui.data.formats.base import MOST_PLACES, Place, Problem
from vaegui.errors import Fix

__all__ = ["single_examples"]


def single_examples(examined: Examined) -> Iterator[Problem]:
    """Find classes with one example only."""
    labels = [part.labels for part in examined.dataset.parts.values() if part.labels is not None]
    names = examined.dataset.train.spec.names.classes
    if not labels or names is None:
        return
    alone = np.flatnonzero(np.bincount(np.concatenate(labels), minlength=len(names)) == 1)
    if not len(alone):
        return
    many = len(alone) > 1
    fix = Fix("Leave such classes out", {"data.left_out.smallest_class": 2})
    yield Problem(
        "single examples",
        f"{len(alone):,} of {len(names):,} classes {'have' if many else 'has'} a single example.",
        "Such a class is in one part only. If nearly all are so, the labels are rather names.",
        tuple(Place(column=f"class {names[i]}") for i in alone[:MOST_PLACES].tolist()),
        len(alone),
        fix if len(alone) < len(names) else None,
    )
