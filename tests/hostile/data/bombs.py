"""Files of examples that claim to be, or unpack to, far more than they hold.

``python -m tests.hostile.data.bombs FOLDER`` makes them, opens each, and tells as lines of JSON
what that took.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
from PIL import Image

from tests.hostile.archives import zipped
from tests.hostile.data.mutate import opened
from tests.hostile.models.opening import forget_peak, peak
from vaegui.errors import VaeguiError

__all__ = ["bombs", "main"]

_LARGE = 400 << 20


def _npy(shape: str) -> bytes:
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


def _png(width: int, height: int, content: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _webp() -> bytes:
    file = io.BytesIO()
    Image.new("L", (9000, 9000)).save(file, "WEBP", lossless=True, method=0)
    return file.getvalue()


def _hdf5(shape: tuple[int, ...], chunks: tuple[int, ...]) -> bytes:
    file = io.BytesIO()
    with h5py.File(file, "w") as h5:
        h5.create_dataset("x", shape, "u1", chunks=chunks, compression="gzip")
    return file.getvalue()


def _claiming_members() -> bytes:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**31, 0, 0)
    return zipped(("a.png", b"x"))[:-22] + end


def bombs() -> Iterator[tuple[str, bytes]]:
    """Names and contents."""
    zeros = bytes(_LARGE)
    idx = b"\0\0\x08\x03" + struct.pack(">3I", 400, 1 << 10, 1 << 10)
    huge = b"\0\0\x08\x03" + struct.pack(">3I", 1 << 31, 1 << 12, 1 << 12)
    yield "claims.npy", _npy("(1000000000, 1000000)") + bytes(100)
    yield "claims.npz", zipped(("x.npy", _npy("(1000000000, 1000000)")))
    content = _npy(f"({_LARGE >> 20}, 1048576)") + zeros
    yield "zeros.npz", zipped(("x.npy", content), compression=zipfile.ZIP_DEFLATED)
    yield "claims-idx3", huge + bytes(100)
    yield "zeros-idx3.gz", gzip.compress(idx + zeros)
    yield "claims.h5", _hdf5((10**6, 1000, 1000), (1, 100, 100))
    yield "pieces.h5", _hdf5((10**5, 10**5), (10**4, 10**4))
    yield "claims.png", _png(2**31 - 1, 2**31 - 1, b"")
    yield "zeros.png", _png(12_000, 12_000, zlib.compress(bytes(36_001) * 12_000, 9))
    yield "large.webp", _webp()
    yield "claims.pgm", b"P5 100000 100000 255\n"
    yield "pictures.zip", zipped(("a.bmp", zeros), compression=zipfile.ZIP_DEFLATED)
    yield "members.zip", _claiming_members()


def main(folder: str) -> None:
    np.save(Path(folder, "good.npy"), np.zeros((9, 9)))
    opened(Path(folder, "good.npy"))  # so that all is loaded that opening loads
    for name, content in bombs():
        path = Path(folder, name)
        path.write_bytes(content)
        del content
        forget_peak()
        before, start = peak(), time.perf_counter()
        try:
            opened(path)
            outcome = "opened"
        except VaeguiError as error:
            outcome = f"refused: {error}"
        except BaseException as error:  # noqa: BLE001 - that is what is looked for
            outcome = repr(error)
        told = {"name": name, "outcome": outcome, "seconds": time.perf_counter() - start}
        print(json.dumps({**told, "growth": peak() - before}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
