"""Which two latent units a map shows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.analysis.posterior import kl_by_unit, leading_pair
from vaegui.panels.drawing.text import subscript
from vaegui.panels.focus import Focus
from vaegui.runs.run import Run
from vaegui.training.record.events import Snapshot
from vaegui.training.record.probes import Probes

__all__ = ["MapPair", "weight_of_units"]


class MapPair:
    """The units of a map: the user's two, else the two that carry most KL.

    A plain autoencoder has no KL; its codes vary most in them.

    The latter are held while a model trains, so that the axes keep their meaning. They are chosen
    anew when the first epoch is over (before, the KL says nothing yet), when training ends, and
    when the user had other units and goes back to the automatic ones. They are those of the latest
    snapshot, whichever is shown: earlier ones are drawn on the same axes.
    """

    def __init__(self) -> None:
        self._held: tuple[int, int] | None = None
        self._trained = False
        self._probes: Probes | None = None

    def of(self, run: Run, focus: Focus) -> tuple[int, ...]:
        """Two units, or the only one."""
        units = run.begun.settings.latent_units
        if units == 1:
            return (0,)
        if own := _own(focus, units):
            self._held = None
            return own
        if run.begun.probes is not self._probes:
            self._probes, self._held = run.begun.probes, None
        trained = bool(run.history.epochs)
        if self._held is None or run.finished is not None or trained != self._trained:
            weights = weight_of_units(run, run.snapshot)
            if weights is None:
                return (0, 1)
            self._held, self._trained = leading_pair(weights), trained
        return self._held

    def text(self, run: Run, focus: Focus) -> str:
        """Which units are shown, if not all are; else ''."""
        units, pair = run.begun.settings.latent_units, self.of(run, focus)
        if units <= len(pair):
            return ""
        names = " and ".join(f"z{subscript(unit + 1)}" for unit in pair)
        most = "those with the most KL" if run.begun.settings.has_spread else "those that vary most"
        why = "those of the latent map" if _own(focus, units) else most
        return f"The picture shows {names}, {why}; the model has {units} units. "


def _own(focus: Focus, units: int) -> tuple[int, int] | None:
    """The user's two units, if the model has them."""
    pair = focus.pair
    return pair if pair and pair[0] != pair[1] and max(pair) < units else None


def weight_of_units(run: Run, snapshot: Snapshot | None) -> NDArray[Any] | None:
    """Mean KL of each unit in nats, (units,): over the probes, or in training without them.

    Of a plain autoencoder it is the variance of the codes. None if neither is known.
    """
    if snapshot is not None and len(snapshot.mean):
        if not run.begun.settings.has_spread:
            return np.asarray(snapshot.mean.var(axis=0))
        kl: NDArray[Any] = kl_by_unit(snapshot.mean, snapshot.log_var).mean(axis=0)
        return kl
    epochs = run.history.epochs
    return epochs[-1].kl_by_unit if epochs else None
