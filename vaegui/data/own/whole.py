"""All examples of some files in one row, and where each of them came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.composed.joined import JoinedSource
from vaegui.data.formats.base import FilePart, Place
from vaegui.data.source import Part, Source
from vaegui.data.split import Split
from vaegui.declared import setting

__all__ = ["OwnSplit", "ReadPart", "Whole", "joined"]


@dataclass(frozen=True, eq=False, slots=True)
class ReadPart:
    """What one part of the files holds.

    ``groups`` (n,) says what each example belongs to, ``files`` the file of each, or None.
    ``line_of`` tells the line of an example in a file of lines.
    """

    source: Source
    groups: NDArray[Any] | None = None
    files: Sequence[str] | None = None
    line_of: Callable[[int], int | None] | None = None


class OwnSplit(Split):
    """How examples of one's own are divided into parts."""

    as_filed: bool = setting(
        True,
        title="Parts of the files",
        help="Whether the parts are those that the files have, where they have any.",
    )
    validation_share: float = setting(
        0.1,
        title="Validation share",
        help="Part of the examples that the model is measured on after each epoch.",
        ge=0.0,
        le=0.9,
    )
    stratified: bool = setting(
        True,
        title="Each class in all parts",
        help="Whether each class has its share in every part, where examples have labels.",
    )


@dataclass(frozen=True, eq=False, slots=True)
class Whole:
    """All examples of all parts of some files.

    Attributes
    ----------
    names
        The file parts, in the order in which their examples follow each other.
    ends
        Where each of them ends.
    """

    source: Source
    names: tuple[FilePart, ...]
    ends: NDArray[np.int64]
    groups: NDArray[Any] | None
    files: tuple[Sequence[str] | None, ...]
    line_of: tuple[Callable[[int], int | None] | None, ...]

    @property
    def has_parts(self) -> bool:
        """Whether the files divide the examples."""
        return self.names != ("all",)

    def place(self, row: int) -> Place:
        """Where an example came from: its file if it has one, else its number in its part."""
        which = int(np.searchsorted(self.ends, row, side="right"))
        within = row - (int(self.ends[which - 1]) if which else 0)
        files = self.files[which]
        if files is not None:
            return Place(files[within])
        part, line_of = self.names[which], self.line_of[which]
        line = None if line_of is None else line_of(within)
        return Place("" if part == "all" else f"{part} part", within, line=line)

    def divided(self, kept: NDArray[np.int64], split: OwnSplit) -> dict[Part, NDArray[np.int64]]:
        """The rows of each part; only rows that are ``kept``, which rise, are in any."""
        if not (self.has_parts and split.as_filed):
            drawn = self._drawn(kept, split)
            return dict(zip(("train", "validation", "test"), drawn, strict=True))
        which = np.searchsorted(self.ends, kept, side="right")
        parts: dict[Part, NDArray[np.int64]] = {
            "train": kept[[]],
            "validation": kept[[]],
            "test": kept[[]],
        }
        for index, name in enumerate(self.names):
            parts["train" if name == "all" else name] = kept[which == index]
        shares: tuple[tuple[Part, float], ...] = (
            ("test", split.test_share),
            ("validation", split.validation_share),
        )
        for part, share in shares:
            if part not in self.names and share:
                one = split.model_copy(update={"test_share": share, "validation_share": 0.0})
                parts["train"], _, parts[part] = self._drawn(parts["train"], one)
        return parts

    def _drawn(
        self, rows: NDArray[np.int64], split: OwnSplit
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        labels, groups = self.source.labels, self.groups
        train, validation, test = split.rows(
            len(rows),
            None if labels is None else labels[rows],
            None if groups is None else groups[rows],
        )
        return rows[train], rows[validation], rows[test]


def joined(parts: dict[FilePart, ReadPart]) -> Whole:
    """Put the parts of some files one after another: training, validation, test."""
    order: tuple[FilePart, ...] = ("all", "train", "validation", "test")
    names = tuple(name for name in order if name in parts)
    read = [parts[name] for name in names]
    groups = [part.groups for part in read if part.groups is not None]
    return Whole(
        source=read[0].source if len(read) == 1 else JoinedSource([p.source for p in read]),
        names=names,
        ends=np.cumsum([part.source.spec.length for part in read]),
        groups=np.concatenate(groups) if len(groups) == len(read) else None,
        files=tuple(part.files for part in read),
        line_of=tuple(part.line_of for part in read),
    )
