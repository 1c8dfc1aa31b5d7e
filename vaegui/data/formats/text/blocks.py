"""A text file of any size as blocks of whole lines, in one encoding, with their line numbers."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.text.layout import TextLayout
from vaegui.errors import DataError

__all__ = ["BLOCK", "LONGEST_LINE", "Block", "blocks", "row_lines"]

BLOCK = 2 << 20
"""Bytes that are read together, at least."""
_OF_COLUMN, _LARGEST = 4 << 10, 16 << 20
LONGEST_LINE = 8 << 20
"""Bytes; a longer line is no line of a table."""

Bytes = bytes | memoryview

_NEWLINE, _RETURN = 10, 13
_MARKS = {
    codecs.BOM_UTF8: ("utf-8",),
    codecs.BOM_UTF16_LE: ("utf-16", "utf-16-le"),
    codecs.BOM_UTF16_BE: ("utf-16", "utf-16-be"),
}
"""What a file may begin with -> encodings in which it is no letter; the last is the exact one."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines: UTF-8 with newlines, the number of the first, and where it ends."""

    data: Bytes
    line: int
    lines: int
    """How many there are."""
    end: int
    """Bytes of the file up to its end."""


def blocks(path: Path, layout: TextLayout, width: int, *, multiline: bool) -> Iterator[Block]:
    """The lines of data, from the layout's first on.

    Parameters
    ----------
    path, layout, width
        The file, how it is written, and how many columns it has.
    multiline
        Whether quoted cells may contain ends of lines.

    Raises
    ------
    DataError
        If the file cannot be read, or a line is longer than `LONGEST_LINE`.
    """
    try:
        # Without a buffer: each turn to the system waits for threads that parse earlier blocks.
        with path.open("rb", buffering=0) as file:
            yield from _blocks(path, file, layout, width, multiline)
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}.", "Put the file back, or choose another."
        ) from error


def _blocks(
    path: Path, file: FileIO, layout: TextLayout, width: int, multiline: bool
) -> Iterator[Block]:
    # Each column costs time once for each block.
    usual = min(max(BLOCK, width * _OF_COLUMN), _LARGEST)
    form = _Form(layout, _read(file, 0, BLOCK), multiline)
    offset, size, line, skipped = form.begin, usual, 1, layout.first_line - 1
    while True:
        # Read again from where the last row ended: cheaper than to put the pieces together.
        raw = _read(file, offset, size)
        last = len(raw) < size
        cut = len(raw) if last else form.row_end(raw)
        if not cut and not last:
            if size >= max(LONGEST_LINE, usual):
                raise DataError(
                    f"{path.name}, line {line:,}: it goes on for more than {size >> 20} MB.",
                    "Open a file with one row in each line, or say which quotes it has.",
                )
            size *= 2
            continue
        data, offset, size = form.plain(memoryview(raw)[:cut]), offset + cut, usual
        if skipped:
            data, passed = _without_lines(data, skipped)
            line, skipped = line + passed, skipped - passed
        lines = int(np.count_nonzero(np.frombuffer(data, np.uint8) == _NEWLINE))
        if data and not skipped:
            yield Block(data, line, lines + (data[-1] != _NEWLINE), offset)
        line += lines
        if last:
            return


def _read(file: FileIO, offset: int, size: int) -> bytes:
    """So many bytes from a place on, fewer only at the end of the file."""
    file.seek(offset)
    found = file.read(size)
    while len(found) < size and (more := file.read(size - len(found))):
        found += more
    return found


def _without_lines(data: Bytes, count: int) -> tuple[bytes, int]:
    """What follows so many lines, and how many there were."""
    lines = bytes(data).split(b"\n", count)
    return lines[-1], len(lines) - 1


class _Form:
    """How lines look in a file's own encoding, and how they become UTF-8 with newlines."""

    def __init__(self, layout: TextLayout, first: bytes, multiline: bool) -> None:
        encoding: str = layout.encoding
        self.begin = 0
        for mark, marked in _MARKS.items():
            if encoding in marked and first.startswith(mark):
                encoding, self.begin = marked[-1], len(mark)
        self._wide = encoding.startswith("utf-16")
        self._encoding = "utf-16-le" if encoding == "utf-16" else encoding
        code = {"utf-16-be": "utf-16-be", "utf-16-le": "utf-16-le"}.get(self._encoding, "latin-1")
        old_mac = "\r".encode(code) in first and "\n".encode(code) not in first
        self._end = _RETURN if old_mac else _NEWLINE
        self._quote = layout.quotation_mark if multiline else ""
        self._layout = layout

    def row_end(self, raw: bytes) -> int:
        """Where the last whole row ends; 0 if there is none."""
        if not self._wide and (not self._quote or self._quote.encode() not in raw):
            return raw.rfind(bytes([self._end])) + 1
        width = 2 if self._wide else 1
        order = ">" if self._encoding == "utf-16-be" else "<"
        letters = np.frombuffer(raw, f"{order}u{width}", len(raw) // width)
        ends = letters == self._end
        if self._quote:
            ends &= np.cumsum(letters == ord(self._quote), dtype=np.int32) % 2 == 0
        places = np.flatnonzero(ends)
        return width * (int(places[-1]) + 1) if len(places) else 0

    def plain(self, raw: memoryview) -> Bytes:
        """Whole lines as UTF-8, without comments, with one tab where blanks divide cells."""
        layout = self._layout
        if self._encoding == "utf-8" and self._end == _NEWLINE and not _is_cleaned(layout):
            return raw
        data = bytes(raw)
        if self._encoding != "utf-8":
            data = data.decode(self._encoding, "replace").encode()
        if self._end == _RETURN:
            data = data.replace(b"\r", b"\n")
        return _cleaned(data, layout) if _is_cleaned(layout) else data


def _is_cleaned(layout: TextLayout) -> bool:
    return bool(layout.comment) or layout.delimiter == "blanks"


def _cleaned(data: bytes, layout: TextLayout) -> bytes:
    """The lines without comments, and with one tab where several blanks divide cells."""
    if layout.comment:
        mark = re.escape(layout.comment.encode())
        data = re.sub(rb"(?m)^[ \t]*" + mark + rb"[^\n]*", b"", data)
    if layout.delimiter == "blanks":
        data = re.sub(rb"(?m)^[ \t]+|[ \t\r]+$", b"", data)
        quote = re.escape(layout.quotation_mark.encode())
        if quote and layout.quotation_mark.encode() in data:
            cell = quote + rb"[^\n" + quote + rb"]*" + quote
            return re.sub(cell + rb"|[ \t]+", lambda m: b"\t" if m[0][:1] in b" \t" else m[0], data)
        data = re.sub(rb"[ \t]+", b"\t", data)
    return data


def row_lines(block: Block, layout: TextLayout, *, multiline: bool) -> NDArray[np.intp]:
    """The line in the file at which each row of a block begins; empty lines are no rows."""
    text = np.frombuffer(block.data, np.uint8)
    ends = np.flatnonzero(text == _NEWLINE)
    if block.data and block.data[-1] != _NEWLINE:
        ends = np.append(ends, len(text))
    starts = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - starts - (text[np.maximum(ends - 1, 0)] == _RETURN)
    begins = lengths > 0
    if multiline and layout.quotation_mark:
        quotes = np.cumsum(text == ord(layout.quotation_mark), dtype=np.int32)
        begins[1:] &= quotes[ends[:-1] - 1] % 2 == 0
    return block.line + np.flatnonzero(begins)
