"""Data with something wrong in them, for the pictures of the page Own data."""

from __future__ import annotations

from pathlib import Path

import numpy as np

__all__ = ["pictures", "table"]

TINTS = np.array([(230, 90, 70), (80, 160, 90), (70, 120, 220)])


def pictures(folder: Path) -> Path:
    """A folder of shapes in colour, of different sizes, one of which is damaged."""
    from PIL import Image

    from vaegui.data.sources.generated.shapes import KINDS, shape_factors, shape_pictures

    factors = shape_factors(240, 0)
    random = np.random.default_rng(0)
    for i, (row, grey) in enumerate(zip(factors, shape_pictures(factors), strict=True)):
        share = grey[..., None] / 255
        ground = random.integers(20, 70, 3)
        pixels = share * random.choice(TINTS) + (1 - share) * ground
        size = int(random.choice((40, 48, 64))), int(random.choice((40, 48, 64)))
        path = folder / "shapes" / KINDS[int(row[0])] / f"{i:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels.astype(np.uint8)).resize(size).save(path)
    (folder / "shapes" / "square" / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    return folder / "shapes"


def table(folder: Path) -> Path:
    """Wines with a decimal comma, two kinds of missing values, an index and a constant column."""
    from sklearn.datasets import load_wine

    wine = load_wine()
    names = ["alcohol [%]", "malic acid", "ash", "flavanoids", "colour intensity", "hue", "proline"]
    columns = [0, 1, 2, 6, 9, 10, 12]
    lines = [";".join(["No.", *names, "laboratory", "cultivar"])]
    for i, (row, kind) in enumerate(zip(wine.data[:, columns], wine.target, strict=True)):
        cells = [f"{value:.2f}".replace(".", ",") for value in row]
        if i % 29 == 4:
            cells[1] = "-"
        if i % 41 == 9:
            cells[3] = "n/a"
        lines.append(";".join([str(i + 1), *cells, "A", f"cultivar {kind + 1}"]))
    lines[120] = "120;12,5;1,7"
    (folder / "wines.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder / "wines.csv"
