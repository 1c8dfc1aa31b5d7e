"""All training examples in the latent space: dots behind the probes' Gaussians."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from vaegui.panels.context import Context, Limits
from vaegui.panels.drawing.cloud import Cloud
from vaegui.panels.drawing.plane import Plane
from vaegui.panels.latent.options import LatentOptions
from vaegui.panels.style import Style
from vaegui.queries.base import Result
from vaegui.queries.population import Population, PopulationFound

__all__ = ["PopulationCloud", "described", "population_in"]


class PopulationCloud:
    """The posterior means of the training part, as they were when it was last encoded.

    Attributes
    ----------
    cloud
        The artist.
    """

    def __init__(self, axes: Axes, style: Style, *, coloured: bool) -> None:
        self.cloud = Cloud(axes, style, coloured=coloured)
        self._whole: Result[PopulationFound] | None = None
        self._shown: tuple[object, ...] = ()

    def show(
        self,
        ctx: Context[LatentOptions],
        plane: Plane,
        pair: tuple[int, int],
        limits: Limits,
    ) -> None:
        """Move the dots, if anything about them changed.

        While they are encoded anew those of before stay; only the first ones appear bit by bit.
        """
        observed = population_in(ctx)
        if observed is not None:
            self._whole = observed if observed.complete else self._whole
            observed = self._whole or observed
        shown = observed, ctx.options.hidden_classes, pair, limits
        if shown == self._shown:
            return
        self._shown = shown
        if observed is None:
            self.cloud.move(np.empty((0, 2)), None)
            return
        found = observed.value
        mean, labels = found.mean, found.labels
        if labels is not None:
            labels = labels[: len(mean)]
            kept = ~np.isin(labels, list(ctx.options.hidden_classes))
            mean, labels = mean[kept], labels[kept]
        self.cloud.move(plane.spots(mean, labels, pair), labels)


def population_in(ctx: Context[LatentOptions]) -> Result[PopulationFound] | None:
    """The training examples as they were last encoded, if they are to be shown."""
    return ctx.result(Population()) if ctx.options.view.all_examples else None


def described(ctx: Context[LatentOptions]) -> str:
    """What the dots are, for `Panel.describe`; empty without any."""
    observed = population_in(ctx)
    if observed is None:
        return ""
    count, step = len(observed.value.mean), observed.step
    return f" Dots: the means of {count:,} training examples at step {step:,}."
