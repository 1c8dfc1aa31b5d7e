"""A single array in NumPy's own format, read row by row from where it lies."""

from __future__ import annotations

import itertools
import os
import re
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.array.labels import WORDS_OF_LABELS, could_be_labels, labels_or_problem
from vaegui.data.formats.base import Arrays, Contents, Detected, FileFormat, Guess, Problem
from vaegui.data.formats.refusing import refusing
from vaegui.data.stored.file_array import FileArray, known_files
from vaegui.data.stored.turned import turned
from vaegui.declared import setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.npy_header import HEADER_BYTES, NpyHeader, npy_header

__all__ = ["NpyFile", "array_at", "check_examples"]

_MOST_FILES = 200
"""Of a folder, that are looked at for labels."""
_PARTS = frozenset({"train", "test", "val", "valid", "validation"})
_REMEDY = "Save it again as one array of plain numbers: np.save(path, np.asarray(x, np.float32))."


class NpyFile(FileFormat):
    """An array in a file of NumPy's, of any size; its labels in another beside it."""

    label: ClassVar[str] = "NumPy array (.npy)"

    kind: Literal["npy"] = "npy"
    labels: str = setting(
        "",
        title="Labels",
        help="The file in the same folder that has the labels; none if empty.",
        max_length=255,
        pattern=r"^[^/\\\x00]*$",
    )

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at the header, and for an array beside it that could be the labels."""
        if not path.is_file() or not _beginning(path).startswith(b"\x93NUMPY"):
            return None
        header = _header(path)
        check_examples(path.name, header)
        beside = _labels_beside(path, header)
        fitting = [name for name in beside if _belongs(name, path.name)]
        format = cls(labels=fitting[0] if fitting else "")
        if not beside:
            return Detected(format)
        reason = (
            f"{fitting[0]} is named like labels of it"
            if fitting
            else "no file beside it is named like labels of it"
        )
        others = tuple(name for name in ("", *beside) if name != format.labels)
        return Detected(format, (Guess("labels", reason, others),))

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """The array where it lies; one in Fortran order is turned first."""
        header = _header(path)
        check_examples(path.name, header)
        known = known_files(path)
        x = array_at(path, header, 0, known, progress)
        labels: NDArray[Any] | None = None
        problems: tuple[Problem, ...] = ()
        if self.labels:
            beside = path.with_name(self.labels)
            known = known_files(path, beside)
            found = _small(beside)
            labels, problems = labels_or_problem(self.labels, "labels", found, header.shape)
        return Contents({"all": Arrays(x, labels, fingerprint=known)}, problems=problems)


def array_at(
    path: Path, header: NpyHeader, start: int, known: str, progress: ProgressCallback
) -> NDArray[Any] | FileArray:
    """The rows of an array whose header begins at ``start`` in a file known as ``known``.

    Raises
    ------
    DataError
        If the file is shorter than the header says, or there is no room to turn it.
    """
    offset = start + header.offset
    if not header.fortran or sum(n != 1 for n in header.shape) <= 1:
        return FileArray(path, header.shape, header.dtype, offset)
    reversed_axes = FileArray(path, header.shape[::-1], header.dtype, offset)
    order = range(len(header.shape))[::-1]
    return turned(reversed_axes, order, known, progress)


def check_examples(name: str, header: NpyHeader) -> None:
    """Raise `DataError` unless it is an array of numbers that can hold examples."""
    if header.dtype.kind not in "buif":
        raise DataError(f"{name} holds words, not numbers.", "Choose an array of numbers.")
    if not 2 <= len(header.shape) <= 5:
        raise DataError(
            f"{name} has the shape {header.shape}, with which it cannot hold examples.",
            "Give an array of the shape (n, features), (n, height, width) or "
            "(n, height, width, channels).",
        )
    if 0 in header.shape:
        raise DataError(
            f"{name} has the shape {header.shape}: there is nothing in it.", "Give some examples."
        )


def _beginning(path: Path) -> bytes:
    with refusing(path), path.open("rb") as file:
        return file.read(HEADER_BYTES)


def _header(path: Path) -> NpyHeader:
    with refusing(path, _REMEDY):
        return npy_header(_beginning(path))


def _small(path: Path) -> NDArray[Any]:
    """A whole array of labels."""
    with refusing(path, _REMEDY):
        header = npy_header(_beginning(path))
    x = array_at(path, header, 0, known_files(path), no_progress)
    return x[np.arange(header.shape[0])]


def _labels_beside(path: Path, header: NpyHeader) -> list[str]:
    """Names of arrays in the same folder that could be labels of this one, or are named so."""
    found = []
    with refusing(path.parent), os.scandir(path.parent) as entries:
        named = (e for e in entries if e.name.endswith(".npy") and e.name != path.name)
        for entry in itertools.islice(named, _MOST_FILES):
            try:
                if not entry.is_file():
                    continue
                other = npy_header(_beginning(Path(entry.path)))
            except (DataError, ValueError):
                continue
            fits = any(could_be_labels(other.shape, other.dtype, n) for n in header.shape)
            meant = len(other.shape) == 1 and other.dtype.kind in "buiUS"
            if fits or (meant and _belongs(entry.name, path.name)):
                found.append(entry.name)
    return sorted(found)


def _belongs(labels: str, examples: str) -> bool:
    """Whether a file is named like labels of another: labels.npy, y_train.npy of x_train.npy."""
    words, others = (set(re.split(r"[\W_]+", Path(n).stem.lower())) for n in (labels, examples))
    like_labels = bool(words & WORDS_OF_LABELS)
    return like_labels and (words & _PARTS) == (others & _PARTS)
