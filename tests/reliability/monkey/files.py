"""Files of all kinds for the monkey to open, to drop and to save over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
    (folder / "notes.txt").write_text("Nothing of use.\n")
    (folder / "folder.keras").mkdir()
    (folder / "two words & a % – ü.keras").write_bytes(whole)
    (folder / os.fsdecode(b"not-utf8-\xff.keras")).write_bytes(whole)
    (folder / "dangling.keras").symlink_to(folder / "nowhere")
    (folder / "old.weights.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(500))


def paths(folder: Path) -> list[str]:
    """What may be opened: what there is, and what there is not."""
    there = sorted(map(str, folder.iterdir()))
    return [*there, str(folder / "missing.keras"), str(folder), "", "relative.keras"]


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
