"""Named arrays in one npz member, read so that no file can do more than be refused."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

__all__ = ["Arrays", "pack", "unpack"]

Arrays = dict[str, NDArray[Any]]

_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def pack(arrays: Arrays) -> bytes:
    """Arrays as an npz file; the same arrays always give the same bytes."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def unpack(content: bytes) -> Arrays:
    """The arrays of `pack`. Nothing is unpickled, and no more memory used than the bytes hold.

    Raises
    ------
    ValueError, zipfile.BadZipFile
        If the bytes are anything else.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            info.filename.removesuffix(".npy"): _array(_stored(archive, info))
            for info in archive.infolist()
        }


def _stored(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # Stored as it is, a member cannot claim to be larger than the file that it is in.
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{info.filename} is compressed")
    return archive.read(info)


def _array(content: bytes) -> NDArray[Any]:
    file = io.BytesIO(content)
    version = npy.read_magic(file)
    if version not in _HEADERS:
        raise ValueError(f"arrays of version {version} are not known")
    shape, fortran_order, dtype = _HEADERS[version](file)
    if dtype.kind not in "biuf":
        raise ValueError(f"an array has the type {dtype}")
    data = content[file.tell() :]
    if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != len(data):
        raise ValueError("an array is not as long as it says")
    # A copy of its own, because frombuffer's arrays are read-only and keep all bytes alive.
    flat: NDArray[Any] = np.frombuffer(data, dtype).copy()
    return flat.reshape(shape[::-1]).T if fortran_order else flat.reshape(shape)
