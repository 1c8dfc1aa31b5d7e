"""Folders of pictures, made for the tests."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

__all__ = ["packed", "picture", "saved"]


def picture(seed: int, width: int = 12, height: int = 8, colour: bool = True) -> np.ndarray:
    """Smooth waves, uint8 (height, width[, 3])."""
    y, x = np.mgrid[:height, :width]
    waves = [127 + 100 * np.sin(x / 3 + y / 4 + seed + c) for c in range(3 if colour else 1)]
    found = np.stack(waves, axis=-1).astype(np.uint8)
    return found if colour else found[..., 0]


def saved(path: Path, pixels: np.ndarray, **options: Any) -> Path:
    """Save pixels as a picture, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def packed(folder: Path, target: Path, top: str = "") -> Path:
    """A deflated archive of a folder, as people make them."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{top}{path.relative_to(folder)}")
    return target
