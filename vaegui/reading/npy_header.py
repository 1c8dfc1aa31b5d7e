"""What stands at the beginning of an array in NumPy's own format, read without evaluating it.

NumPy evaluates the header as a Python literal. Here its three entries are looked for in the few
forms that NumPy and other programs write them in.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["HEADER_BYTES", "NpyHeader", "npy_header"]

HEADER_BYTES = 1 << 16
"""So much of a file's beginning holds the header of any array of plain numbers or words."""
_MAGIC = b"\x93NUMPY"
_MAX_AXES = 8
_DTYPE = re.compile(rb"'descr' *: *'([<>|=]?)([a-zA-Z])(\d{0,6})[^']*'")
_ORDER = re.compile(rb"'fortran_order' *: *(True|False)")
_SHAPE = re.compile(rb"'shape' *: *\(([\d, L]*)\)")


@dataclass(frozen=True, slots=True)
class NpyHeader:
    """An array as its header tells of it."""

    dtype: np.dtype[Any]
    """Of real numbers or words."""
    shape: tuple[int, ...]
    fortran: bool
    """Whether the first axis runs fastest in the file."""
    offset: int
    """Bytes before the first number."""

    @property
    def bytes(self) -> int:
        """How many bytes its numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize


def npy_header(beginning: bytes) -> NpyHeader:
    """Read a header from the first `HEADER_BYTES` of an array, or from all of a shorter one.

    Raises
    ------
    ValueError
        If there is no header, or it is not one of real numbers or words; a clause for the user.
    """
    if not beginning.startswith(_MAGIC) or len(beginning) < 12:
        raise ValueError("it does not begin as NumPy's arrays do")
    counted = 2 if beginning[6] == 1 else 4
    start = 8 + counted
    length = int.from_bytes(beginning[8:start], "little")
    text = beginning[start : start + length]
    if len(text) != length:
        raise ValueError("its header is longer than a header can be, or not all of it is there")
    dtype, order, shape = (regex.search(text) for regex in (_DTYPE, _ORDER, _SHAPE))
    if re.search(rb"'descr' *: *\[", text):
        raise ValueError("it holds records of several fields, not numbers")
    if dtype is None or order is None or shape is None:
        raise ValueError("its header is not as NumPy writes it")
    axes = tuple(int(n) for n in re.findall(rb"\d{1,18}", shape[1]))
    if len(axes) > _MAX_AXES:
        raise ValueError(f"it has {len(axes)} axes")
    return NpyHeader(_dtype(*dtype.groups()), axes, order[1] == b"True", start + length)


def _dtype(order: bytes, kind: bytes, size: bytes) -> np.dtype[Any]:
    name = (order + kind + size).decode()
    if kind == b"O":
        raise ValueError("it holds Python objects, which only running their code could bring back")
    plain = kind in b"biufUS" and size in (b"1", b"2", b"4", b"8")
    if not (plain or (kind in b"US" and 0 < int(size or 0) <= 4096)):
        raise ValueError(f"it holds values of the type {name}, not real numbers")
    try:
        return np.dtype(name)
    except TypeError:
        raise ValueError(f"it holds values of the type {name}, not real numbers") from None
