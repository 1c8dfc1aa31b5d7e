"""What pictures are labelled as: by the folder that each lies in, or by a table beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.array.labels import MOST_LETTERS, WORDS_OF_LABELS
from vaegui.data.formats.base import FilePart
from vaegui.data.formats.refusing import printable
from vaegui.errors import DataError

__all__ = ["Places", "TableOfLabels", "found_table", "places_of", "table_of"]

NO_LABEL = "(none)"
TABLE_BYTES = 64 << 20
_LINE = 100_000
_FIRST_LINES = 50
_PARTS: dict[str, FilePart] = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("valid", "validation", "val", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}


@dataclass(frozen=True, slots=True)
class Places:
    """What the folders of pictures say: for each picture its part, and its class or ''."""

    parts: list[FilePart]
    classes: list[str]

    @property
    def has_parts(self) -> bool:
        """Whether the folders divide the pictures into parts, one of which is for training."""
        return "all" not in self.parts and len(set(self.parts)) > 1 and "train" in self.parts

    @property
    def has_classes(self) -> bool:
        """Whether the folders sort the pictures into classes."""
        return 1 < len(set(self.classes)) < len(self.classes)


def places_of(names: Sequence[str]) -> Places:
    """Read part and class off the names: train/cat/1.png, test/dog/2.png."""
    above = [name.split("/")[:-1] for name in names]
    # Folders that all pictures have in common say nothing of any.
    first, last = (min(above), max(above)) if above else ([], [])
    common = next((i for i, p in enumerate(first) if i >= len(last) or last[i] != p), len(first))
    rest = [folders[common:] for folders in above]
    parts: list[FilePart] = [_PARTS.get(f[0].lower(), "all") if f else "all" for f in rest]
    if len(set(parts)) > 1 and "all" not in parts and "train" in parts:
        rest = [folders[1:] for folders in rest]
        # A folder that lies in each part, such as train/images, says nothing either.
        if len({folders[0] if folders else "" for folders in rest}) == 1:
            rest = [folders[1:] for folders in rest]
    else:
        parts = ["all"] * len(names)
    return Places(parts, [printable(f[0], MOST_LETTERS) if f else "" for f in rest])


@dataclass(frozen=True, slots=True)
class TableOfLabels:
    """A table, its columns, and which of them has the names and which the labels."""

    file: str
    columns: tuple[str, ...]
    names: str
    labels: str


def found_table(file: str, content: bytes, pictures: Sequence[str]) -> TableOfLabels | None:
    """A table whose rows name pictures; None if it does not."""
    try:
        columns, rows = _opened(content)
        lines = [row for _, row in zip(range(_FIRST_LINES), rows, strict=False)]
    except (ValueError, csv.Error):
        return None
    if len(columns) < 2 or not lines:
        return None
    keys = _keys(pictures)
    fitting = [
        sum(_key(row[i]) in keys for row in lines if i < len(row)) for i in range(len(columns))
    ]
    best = int(np.argmax(fitting))
    if 2 * fitting[best] < len(lines):
        return None
    others = [column for i, column in enumerate(columns) if i != best]
    named = [column for column in others if set(column.lower().split("_")) & WORDS_OF_LABELS]
    return TableOfLabels(file, columns, columns[best], (named or others)[0])


def table_of(
    content: bytes, file: str, names: str, labels: str, pictures: Sequence[str]
) -> NDArray[np.str_]:
    """The label of each picture, ``(none)`` where the table does not have it.

    Raises
    ------
    DataError
        If the table cannot be read, or names no picture.
    """
    try:
        columns, rows = _opened(content)
        if names not in columns or labels not in columns:
            raise DataError(
                f"{file} has no columns {names!r} and {labels!r}.", "Choose other columns."
            )
        name_at, label_at = columns.index(names), columns.index(labels)
        known = {
            _key(row[name_at]): printable(row[label_at], MOST_LETTERS) or NO_LABEL
            for row in rows
            if len(row) > max(name_at, label_at)
        }
    except (ValueError, csv.Error) as error:
        raise DataError(f"{file} cannot be read as a table: {error}.", "Choose no table.") from None
    found = [known.get(_key(p)) or known.get(_key(PurePosixPath(p).name)) for p in pictures]
    if not any(found):
        raise DataError(
            f"No row of {file} names a picture in the column {names!r}.",
            "Choose another column, or no table.",
        )
    return np.array([label or NO_LABEL for label in found], np.str_)


def _opened(content: bytes) -> tuple[tuple[str, ...], Iterator[list[str]]]:
    """The columns of a table and its rows. Raises `ValueError`."""
    if len(content) > TABLE_BYTES:
        raise ValueError("it is too large for a table of labels")
    text = content.decode("utf-8-sig", "replace")
    if "\0" in text:
        raise ValueError("it is no text")
    head = text[:_LINE].split("\n", 1)[0]
    delimiter = max("\t;,", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    first = [printable(cell.strip(), MOST_LETTERS) for cell in next(rows, [])]
    if len(set(first)) != len(first) or not all(first):
        raise ValueError("its columns have no names of their own")
    return tuple(first), rows


def _keys(pictures: Sequence[str]) -> set[str]:
    return {key for name in pictures for key in (_key(name), _key(PurePosixPath(name).name))}


def _key(name: str) -> str:
    """A picture's name without suffix, as a table may write it."""
    name = name.strip().replace("\\", "/").removeprefix("./").casefold()
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and 2 <= len(suffix) <= 4 and "/" not in suffix else name
