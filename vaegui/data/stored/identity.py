"""Which file it is that data were read from, and whether it is still the same."""

from __future__ import annotations

from pathlib import Path

from vaegui.errors import DataError

__all__ = ["identity"]


def identity(path: Path) -> str:
    """Which file it is, how long, and when it was last written.

    Raises
    ------
    DataError
        If it is not there any more.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}.", "Put the file back, or choose another."
        ) from error
    return f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
