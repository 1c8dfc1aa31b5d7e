"""Formats whose files hold several arrays by name: which are the examples, which their labels.

They are told by their names, shapes and types: ``x_train`` and ``y_train``, ``images`` and
``labels``, ``train-images`` and ``train-labels``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaegui.data.formats.array.labels import WORDS_OF_LABELS, could_be_labels, labels_or_problem
from vaegui.data.formats.base import (
    Arrays,
    Contents,
    Detected,
    FileFormat,
    FilePart,
    Guess,
    Place,
    Problem,
    RowReader,
)
from vaegui.declared import setting
from vaegui.errors import DataError, Fix

__all__ = ["ArrayInFile", "NamedArrays"]

_PARTS: dict[FilePart, frozenset[str]] = {
    "train": frozenset({"train", "training"}),
    "validation": frozenset({"val", "valid", "validation", "dev"}),
    "test": frozenset({"test", "testing"}),
}
_OF_EXAMPLES = frozenset(
    {"x", "image", "images", "img", "imgs", "picture", "pictures", "data", "input", "inputs"}
    | {"feature", "features", "sample", "samples", "example", "examples"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_MOST_AXES = 5
_MOST_ALTERNATIVES = 50


@dataclass(frozen=True, slots=True)
class ArrayInFile:
    """What is known of an array before its numbers are read."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def bytes(self) -> int:
        """How many bytes its numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def may_be_examples(self) -> bool:
        """Whether it is an array of numbers with at least two axes and nothing lacking."""
        axes = 2 <= len(self.shape) <= _MOST_AXES
        return axes and 0 not in self.shape and self.dtype.kind in "buif"


def _array(title: str, help: str) -> Any:
    return setting("", title=title, help=help, max_length=1024)


class NamedArrays(FileFormat):
    """A file with several arrays; a part that the file does not have is named ''."""

    train: str = _array("Examples", "The array of all examples, or of those to train on.")
    train_labels: str = _array("Labels", "The array of their labels; none if empty.")
    validation: str = _array("Validation examples", "Examples of a part of their own, or none.")
    validation_labels: str = _array("Validation labels", "The array of their labels, or none.")
    test: str = _array("Test examples", "Examples that are only for testing, or none.")
    test_labels: str = _array("Test labels", "The array of their labels, or none.")

    @classmethod
    def chosen(cls, found: Mapping[str, ArrayInFile], given: str = "") -> Detected | None:
        """Which arrays are the examples and labels of which part; None if none can be examples.

        ``given`` is the array that a user named, if any.
        """
        examples = [name for name, array in found.items() if array.may_be_examples]
        if given not in examples:
            alike = [n for n in examples if given and _essence(n) == _essence(given)]
            same_part = [n for n in alike if _part(n) == _part(given)]
            examples_first = same_part or alike or examples
            if not examples_first:
                return None
            given = min(examples_first, key=lambda name: _unlikely(name, found[name]))
        same = [n for n in examples if _essence(n) == _essence(given) and not _is_labels(n)]
        parts: dict[FilePart, str] = {part: n for n in same[::-1] if (part := _part(n)) != "all"}
        if "train" not in parts:
            parts = {"train": given}
        fields: dict[str, str] = {}
        for part, name in parts.items():
            fields[part] = name
            fields[f"{part}_labels"] = _labels_of(name, found)
        return Detected(cls(**fields), tuple(_guesses(fields, found, examples)))

    def contents(
        self,
        found: Mapping[str, ArrayInFile],
        rows: Callable[[str], RowReader],
        known: Callable[[str, str], str],
    ) -> Contents:
        """The chosen arrays.

        Parameters
        ----------
        found
            What there is.
        rows
            Reads an array by name.
        known
            The fingerprint of an array and its labels, by name.

        Raises
        ------
        DataError
            If an array is not there, cannot be examples or labels, or cannot be read.
        """
        parts: dict[FilePart, Arrays] = {}
        problems: list[Problem] = []
        for part in _PARTS:
            name, labels = getattr(self, part), getattr(self, f"{part}_labels")
            if not name:
                continue
            if not _there(name, found).may_be_examples:
                raise DataError(
                    f"{name} has the shape {found[name].shape} and cannot be examples.",
                    "Choose an array of numbers with the shape (n, features), (n, height, width) "
                    "or (n, height, width, channels).",
                )
            x, words = rows(name), None
            if labels:
                told = rows(labels)[np.arange(_there(labels, found).shape[0])]
                words, wrong = labels_or_problem(labels, f"{part}_labels", told, x.shape)
                problems += wrong
            parts[part] = Arrays(x, words, fingerprint=known(name, labels))
        if "train" not in parts:
            raise DataError("No array is chosen for the examples.", "Choose one of the file's.")
        for part in [part for part, arrays in parts.items() if not _alike(arrays, parts["train"])]:
            problems.append(self._other_shape(part, parts.pop(part), parts["train"]))
        only: dict[FilePart, Arrays] = {"all": parts["train"]}
        return Contents(only if len(parts) == 1 else parts, problems=tuple(problems))

    def _other_shape(self, part: FilePart, arrays: Arrays, train: Arrays) -> Problem:
        """That a part is not used as its examples have another shape."""
        name = getattr(self, part)
        none = {f"data.format.{part}": "", f"data.format.{part}_labels": ""}
        return Problem(
            "wrong shape",
            f"Examples in {self.train} have the shape {train.x.shape[1:]}, those in {name} "
            f"{arrays.x.shape[1:]}.",
            f"{name} is not used; a part is drawn from the other examples in its place.",
            (Place(name),),
            1,
            Fix(f"Do without {name}", none),
        )


def _alike(a: Arrays, b: Arrays) -> bool:
    return a.x.shape[1:] == b.x.shape[1:]


def _there(name: str, found: Mapping[str, ArrayInFile]) -> ArrayInFile:
    if name not in found:
        raise DataError(f"There is no array {name!r} in the file.", "Choose one that is there.")
    return found[name]


def _words(name: str) -> list[str]:
    """The words of a name in small letters: xTrain, x_train and xtrain are x and train."""
    name = re.sub(r"t10k", " test ", name, flags=re.IGNORECASE)
    name = re.sub(r"(?i)\b([xy])(train|test|val)", r"\1 \2", name)
    return [word.lower() for word in _WORD.findall(re.sub(r"(?i)idx\d", "", name))]


def _part(name: str) -> FilePart:
    words = set(_words(name))
    return next((part for part, named in _PARTS.items() if named & words), "all")


def _is_labels(name: str) -> bool:
    return bool(WORDS_OF_LABELS & set(_words(name)))


def _essence(name: str) -> tuple[str, ...]:
    """What the names of arrays that belong together have in common."""
    passing = frozenset.union(_OF_EXAMPLES, WORDS_OF_LABELS, *_PARTS.values())
    return tuple(word for word in _words(name) if word not in passing)


def _unlikely(name: str, array: ArrayInFile) -> tuple[bool, bool, bool, int, str]:
    """Small for what are the examples: named like examples to train on, and large."""
    like_examples = bool(_OF_EXAMPLES & set(_words(name)))
    elsewhere = _part(name) not in ("train", "all")
    return _is_labels(name), elsewhere, not like_examples, -array.bytes, name


def _labels_of(name: str, found: Mapping[str, ArrayInFile]) -> str:
    """The array that is most likely the labels of another; '' if none is.

    One that is named like them is, even if it has another number of values: that is told then.
    """
    fitting = _possible_labels(name, found)
    best = [n for n in fitting if _essence(n) == _essence(name) and _is_labels(n)]
    named = [n for n in fitting if _is_labels(n)]
    same = [n for n in found if _is_labels(n) and _names(n) == _names(name)]
    meant = [n for n in same if found[n].dtype.kind in "buiUS"]
    return next(iter(best or named or meant or (fitting if len(fitting) == 1 else [])), "")


def _names(name: str) -> tuple[tuple[str, ...], FilePart]:
    return _essence(name), _part(name)


def _possible_labels(name: str, found: Mapping[str, ArrayInFile]) -> list[str]:
    lengths = found[name].shape
    return [
        other
        for other, array in found.items()
        if other != name
        and _part(other) == _part(name)
        and any(could_be_labels(array.shape, array.dtype, n) for n in lengths[:1] + lengths[-1:])
    ]


def _guesses(
    fields: Mapping[str, str], found: Mapping[str, ArrayInFile], examples: list[str]
) -> list[Guess]:
    guesses = []
    for field, name in fields.items():
        of_labels = field.endswith("_labels")
        part = field.removesuffix("_labels")
        others = _possible_labels(fields[part], found) if of_labels else examples
        alternatives = [other for other in others if other != name][:_MOST_ALTERNATIVES]
        if name and field != "train":
            alternatives.append("")
        if not alternatives:
            continue
        if not name:
            why = "no array is named like labels"
        elif of_labels:
            fits = name in others
            why = (
                f"{name} has one value for each example" if fits else f"{name} is named like labels"
            )
        else:
            why = f"{name} holds {found[name].shape[0]:,} examples"
        guesses.append(Guess(field, why, tuple(alternatives)))
    return guesses
