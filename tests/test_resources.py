import json
import re
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from numpy.typing import NDArray

from vaegui.panels.style import style
from vaegui.paths import resource

THEMES = ("light", "dark")
ICONS = sorted(resource("icons").glob("*.svg"))

# Machado, Oliveira and Fernandes 2009: what is seen without one kind of cone, in linear RGB.
VISION = {
    "all cones": np.eye(3),
    "no red cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> NDArray[np.float64]:
    srgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) + 0.05 for c in (one, other))
    return light / dark


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ottosson 2020: distances in it are about as large as they look."""
    to_cones = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
    to_lab = [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
    return np.array(to_lab) @ np.cbrt(np.array(to_cones) @ np.clip(rgb, 0, 1))


def theme(name: str) -> dict[str, dict[str, str]]:
    document: dict[str, dict[str, str]] = json.loads(resource("themes", f"{name}.json").read_text())
    return document


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("WindowText", "Window"),
        ("Text", "Base"),
        ("Text", "AlternateBase"),
        ("ButtonText", "Button"),
        ("HighlightedText", "Highlight"),
        ("ToolTipText", "ToolTipBase"),
        ("PlaceholderText", "Base"),
        ("Link", "Base"),
        ("Link", "Window"),
        ("error", "Window"),
        ("error", "Base"),
        ("warning", "Window"),
        ("success", "Window"),
    ],
)
def test_text_of_the_window_can_be_read(name: str, text: str, ground: str) -> None:
    palette = theme(name)["palette"]
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_text_and_curves_of_panels_stand_out_from_their_background(name: str) -> None:
    colours = style(name)
    for text in (colours.text, colours.muted, colours.reconstruction, colours.kl):
        assert contrast(text, colours.background) >= 4.5
    for line in (colours.accent, colours.prior, *colours.units):
        assert contrast(line, colours.background) >= 3
    for patch in colours.classes:
        assert contrast(patch, colours.background) >= 2


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_ten_classes_and_all_units_are_told_apart_by_the_colour_blind(
    name: str, vision: str
) -> None:
    colours = style(name)
    assert len(colours.classes) == 10
    for group in (
        colours.classes,
        colours.units,
        (colours.total, colours.reconstruction, colours.kl),
    ):
        seen = [oklab(np.array(VISION[vision]) @ linear(colour)) for colour in group]
        # Okabe and Ito's eight come to 0.076 for those without green cones.
        assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 0.09


def test_both_themes_say_the_same_things() -> None:
    light, dark = theme("light"), theme("dark")
    assert {key: light[key].keys() for key in light} == {key: dark[key].keys() for key in dark}


@pytest.mark.parametrize("name", THEMES)
def test_the_colour_maps_of_a_theme_exist(name: str) -> None:
    assert {style(name).sequential, style(name).diverging} <= set(matplotlib.colormaps)


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_is_drawn_in_the_colour_of_the_text_around_it(path: Path) -> None:
    svg = path.read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in svg
    assert set(re.findall(r'stroke="([^"]*)"', svg)) == {"currentColor"}
    assert set(re.findall(r'fill="([^"]*)"', svg)) <= {"none", "currentColor"}


@pytest.mark.parametrize("path", [*ICONS, resource("vaegui.svg")], ids=lambda path: path.stem)
def test_qt_can_draw_each_picture(path: Path, qapp: object) -> None:
    from PySide6.QtSvg import QSvgRenderer

    assert QSvgRenderer(str(path)).isValid()
