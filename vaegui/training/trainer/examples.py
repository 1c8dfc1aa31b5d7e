"""The examples of a run, which may not be at hand."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np

from vaegui.data import NoData
from vaegui.data.dataset import Dataset
from vaegui.errors import Cancelled, DataError, VaeguiError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.training.record.probes import Probes, choose_probes
from vaegui.training.trainer.run_state import RunState

__all__ = ["Examples"]

_LOG = logging.getLogger(__name__)


class Examples:
    """The data of a run: at hand, or loaded when they are first needed, or missing.

    Parameters
    ----------
    state
        Says where they come from, how they are scaled, and what is known of them.
    dataset
        The data, if they are at hand.

    Attributes
    ----------
    draw
        Makes what is looked at in place of data that there are not; None where nothing does.
    missing
        Why the data cannot be had, or ''. Where it is set the model can be looked at all the same,
        and saved.
    """

    def __init__(self, state: RunState, dataset: Dataset | None = None) -> None:
        self.missing = ""
        self.draw: Callable[[], Dataset] | None = None
        self._state, self._dataset = state, dataset
        self._drawn: Dataset | None = None
        self._probes: Probes | None = None
        if dataset is None and isinstance(state.settings.data, NoData):
            self.look_for(no_progress)

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
            self._dataset = self._known(self._state.settings.load_data(progress))
        return self._dataset

    def look_for(self, progress: ProgressCallback) -> None:
        """Load the data, or note why they cannot be had. Raises `Cancelled`."""
        try:
            self.load(progress)
        except Cancelled:
            raise
        except VaeguiError as error:
            _LOG.info("The data of the model cannot be had: %s", error)
            self.missing = str(error)

    def give(self, dataset: Dataset, progress: ProgressCallback = no_progress) -> None:
        """Take data that only the caller has. Raises as `load` does."""
        self._dataset = self._known(self._state.settings.scaled(dataset, progress))

    @property
    def can_be_seen(self) -> bool:
        """Whether there is anything to look at: the data, or what is drawn in their place."""
        return not self.missing or self.draw is not None

    @property
    def seen(self) -> Dataset:
        """What is looked at. Raises as `load` does."""
        if self.draw is None:
            return self.dataset
        self._drawn = self._drawn or self.draw()
        return self._drawn

    def forget_drawn(self) -> None:
        """Draw anew what is looked at: the model has other weights."""
        self._drawn = None
        if self.draw is not None:
            self._probes = None

    @property
    def probes(self) -> Probes:
        """The inputs whose Gaussians are followed; none if there is nothing to look at."""
        if not self.can_be_seen:
            return self.no_probes()
        self._probes = self._probes or choose_probes(self.seen)
        return self._probes

    def no_probes(self) -> Probes:
        """What takes their place without the data: which examples have Gaussians that are kept."""
        data, kept = self._state.data, self._state.snapshots
        return Probes(np.empty((0, *data.shape), data.dtype), kept.labels, 0, kept.refs)

    def _known(self, dataset: Dataset) -> Dataset:
        """Return data that are those that the model was trained on, or raise `DataError`."""
        if not dataset.description.same_data(self._state.data):
            raise DataError(
                f"{self._state.data.name} is not what it was when this model was trained.",
                "Restore the data, or train a new model on these.",
            )
        return dataset
