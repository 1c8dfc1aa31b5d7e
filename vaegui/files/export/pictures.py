"""Pictures of data as files: a folder of PNG, or one that moves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.errors import FileError
from vaegui.files.atomic import check_writable, replacing, write_error

__all__ = ["MOVING", "as_bytes", "write_moving", "write_pictures"]

MOVING = (".gif", ".png")
"""How the name of a moving picture may end; the latter is an animated PNG."""
SMALLEST = 96
"""Pixels that the shorter side of a moving picture has at least: each of the data's is a square."""


def as_bytes(x: NDArray[Any], value_range: tuple[float, float]) -> NDArray[np.uint8]:
    """Pictures (n, height, width) or (n, height, width, channels) as bytes, of the same shape.

    ``value_range`` are the values that become 0 and 255; others are cut off there.
    """
    low, high = value_range
    share = (np.asarray(x, np.float64) - low) / max(high - low, 1e-12)
    return np.rint(255.0 * np.clip(share, 0.0, 1.0)).astype(np.uint8)


def write_pictures(folder: Path, x: NDArray[Any], value_range: tuple[float, float]) -> list[Path]:
    """Write each picture as a PNG of its own into a folder: ``0000.png`` and so on.

    Raises `FileError` if the folder cannot be made, is not empty, or cannot be written to.
    """
    from PIL import Image

    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FileError(f"{folder} is not empty.", "Give a folder that is new or empty.")
        digits = max(4, len(str(len(x) - 1)))
        paths = [folder / f"{number:0{digits}}.png" for number in range(len(x))]
        for path, pixels in zip(paths, as_bytes(x, value_range), strict=True):
            Image.fromarray(_of_channels(pixels)).save(path)
    except OSError as error:
        raise write_error(error, folder) from error
    return paths


def write_moving(
    path: Path, x: NDArray[Any], value_range: tuple[float, float], seconds: float
) -> None:
    """Write pictures one after the other as a moving one of so many seconds, which begins anew.

    Raises `FileError` if it cannot be written.
    """
    from PIL import Image

    check_writable(path)
    times = max(1, -(-SMALLEST // min(x.shape[1:3])))
    pixels = as_bytes(x, value_range).repeat(times, axis=1).repeat(times, axis=2)
    frames = [Image.fromarray(_of_channels(each)) for each in pixels]
    kind = {".gif": "GIF", ".png": "PNG"}[path.suffix.lower()]
    with replacing(path) as temporary, temporary.open("wb") as file:
        frames[0].save(
            file,
            kind,
            save_all=True,
            append_images=frames[1:],
            duration=round(1000 * seconds / len(frames)),
            loop=0,
        )


def _of_channels(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture as Pillow takes it: one channel has no axis."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        return pixels[..., 0]
    return pixels
