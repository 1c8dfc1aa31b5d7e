"""Sources whose values are changed as they are read: binarised, or with gaps filled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Batch, OneHot, Rows, Source, Spec
from vaegui.data.statistics.row_facts import portions
from vaegui.progress import ProgressCallback

__all__ = ["ChangedSource", "feature_means", "filled", "without_features"]


class ChangedSource:
    """The `Source` of another's examples, of which each portion is changed as it is read.

    Parameters
    ----------
    source
        What has the examples.
    change
        Gives new values (n, *shape) of the same type for old ones, which it leaves as they are.
    known_as
        What the change does, equal for equal changes: it goes into the fingerprint.
    spec
        What is known of the examples if more than their values changes.
    """

    def __init__(
        self,
        source: Source,
        change: Callable[[NDArray[Any]], NDArray[Any]],
        known_as: str,
        spec: Spec | None = None,
    ) -> None:
        known = source.spec.fingerprint
        fingerprint = f"{known} {known_as}" if known else ""
        self.spec = replace(spec or source.spec, fingerprint=fingerprint)
        self.labels = source.labels
        self._source, self._change = source, change

    def read(self, rows: Rows) -> Batch:
        """Return some examples, changed."""
        batch = self._source.read(rows)
        return replace(batch, x=self._change(batch.x))


def feature_means(source: Source, progress: ProgressCallback) -> NDArray[np.float32]:
    """The mean of each feature over the examples that have it, (*shape); 0 where none has."""
    sums, counts = np.zeros(source.spec.shape), np.zeros(source.spec.shape, np.int64)
    for rows in portions(source.spec):
        progress("Finding the means of the features", rows.start, source.spec.length)
        x = source.read(rows).x.astype(np.float64)
        there = np.isfinite(x)
        sums += np.where(there, x, 0.0).sum(axis=0)
        counts += there.sum(axis=0)
    return (sums / np.maximum(counts, 1)).astype(np.float32)


def filled(source: Source, means: NDArray[np.float32]) -> Source:
    """The same examples, with the feature's mean in place of each missing or infinite value."""

    def fill(x: NDArray[Any]) -> NDArray[Any]:
        there = np.isfinite(x)
        return x if there.all() else np.where(there, x, means).astype(x.dtype)

    digest = hashlib.sha256(means.tobytes()).hexdigest()
    return ChangedSource(source, fill, f"filled {digest}")


def without_features(source: Source, features: Sequence[int]) -> Source:
    """The same examples without some features, by their numbers. Pictures stay as they are."""
    shape, names = source.spec.shape, source.spec.names
    kept = [i for i in range(shape[0]) if i not in set(features)] if len(shape) == 1 else []
    if not kept or len(kept) == shape[0]:
        return source

    def some(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if words is None else tuple(words[i] for i in kept)

    categories = (_without(category, kept) for category in names.one_hot)
    named = replace(
        names,
        features=some(names.features),
        units=some(names.units),
        one_hot=tuple(category for category in categories if category.values),
        channels=names.channels if names.channels == 1 else 0,
    )
    spec = replace(source.spec, shape=(len(kept),), names=named)
    return ChangedSource(source, lambda x: x[:, kept], f"features {kept}", spec)


def _without(category: OneHot, kept: Sequence[int]) -> OneHot:
    """A category with those of its values that are kept, where they are now."""
    features = range(category.first, category.first + len(category.values))
    there = [i for i in features if i in kept]
    values = tuple(category.values[i - category.first] for i in there)
    return OneHot(category.name, kept.index(there[0]) if there else 0, values)
