"""Folders of pictures, made for the tests."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

__all__ = ["fine_png", "fine_tiff", "packed", "picture", "saved"]


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


def fine_png(path: Path, pixels: np.ndarray) -> Path:
    """Save colours of 16 bits (height, width, 3 or 4), which Pillow cannot write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    height, width, colours = pixels.shape
    head = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[colours], 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels.astype(">u2"))
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path


def fine_tiff(path: Path, pixels: np.ndarray, order: str, *, planes: bool = False) -> Path:
    """Save colours of 16 bits (height, width, 3) as they are; ``order`` of bytes is < or >.

    ``planes``: a plane for each colour, in place of colours side by side.
    """
    height, width, _ = pixels.shape
    begin = 8 + 2 + 10 * 12 + 4  # header, number of tags, tags, no further page
    data = (pixels.transpose(2, 0, 1) if planes else pixels).astype(f"{order}u2").tobytes()
    strips, each = 3 if planes else 1, 2 * height * width * (1 if planes else 3)
    after = begin + 6 + 24 * planes  # bits of the colours; where the planes are, and their lengths
    tags = [
        *((256, 4, 1, width), (257, 4, 1, height), (258, 3, 3, begin), (259, 3, 1, 1)),
        *((262, 3, 1, 2), (273, 4, strips, begin + 6 if planes else after)),
        *((277, 3, 1, 3), (278, 4, 1, height)),
        *((279, 4, strips, begin + 18 if planes else each), (284, 3, 1, 1 + planes)),
    ]
    entries = b""
    for tag, kind, count, value in tags:
        short = kind == 3 and count == 1
        packed_value = (
            struct.pack(f"{order}HH", value, 0) if short else struct.pack(f"{order}I", value)
        )
        entries += struct.pack(f"{order}HHI", tag, kind, count) + packed_value
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    bits = struct.pack(f"{order}3H", 16, 16, 16)
    count = struct.pack(f"{order}H", len(tags))
    where = struct.pack(f"{order}6I", *(after + n * each for n in range(3)), *[each] * 3)
    path.write_bytes(head + count + entries + bytes(4) + bits + where * planes + data)
    return path
