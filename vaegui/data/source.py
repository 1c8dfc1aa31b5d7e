"""What examples are read from, whatever holds them, and how one of them is named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "PART_NAMES",
    "UNNAMED",
    "Batch",
    "DatasetId",
    "Example",
    "ExampleRef",
    "Names",
    "OneHot",
    "Part",
    "Rows",
    "Source",
    "Spec",
]

DatasetId = str
"""Which dataset it is: the SHA-256 of all its values, `DataDescription.sha256`."""

Part = Literal["train", "validation", "test"]
"""One of the parts of a dataset."""

PART_NAMES: dict[Part, str] = {"train": "training", "validation": "validation", "test": "test"}
"""What the parts are called on screen, before "example" or "part"."""

Rows = slice | NDArray[np.integer[Any]]
"""Which examples of a source: a slice of step 1, or row numbers (n,) in any order."""


@dataclass(frozen=True, slots=True)
class ExampleRef:
    """The identity of one example: the same wherever the example is shown.

    ``row`` counts from 0 within the part.
    """

    dataset: DatasetId
    part: Part
    row: int


@dataclass(frozen=True, eq=False, slots=True)
class Example:
    """One example: ``x`` (*shape) in the data's own scale, and its ``label`` if it has one.

    Values that are missing are NaN where the recipe masks them.
    """

    ref: ExampleRef
    x: NDArray[Any]
    label: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Some examples.

    ``x`` (n, *shape), uint8 or float32, in the data's own scale; ``labels`` int64 (n,), or None
    where there are none; ``condition`` (n, values) float32: what a conditional model is given
    beside ``x``, or None. All three belong to the source: do not write to them.
    """

    x: NDArray[Any]
    labels: NDArray[np.int64] | None = None
    condition: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class OneHot:
    """A category of which each value is a feature: 1 in examples that have it, 0 in others."""

    name: str
    first: int
    """Which feature is that of its first value; the others follow."""
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What labels and features are called, and which features belong together."""

    classes: tuple[str, ...] | None = None
    """A name for each label 0 ... k-1, or None without labels."""
    features: tuple[str, ...] | None = None
    """A name for each feature of a table, or None."""
    units: tuple[str, ...] | None = None
    """The unit of each feature, '' for a pure number; None where no feature has one."""
    one_hot: tuple[OneHot, ...] = ()
    """Which features are the values of categories."""
    channels: int = 0
    """Of a signal the number of its channels, which lie one after the other in the features; 0
    where features have no order."""


UNNAMED = Names()


@dataclass(frozen=True, slots=True)
class Spec:
    """All that is known of a source without reading its values."""

    shape: tuple[int, ...]
    """Shape of one example: (features,), (height, width) or (height, width, channels)."""
    dtype: str
    """Type of the values that are read: uint8 or float32."""
    length: int
    """Number of examples."""
    names: Names = UNNAMED
    fingerprint: str = ""
    """Equal for equal data, and found without reading them; '' where that cannot be done."""

    @property
    def nbytes(self) -> int:
        """Size of all examples together in bytes."""
        return self.length * math.prod(self.shape) * np.dtype(self.dtype).itemsize


class Source(Protocol):
    """Examples of any number: an array, a mapped file, and what else may be read row by row.

    Several threads may read at the same time.
    """

    @property
    def spec(self) -> Spec:
        """Shape, type, length and names."""
        ...

    @property
    def labels(self) -> NDArray[np.int64] | None:
        """The labels of all examples, (length,), or None. They are always in memory."""
        ...

    def read(self, rows: Rows) -> Batch:
        """Return some examples, in the order of ``rows``.

        Raises
        ------
        DataError
            If they cannot be read.
        """
        ...
