"""What reads a file or folder of examples, what it detects, and what comes out.

A format is a `Choice` whose fields say how a file is read. `detect` fills them in from the file's
content, with a reason for each guess; a user may set them otherwise. `read` gives the examples as
the file has them: an `Arrays` for numbers of one shape, a `Table` for columns of different kinds.
What is done to them afterwards is the recipe's affair (`vaegui.data.own`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vaegui.data.source import Rows
from vaegui.declared import Choice
from vaegui.errors import Fix
from vaegui.progress import ProgressCallback

if TYPE_CHECKING:
    import pyarrow

__all__ = [
    "MOST_PLACES",
    "Arrays",
    "Contents",
    "Detected",
    "FileFormat",
    "FilePart",
    "Guess",
    "LedgerEntry",
    "Place",
    "Problem",
    "Reading",
    "RowReader",
    "Table",
    "TableColumn",
]

FilePart = Literal["all", "train", "validation", "test"]
"""Which part of a dataset a file says that examples are; ``all`` where it does not divide them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is in the user's data; what is not known is None or ''.

    ``file`` is relative to the folder or archive that was opened. ``row`` counts examples from 0;
    shown to people, it is counted as their file counts (`line`, from 1, where a file has lines).
    """

    file: str = ""
    row: int | None = None
    column: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One example, or one value of one, that was left out or changed, and why."""

    place: Place
    what: Literal["left out", "changed"]
    why: str


MOST_PLACES = 100
"""So many places of a problem are told; of more, only the number."""


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """Something that is, or may be, wrong with the data.

    Attributes
    ----------
    kind
        What found it, e.g. ``"duplicates"``; it names the row on the page.
    sentence
        What was found.
    effect
        What comes of it if nothing is done, a sentence.
    places
        Where it is, the first `MOST_PLACES` of them; empty if it is no matter of places.
    count
        How many places there are in all.
    fix
        Settings that mend it, with a label for a button; None if only the data can be mended.
    prevents
        Whether training is refused until it is mended.
    """

    kind: str
    sentence: str
    effect: str
    places: tuple[Place, ...] = ()
    count: int = 0
    fix: Fix | None = None
    prevents: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A field of a format that was found out by looking, and what else it might be."""

    field: str
    """Name of the field, e.g. ``delimiter``."""
    reason: str
    """What speaks for the value, a clause: "each of the first 100 lines has seven of them"."""
    alternatives: tuple[Any, ...] = ()
    """Other values that could be meant, likeliest first; empty where there can be no doubt."""


@dataclass(frozen=True, slots=True)
class Detected:
    """A format with its fields filled in, and which of them are guesses."""

    format: FileFormat
    guesses: tuple[Guess, ...] = ()


class RowReader(Protocol):
    """Numbers (n, ...) of which some rows at a time are read: an array, or what acts like one."""

    @property
    def shape(self) -> tuple[int, ...]:
        """n, and the shape of one row."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the numbers as they are stored."""
        ...

    def __getitem__(self, rows: Rows, /) -> NDArray[Any]:
        """Some rows, in the order asked for. Raises `DataError` if they cannot be read any more."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Arrays:
    """Examples of one shape as a file has them: axes, scale and sign not yet settled.

    ``labels`` (n,) are whole numbers or words, or None. ``files`` names the file of each example
    where each has one. ``fingerprint`` is equal for equal data and found without reading them.
    """

    x: RowReader
    labels: NDArray[Any] | None = None
    files: Sequence[str] | None = None
    fingerprint: str = ""

    @property
    def length(self) -> int:
        """Number of examples."""
        return self.x.shape[0]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as a file has it. ``unit`` where the heading names one, e.g. "length [cm]"."""

    name: str
    kind: Literal["number", "category", "date", "text"]
    unit: str = ""


class Table(Protocol):
    """Rows of columns, of any number, read from beginning to end as often as it is asked for."""

    @property
    def columns(self) -> Sequence[TableColumn]:
        """What the columns are, in the file's order; names are unique."""
        ...

    @property
    def length(self) -> int:
        """Number of rows."""
        ...

    @property
    def fingerprint(self) -> str:
        """Equal for equal data and found without reading them; '' where that cannot be done."""
        ...

    def line(self, row: int) -> int | None:
        """The line of the file, from 1, on which a row begins; None where there are no lines."""
        ...

    def batches(self, columns: Sequence[str]) -> Iterator[pyarrow.RecordBatch]:
        """Some columns, portion by portion: float64 numbers, strings else.

        Dates are numbers, too: days since 1970-01-01, with the time of day as their fraction.

        Missing values are null, and so are cells that are not what their column is; the latter
        are in the ledger of the `Contents`. Raises `DataError` if they cannot be read any more.
        """
        ...


Reading = Arrays | Table


@dataclass(frozen=True, eq=False, slots=True)
class Contents:
    """What a file holds: one reading for each part that it divides examples into.

    Either ``all`` alone, or ``train`` and perhaps ``validation`` and ``test``; all are arrays with
    rows of one shape, or all are tables with the same columns.
    """

    parts: Mapping[FilePart, Reading]
    ledger: tuple[LedgerEntry, ...] = ()
    """What could not be read and is therefore left out or missing."""
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file itself, and how it might be read otherwise."""


class FileFormat(Choice):
    """How files of one kind are read. Reading executes nothing of what is in a file."""

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at a file's or folder's beginning; None if it is not of this kind.

        It takes well under a second, whatever the size, and judges by content before suffix.

        Raises
        ------
        DataError
            If it is of this kind but cannot be used: damaged, or claiming more than it holds.
        """
        raise NotImplementedError

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Read what is there, or as much as is needed to read the rest when it is asked for.

        Raises
        ------
        DataError
            If it cannot be read; it names the place and says what to do.
        Cancelled
            If ``progress`` raises it.
        """
        raise NotImplementedError
