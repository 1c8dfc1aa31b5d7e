"""The curves of the loss: every step as far as there are pixels, their mean, the validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from vaegui.analysis.series import Bins, Track
from vaegui.panels.drawing.stage import Stage
from vaegui.runs.run import Run
from vaegui.training.record.history import History

__all__ = ["Curves"]

Array = NDArray[np.floating[Any]]

HOLLOW: dict[str, Any] = {"marker": "o", "markeredgewidth": 1.0, "markersize": 4}


class Curves:
    """Total, reconstruction and KL, or some of them, of one history, which is read as it grows."""

    def __init__(self, stage: Stage, axes: Axes, terms: Sequence[str]) -> None:
        self._terms = terms
        self._raw = [_line(stage, axes, term, alpha=0.28, linewidth=0.7) for term in terms]
        self._means = [_line(stage, axes, term, linewidth=1.5) for term in terms]
        self._validation = [
            _line(stage, axes, term, linewidth=0.9, linestyle=(0, (2, 1.5)), **HOLLOW)
            for term in terms
        ]
        for line in self._validation:
            line.set_markerfacecolor(stage.style.background)
        self._follow(History())

    def _follow(self, history: History) -> None:
        """Start on another history."""
        self._history = history
        self._tracks = [Track() for _ in self._terms]
        self._epochs_read = 0
        self._by_epoch = np.empty((0, 1 + len(self._terms)))

    @property
    def validated(self) -> bool:
        """Whether there is a validation to show."""
        return len(self._by_epoch) > 0

    def update(self, run: Run) -> bool:
        """Take in what the history gained; whether it is another history than before."""
        another = run.history is not self._history
        if another:
            self._follow(run.history)
        history = run.history
        for track, term in zip(self._tracks, self._terms, strict=True):
            track.update(getattr(history, term))
        if self._epochs_read > len(history.epochs):  # the run was taken back
            self._epochs_read, self._by_epoch = 0, np.empty((0, 1 + len(self._terms)))
        fresh = [
            (epoch.step, *(getattr(epoch.validation, term) for term in self._terms))
            for epoch in history.epochs[self._epochs_read :]
            if epoch.validation is not None
        ]
        self._epochs_read = len(history.epochs)
        if fresh:
            self._by_epoch = np.vstack([self._by_epoch, np.array(fresh, float)])
        return another

    def latest(self, smoothing: int) -> tuple[list[float], Array | None]:
        """The last value of each term, smoothed, and the last validation, (terms,)."""
        ends = [np.array([len(track)]) for track in self._tracks]
        values = [
            float(track.mean(end, smoothing)[0])
            for track, end in zip(self._tracks, ends, strict=True)
        ]
        return values, self._by_epoch[-1, 1:] if self.validated else None

    def draw(self, wanted: Bins, window: int, smoothing: int) -> tuple[list[Array], list[Array]]:
        """Draw steps; returns what the raw and the smoothed curves show."""
        first, last, length = wanted
        ends = np.minimum(np.arange(first, last, length) + length, last)
        raw = []
        for track, line in zip(self._tracks, self._raw, strict=True):
            low, high = track.extremes(wanted)
            values = low if length == 1 else np.stack([low, high], axis=1).ravel()
            line.set_data(ends if length == 1 else np.repeat(ends, 2), values)
            line.set_alpha(0.28 if smoothing > 1 else 1.0)
            raw.append(values)
        curves = []
        for track, line in zip(self._tracks, self._means, strict=True):
            values = track.mean(ends, window)
            line.set_data(ends, values)
            line.set_visible(smoothing > 1)
            curves.append(values)
        return raw, curves

    def validation(self, across: tuple[float, float]) -> list[Array]:
        """Draw the validation; returns what is in view, a column for each term."""
        steps = self._by_epoch[:, 0]
        inside = self._by_epoch[(steps >= across[0]) & (steps <= across[1])]
        thinned = inside[:: max(1, len(inside) // 400)]
        for i, line in enumerate(self._validation, 1):
            line.set_data(thinned[:, 0], thinned[:, i])
            line.set_marker("o" if len(inside) <= 40 else "None")
        return list(inside[:, 1:].T)

    def artists(self) -> Sequence[Artist]:
        """What moves, in painting order."""
        return [*self._raw, *self._means, *self._validation]


def _line(stage: Stage, axes: Axes, term: str, **properties: Any) -> Line2D:
    (line,) = axes.plot([], [], color=getattr(stage.style, term), **properties)
    return line
