"""Files of all kinds for the monkey to open, to drop and to save over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

FIXTURES = Path(__file__).parents[2] / "files" / "fixtures"


def fill(folder: Path) -> None:
    """Make a folder with models, foreign models, weights, and much that is none of these."""
    folder.mkdir()
    for path in FIXTURES.iterdir():
        shutil.copy(path, folder)
    whole = (FIXTURES / "format-2-dense.keras").read_bytes()
    (folder / "half.keras").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.keras").touch()
    (folder / "text.keras").write_text("This is no model.\n")
    (folder / "numbers.csv").write_text("a,b\n1,2\n3,4\n")
    _fill_with_data(folder / "data")
    (folder / "notes.txt").write_text("Nothing of use.\n")
    (folder / "folder.keras").mkdir()
    (folder / "two words & a % – ü.keras").write_bytes(whole)
    (folder / os.fsdecode(b"not-utf8-\xff.keras")).write_bytes(whole)
    (folder / "dangling.keras").symlink_to(folder / "nowhere")
    (folder / "old.weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(500))


def _fill_with_data(folder: Path) -> None:
    """Data of several kinds, each with something wrong in it."""
    random = np.random.default_rng(0)
    (folder / "pictures" / "cats").mkdir(parents=True)
    (folder / "pictures" / "dogs").mkdir()
    for i in range(12):
        size = (int(random.integers(9, 20)), int(random.integers(9, 20)), 3)
        picture = Image.fromarray(random.integers(0, 256, size, np.uint8))
        picture.save(folder / "pictures" / ("cats", "dogs")[i % 2] / f"{i}.png")
    (folder / "pictures" / "cats" / "4.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    lines = ["Nr;Length [cm];Weight;Station;Species"]
    for i in range(150):
        length = "n/a" if i == 5 else f"{random.normal(10, 2):.2f}".replace(".", ",")
        weight = ("-999", "k.A.")[i % 2] if i < 4 else f"{random.normal(50, 9):.1f}"
        lines.append(f"{i + 1};{length};{weight.replace('.', ',')};A1;{('cat', 'dog')[i % 2]}")
    lines[70] = "70;3,5"
    (folder / "mess.csv").write_text("\n".join(lines), "utf-8")
    np.save(folder / "x.npy", random.integers(0, 256, (200, 8, 8), np.uint8))
    np.save(folder / "y.npy", np.arange(199) % 3)
    np.savez(folder / "waves.npz", x=np.sin(random.normal(size=(60, 40, 2))), y=np.arange(60) % 2)


def data_paths(folder: Path) -> list[str]:
    """Files and folders of examples, and some that are none."""
    names = ("mess.csv", "x.npy", "waves.npz", "pictures", "y.npy", "gone.csv")
    return [*(str(folder / "data" / name) for name in names), str(folder / "numbers.csv")]


def paths(folder: Path) -> list[str]:
    """What may be opened: what there is, and what there is not."""
    there = sorted(map(str, folder.iterdir()))
    return [
        *there,
        *data_paths(folder),
        str(folder / "missing.keras"),
        str(folder),
        "",
        "relative.keras",
    ]


def places(folder: Path) -> list[str]:
    """Where something may be saved: new names, old ones, and places where nothing can be."""
    new = [str(folder / f"saved-{number}.keras") for number in range(3)]
    odd = [
        str(folder / "no" / "such" / "folder" / "x.keras"),
        str(folder / "notes.txt" / "x.keras"),
        str(folder / "folder.keras"),
        str(folder / ("x" * 300 + ".keras")),
        str(folder / "plain"),
        str(folder / "text.keras"),
        "/proc/x.keras",
    ]
    return new * 4 + odd
