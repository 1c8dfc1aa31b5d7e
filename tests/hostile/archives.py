"""Zip archives that no honest program writes."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

__all__ = ["directory", "members", "patched_directory", "rewritten", "zipped"]


def members(path: Path) -> dict[str, bytes]:
    """The members of an archive by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(
    *contents: tuple[str, bytes], compression: int = zipfile.ZIP_STORED, comment: bytes = b""
) -> bytes:
    """An archive of these members, in which names may be repeated."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.comment = comment
        for name, content in contents:
            # Without asking zipfile, which warns of names that are there already.
            archive.NameToInfo.clear()
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, compression
            archive.writestr(info, content)
    return file.getvalue()


def rewritten(path: Path, changes: dict[str, bytes | None]) -> bytes:
    """The archive with members changed, added, or (None) left out, all checksums being right."""
    changed = {**members(path), **changes}
    return zipped(*((name, content) for name, content in changed.items() if content is not None))


def patched_directory(content: bytes, offset: int, layout: str, value: int) -> bytes:
    """The archive with a field of the first entry of its list of members changed."""
    patched = bytearray(content)
    struct.pack_into(layout, patched, directory(content) + offset, value)
    return bytes(patched)


def directory(content: bytes) -> int:
    """Where the list of members of an archive without comment begins."""
    return int.from_bytes(content[-6:-2], "little")
