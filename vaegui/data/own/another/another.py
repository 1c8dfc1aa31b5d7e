"""Another file, read as a recipe says, for a model that was trained on the first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vaegui.data.composed.selected import SelectedRows
from vaegui.data.description import DataDescription
from vaegui.data.formats.all import detect
from vaegui.data.formats.base import Contents, FileFormat, LedgerEntry
from vaegui.data.own.changed import filled, without_features
from vaegui.data.own.own import OwnData
from vaegui.data.own.proposal import propose
from vaegui.data.own.reading import tables_of
from vaegui.data.own.whole import Whole
from vaegui.data.source import Source
from vaegui.data.statistics.row_facts import row_facts
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["AnotherFile", "read_another"]

_KEPT = frozenset(
    {"kinds", "also_missing", "ragged", "dates"}
    | {"width", "height", "fit", "colour", "bits", "background", "pages"}
)
"""Settings of formats that say what the examples are, and not how a file happens to be written."""


@dataclass(frozen=True, eq=False, slots=True)
class AnotherFile:
    """The examples of another file.

    Attributes
    ----------
    source
        Those that can be encoded, in the file's order, as the model's own data were prepared.
    rows
        Which of the file's examples they are, (n,), counted from 0.
    incomplete
        How many examples of the file have values that are missing or infinite.
    unused
        Columns of a table that the recipe does not know.
    ledger
        What could not be read, or was left out.
    """

    source: Source
    rows: NDArray[np.int64]
    incomplete: int
    unused: tuple[str, ...]
    ledger: tuple[LedgerEntry, ...]


def read_another(
    path: Path, recipe: OwnData | None, known: DataDescription, progress: ProgressCallback
) -> AnotherFile:
    """Read a file as the data of a model were read. All its parts are taken.

    Parameters
    ----------
    path
        A file or folder, perhaps of another format.
    recipe
        What was done with the model's own data; None if they were no files.
    known
        What the model knows of its data.

    Raises
    ------
    DataError
        If it cannot be read, lacks columns, or has examples of another shape.
    Cancelled
        If ``progress`` raises it.
    """
    data, contents = _recipe_for(path, recipe, progress)
    whole = data.whole(contents, progress)
    source = without_features(data.binarise.apply(whole.source), data.left_out.features)
    if source.spec.shape != known.shape:
        raise DataError(
            f"The examples of {data.name} have the shape {source.spec.shape}; those that the model "
            f"was trained on have {known.shape}.",
            "Choose a file like the one that it was trained on.",
        )
    missing = row_facts(source, progress).missing
    rows = np.arange(source.spec.length)
    ledger = list(contents.ledger)
    if missing.any():
        if data.missing in ("mean", "mask") and known.feature_means is not None:
            source = filled(source, np.array(known.feature_means, np.float32))
        else:
            ledger += _left_out(whole, np.flatnonzero(missing))
            rows = np.flatnonzero(missing == 0)
            source = SelectedRows(source, rows)
    tables = tables_of(contents).values()
    there = {column.name for table in tables for column in table.columns}
    unused = there - {column.name for column in data.columns}
    incomplete = int(np.count_nonzero(missing))
    return AnotherFile(source, rows, incomplete, tuple(sorted(unused)), tuple(ledger))


def _recipe_for(
    path: Path, recipe: OwnData | None, progress: ProgressCallback
) -> tuple[OwnData, Contents]:
    """The recipe for another file, which says itself how it is written."""
    if recipe is None:
        proposed = propose(path, progress)
        return proposed.data, proposed.contents
    format = _format_for(path, recipe.format)
    data = recipe.model_copy(update={"path": str(path.resolve()), "format": format})
    contents = data.read(progress)
    tables = tables_of(contents)
    if bool(tables) != bool(recipe.columns):
        what = ("a table", "arrays or pictures")
        got, wanted = what if tables else what[::-1]
        raise DataError(
            f"{path.name} holds {got}; the model was trained on {wanted}.",
            "Choose a file like the one that it was trained on.",
        )
    for table in tables.values():
        there = {column.name for column in table.columns}
        lacking = [c.name for c in recipe.columns if c.role == "feature" and c.name not in there]
        if lacking:
            raise DataError(
                f"{path.name} lacks {len(lacking):,} of the columns that the model was trained on: "
                f"{', '.join(lacking[:10])}{', ...' if len(lacking) > 10 else ''}.",
                "Add them, or name the columns as they were.",
            )
        kept = tuple(c for c in recipe.columns if c.role == "feature" or c.name in there)
        data = data.model_copy(update={"columns": kept})
    return data, contents


def _format_for(path: Path, trained: FileFormat) -> FileFormat:
    """How another file is read: it says how it is written; what is made of it is as in training."""
    found = detect(path).format
    if type(found) is not type(trained):
        return found
    kept = {name: getattr(trained, name) for name in _KEPT if name in type(trained).model_fields}
    return found.model_copy(update={name: value for name, value in kept.items() if value != {}})


def _left_out(whole: Whole, rows: NDArray[np.intp]) -> list[LedgerEntry]:
    why = "it has values that are missing or infinite"
    return [LedgerEntry(whole.place(row), "left out", why) for row in rows.tolist()]
