"""How training and experiments share the time."""

from __future__ import annotations

__all__ = ["TimeAccount"]

SHARE = 0.3
"""Experiments take at most this part of the time while the model trains.

Training loses a little more, since they also push its data out of the processor's caches.
"""

SAVED_UP = 0.05
"""Seconds that experiments may be owed at most, so that training never stutters."""


class TimeAccount:
    """An account of the time that experiments are owed.

    A piece that takes longer than what is owed, such as compiling, is paid back in training.
    """

    def __init__(self) -> None:
        self._owed = 0.0

    @property
    def due(self) -> bool:
        """Whether it is the experiments' turn."""
        return self._owed > 0.0

    def trained(self, seconds: float) -> None:
        """Note that the model trained for so long."""
        self._owed = min(SAVED_UP, self._owed + seconds * SHARE / (1.0 - SHARE))

    def spent(self, seconds: float) -> None:
        """Note that an experiment took so long, in which the model could have trained."""
        self._owed -= seconds
