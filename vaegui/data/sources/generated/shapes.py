"""Pictures of simple shapes of which all is known: kind, position, size and rotation."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.scaling import Scaling
from vaegui.data.source import Names
from vaegui.data.sources.generated.generated import Generated
from vaegui.declared import setting
from vaegui.progress import ProgressCallback

__all__ = ["PIXELS", "Shapes", "shape_factors", "shape_pictures"]

PIXELS = 32
KINDS = ("square", "ellipse", "triangle")
_TOGETHER = 1000
_NAMES: dict[str, tuple[str, ...]] = {
    "shape": KINDS,
    "position": tuple(
        f"{row} {column}"
        for row in ("top", "middle", "bottom")
        for column in ("left", "centre", "right")
    ),
    "size": ("smallest", "small", "large", "largest"),
    "rotation": ("0 to 18°", "18 to 36°", "36 to 54°", "54 to 72°", "72 to 90°"),
}


class Shapes(Generated):
    """Pictures of a square, an ellipse or a triangle: anywhere, of any size and at any angle."""

    label: ClassVar[str] = "Shapes"
    shape: ClassVar[tuple[int, ...]] = (PIXELS, PIXELS)

    kind: Literal["shapes"] = "shapes"
    size: int = setting(
        5000, title="Number", help="How many pictures are made, a fifth of them to test with.",
        unit="pictures", ge=20, le=200_000,
    )  # fmt: skip
    labels: Literal["shape", "position", "size", "rotation"] = setting(
        "shape",
        title="Labels",
        help="Which of the four known factors gives the colours; the model is told none of them.",
    )

    def load(self, progress: ProgressCallback) -> Dataset:
        """Four fifths of the pictures to train on, one to test with: uint8 of shape (32, 32).

        Raises
        ------
        Cancelled
            When ``progress`` raises it.
        """
        factors = shape_factors(self.size, self.seed)
        x = np.empty((self.size, PIXELS, PIXELS), np.uint8)
        for start in range(0, self.size, _TOGETHER):
            progress("Making shapes (pictures)", start, self.size)
            x[start : start + _TOGETHER] = shape_pictures(factors[start : start + _TOGETHER])
        labels = _labels(factors, self.labels)
        names = Names(_NAMES[self.labels])
        return self.split(self.label, x, labels, names, Scaling(1 / 255))


def _labels(factors: NDArray[np.float64], name: str) -> NDArray[np.int64]:
    """One factor in steps."""
    kind, x, y, size, angle = factors.T
    steps = {
        "shape": kind,
        "position": 3 * np.floor(3 * y) + np.floor(3 * x),
        "size": np.floor(4 * size),
        "rotation": np.floor(5 * angle),
    }
    labels: NDArray[np.int64] = steps[name].astype(np.int64)
    return labels


# The exported script has the text of the two functions below.
def shape_factors(size: int, seed: int) -> NDArray[np.float64]:
    """Draw factors (size, 5): kind 0, 1 or 2; x, y, size and rotation, each from 0 to 1.

    A rotation of 1 is one by 90 degrees, after which a square is itself again.
    """
    chance = np.random.Generator(np.random.Philox(seed))
    kinds = chance.integers(3, size=(size, 1))
    return np.concatenate([kinds, chance.random((size, 4))], axis=1)


def shape_pictures(factors: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Draw pictures (n, 32, 32) of factors (n, 5).

    A pixel is as bright as the part of it that the shape covers, found from its distance to the
    edge.
    """
    kind, x, y, size, angle = (factor[:, None, None] for factor in factors.T)
    places = np.arange(32) + 0.5
    right = places[None, None, :] - (10.5 + 11 * x)
    down = places[None, :, None] - (10.5 + 11 * y)
    turn = angle * np.pi / 2
    u = np.cos(turn) * right + np.sin(turn) * down
    v = np.cos(turn) * down - np.sin(turn) * right
    radius = 4 + 5 * size
    square = np.maximum(np.abs(u), np.abs(v)) - 0.8 * radius
    ellipse = (np.sqrt(u**2 + 4 * v**2 + 1e-9) - radius) * 0.6
    slope = np.sqrt(3) / 2
    triangle = np.maximum(np.maximum(slope * u + v / 2, v / 2 - slope * u), -v) - 0.55 * radius
    distance = np.where(kind == 0, square, np.where(kind == 1, ellipse, triangle))
    return np.array(np.rint(255 * np.clip(0.5 - distance, 0, 1)), np.uint8)
