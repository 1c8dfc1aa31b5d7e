"""What a format read, as sources: arrays by their layout, tables by their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vaegui.data.class_codes import coded
from vaegui.data.formats.base import Arrays, Contents, FilePart, Table
from vaegui.data.own.columns.column import Column
from vaegui.data.own.columns.features import features
from vaegui.data.own.layout.layout import Layout, ready
from vaegui.data.own.whole import ReadPart
from vaegui.data.source import Names
from vaegui.data.sources.array import ArraySource
from vaegui.progress import ProgressCallback

__all__ = ["arrays_of", "read_arrays", "read_tables", "tables_of"]


def read_arrays(
    parts: Mapping[FilePart, Arrays], layout: Layout, progress: ProgressCallback
) -> dict[FilePart, ReadPart]:
    """Examples of arrays in the meaning of a layout; labels count the same in all parts.

    Raises
    ------
    DataError
        If the arrays do not have the axes that the layout says, or labels cannot be used.
    """
    labels = [part.labels for part in parts.values() if part.labels is not None]
    codes: list[NDArray[np.int64]] = []
    names = Names()
    if len(labels) == len(parts):
        codes, classes = coded(labels)
        names = Names(classes=classes)
    read: dict[FilePart, ReadPart] = {}
    for i, (name, part) in enumerate(parts.items()):
        known = f"{part.fingerprint} {layout.model_dump_json()}" if part.fingerprint else ""
        rows = ready(part, layout, progress)
        described = replace(names, channels=layout.channels_of(part.x.shape))
        source = ArraySource(rows, codes[i] if codes else None, described, known)
        read[name] = ReadPart(source, files=part.files)
    return read


def arrays_of(contents: Contents) -> dict[FilePart, Arrays] | None:
    """The parts of a file that holds arrays; None if it holds tables."""
    parts = {name: part for name, part in contents.parts.items() if isinstance(part, Arrays)}
    return parts or None


def tables_of(contents: Contents) -> dict[FilePart, Table]:
    """The parts of a file that holds tables; none if it holds arrays."""
    return {name: p for name, p in contents.parts.items() if not isinstance(p, Arrays)}


def read_tables(
    parts: Mapping[FilePart, Table], columns: Sequence[Column], progress: ProgressCallback
) -> dict[FilePart, ReadPart]:
    """Examples of tables, one for each row, as their columns say.

    Raises
    ------
    DataError
        If a table lacks a column, or cannot be read.
    """
    return {name: features(part, columns, progress) for name, part in parts.items()}
