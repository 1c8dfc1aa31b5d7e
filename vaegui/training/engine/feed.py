"""Examples that are not held by TensorFlow: read for the next steps while the present ones run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Source
from vaegui.errors import DataError, VaeguiError

__all__ = ["Feed"]

Array = NDArray[Any]
StepOfEpoch = tuple[int, int]
"""A step by its epoch and its number within the epoch, both from 0."""


class Feed:
    """The examples of each step, in the order of training, read ahead by a thread.

    What it gives is a function of ``order`` alone, however far it has read ahead. One thread may
    use it. The thread that reads ahead ends by itself after ``ahead`` steps, and never runs while
    `take` does.

    Parameters
    ----------
    source
        Where the examples are.
    order
        Makes the rows of each step of an epoch, (steps, batch).
    ahead
        How many steps are read ahead at most; so many are held in memory.
    """

    def __init__(
        self, source: Source, order: Callable[[int], NDArray[np.int32]], ahead: int
    ) -> None:
        self._source, self._order, self._ahead = source, order, ahead
        self._ready: dict[StepOfEpoch, Array] = {}
        self._orders: dict[int, NDArray[np.int32]] = {}
        self._reader: threading.Thread | None = None
        self._enough = threading.Event()

    def take(self, epoch: int, within: int, count: int) -> list[Array]:
        """Return the examples of ``count`` steps, and begin to read those that follow.

        Parameters
        ----------
        epoch, within
            Where the first of the steps is, both from 0.
        count
            How many; they lie in one epoch.

        Returns
        -------
        list
            For each step its examples, (batch, *shape).

        Raises
        ------
        DataError
            If they cannot be read. Asking again tries again.
        """
        self.rest()
        try:
            steps = [self._step((epoch, within + i)) for i in range(count)]
        except OSError as error:
            raise DataError(
                f"The training examples can no longer be read: {error.strerror or error}.",
                "Make sure that their file is there and was not changed, and train on.",
            ) from error
        following = self._following(epoch, within + count)
        self._ready = {place: self._ready[place] for place in following if place in self._ready}
        self._enough.clear()
        self._reader = threading.Thread(
            target=self._read, args=(following,), name="vaegui-feed", daemon=True
        )
        self._reader.start()
        return steps

    def rest(self) -> None:
        """Stop reading ahead, once the step that is being read is there. What was read is kept."""
        if self._reader is not None:
            self._enough.set()
            self._reader.join()
            self._reader = None

    def _read(self, places: list[StepOfEpoch]) -> None:
        """Read ahead, in a thread of its own."""
        try:
            for place in places:
                if self._enough.is_set():
                    return
                self._ready[place] = self._step(place)
        except (VaeguiError, OSError):
            # `take` reads that step again, and tells whoever trains.
            return

    def _step(self, place: StepOfEpoch) -> Array:
        ready = self._ready.get(place)
        return self._source.read(self._rows(place[0])[place[1]]).x if ready is None else ready

    def _following(self, epoch: int, within: int) -> list[StepOfEpoch]:
        """The next steps to come, on into the epochs that follow."""
        steps = len(self._rows(epoch))
        numbers = range(epoch * steps + within, epoch * steps + within + self._ahead)
        # Only two epochs' orders are kept.
        self._orders = {e: rows for e, rows in self._orders.items() if e in (epoch, epoch + 1)}
        return [divmod(number, steps) for number in numbers]

    def _rows(self, epoch: int) -> NDArray[np.int32]:
        if epoch not in self._orders:
            self._orders[epoch] = self._order(epoch)
        return self._orders[epoch]
