"""Make the pictures of the presets in resources/welcome: each trained, and drawn by its panel.

``python tools/welcome_pictures.py`` takes about two minutes.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "welcome"
SIZE = 3.4, 2.1
"""Of a picture, in inches at 100 pixels each: what the panel lays itself out for."""
DPI = 200
COLOURS = 128
SHOWN = {"six-features": "latent", "digits": "latent", "digits-convolutional": "reconstructions"}
"""Preset -> the panel that shows best what one will see."""
EPOCHS = {"digits-convolutional": 4}
"""Where fewer than the preset's own do: the picture is small."""


def main() -> int:
    """Train every preset, or those named as arguments, and write its pictures."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.path.insert(0, str(ROOT))
    import vaegui
    from vaegui.panels.all import PANELS
    from vaegui.presets import PRESETS

    FOLDER.mkdir(exist_ok=True)
    panels = {panel.name: panel for panel in PANELS}
    for preset in PRESETS:
        if sys.argv[1:] and preset.name not in sys.argv[1:]:
            continue
        settings, epochs = preset.settings, EPOCHS.get(preset.name)
        if epochs is not None:
            settings = settings.with_values({"training.epochs": epochs})
        run = vaegui.train(settings)
        for theme in ("light", "dark"):
            picture = _drawn(panels[SHOWN[preset.name]], run, theme)
            (FOLDER / f"{preset.name}-{theme}.png").write_bytes(picture)
    return 0


def _drawn(kind: type, run: object, theme: Literal["light", "dark"]) -> bytes:
    """A panel as PNG with a palette: a third of the bytes, and nobody sees a difference."""
    from matplotlib.figure import Figure
    from PIL import Image

    from vaegui.panels.context import Context
    from vaegui.panels.focus import Focus
    from vaegui.panels.style import style

    figure, panel = Figure(figsize=SIZE, dpi=100), kind()
    panel.setup(figure, style(theme), run.begun)
    panel.draw(Context(run, Focus(), panel.first_options))
    whole, small = io.BytesIO(), io.BytesIO()
    figure.savefig(whole, format="png", dpi=DPI)
    with Image.open(whole) as opened:
        picture = opened.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
        )
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


if __name__ == "__main__":
    sys.exit(main())
