"""Every panel that there is. A new one is a file here and a name in `PANELS`."""

from __future__ import annotations

from vaegui.panels.base import Panel
from vaegui.panels.input import Input
from vaegui.panels.latent import Latent
from vaegui.panels.loss import Loss
from vaegui.panels.reconstructions import Reconstructions

__all__ = ["PANELS"]

PANELS: tuple[type[Panel], ...] = (Latent, Loss, Reconstructions, Input)
"""In the order of their docks."""
