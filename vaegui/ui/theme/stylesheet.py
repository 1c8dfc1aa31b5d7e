"""The style sheet of the program: a file, filled in with the colours of a theme."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template

from vaegui.paths import resource

__all__ = ["Colours", "mixed", "stylesheet"]


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that controls are made of, as "#rrggbb"."""

    window: str
    base: str
    button: str
    text: str
    muted: str
    """Secondary text: units, hints."""
    faint: str
    """What is disabled."""
    line: str
    """Separators between regions."""
    border: str
    """Frames of controls."""
    hover: str
    pressed: str
    accent: str
    """Focus and what is on."""
    highlight: str
    """Background of what is selected."""
    highlighted: str
    """Text on `highlight`."""
    tip: str
    tip_text: str
    error: str
    error_base: str
    """Background of a field with a wrong value."""
    warning: str


def mixed(a: str, b: str, part: float) -> str:
    """The colour that is ``part`` of the way from ``a`` to ``b``, all as "#rrggbb"."""
    pairs = zip(bytes.fromhex(a[1:]), bytes.fromhex(b[1:]), strict=True)
    return "#" + bytes(round(x + (y - x) * part) for x, y in pairs).hex()


def stylesheet(colours: Colours, text: float = 1.0) -> str:
    """The style sheet for the program's windows, ``resources/themes/controls.qss`` filled in.

    Only what Fusion draws heavily is redrawn; everything keeps the desktop's own font.

    Parameters
    ----------
    text
        How many times larger than usual text is.
    """
    names = {name: getattr(colours, name) for name in colours.__dataclass_fields__}
    pictures = {
        path.stem.replace("-", "_"): path.as_posix() for path in resource("themes").glob("*.svg")
    }
    sizes = {name: f"{points * text:g}" for name, points in _POINTS.items()}
    sheet = resource("themes", "controls.qss").read_text("utf-8")
    return Template(sheet).substitute(names, **pictures, **sizes)


_POINTS = {"link": 12, "title": 17}
"""Sizes of text other than the desktop's."""
