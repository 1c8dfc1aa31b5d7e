"""Numbers that were compressed as one stream, unpacked portion by portion."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vaegui.progress import ProgressCallback

__all__ = ["Stream", "unpack"]

_BLOCK_BYTES = 8 << 20


class Stream(Protocol):
    """What bytes can be read from."""

    def read(self, count: int, /) -> bytes:
        """At most so many bytes; fewer only at the end."""
        ...


def unpack(
    stream: Stream,
    shape: tuple[int, ...],
    dtype: np.dtype[Any],
    append: Callable[[NDArray[Any]], None],
    progress: ProgressCallback,
) -> None:
    """Give the rows of an array (n, ...) to ``append``, in the byte order of this machine.

    Raises
    ------
    ValueError
        If the stream ends before the array does; errors of the stream itself go on.
    Cancelled
        If ``progress`` raises it.
    """
    size = math.prod(shape[1:]) * dtype.itemsize
    count = max(1, _BLOCK_BYTES // max(1, size))
    for first in range(0, shape[0], count):
        progress("Unpacking (examples)", first, shape[0])
        rows = min(count, shape[0] - first)
        content = stream.read(rows * size)
        if len(content) != rows * size:
            raise ValueError("it ends before all examples were read")
        numbers = np.frombuffer(content, dtype).reshape(rows, *shape[1:])
        append(numbers.astype(dtype.newbyteorder("="), copy=False))
    stream.read(1)  # at its end, its checksum is compared
