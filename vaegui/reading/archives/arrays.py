"""Named arrays in one npz member, read so that no file can do more than be refused."""

from __future__ import annotations

import io
import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.reading.archives.container import archive_of

__all__ = ["Arrays", "pack", "unpack"]

Arrays = dict[str, NDArray[Any]]

_MAGIC = b"\x93NUMPY\x01\x00"
# NumPy itself evaluates the header as a Python literal; what it writes is this and nothing else.
_HEADER = re.compile(
    rb"\{'descr': '([<|][biuf][1248])', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,18}, )*(?:\d{1,18},?)?)\), \} *\n"
)
_MAX_AXES = 8


def pack(arrays: Arrays) -> bytes:
    """Arrays as an npz file; the same arrays always give the same bytes."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpack(content: bytes) -> Arrays:
    """The arrays of `pack`. Nothing is evaluated, and no more memory used than the bytes hold.

    Raises
    ------
    ValueError, zipfile.BadZipFile
        If the bytes are anything else.
    """
    with archive_of(io.BytesIO(content)) as archive:
        return {
            info.filename.removesuffix(".npy"): _array(archive.read(info))
            for info in archive.infolist()
        }


def _array(content: bytes) -> NDArray[Any]:
    length = int.from_bytes(content[8:10], "little")
    header = _HEADER.fullmatch(content[10 : 10 + length])
    if content[:8] != _MAGIC or header is None:
        raise ValueError("an array does not begin as NumPy writes it, or is not of plain numbers")
    dtype, shape = np.dtype(header[1].decode()), [int(n) for n in re.findall(rb"\d+", header[3])]
    data = memoryview(content)[10 + length :]
    if len(shape) > _MAX_AXES or math.prod(shape) * dtype.itemsize != len(data):
        raise ValueError("an array is not as long as it says")
    # A copy of its own, because frombuffer's arrays are read-only and keep all bytes alive.
    flat: NDArray[Any] = np.frombuffer(data, dtype).copy()
    return flat.reshape(shape[::-1]).T if header[2] == b"True" else flat.reshape(shape)
