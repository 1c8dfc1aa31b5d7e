"""Points in the plane whose form is known: what a model makes of them can be judged by eye."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.dataset import Dataset
from vaegui.data.source import Names
from vaegui.data.sources.generated.generated import Generated
from vaegui.declared import setting
from vaegui.progress import ProgressCallback

__all__ = ["CLASSES", "Form", "ToyPoints", "toy_points"]

Form = Literal["rings", "moons", "blobs", "spiral"]

CLASSES: dict[Form, tuple[str, ...]] = {
    "rings": ("inner ring", "middle ring", "outer ring"),
    "moons": ("upper moon", "lower moon"),
    "blobs": ("blob 1", "blob 2", "blob 3", "blob 4", "blob 5"),
    "spiral": ("arm 1", "arm 2", "arm 3"),
}


class ToyPoints(Generated):
    """Points in the plane: rings, moons, blobs or a spiral, made when they are needed."""

    label: ClassVar[str] = "Points in the plane"
    shape: ClassVar[tuple[int, ...]] = (2,)

    kind: Literal["toy"] = "toy"
    form: Form = setting("rings", title="Form", help="What the points lie on.")
    size: int = setting(
        2000, title="Number", help="How many points are made, a fifth of them to test with.",
        unit="points", ge=20, le=1_000_000,
    )  # fmt: skip
    noise: float = setting(
        0.05,
        title="Noise",
        help="Standard deviation of what is added to both coordinates.",
        ge=0.0,
        le=1.0,
    )

    def load(self, progress: ProgressCallback) -> Dataset:
        """Four fifths of the points to train on and one to test with, float32 of shape (2,).

        Raises
        ------
        Cancelled
            When ``progress`` raises it.
        """
        progress(f"Making {self.label.lower()}", 0, self.size)
        x, labels = toy_points(self.form, self.size, self.noise, self.seed)
        names = Names(CLASSES[self.form], ("x", "y"))
        return self.split(self.form.capitalize(), x, labels, names)


# The exported script has the text of this function.
def toy_points(
    form: str, size: int, noise: float, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Make points (size, 2) within about -1 and 1, and say on which part of the form each lies."""
    chance = np.random.Generator(np.random.Philox(seed))
    along = chance.random(size)
    parts = {"rings": 3, "moons": 2, "blobs": 5, "spiral": 3}[form]
    labels = chance.integers(parts, size=size)
    angle = 2 * np.pi * along
    if form == "rings":
        radius = (labels + 1) / 3
    elif form == "spiral":
        radius = np.sqrt(along)
        angle = 2 * np.pi * (1.25 * radius + labels / 3)
    elif form == "blobs":
        radius, angle = np.full(size, 0.7), 2 * np.pi * labels / 5
    else:  # two half circles, each with an end in the middle of the other
        radius, angle = np.full(size, 0.6), np.pi * (along + labels)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    if form == "moons":
        x += np.where(labels[:, None] == 0, [-0.3, -0.15], [0.3, 0.15])
    x += noise * chance.standard_normal((size, 2))
    return x.astype(np.float32), labels
