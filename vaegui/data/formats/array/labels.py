"""Labels as files have them: whole numbers, words, or a row with a single 1 for each example."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vaegui.data.formats.base import Place, Problem
from vaegui.data.formats.refusing import printable
from vaegui.errors import DataError, Fix

__all__ = [
    "MOST_LETTERS",
    "WORDS_OF_LABELS",
    "could_be_labels",
    "labels_or_problem",
]

MOST_LETTERS = 100
"""Of a label."""
WORDS_OF_LABELS = frozenset({"label", "labels", "target", "targets", "class", "classes", "y"})
"""One of these is in the name of an array of labels."""
_NO_LABELS = "Choose other labels, or none."


def could_be_labels(shape: tuple[int, ...], dtype: np.dtype[Any], examples: int) -> bool:
    """Whether an array of this shape and type may be the labels of so many examples."""
    flat = shape == (examples,) or shape in ((examples, 1), (1, examples))
    return flat and dtype.kind in "buiUS"


def checked_labels(name: str, labels: NDArray[Any], examples: tuple[int, ...]) -> NDArray[Any]:
    """Labels (n,) of type int64, or words of `MOST_LETTERS` at most.

    Parameters
    ----------
    name
        What they are called on screen.
    labels
        (n,), (n, 1) or (1, n); or (n, classes) with a single 1 in each row.
    examples
        Numbers of examples that they may be for: one, unless it is not settled which axis counts.

    Raises
    ------
    DataError
        If they are no labels, or not for so many examples.
    """
    if labels.ndim == 2 and labels.dtype.kind in "buif" and 1 not in labels.shape:
        ones = (labels == 1).sum(axis=1) == 1
        if not (ones & ((labels == 0).sum(axis=1) == labels.shape[1] - 1)).all():
            raise DataError(
                f"The labels {name} have the shape {labels.shape}: more than one number each.",
                _NO_LABELS,
            )
        labels = labels.argmax(axis=1)
    flat = labels.reshape(-1) if sum(n != 1 for n in labels.shape) <= 1 else labels
    if flat.ndim != 1 or flat.dtype.kind not in "buifUS":
        raise DataError(
            f"{name} has the shape {labels.shape} and the type {labels.dtype}, not those of "
            "labels.",
            _NO_LABELS,
        )
    if len(flat) not in examples:
        raise DataError(
            f"There are {len(flat):,} labels in {name} for {examples[0]:,} examples.", _NO_LABELS
        )
    return _words(flat) if flat.dtype.kind in "US" else _whole(name, flat)


def labels_or_problem(
    name: str, field: str, labels: NDArray[Any], examples: tuple[int, ...]
) -> tuple[NDArray[Any] | None, tuple[Problem, ...]]:
    """Labels as `checked_labels` gives them; None and why, if they cannot be used.

    ``field`` is the setting of the format that names them.
    """
    try:
        return checked_labels(name, labels, examples), ()
    except DataError as error:
        problem = Problem(
            "wrong labels",
            error.message,
            "They are not used. Labels only colour points: the model learns the same without.",
            (Place(name),),
            1,
            Fix("Use no labels", {f"data.format.{field}": ""}),
        )
        return None, (problem,)


def _whole(name: str, labels: NDArray[Any]) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        whole = labels.astype(np.int64)
    if labels.dtype.kind == "f" and not (whole == labels).all():
        raise DataError(f"The labels {name} are not whole numbers.", _NO_LABELS)
    return whole


def _words(labels: NDArray[Any]) -> NDArray[np.str_]:
    kinds, codes = np.unique(labels, return_inverse=True)
    text = [kind.decode("utf-8", "replace") if isinstance(kind, bytes) else kind for kind in kinds]
    return np.array([printable(str(word), MOST_LETTERS) for word in text], np.str_)[codes]
