"""What a dataset is: examples, their labels if there are any, and how they reach the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import DataError

__all__ = ["DataDescription", "Dataset", "Part", "ProgressCallback", "Scaling", "no_progress"]

Array = NDArray[Any]

_PORTION = 8192
"""Examples that are looked at together; data larger than the memory are read in such portions."""

ProgressCallback = Callable[[str, int, int | None], None]
"""Called as ``progress(what, done, total)``; raises `Cancelled` when the user wants no more.

``total`` is None while it is not known. Units are whatever ``what`` says (bytes, examples).
"""


def no_progress(what: str, done: int, total: int | None) -> None:
    """Tell nobody and never cancel: the `ProgressCallback` for when nobody looks."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How data become what the model sees: ``model = data * scale + offset``.

    ``scale`` and ``offset`` are numbers, or tuples with one number for each feature.
    """

    scale: float | tuple[float, ...] = 1.0
    offset: float | tuple[float, ...] = 0.0

    def to_model(self, data: Array) -> NDArray[np.float32]:
        """Bring data from their own scale to the model's, as float32 of the same shape."""
        scale, offset = np.asarray(self.scale, np.float32), np.asarray(self.offset, np.float32)
        return np.asarray(data).astype(np.float32) * scale + offset

    def to_data(self, model: Array) -> NDArray[np.float32]:
        """Undo `to_model`, giving float32 of the same shape."""
        scale, offset = np.asarray(self.scale, np.float64), np.asarray(self.offset, np.float64)
        return ((np.asarray(model) - offset) / scale).astype(np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The training or the test part: ``x`` of shape (n, *shape), ``labels`` int64 (n,) or None."""

    x: Array
    labels: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        if self.labels is not None and len(self.labels) != len(self.x):
            raise DataError(
                f"There are {len(self.labels):,} labels for {len(self.x):,} examples.",
                "Give every example one label, or none at all.",
            )

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class DataDescription:
    """All that a model has to know of its data, without the data. It goes into model files."""

    name: str
    shape: tuple[int, ...]
    """Shape of one example: (features,), (height, width) or (height, width, channels)."""
    dtype: str
    train_examples: int
    test_examples: int
    scaling: Scaling
    value_range: tuple[float, float]
    """Smallest and largest value, in the data's own scale, that pictures are drawn with."""
    class_names: tuple[str, ...] | None = None
    feature_names: tuple[str, ...] | None = None
    sha256: str = ""
    model_range: tuple[float, float] = (0.0, 1.0)
    """Smallest and largest value of either part as the model sees them."""
    feature_units: tuple[str, ...] | None = None
    """The unit of each feature, '' for a pure number; None where no feature has one."""
    feature_sds: tuple[float, ...] | None = None
    """Standard deviation of each feature over the training part; None for pictures."""

    @property
    def is_image(self) -> bool:
        """Whether one example is a picture (two or three axes) rather than a row of features."""
        return len(self.shape) in (2, 3)

    def same_data(self, other: DataDescription) -> bool:
        """Whether both describe the same values, with as many classes."""
        return self._essence == other._essence

    @property
    def _essence(self) -> tuple[object, ...]:
        examples = self.train_examples, self.test_examples
        return self.sha256, self.shape, self.dtype, examples, len(self.class_names or ())


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples to train on and to test with.

    Parameters
    ----------
    name
        What it is called on screen.
    train, test
        The parts. ``x`` stays as it came: uint8 or float32 (n, *shape), never copied or scaled.
    scaling
        How the model sees the values; for uint8 usually ``Scaling(1 / 255)``.
    class_names
        A name for each label 0 ... k-1, or None without labels.
    feature_names, feature_units
        A name and a unit ('' for a pure number) for each feature of tabular data, or None.
    """

    name: str
    train: Part
    test: Part
    scaling: Scaling = Scaling()
    class_names: tuple[str, ...] | None = None
    feature_names: tuple[str, ...] | None = None
    feature_units: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for what, part in (("training", self.train), ("test", self.test)):
            if part.x.dtype not in (np.uint8, np.float32):
                raise DataError(
                    f"The {what} part of {self.name} has values of type {part.x.dtype}.",
                    "Convert it to uint8 or float32.",
                )
        if len(self.train) == 0:
            raise DataError(f"{self.name} has no training examples.", "Choose other data.")
        if self.train.x.shape[1:] != self.test.x.shape[1:]:
            raise DataError(
                f"{self.name}: training examples have the shape {self.train.x.shape[1:]}, "
                f"test examples {self.test.x.shape[1:]}.",
                "Both parts need examples of one shape.",
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example."""
        return tuple(int(n) for n in self.train.x.shape[1:])

    @cached_property
    def description(self) -> DataDescription:
        """What a model has to know of this dataset. It reads all data, in portions.

        Raises
        ------
        DataError
            When a value is not a finite number: one such example makes all weights NaN.
        """
        low, high = self._extents()
        ends = [self.scaling.to_model(end) for end in (low, high)]
        shown = (0.0, 255.0) if self.train.x.dtype == np.uint8 else (low.min(), high.max())
        return DataDescription(
            name=self.name,
            shape=self.shape,
            dtype=str(self.train.x.dtype),
            train_examples=len(self.train),
            test_examples=len(self.test),
            scaling=self.scaling,
            value_range=_interval(*shown),
            model_range=(float(np.min(ends)), float(np.max(ends))),
            class_names=self.class_names,
            feature_names=self.feature_names,
            feature_units=self.feature_units,
            feature_sds=self._spreads() if len(self.shape) == 1 else None,
            sha256=self._sha256(),
        )

    def _extents(self) -> tuple[Array, Array]:
        """Find the smallest and the largest value of each feature, (*shape) each."""
        low, high = np.full(self.shape, np.inf), np.full(self.shape, -np.inf)
        for what, part in (("training", self.train), ("test", self.test)):
            for start in range(0, len(part), _PORTION):
                portion = part.x[start : start + _PORTION]
                low = np.minimum(low, portion.min(axis=0))
                high = np.maximum(high, portion.max(axis=0))
            if len(part) and not (np.isfinite(low).all() and np.isfinite(high).all()):
                raise DataError(
                    f"The {what} part of {self.name} has values that are missing or infinite.",
                    "Fill them in or leave those examples out.",
                )
        return low, high

    def _spreads(self) -> tuple[float, ...]:
        """Find the standard deviation of each feature over the training part."""
        x = self.train.x
        mean = np.mean(x, axis=0, dtype=np.float64)
        squares = np.zeros(self.shape)
        for start in range(0, len(x), _PORTION):
            squares += np.square(x[start : start + _PORTION] - mean).sum(axis=0)
        return tuple(np.sqrt(squares / len(x)).tolist())

    def _sha256(self) -> str:
        digest = hashlib.sha256()
        for part in (self.train, self.test):
            digest.update(f"{part.x.dtype}{part.x.shape}".encode())
            for start in range(0, len(part), _PORTION):
                digest.update(np.ascontiguousarray(part.x[start : start + _PORTION]).data)
        return digest.hexdigest()


def _interval(low: float, high: float) -> tuple[float, float]:
    """The ends as they are, or an interval of length 1 where they are the same."""
    return float(low), float(high if high > low else low + 1.0)
