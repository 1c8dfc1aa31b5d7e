"""Every explanation that there is. A new one is a file here and a name in `EXPLANATIONS`."""

from __future__ import annotations

from vaegui.panels.explain.gaussian.line import LinePanel
from vaegui.panels.explain.gaussian.loss_apart import LossApart
from vaegui.panels.explain.gaussian.many_times.panel import ManyTimesPanel
from vaegui.panels.explain.gaussian.population import PopulationPanel
from vaegui.panels.explain.gaussian.reparameterisation import Reparameterisation
from vaegui.panels.explain.gaussian.why_gaussian import WhyGaussian
from vaegui.panels.explain.mu.equal_rows import EqualRowsPanel
from vaegui.panels.explain.mu.mean_of_a import MeanOfA
from vaegui.panels.explain.mu.read_outs import ReadOuts
from vaegui.panels.explain.network.network import NetworkPanel
from vaegui.panels.explain.shared.base import Explanation

__all__ = ["EXPLANATIONS"]

EXPLANATIONS: tuple[type[Explanation], ...] = (
    NetworkPanel,
    ReadOuts,
    MeanOfA,
    EqualRowsPanel,
    ManyTimesPanel,
    PopulationPanel,
    LinePanel,
    LossApart,
    Reparameterisation,
    WhyGaussian,
)
"""In the order of the page; those of one part lie together."""
