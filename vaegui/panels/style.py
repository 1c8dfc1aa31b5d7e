"""The colours of a theme, as panels use them. Read from resources/themes/*.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from vaegui.paths import resource

__all__ = ["Style", "style"]


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as "#rrggbb". ``classes`` are told apart by the colour-blind, too."""

    name: str
    background: str
    text: str
    muted: str
    """Axes, ticks, secondary text."""
    grid: str
    accent: str
    """The picked probe, the cursor."""
    prior: str
    total: str
    reconstruction: str
    kl: str
    units: tuple[str, ...]
    """Colours of latent units' curves, used in turn."""
    classes: tuple[str, ...]
    """Colours of labels, used in turn; ten differ."""
    sequential: str
    """Name of the matplotlib colormap for pictures with one channel."""
    diverging: str
    """Name of the matplotlib colormap for differences."""
    parameter: str
    """Weights and biases: learned, the same for all inputs."""
    output: str
    """What the network computes: different for each input."""
    positive: str
    """Contributions that raise a sum; those that lower it are dashed, too."""
    negative: str


@cache
def style(name: Literal["light", "dark"]) -> Style:
    """The style of a theme: the part ``panels`` of ``resources/themes/<name>.json``."""
    panels: dict[str, Any] = json.loads(resource("themes", f"{name}.json").read_text("utf-8"))[
        "panels"
    ]
    panels.update({key: tuple(panels[key]) for key in ("units", "classes")})
    return Style(name=name, **panels)
