"""The beginning and the end of a text file: enough to say how it is written."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from vaegui.data.formats.text.blocks import LONGEST_LINE
from vaegui.errors import DataError

__all__ = ["TextSample", "sample"]

_HEAD, _TAIL, _LINES = 64 << 10, 16 << 10, 500
_FEWEST_LINES = 5
"""A longer beginning is read where the first portion has fewer."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "it begins with the mark of UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "it begins with the mark of UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "it begins with the mark of UTF-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Bytes that stand for nothing in Windows-1252."""


@dataclass(frozen=True, slots=True)
class TextSample:
    """Lines of the beginning, and of the end where it is another part of the file."""

    head: tuple[str, ...]
    tail: tuple[str, ...]
    encoding: str
    reason: str
    doubtful: bool
    """Whether it might be another encoding."""


def sample(path: Path) -> TextSample | None:
    """Read the lines by which a file is judged; None if it is no text.

    Raises
    ------
    DataError
        If it is text with a line longer than `LONGEST_LINE`, or cannot be read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            raw = file.read(_HEAD)
            encoding, reason = _encoding(raw)
            if encoding is None:
                return None
            while _line_ends(raw) < _FEWEST_LINES and len(raw) < min(size, LONGEST_LINE):
                raw += file.read(3 * len(raw))
            file.seek(max(len(raw), size - _TAIL))
            end = file.read(_TAIL)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}.", "Choose a file that can be read."
        ) from error
    if encoding == "utf-8" and not (_is_utf8(raw) and _is_utf8(end)):
        encoding = "latin-1" if any(byte in raw for byte in _UNDEFINED) else "windows-1252"
        reason = "some of its letters are no UTF-8"
    text = raw.decode(encoding, "replace").removeprefix("\ufeff")
    if len(_CONTROL.findall(text[: _HEAD >> 2])) > len(text[: _HEAD >> 2]) / 50:
        return None
    head = _lines(text)
    if len(raw) < size:
        if len(head) < 2:
            raise DataError(
                f"{path.name}: its first line goes on for more than {len(raw) >> 20} MB.",
                "Open a file with one row in each line.",
            )
        head = head[:-1]
    tail = _lines(_aligned(end, encoding, size).decode(_plain(encoding, raw), "replace"))[1:]
    doubtful = encoding in ("windows-1252", "latin-1")
    return TextSample(tuple(head[:_LINES]), tuple(tail[-_LINES:]), encoding, reason, doubtful)


def _encoding(raw: bytes) -> tuple[str | None, str]:
    """A first thought of the encoding, and why; None if it is no text."""
    for mark, encoding, reason in _MARKS:
        if raw.startswith(mark):
            return encoding, reason
    if b"\x00" not in raw:
        return "utf-8", "its letters are those of UTF-8"
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    half = len(raw) / 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le", "every second byte is 0"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be", "every second byte is 0"
    return None, ""


def _is_utf8(raw: bytes) -> bool:
    """Whether it is UTF-8, apart from letters that are cut at its ends."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw.lstrip(bytes(range(0x80, 0xC0))))
    except UnicodeDecodeError:
        return False
    return True


def _line_ends(raw: bytes) -> int:
    return max(raw.count(b"\n"), raw.count(b"\r"))


def _lines(text: str) -> list[str]:
    """Lines by the ends that the format knows; Python's own method knows more of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _aligned(end: bytes, encoding: str, size: int) -> bytes:
    odd = encoding.startswith("utf-16") and (size - len(end)) % 2
    return end[1:] if odd else end


def _plain(encoding: str, raw: bytes) -> str:
    """The encoding for a part that does not begin with a mark."""
    if encoding != "utf-16":
        return encoding
    return "utf-16-be" if raw.startswith(codecs.BOM_UTF16_BE) else "utf-16-le"
