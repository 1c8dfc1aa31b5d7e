"""How a run's steps are computed, in words: what was chosen, and why."""

from __future__ import annotations

from vaegui.training.engine.engine import (
    RESIDENT_BYTES,
    UNWATCHED_SECONDS,
    WATCHED_SECONDS,
    Engine,
)
from vaegui.training.engine.strategy import Strategy
from vaegui.training.record.events import Computing

__all__ = ["computing"]


def computing(strategy: Strategy | None, data_bytes: int, watched: bool) -> Computing:
    """Tell of the compiler, of where the data are, and of how many steps are done in one call.

    Parameters
    ----------
    strategy
        The compiler and the reason for it; None while that is not known.
    data_bytes
        Size of the training examples.
    watched
        Whether somebody looks on.
    """
    size, most = (f"{number / 1e6:,.1f} MB" for number in (data_bytes, RESIDENT_BYTES))
    if data_bytes <= RESIDENT_BYTES:
        data = f"{size} held in memory as they came, being at most {most}"
    else:
        data = f"{size} read as they are needed, being more than {most}"
    seconds = WATCHED_SECONDS if watched else UNWATCHED_SECONDS
    why = "so that Stop is heeded at once" if watched else "as nobody looks on"
    steps = f"as many as take {1e3 * seconds:.0f} ms, measured anew each time, {why}"
    compiler = str(strategy or f"graph, for the first {Engine.graph_steps} steps")
    return Computing(compiler, data, steps)
