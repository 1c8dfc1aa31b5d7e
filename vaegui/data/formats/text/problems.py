"""What is wrong with the rows and cells of a text file, and how they may be read otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from vaegui.data.formats.base import MOST_PLACES, LedgerEntry, Place, Problem
from vaegui.data.formats.refusing import printable
from vaegui.data.formats.text.layout import MOST_WORDS, TextLayout
from vaegui.errors import Fix

__all__ = ["text_problems"]

_SHOWN = 5


def text_problems(
    ledger: Sequence[LedgerEntry],
    layout: TextLayout,
    left_out: int,
    short: int,
    filled: int,
    words: Counter[str],
) -> Iterator[Problem]:
    """Tell of rows that are left out or filled up, and of cells that are not what their column is.

    Parameters
    ----------
    ledger
        All of them, for their places.
    layout
        How the file is read.
    left_out, short, filled
        How many rows were left out, how many of these only for being short, and how many short
        ones were filled up.
    words
        What stands in cells that are no number (or date) where their column has some.
    """
    if left_out:
        fill = Fix("Fill short rows up", {"data.format.ragged": "fill up"})
        first = next(entry for entry in ledger if entry.what == "left out")
        yield Problem(
            "ragged rows",
            f"{_rows(left_out)} left out, for example in line {first.place.line or 0:,}: "
            f"{first.why}.",
            "The model does not see them. If what is missing at their ends is only empty, rows "
            "that are short can be filled up."
            if short
            else "The model does not see them. A delimiter within a cell, or a quote that is not "
            "closed, can be mended in the file only.",
            _places(e.place for e in ledger if e.what == "left out"),
            left_out,
            fill if short else None,
        )
    if filled:
        yield Problem(
            "short rows",
            f"{_rows(filled)} filled up.",
            "What they lack counts as missing.",
            _places(e.place for e in ledger if e.what == "changed" and not e.place.column),
            filled,
        )
    if words:
        yield _wrong_cells(ledger, layout, words)


def _wrong_cells(ledger: Sequence[LedgerEntry], layout: TextLayout, words: Counter[str]) -> Problem:
    count = words.total()
    shown = ", ".join(f"'{printable(word)}'" for word, _ in words.most_common(_SHOWN))
    more = ", ..." if len(words) > _SHOWN else ""
    wanted = [*layout.also_missing, *(w for w in words if 0 < len(w) <= MOST_WORDS)]
    possible = len(wanted) - len(layout.also_missing) == len(words) and len(wanted) <= MOST_WORDS
    what = "this word" if len(words) == 1 else "these words"
    return Problem(
        "wrong cells",
        f"{count:,} {'cell holds' if count == 1 else 'cells hold'} no number or date, though their "
        f"column does: {shown}{more}.",
        "They count as missing. If they mean just that, say so; otherwise mend them in the file.",
        _places(entry.place for entry in ledger if entry.what == "changed" and entry.place.column),
        count,
        Fix(f"Take {what} for missing", {"data.format.also_missing": wanted}) if possible else None,
    )


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"


def _places(places: Iterator[Place]) -> tuple[Place, ...]:
    return tuple(islice(places, MOST_PLACES))
