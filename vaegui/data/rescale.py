"""How values are brought to the scale that the model sees. One class for each choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Batch, Rows, Source
from vaegui.data.statistics.statistics import examine
from vaegui.declared import Choice
from vaegui.progress import no_progress

__all__ = ["AsIs", "Raw", "Rescale", "Standardise", "Symmetric", "UnitInterval"]


class AsIs(Choice):
    """As the source gives them: pictures from 0 to 1, other data untouched."""

    label: ClassVar[str] = "As the source says"
    usual: ClassVar[tuple[float, float]] = (0.0, 1.0)
    """What the model sees usually lies between these numbers; so in each class."""

    kind: Literal["as-is"] = "as-is"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset itself."""
        return dataset


class UnitInterval(Choice):
    """From 0 to 1: the training part's smallest and largest value of each feature (or picture)."""

    label: ClassVar[str] = "From 0 to 1"
    usual: ClassVar[tuple[float, float]] = (0.0, 1.0)

    kind: Literal["unit-interval"] = "unit-interval"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling that maps its training part to [0, 1]."""
        # The other parts may lie outside; Bernoulli likelihoods could not take them.
        logarithms = dataset.scaling.to_logarithms
        low, high = logarithms(dataset.summary.low), logarithms(dataset.summary.high)
        if not _by_feature(dataset):
            low, high = low.min(), high.max()
        return _scaled(dataset, low, high - low)


class Standardise(Choice):
    """Mean 0 and standard deviation 1 over the training part, for each feature (or picture)."""

    label: ClassVar[str] = "Standardised"
    usual: ClassVar[tuple[float, float]] = (-3.0, 3.0)

    kind: Literal["standardise"] = "standardise"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling that standardises its training part."""
        mean, sd = _moments(dataset)
        if not _by_feature(dataset):
            # Of all values of all pictures together.
            spread = np.sqrt(np.mean(np.square(sd)) + np.var(mean))
            return _scaled(dataset, np.mean(mean), spread)
        return _scaled(dataset, mean, sd)


class Symmetric(Choice):
    """From -1 to 1: pictures from black to white, other data from smallest to largest."""

    label: ClassVar[str] = "From -1 to 1"
    usual: ClassVar[tuple[float, float]] = (-1.0, 1.0)

    kind: Literal["symmetric"] = "symmetric"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling to [-1, 1]."""
        if dataset.train.spec.dtype == "uint8":
            return replace(dataset, scaling=Scaling(2 / 255, -1.0))
        scaling = UnitInterval().apply(dataset).scaling
        scale, offset = 2.0 * np.asarray(scaling.scale), 2.0 * np.asarray(scaling.offset) - 1.0
        return _with_scaling(dataset, scale, offset)


class Raw(Choice):
    """The numbers as they are in the data: pictures from 0 to 255."""

    label: ClassVar[str] = "Not at all"
    usual: ClassVar[tuple[float, float]] = (0.0, 255.0)

    kind: Literal["raw"] = "raw"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset without any scaling, but for logarithms."""
        return replace(dataset, scaling=replace(dataset.scaling, scale=1.0, offset=0.0))


Rescale = Annotated[
    AsIs | UnitInterval | Standardise | Symmetric | Raw, Field(discriminator="kind")
]


def _by_feature(dataset: Dataset) -> bool:
    """Rows of features are scaled feature by feature, pictures as a whole."""
    return len(dataset.shape) == 1


def _moments(dataset: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each value over the training part, of logarithms if seen so.

    Those of logarithms take another pass over the data.
    """
    train, scaling = dataset.summary.train, dataset.scaling
    if scaling.log1p is None:
        return train.mean, train.sd
    ((logarithms,), _) = examine([_Logarithms(dataset.train, scaling)], no_progress)
    return logarithms.mean, logarithms.sd


class _Logarithms:
    """The `Source` of another's examples, with log(1 + x) of the features that a scaling says."""

    def __init__(self, source: Source, scaling: Scaling) -> None:
        self.spec, self.labels = source.spec, source.labels
        self._source, self._scaling = source, scaling

    def read(self, rows: Rows) -> Batch:
        """Return some examples."""
        batch = self._source.read(rows)
        x = self._scaling.to_logarithms(self._scaling.filled(batch.x))
        return replace(batch, x=x.astype(self.spec.dtype))


def _scaled(dataset: Dataset, offset: Any, spread: Any) -> Dataset:
    """(data - offset) / spread; a value that never varies is only shifted."""
    scale = 1.0 / np.where(np.asarray(spread) > 0, spread, 1.0)
    return _with_scaling(dataset, scale, -np.asarray(offset) * scale)


def _with_scaling(dataset: Dataset, scale: Any, offset: Any) -> Dataset:
    """data * scale + offset, each () or (features,)."""
    now = dataset.scaling
    if np.ndim(scale) == 0:
        scaling = replace(now, scale=float(scale), offset=float(offset))
    else:
        scaling = replace(now, scale=tuple(scale.tolist()), offset=tuple(offset.tolist()))
    return replace(dataset, scaling=scaling)
