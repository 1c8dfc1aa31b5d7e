"""What is wrong with a file, as a `DataError` in plain words."""

from __future__ import annotations

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from vaegui.data.stored.file_array import unreadable
from vaegui.errors import DataError, FileError

__all__ = ["ALLOWED_BYTES", "LARGEST_RATIO", "check_ratio", "printable", "refusing"]

LARGEST_RATIO = 250
"""So many times larger than the file may be what comes out of it. Photographs and measurements are
compressed to a third or a twentieth; only a file made for that unpacks to a thousandfold."""
ALLOWED_BYTES = 32 << 20
"""What is smaller than that may come out of any file."""
COPY = "Use another copy of the file; this one is damaged or not all of it is there."


@contextlib.contextmanager
def refusing(name: str | Path, remedy: str = COPY) -> Iterator[None]:
    """Whatever the contents of a file make go wrong in the block becomes a `DataError` about it.

    Parameters
    ----------
    name
        What the file is called on screen.
    remedy
        What to do if its contents cannot be used.
    """
    try:
        yield
    except OSError as error:
        raise unreadable(Path(name), error) from error
    except FileError as error:
        raise DataError(error.message, error.remedy) from error
    except (
        ValueError,
        EOFError,
        RuntimeError,
        OverflowError,
        struct.error,
        zlib.error,
        zipfile.BadZipFile,
    ) as error:
        text = printable((str(error).splitlines() or [type(error).__name__])[0]).rstrip(".")
        raise DataError(f"{name} cannot be used: {text}.", remedy) from error


def check_ratio(unpacked: int, packed: int) -> None:
    """Raise `ValueError` if so many bytes can hardly be meant to come out of so few."""
    if unpacked > max(ALLOWED_BYTES, LARGEST_RATIO * packed):
        raise ValueError(
            f"{packed:,} bytes in it claim to unpack to {unpacked:,}, more than {LARGEST_RATIO} "
            "times as many"
        )


def printable(text: str, most: int = 200) -> str:
    """A text of a stranger as it may be shown: without control characters, cut to a length."""
    # Cut first, as it may be very long.
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: most + 1])
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"
