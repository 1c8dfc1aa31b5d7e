"""The examples of a run, which may not be at hand."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from vaegui.data.dataset import Dataset
from vaegui.data.description import DataDescription
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.record.events import Probes
from vaegui.training.record.probes import choose_probes
from vaegui.training.record.snapshots import SnapshotStore
from vaegui.training.settings.settings import Settings

__all__ = ["Examples"]


class Examples:
    """The data of a run: at hand, or loaded when they are first needed, or missing.

    Parameters
    ----------
    settings
        Say where they come from, and how they are scaled.
    description
        What the model knows of them; others are refused.
    dataset
        The data, if they are at hand.

    Attributes
    ----------
    missing
        Why the data cannot be had, or ''. Where it is set the model can be looked at all the same,
        and saved.
    """

    def __init__(
        self, settings: Settings, description: DataDescription, dataset: Dataset | None = None
    ) -> None:
        self.missing = ""
        self._settings, self._description, self._dataset = settings, description, dataset

    @property
    def dataset(self) -> Dataset:
        """The data; loaded now if they were not at hand. Raises as `load` does."""
        return self.load(no_progress)

    def load(self, progress: ProgressCallback) -> Dataset:
        """Load the data, if they are not at hand.

        Raises
        ------
        DataError
            If they cannot be had, or are not those that the model was trained on.
        Cancelled
            If ``progress`` raises it.
        """
        if self._dataset is None:
            self._dataset = self._known(self._settings.load_data(progress))
        return self._dataset

    def give(self, dataset: Dataset, progress: ProgressCallback = no_progress) -> None:
        """Take data that only the caller has. Raises as `load` does."""
        self._dataset = self._known(self._settings.scaled(dataset, progress))

    @cached_property
    def probes(self) -> Probes:
        """The inputs whose Gaussians are followed."""
        return choose_probes(self.dataset)

    def no_probes(self, kept: SnapshotStore) -> Probes:
        """What takes their place without the data: which examples have Gaussians that are kept."""
        none = np.empty((0, *self._description.shape), self._description.dtype)
        return Probes(none, kept.labels, 0, kept.refs)

    def _known(self, dataset: Dataset) -> Dataset:
        """Return data that are those that the model was trained on, or raise `DataError`."""
        if not dataset.description.same_data(self._description):
            raise DataError(
                f"{self._description.name} is not what it was when this model was trained.",
                "Restore the data, or train a new model on these.",
            )
        return dataset
