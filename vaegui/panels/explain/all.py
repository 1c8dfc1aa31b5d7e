"""Every explanation that there is. A new one is a file here and a name in `EXPLANATIONS`."""

from __future__ import annotations

from vaegui.panels.explain.base import Explanation
from vaegui.panels.explain.equal_rows import EqualRowsPanel
from vaegui.panels.explain.mean_of_a import MeanOfA
from vaegui.panels.explain.network import Network
from vaegui.panels.explain.read_outs import ReadOuts

__all__ = ["EXPLANATIONS"]

EXPLANATIONS: tuple[type[Explanation], ...] = (
    Network,
    ReadOuts,
    MeanOfA,
    EqualRowsPanel,
)
"""In the order of the page; those of one part lie together."""
