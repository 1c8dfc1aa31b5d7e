"""How values are brought to the scale that the model sees. One class for each choice."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.declared import Choice

__all__ = ["AsIs", "Raw", "Rescale", "Standardise", "Symmetric", "UnitInterval"]


class AsIs(Choice):
    """As the source gives them: pictures from 0 to 1, other data untouched."""

    label: ClassVar[str] = "As the source says"

    kind: Literal["as-is"] = "as-is"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset itself."""
        return dataset


class UnitInterval(Choice):
    """From 0 to 1: the training part's smallest and largest value of each feature (or picture)."""

    label: ClassVar[str] = "From 0 to 1"

    kind: Literal["unit-interval"] = "unit-interval"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling that maps its training part to [0, 1]."""
        # The other parts may lie outside; Bernoulli likelihoods could not take them.
        low, high = dataset.summary.low, dataset.summary.high
        if not _by_feature(dataset):
            low, high = low.min(), high.max()
        return replace(dataset, scaling=_scaling(low, high - low))


class Standardise(Choice):
    """Mean 0 and standard deviation 1 over the training part, for each feature (or picture)."""

    label: ClassVar[str] = "Standardised"

    kind: Literal["standardise"] = "standardise"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling that standardises its training part."""
        mean, sd = dataset.summary.train.mean, dataset.summary.train.sd
        if not _by_feature(dataset):
            # Of all values of all pictures together.
            spread = np.sqrt(np.mean(np.square(sd)) + np.var(mean))
            return replace(dataset, scaling=_scaling(np.mean(mean), spread))
        return replace(dataset, scaling=_scaling(mean, sd))


class Symmetric(Choice):
    """From -1 to 1: pictures from black to white, other data from smallest to largest."""

    label: ClassVar[str] = "From -1 to 1"

    kind: Literal["symmetric"] = "symmetric"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset with a scaling to [-1, 1]."""
        if dataset.train.spec.dtype == "uint8":
            return replace(dataset, scaling=Scaling(2 / 255, -1.0))
        scaling = UnitInterval().apply(dataset).scaling
        scale, offset = 2.0 * np.asarray(scaling.scale), 2.0 * np.asarray(scaling.offset) - 1.0
        if scale.ndim == 0:
            return replace(dataset, scaling=Scaling(float(scale), float(offset)))
        return replace(dataset, scaling=Scaling(tuple(scale.tolist()), tuple(offset.tolist())))


class Raw(Choice):
    """The numbers as they are in the data: pictures from 0 to 255."""

    label: ClassVar[str] = "Not at all"

    kind: Literal["raw"] = "raw"

    def apply(self, dataset: Dataset) -> Dataset:
        """Return the dataset without any scaling."""
        return replace(dataset, scaling=Scaling())


Rescale = Annotated[
    AsIs | UnitInterval | Standardise | Symmetric | Raw, Field(discriminator="kind")
]


def _by_feature(dataset: Dataset) -> bool:
    """Rows of features are scaled feature by feature, pictures as a whole."""
    return len(dataset.shape) == 1


def _scaling(offset: Any, spread: Any) -> Scaling:
    """(data - offset) / spread; a value that never varies is only shifted."""
    scale = 1.0 / np.where(np.asarray(spread) > 0, spread, 1.0)
    shift = -np.asarray(offset) * scale
    if scale.ndim == 0:
        return Scaling(float(scale), float(shift))
    return Scaling(tuple(scale.tolist()), tuple(shift.tolist()))
