"""A folder of pictures, or a ZIP archive of one."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from vaegui.data.formats.base import (
    Arrays,
    Contents,
    Detected,
    FileFormat,
    FilePart,
    LedgerEntry,
    Place,
)
from vaegui.data.formats.picture.files import SUFFIXES, Listing, PictureFiles, is_zip, opened_files
from vaegui.data.formats.picture.guesses import of_looks, of_places
from vaegui.data.formats.picture.labels import NO_LABEL, places_of, table_of
from vaegui.data.formats.refusing import printable, refusing
from vaegui.data.formats.unread import unread
from vaegui.data.stored.decoded import decoded
from vaegui.declared import setting
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback, no_progress
from vaegui.reading.pictures import Unreadable, answers

__all__ = ["Pictures"]

_LISTING_SECONDS = 0.3
_MOST_SIDE = 4096
_DTYPES: dict[int, np.dtype[Any]] = {
    8: np.dtype(np.uint8),
    16: np.dtype(np.uint16),
    32: np.dtype(np.float32),
}
_OF_PIXELS = {"width", "height", "fit", "colour", "bits", "background", "pages"}
_FOLDER_ORDER: tuple[FilePart, ...] = ("all", "train", "validation", "test")


class Pictures(FileFormat):
    """Pictures in files of their own, brought to one size and one kind of colours."""

    label: ClassVar[str] = "Folder or ZIP of pictures"

    kind: Literal["pictures"] = "pictures"
    width: int = setting(
        64, title="Width", help="Of all pictures.", unit="pixels", ge=1, le=_MOST_SIDE
    )
    height: int = setting(
        64, title="Height", help="Of all pictures.", unit="pixels", ge=1, le=_MOST_SIDE
    )
    fit: Literal["fit", "crop", "stretch"] = setting(
        "crop",
        title="Other sizes",
        help="Fit: the whole picture with borders. Crop: its middle. Stretch: distorted.",
        words={
            "fit": "whole, with borders (fit)",
            "crop": "their middle (crop)",
            "stretch": "distorted (stretch)",
        },
    )
    colour: bool = setting(True, title="Colour", help="Three colours, or one grey value.")
    bits: Literal[8, 16, 32] = setting(
        8,
        title="Bits",
        help="Of a value: 8, 16, or 32 for grey pictures of any numbers.",
    )
    background: Literal["white", "black"] = setting(
        "white", title="Background", help="Behind transparent pictures and beside fitted ones."
    )
    pages: Literal["first", "all"] = setting(
        "first", title="Pages", help="Of a TIFF with several: the first, or each as an example."
    )
    labels: Literal["none", "folders", "table"] = setting(
        "none", title="Labels", help="The folder that a picture lies in, or a table beside them."
    )
    table: str = setting("", title="Table", help="The file of the table.", max_length=1000)
    name_column: str = setting("", title="Names", help="Its column of file names.", max_length=200)
    label_column: str = setting("", title="Labels in", help="Its column of labels.", max_length=200)
    parts: bool = setting(
        False, title="Parts", help="Whether the folders train and test are parts of the data."
    )

    @model_validator(mode="after")
    def _has_depth(self) -> Self:
        if self.colour and self.bits == 32:
            raise ValueError("colours have 8 or 16 bits")
        return self

    @classmethod
    def detect(cls, path: Path) -> Detected | None:
        """Look at some of the pictures; a single file is a picture with several pages."""
        if not path.is_dir() and path.suffix.lower() not in SUFFIXES and not is_zip(path):
            return None
        with opened_files(path) as files:
            listing = files.listed(_LISTING_SECONDS, no_progress)
            if not listing.pictures:
                return None
            fields, guesses = of_looks(listing, files)
            more, more_guesses = of_places(listing, files)
        return Detected(cls(**fields, **more), (*guesses, *more_guesses))

    def read(self, path: Path, progress: ProgressCallback) -> Contents:
        """Decode all pictures; those that cannot be are in the ledger."""
        with opened_files(path) as files:
            listing = files.listed(None, progress)
            if not listing.pictures:
                raise DataError(f"There are no pictures in {path}.", "Choose another folder.")
            labels = self._labels(listing, files)
            ledger = list(listing.ledger)
            parts: dict[FilePart, Arrays] = {}
            for part, rows in self._rows_of_parts(listing).items():
                parts[part] = self._decoded(files, listing, rows, labels, ledger, progress)
        return Contents(parts, tuple(ledger), unread(ledger, "picture"))

    def _rows_of_parts(self, listing: Listing) -> dict[FilePart, NDArray[np.int64]]:
        """Which pictures are in which part."""
        if not self.parts:
            return {"all": np.arange(len(listing.pictures))}
        named = np.array(places_of(listing.pictures).parts)
        rows = {part: np.flatnonzero(named == part) for part in _FOLDER_ORDER}
        found = {part: which for part, which in rows.items() if len(which)}
        if "train" not in found:
            raise DataError(
                "There is no folder named train beside others for the other parts.",
                "Choose that folders are not parts.",
            )
        return found

    def _labels(self, listing: Listing, files: PictureFiles) -> NDArray[np.str_] | None:
        if self.labels == "none":
            return None
        if self.labels == "folders":
            classes = places_of(listing.pictures).classes
            return np.array([name or NO_LABEL for name in classes], np.str_)
        with refusing(self.table):
            content = files.read(self.table)
        columns = self.name_column, self.label_column
        return table_of(content, self.table, *columns, listing.pictures)

    def _decoded(
        self,
        files: PictureFiles,
        listing: Listing,
        rows: NDArray[np.int64],
        labels: NDArray[np.str_] | None,
        ledger: list[LedgerEntry],
        progress: ProgressCallback,
    ) -> Arrays:
        """Those pictures of ``rows`` that can be read; the others go to the ledger."""
        names = [listing.pictures[row] for row in rows]
        sizes = [listing.sizes[row] for row in rows]
        wanted = self.model_dump(include=_OF_PIXELS)
        dtype, shape = _DTYPES[self.bits], (self.height, self.width, *((3,) if self.colour else ()))

        def load(i: int) -> bytes:
            return files.read(names[i])

        def make(append: Callable[[NDArray[Any]], None]) -> Any:
            """Notes of each picture that was left out why, and of each that has several pages."""
            left, pages = {}, {}
            for i, found in enumerate(_told(answers("pixels", len(names), load, wanted, sizes))):
                progress("Decoding the pictures", i, len(names))
                if isinstance(found, Unreadable):
                    left[i] = printable(found)
                    continue
                stored = np.frombuffer(found, dtype.newbyteorder("<")).reshape(-1, *shape)
                append(stored)
                if len(stored) != 1:
                    pages[i] = len(stored)
            return {"left": list(left.items()), "pages": list(pages.items())}

        most = len(names) if self.pages == "first" else _pages(names, load, progress)
        known = f"{listing.known} {json.dumps(wanted)} {_hash(names)}"
        array = decoded(f"pictures {known}", shape, dtype, most, make)
        left = {int(i): str(why) for i, why in array.notes["left"]}
        if len(left) == len(names):
            raise DataError(
                f"None of {len(names):,} pictures can be read: {printable(names[0])}, {left[0]}.",
                "Open one of them with another program to see what they are.",
            )
        ledger += [LedgerEntry(Place(printable(names[i]), i), "left out", left[i]) for i in left]
        counts = np.ones(len(names), np.int64)
        counts[list(left)] = 0
        for i, count in array.notes["pages"]:
            counts[i] = count
        shown = np.repeat(np.arange(len(names)), counts)
        return Arrays(
            array.x,
            None if labels is None else labels[rows[shown]],
            [printable(names[i]) for i in shown],
            known if labels is None else f"{known} {_hash(labels[rows].tolist())}",
        )


def _hash(words: list[str]) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _pages(names: list[str], load: Callable[[int], bytes], progress: ProgressCallback) -> int:
    """How many pages all pictures have together."""
    together = 0
    tiffs = [i for i, name in enumerate(names) if name.lower().endswith((".tif", ".tiff"))]
    found = _told(answers("pages", len(tiffs), lambda i: load(tiffs[i])))
    for i, pages in enumerate(found):
        progress("Counting the pages (files)", i, len(tiffs))
        together += 0 if isinstance(pages, Unreadable) else int.from_bytes(pages, "little")
    return together + len(names) - len(tiffs)


def _told(found: Generator[bytes | Unreadable, None, None]) -> Iterator[bytes | Unreadable]:
    """The same answers; what goes wrong is a `DataError`, and all processes end with it."""
    with contextlib.closing(found), refusing("The pictures"):
        yield from found
