"""Every panel that there is. A new one is a file here and a name in `PANELS`."""

from __future__ import annotations

from vaegui.panels.examples.input import Input
from vaegui.panels.examples.reconstructions import Reconstructions
from vaegui.panels.latent.latent import Latent
from vaegui.panels.loss.loss import Loss
from vaegui.panels.panel import Panel

__all__ = ["PANELS"]

PANELS: tuple[type[Panel], ...] = (Latent, Loss, Reconstructions, Input)
"""In the order of their docks."""
