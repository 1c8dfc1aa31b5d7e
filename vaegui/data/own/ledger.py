"""The list of every example, or value of one, that was left out or changed."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence

from vaegui.data.formats.base import LedgerEntry, Place

__all__ = ["ledger_csv", "ledger_json", "ledger_summary", "place_text"]

_HEADINGS = ("file", "line", "example", "column", "what", "why")


def ledger_csv(ledger: Sequence[LedgerEntry]) -> str:
    """The ledger as a table. Examples and lines are counted from 1, as people do."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_HEADINGS)
    for entry in ledger:
        table.writerow(["" if cell is None else _harmless(cell) for cell in _cells(entry)])
    return text.getvalue()


def ledger_json(ledger: Sequence[LedgerEntry]) -> str:
    """The ledger as JSON: a list of objects with the headings of `ledger_csv` as names."""
    rows = [dict(zip(_HEADINGS, _cells(entry), strict=True)) for entry in ledger]
    return json.dumps(rows, indent=1, ensure_ascii=False)


def ledger_summary(ledger: Sequence[LedgerEntry]) -> list[str]:
    """A line for each reason: how often, and where first."""
    counts = Counter((entry.what, entry.why) for entry in ledger)
    first = {(entry.what, entry.why): entry.place for entry in reversed(ledger)}
    return [
        f"{count:,} {what}: {why} (first: {place_text(first[what, why])})"
        for (what, why), count in counts.most_common()
    ]


def place_text(place: Place) -> str:
    """Where something is, in words; examples are counted from 1, as lines are."""
    parts = [
        place.file,
        f"line {place.line:,}" if place.line is not None else "",
        f"example {place.row + 1:,}" if place.row is not None and place.line is None else "",
        f"column {place.column}" if place.column else "",
    ]
    return ", ".join(part for part in parts if part) or "the whole"


def _cells(entry: LedgerEntry) -> tuple[str | int | None, ...]:
    place = entry.place
    row = None if place.row is None else place.row + 1
    return place.file, place.line, row, place.column, entry.what, entry.why


def _harmless(cell: str | int) -> str | int:
    """A spreadsheet takes a text that begins like this for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
