"""All training examples in the latent space: dots behind the probes' Gaussians."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vaegui.data.source import DatasetId, ExampleRef
from vaegui.panels.context import Context, Limits
from vaegui.panels.drawing.map.cloud import Cloud
from vaegui.panels.drawing.map.plane import Plane
from vaegui.panels.drawing.map.projection import Projection
from vaegui.panels.drawing.picked import Encoded
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
    found
        The posteriors whose means are shown, or None.
    """

    def __init__(self, axes: Axes, style: Style, *, coloured: bool) -> None:
        self.cloud = Cloud(axes, style, coloured=coloured)
        self._whole: Result[PopulationFound] | None = None
        self.found: Result[PopulationFound] | None = None
        self._shown: tuple[object, ...] = ()
        self._rows: NDArray[np.intp] = np.empty(0, np.intp)

    def show(
        self,
        ctx: Context[LatentOptions],
        plane: Plane,
        projection: Projection,
        limits: Limits,
    ) -> None:
        """Move the dots, if anything about them changed.

        While they are encoded anew those of before stay; only the first ones appear bit by bit.
        """
        observed = population_in(ctx)
        if observed is not None:
            self._whole = observed if observed.complete else self._whole
            observed = self._whole or observed
        self.found = observed
        shown = observed, ctx.options.hidden_classes, projection, limits
        if shown == self._shown:
            return
        self._shown = shown
        if observed is None:
            self._rows = np.empty(0, np.intp)
            self.cloud.move(np.empty((0, 2)), None)
            return
        found = observed.value
        mean, labels, self._rows = found.mean, found.labels, np.arange(len(found.mean))
        if labels is not None:
            labels = labels[: len(mean)]
            self._rows = np.flatnonzero(~np.isin(labels, list(ctx.options.hidden_classes)))
            mean, labels = mean[self._rows], labels[self._rows]
        self.cloud.move(plane.spots(mean, labels, self._rows, projection), labels)

    def nearest(self, x: float, y: float) -> tuple[int, float] | None:
        """The row of the training example whose dot is nearest to a place in figure pixels.

        Beside it, how far off the dot is; None if no dot is near.
        """
        found = self.cloud.nearest(x, y)
        return None if found is None else (int(self._rows[found[0]]), found[1])

    def example(self, row: int, dataset: DatasetId) -> Encoded:
        """The training example of a row that is shown."""
        assert self.found is not None
        found = self.found.value
        label = None if found.labels is None else int(found.labels[row])
        ref = ExampleRef(dataset, "train", row)
        return Encoded(ref, label, found.mean[row], found.log_var[row])


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
