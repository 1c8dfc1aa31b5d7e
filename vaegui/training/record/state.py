"""What the worker can be doing, and the sets of states that something can be done in."""

from __future__ import annotations

from typing import Literal

__all__ = ["AT_WORK", "BUSY", "READY", "RESTING", "UNDER_WAY", "State"]

State = Literal[
    "loading",
    "idle",
    "preparing",
    "training",
    "paused",
    "saving",
    "opening",
    "estimating",
    "rehearsing",
    "closed",
]

BUSY: frozenset[State] = frozenset({"preparing", "saving", "opening", "estimating", "rehearsing"})
"""It does one thing that takes time and can be cancelled."""

AT_WORK: frozenset[State] = BUSY | {"training"}
"""It has something to do."""

UNDER_WAY: frozenset[State] = frozenset({"training", "paused"})
"""A training is under way, be it paused."""

RESTING: frozenset[State] = frozenset({"idle", "paused"})
"""It waits for orders."""

READY: frozenset[State] = RESTING | {"training"}
"""It takes orders at once, between two chunks of steps at the latest."""
