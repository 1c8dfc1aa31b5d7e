"""What a file probably is: a recipe with everything filled in, and what was guessed for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaegui.data.formats.all import detect
from vaegui.data.formats.base import Contents, FileFormat, Guess
from vaegui.data.own.columns.guesses import guess_columns
from vaegui.data.own.columns.profile import ColumnProfile, profile
from vaegui.data.own.known import remember
from vaegui.data.own.layout.guesses import alternatives
from vaegui.data.own.own import MOST_COLUMNS, OwnData
from vaegui.data.own.reading import arrays_of, tables_of
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["Proposal", "propose"]


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """A recipe for a file, and what of it is a guess. Fields are named from the recipe on.

    ``contents`` is what was read for it: `OwnData.open` takes it; ``profiles`` are the columns of a
    table.
    """

    data: OwnData
    guesses: tuple[Guess, ...]
    contents: Contents
    profiles: tuple[ColumnProfile, ...] = ()


def propose(
    path: Path,
    progress: ProgressCallback,
    correct: Callable[[FileFormat], FileFormat] | None = None,
) -> Proposal:
    """Look at a file or folder that the user named, and fill in a recipe.

    Parameters
    ----------
    path
        The file or folder.
    correct
        Changes the format that was found, before the file is read, to what somebody said.

    Raises
    ------
    DataError
        If it is of no kind that can be opened, or damaged.
    Cancelled
        If ``progress`` raises it.
    """
    place = Path(os.path.realpath(path))  # not resolve(), which fails on a link to itself
    remember(place)
    detected = detect(path)
    format = detected.format if correct is None else correct(detected.format)
    guesses = [
        Guess(f"format.{guess.field}", guess.reason, guess.alternatives)
        for guess in detected.guesses
        if getattr(format, guess.field, None) == getattr(detected.format, guess.field)
    ]
    chosen: dict[str, Any] = {"path": str(place), "format": format}
    contents = OwnData.model_construct(**chosen).read(progress)
    arrays = arrays_of(contents)
    profiles: tuple[ColumnProfile, ...] = ()
    if arrays is not None:
        likeliest, *others = alternatives(next(iter(arrays.values())))
        chosen["layout"] = likeliest.layout
        different = tuple(other.layout for other in others)
        guesses.append(Guess("layout", likeliest.reason, different))
    else:
        table = next(iter(tables_of(contents).values()))
        if len(table.columns) > MOST_COLUMNS:
            raise DataError(
                f"{path.name} has {len(table.columns):,} columns.",
                f"Give a table with at most {MOST_COLUMNS:,}, or an array (.npy).",
            )
        profiles = profile(table, progress)
        chosen["columns"], of_columns = guess_columns(profiles)
        guesses += of_columns
    data = OwnData(**chosen)
    shape = data.whole(contents, progress).source.spec.shape
    data = data.model_copy(update={"shape": shape})
    return Proposal(data, tuple(guesses), contents, profiles)
