"""Every explanation that there is. A new one is a file here and a name in `EXPLANATIONS`."""

from __future__ import annotations

from vaegui.panels.explain.base import Explanation
from vaegui.panels.explain.equal_rows import EqualRowsPanel
from vaegui.panels.explain.line import LinePanel
from vaegui.panels.explain.loss_apart import LossApart
from vaegui.panels.explain.many_times import ManyTimesPanel
from vaegui.panels.explain.mean_of_a import MeanOfA
from vaegui.panels.explain.network import Network
from vaegui.panels.explain.population import PopulationPanel
from vaegui.panels.explain.read_outs import ReadOuts
from vaegui.panels.explain.reparameterisation import Reparameterisation
from vaegui.panels.explain.why_gaussian import WhyGaussian

__all__ = ["EXPLANATIONS"]

EXPLANATIONS: tuple[type[Explanation], ...] = (
    Network,
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
