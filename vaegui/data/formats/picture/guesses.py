"""What looking at some pictures tells of all: their size, colours, depth, labels and parts."""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from vaegui.data.formats.base import Guess
from vaegui.data.formats.picture.files import Listing, PictureFiles
from vaegui.data.formats.picture.labels import TableOfLabels, found_table, places_of
from vaegui.data.formats.refusing import printable, refusing
from vaegui.errors import DataError
from vaegui.reading.pictures import Unreadable, answers

__all__ = ["of_looks", "of_places"]

_SECONDS = 0.5
_LOOKED_AT = 100
_SIDES = (28, 32, 64, 128)
"""Proposed where pictures differ in size, or are larger than the last: what networks of this
program learn in minutes."""
_MUCH_WIDER = 1.6


def of_looks(listing: Listing, files: PictureFiles) -> tuple[dict[str, Any], list[Guess]]:
    """Size, fit, colour, bits, background and pages.

    Raises
    ------
    DataError
        If none of the pictures that were looked at can be read.
    """
    looks = _looks(listing, files)
    count = len(looks)
    fields, guesses = _size(looks)
    coloured = sum(look["colour"] for look in looks)
    fields["colour"] = coloured > 0
    why = f"{coloured} of {count} pictures that were looked at have colours"
    guesses.append(Guess("colour", why, (coloured == 0,)))
    bits = min(16 if coloured else 32, max(look["bits"] for look in looks))
    fields["bits"] = bits
    if bits != 8:
        values = "numbers of any size" if bits == 32 else "values of 16 bits"
        guesses.append(Guess("bits", f"pictures hold {values}", (8,)))
    if clear := sum(look["transparent"] for look in looks):
        why = f"{clear} of {count} pictures that were looked at are transparent"
        guesses.append(Guess("background", why, ("black",)))
    if paged := sum(look["pages"] > 1 for look in looks):
        fields["pages"] = "all"
        why = f"{paged} of {count} files that were looked at have several pages"
        guesses.append(Guess("pages", why, ("first",)))
    return fields, guesses


def of_places(listing: Listing, files: PictureFiles) -> tuple[dict[str, Any], list[Guess]]:
    """Labels and parts, by folders and tables."""
    places, tables = places_of(listing.pictures), _tables(listing, files)
    fields: dict[str, Any] = {"parts": places.has_parts}
    guesses = []
    if places.has_parts:
        named = ", ".join(sorted(set(places.parts)))
        guesses.append(Guess("parts", f"there are folders for {named}", (False,)))
    if tables:
        first = tables[0]
        fields |= {"table": first.file, "name_column": first.names, "label_column": first.labels}
    possible = [*(["folders"] * places.has_classes), *(["table"] * bool(tables)), "none"]
    fields["labels"] = possible[0]
    if len(possible) == 1:
        return fields, guesses
    if places.has_classes:
        why = f"the pictures lie in {len(set(places.classes))} folders"
    else:
        why = f"{tables[0].file} names the pictures in its column {tables[0].names}"
    guesses.append(Guess("labels", why, tuple(possible[1:])))
    if tables:
        others = [c for c in tables[0].columns if c not in (tables[0].names, tables[0].labels)]
        if others:
            guesses.append(Guess("label_column", "it is the first that can be", tuple(others)))
    return fields, guesses


def _looks(listing: Listing, files: PictureFiles) -> list[dict[str, Any]]:
    """What pictures from all over the listing are like, as many as there is time for.

    Raises
    ------
    DataError
        If none of them can be read.
    """
    count = len(listing.pictures)
    rows = np.unique(np.linspace(0, count - 1, min(count, _LOOKED_AT)).astype(np.int64))
    rows = np.random.Generator(np.random.Philox(0)).permutation(rows)
    end = time.monotonic() + _SECONDS

    def load(i: int) -> bytes:
        if i and time.monotonic() > end:
            raise TimeoutError
        return files.read(listing.pictures[rows[i]])

    looks, why = [], ""
    sizes = [listing.sizes[row] for row in rows]
    told = answers("look", len(rows), load, sizes=sizes)
    with refusing("The pictures"), contextlib.closing(told) as found:
        for look in found:
            if not isinstance(look, Unreadable):
                looks.append(json.loads(look))
            elif not why:
                why = f"{printable(listing.pictures[rows[0]])}, {printable(look)}"
    if not looks:
        raise DataError(
            f"None of the pictures that were looked at can be read: {why}.",
            "Open one of them with another program to see what they are.",
        )
    return looks


def _size(looks: list[dict[str, Any]]) -> tuple[dict[str, Any], list[Guess]]:
    """Width, height, and how others are brought to it."""
    sizes = Counter((look["width"], look["height"]) for look in looks)
    ((width, height), times), *_ = sizes.most_common(1)
    same = times == len(looks)
    if same and max(width, height) <= _SIDES[-1]:
        return {"width": width, "height": height}, []
    wide = float(np.median([look["width"] / look["height"] for look in looks]))
    if same:
        why = f"all pictures have {width} by {height} pixels"
        why_fit = "all pictures have the same shape"
    else:
        why = f"sizes differ; {width} by {height} pixels come most often"
        why_fit = "the middle is what most pictures are about"
    longest = min(max(width, height), 64)
    if same or 2 * times > len(looks):
        proposed = _scaled(width / height, longest)
    elif 1 / _MUCH_WIDER < wide < _MUCH_WIDER:
        proposed = (longest, longest)
    else:
        proposed = _scaled(wide, longest)
    fields = {"width": proposed[0], "height": proposed[1], "fit": "stretch" if same else "crop"}
    if proposed != (width, height):
        why += f", and {longest} pixels are learned quickly"
    guesses = []
    for field, value, own in (("width", proposed[0], width), ("height", proposed[1], height)):
        others = {own, *(round(value * side / longest) for side in _SIDES)} - {value, 0}
        guesses.append(Guess(field, why, tuple(sorted(n for n in others if n <= 4096))))
    others_fit = tuple(f for f in ("crop", "fit", "stretch") if f != fields["fit"])
    return fields, [*guesses, Guess("fit", why_fit, others_fit)]


def _scaled(ratio: float, longest: int) -> tuple[int, int]:
    """Width and height of a ratio, of which the longer is given."""
    if ratio >= 1:
        return longest, max(1, round(longest / ratio))
    return max(1, round(longest * ratio)), longest


def _tables(listing: Listing, files: PictureFiles) -> list[TableOfLabels]:
    """The tables beside the pictures that name them."""
    found = []
    for name in listing.tables:
        if PurePosixPath(name).suffix.lower() == ".txt" and len(listing.tables) > 1:
            continue
        try:
            table = found_table(name, files.read(name), listing.pictures)
        except (OSError, ValueError):
            continue
        if table is not None:
            found.append(table)
    return found
