"""A dataset: parts to train on, to watch and to test with, and how they reach the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaegui.data.description import DataDescription
from vaegui.data.scaling import Scaling
from vaegui.data.source import PART_NAMES, DatasetId, Example, ExampleRef, Part, Source
from vaegui.data.statistics import cache as statistics_cache
from vaegui.data.statistics.row_facts import RowFacts, RowNotes, row_facts
from vaegui.data.statistics.statistics import Statistics, examine
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback, no_progress

__all__ = ["Dataset", "Summary"]

AS_IT_IS = Scaling()


@dataclass(frozen=True, eq=False, slots=True)
class Summary:
    """What one pass over a dataset finds: statistics of each part, and a hash of all values."""

    train: Statistics
    test: Statistics
    sha256: DatasetId
    validation: Statistics | None = None

    @property
    def parts(self) -> dict[Part, Statistics]:
        """The statistics of the parts that there are, by name."""
        parts: dict[Part, Statistics] = {"train": self.train, "test": self.test}
        return parts if self.validation is None else {**parts, "validation": self.validation}

    @property
    def low(self) -> NDArray[np.float64]:
        """Smallest value of each feature over all parts, (*shape)."""
        low: NDArray[np.float64] = np.stack([p.low for p in self.parts.values()]).min(axis=0)
        return low

    @property
    def high(self) -> NDArray[np.float64]:
        """Largest value of each feature over all parts, (*shape)."""
        high: NDArray[np.float64] = np.stack([p.high for p in self.parts.values()]).max(axis=0)
        return high


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples to train on and to test with.

    Parameters
    ----------
    name
        What it is called on screen.
    train, test
        The parts, with examples of one shape and type; ``test`` may be empty. Names of classes
        and features are those of ``train``.
    scaling
        How the model sees the values; for uint8 usually ``Scaling(1 / 255)``.
    known
        Its summary, if all examples were read before.
    validation
        A part to measure the model on after each epoch; None if ``test`` serves for that, too.

    Raises
    ------
    DataError
        If there are no training examples, or the parts do not go together.
    """

    name: str
    train: Source
    test: Source
    scaling: Scaling = AS_IT_IS
    known: Summary | None = None
    validation: Source | None = None

    def __post_init__(self) -> None:
        train = self.train.spec
        if train.length == 0:
            raise DataError(f"{self.name} has no training examples.", "Choose other data.")
        for name, part in self.parts.items():
            if train.shape != part.spec.shape:
                raise DataError(
                    f"{self.name}: training examples have the shape {train.shape}, "
                    f"{name} examples {part.spec.shape}.",
                    "All parts need examples of one shape.",
                )
            if train.dtype != part.spec.dtype:
                raise DataError(
                    f"{self.name}: training examples are of type {train.dtype}, "
                    f"{name} examples {part.spec.dtype}.",
                    "All parts need values of one type.",
                )

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one example."""
        return self.train.spec.shape

    @property
    def id(self) -> DatasetId:
        """Which dataset it is. It reads all data, unless that was done before."""
        return self.summary.sha256

    @property
    def parts(self) -> dict[Part, Source]:
        """The parts that there are, by name; ``test`` may be empty."""
        parts: dict[Part, Source] = {"train": self.train, "test": self.test}
        return parts if self.validation is None else {**parts, "validation": self.validation}

    def __contains__(self, ref: ExampleRef) -> bool:
        """Whether ``ref`` names one of its examples."""
        part = self.parts.get(ref.part)
        return part is not None and ref.dataset == self.id and 0 <= ref.row < part.spec.length

    def example(self, ref: ExampleRef) -> Example:
        """Return the example that ``ref`` names.

        Raises
        ------
        DataError
            If it is no example of this dataset, or cannot be read.
        """
        if ref not in self:
            raise DataError(
                f"{self.name} has no such example: row {ref.row:,} of the {ref.part} part.",
                "Choose one of the examples that it has.",
            )
        read = self.parts[ref.part].read(slice(ref.row, ref.row + 1))
        return Example(ref, read.x[0], None if read.labels is None else int(read.labels[0]))

    def examined(self, progress: ProgressCallback) -> Dataset:
        """Return the same dataset with its summary known: one pass over all data, done only once.

        Raises
        ------
        DataError
            If examples cannot be read.
        Cancelled
            If ``progress`` raises it.
        """
        known = self.known or self._recalled() or self._found(progress)
        return replace(self, known=known)

    def examined_by_row(
        self, progress: ProgressCallback
    ) -> tuple[Dataset, Mapping[Part, RowFacts]]:
        """Do what `examined` does and find out about each example, in one pass. Raises the same."""
        known = self.known or self._recalled()
        if known is not None:
            facts = {name: row_facts(part, progress) for name, part in self.parts.items()}
            return replace(self, known=known), facts
        notes = {name: RowNotes(part.spec.length) for name, part in self.parts.items()}
        known = self._found(progress, tuple(notes.values()))
        return replace(self, known=known), {name: noted.facts for name, noted in notes.items()}

    def _recalled(self) -> Summary | None:
        """What an earlier pass found, perhaps in another session."""
        found = statistics_cache.recall([part.spec for part in self.parts.values()])
        return None if found is None else _summary(*found)

    def _found(self, progress: ProgressCallback, notes: Sequence[RowNotes] = ()) -> Summary:
        parts = tuple(self.parts.values())
        found = examine(parts, progress, notes)
        statistics_cache.remember([part.spec for part in parts], found)
        return _summary(*found)

    @cached_property
    def summary(self) -> Summary:
        """Statistics and hash. It reads all data, unless that was done before."""
        return self.known or self._recalled() or self._found(no_progress)

    @cached_property
    def description(self) -> DataDescription:
        """What a model has to know of this dataset. It reads all data, unless that was done before.

        Raises
        ------
        DataError
            When a value is not a finite number: one such example makes all weights NaN.
        """
        spec, summary = self.train.spec, self.summary
        for name, part in summary.parts.items():
            self._require_finite(PART_NAMES[name], part)
        low, high = summary.low, summary.high
        ends = [self.scaling.to_model(end) for end in (low, high)]
        if not np.isfinite(ends).all():
            raise DataError(
                f"{self.name} has values of -1 or less in a feature of which the model sees the "
                "logarithm of 1 + x.",
                "Take that feature as it is.",
            )
        shown = (0.0, 255.0) if spec.dtype == "uint8" else (low.min(), high.max())
        train, table = summary.train, len(spec.shape) == 1
        return DataDescription(
            name=self.name,
            shape=spec.shape,
            dtype=spec.dtype,
            train_examples=spec.length,
            test_examples=self.test.spec.length,
            scaling=self.scaling,
            value_range=_interval(*shown),
            model_range=(float(np.min(ends)), float(np.max(ends))),
            class_names=spec.names.classes,
            feature_names=spec.names.features,
            feature_units=spec.names.units,
            one_hot=spec.names.one_hot if table else (),
            channels=spec.names.channels if table else 0,
            feature_sds=tuple(train.sd.tolist()) if table else None,
            feature_means=tuple(train.mean.tolist()) if table else None,
            feature_lows=tuple(train.low.tolist()) if table else None,
            feature_highs=tuple(train.high.tolist()) if table else None,
            sha256=summary.sha256,
            validation_examples=0 if self.validation is None else self.validation.spec.length,
        )

    def _require_finite(self, what: str, part: Statistics) -> None:
        if not part.not_finite or self.scaling.gaps is not None:
            return
        where = "in one example" if part.not_finite == 1 else f"in {part.not_finite:,} examples"
        raise DataError(
            f"The {what} part of {self.name} has values that are missing or infinite, {where}; "
            f"the first is row {part.first_not_finite:,}.",
            "Fill them in or leave those examples out.",
        )


def _interval(low: float, high: float) -> tuple[float, float]:
    """The ends as they are, or an interval of length 1 where they are the same."""
    return float(low), float(high if high > low else low + 1.0)


def _summary(parts: Sequence[Statistics], sha256: DatasetId) -> Summary:
    train, test, *validation = parts
    return Summary(train, test, sha256, *validation)
