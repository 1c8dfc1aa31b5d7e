"""How often a model that trains is looked at."""

from __future__ import annotations

__all__ = ["Pace"]

SHARE = 0.03
"""Snapshots may cost this part of the time that training takes."""

LIVELY = 0.1
"""Seconds of training after which a cheap snapshot is made all the same, so that the map moves
visibly also where training is over in seconds."""

LIVELY_SHARE = 0.1
"""Part of the time that snapshots may cost then."""

CHEAP = 0.006
"""Seconds that a cheap snapshot takes at most, with the answers that go with it."""

UNSEEN = 0.5
"""Seconds of training between two snapshots that nobody looks at, which only the file keeps."""

UNSEEN_PART = 1 / 200
"""Part of the whole training between two of them later on: of more, most would not be kept."""


class Pace:
    """An account of the time that looking takes from training."""

    def __init__(self) -> None:
        self._trained = self._looked = 0.0
        self._trained_before = self._looked_before = 0.0
        self._shots = 0

    @property
    def due(self) -> bool:
        """Whether it is time for another snapshot that somebody waits for."""
        if self._looked <= SHARE * self._trained:
            return True
        cheap = self._looked - self._looked_before <= CHEAP
        lively = cheap and self._looked <= LIVELY_SHARE * self._trained
        return lively and self._rested >= LIVELY

    @property
    def due_unseen(self) -> bool:
        """The same where nobody waits for it."""
        rested = self._rested >= max(UNSEEN, UNSEEN_PART * self._trained)
        return rested and self._looked <= SHARE * self._trained

    @property
    def _rested(self) -> float:
        """Seconds of training since the last snapshot."""
        return self._trained - self._trained_before

    def trained(self, seconds: float) -> None:
        """Note that training went on for so long."""
        self._trained += seconds

    def shot(self, seconds: float) -> None:
        """Note that a snapshot took so long. The first ones compile, which never comes again."""
        self._shots += 1
        self._trained_before, self._looked_before = self._trained, self._looked
        if self._shots > 1:
            self._looked += seconds

    def answered(self, seconds: float) -> None:
        """Note that a question took so long to be answered anew with a snapshot."""
        if self._shots > 1:
            self._looked += seconds
