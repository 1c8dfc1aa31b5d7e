"""Which marks numbers and dates are written with, and what stands for a missing value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from vaegui.data.formats.base import Guess
from vaegui.data.formats.text.cells import date_pattern, number_pattern
from vaegui.data.formats.text.layout import MISSING, TextLayout

__all__ = ["guess_dates", "guess_missing", "guess_numbers"]

Found = tuple[dict[str, Any], list[Guess]]
"""Values of fields, and why."""

_WORDS = (
    "-",
    "--",
    "?",
    ".",
    "*",
    "none",
    "None",
    "NONE",
    "n/a",
    "na",
    "Na",
    "missing",
    "MISSING",
    "unknown",
    "<NA>",
    "NIL",
    "nil",
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "(null)",
    "\\N",
    "–",
    "—",
)
"""What may mean that there is no value, where it stands among numbers."""
_SENTINEL = re.compile(r"^-9{2,}(?:[.,]0+)?$|^9{3,}(?:[.,]0+)?$")
_MOST_CELLS = 40_000
_PLAIN = re.compile(r"\d*(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\d]*").fullmatch
"""Numbers that everybody reads alike, and words."""
_FEWEST = 2
"""So often a number such as -999 must occur to be thought to mean "missing"."""


def guess_numbers(cells: Sequence[str], delimiter: str) -> Found:
    """Decimal mark and mark of thousands."""
    texts = [cell.strip().lstrip("+-") for cell in cells[:_MOST_CELLS]]
    marked = [text for text in texts if not _PLAIN(text)]
    if not marked:
        return {}, []

    def count(pattern: str, among: Sequence[str] = marked) -> int:
        matches = re.compile(pattern).fullmatch
        return sum(matches(text) is not None for text in among)

    exponent = r"(?:[eE][+-]?\d+)?"
    comma = count(rf"\d*,(?:\d{{1,2}}|\d{{4,}}){exponent}") + count(r"0,\d+")
    comma += count(r"\d{1,3}(?:[. ']\d{3})+,\d+")
    unclear = count(r"[1-9]\d{0,2},\d{3}")
    point = count(r"\d{1,3}(?:[, ']\d{3})+\.\d+")
    if comma or unclear:
        point += count(rf"\d*\.(?:\d{{1,2}}|\d{{4,}}){exponent}|0\.\d+", texts)
    if comma > point or (unclear and not point and delimiter == "semicolon"):
        certain = comma > 0
        return _found("comma", _thousands(marked, ".", ","), comma or unclear, not certain)
    thousands = _thousands(marked, ",", ".")
    if unclear and thousands == "none":
        return _found("point", "comma", unclear, True)
    return _found("point", thousands, point, False)


def _thousands(texts: Sequence[str], own: str, decimal: str) -> str:
    """The mark between groups of three digits, where some cell leaves no doubt about it."""
    names = {own: "comma" if own == "," else "point", " ": "blank", "'": "apostrophe"}
    for mark, name in names.items():
        group = rf"(?:{re.escape(mark)}\d{{3}})"
        whole = rf"\d{{1,3}}{group}+{re.escape(decimal)}\d+|\d{{1,3}}{group}{{2,}}"
        # Three digits after one comma may be decimals; after a blank they are not.
        whole += "" if mark == own else rf"|\d{{1,3}}{group}"
        if any(re.fullmatch(whole, text) for text in texts):
            return name
    return "none"


def _found(decimal: str, thousands: str, count: int, doubtful: bool) -> Found:
    guesses = []
    if decimal == "comma" or doubtful:
        why = f"{count:,} numbers of the sample are written with it"
        if doubtful:
            why = f"{count:,} numbers have one comma with three digits after it, and none another"
        other = "point" if decimal == "comma" else "comma"
        guesses.append(Guess("decimal", why, (other,) if doubtful else ()))
    if thousands != "none":
        why = f"digits stand in groups of three with a {thousands} between them"
        guesses.append(Guess("thousands", why, ("none",)))
    return {"decimal": decimal, "thousands": thousands}, guesses


def guess_dates(cells: Sequence[str]) -> Found:
    """Whether days or months stand first in dates that end with the year."""
    pattern = re.compile(date_pattern())
    pairs = [
        (int(found["d2"]), int(found["m2"]))
        for cell in cells
        if (found := pattern.match(cell.strip())) and found["m2"]
    ]
    if not pairs:
        return {}, []
    firsts, seconds = (max(pair[i] for pair in pairs) for i in range(2))
    if firsts > 12:
        return {}, [Guess("dates", f"the first number goes up to {firsts}")]
    if seconds > 12:
        why = f"the second number goes up to {seconds}"
        return {"dates": "month first"}, [Guess("dates", why)]
    why = "no number in the dates is above 12, so both orders are possible"
    return {}, [Guess("dates", why, ("month first",))]


def guess_missing(columns: Sequence[Sequence[str]], layout: TextLayout) -> Found:
    """Words and numbers that stand for a missing value in columns of numbers."""
    is_number = re.compile(number_pattern(layout)).match
    words: Counter[str] = Counter()
    numbers: Counter[str] = Counter()
    for cells in columns:
        present = [cell for text in cells if (cell := text.strip()) not in MISSING]
        odd = Counter(cell for cell in present if not is_number(cell))
        if odd.total() > 0.7 * len(present):
            continue  # no column of numbers
        words.update({word: count for word, count in odd.items() if word in _WORDS})
        numbers.update(_sentinels(present, layout))
    if not words and not numbers:
        return {}, []
    told = [
        *(f"{count:,} times '{word}' among numbers" for word, count in words.most_common()),
        *(
            f"{count:,} times {number}, far from all other numbers of its column"
            for number, count in numbers.most_common()
        ),
    ]
    found = (*MISSING, *words, *numbers)
    others = [tuple(text for text in found if text not in numbers)] if numbers else []
    others += [MISSING] if words else []
    return {"missing": found}, [
        Guess("missing", "the sample has " + ", ".join(told), tuple(others))
    ]


def _sentinels(cells: Sequence[str], layout: TextLayout) -> dict[str, int]:
    """Numbers such as -999 that no other of the column comes near, and how often they occur."""
    suspects = Counter(cell for cell in cells if _SENTINEL.match(cell))
    if not suspects:
        return {}
    mark = "," if layout.decimal == "comma" else "."
    numbers = [
        float(cell.replace(mark, "."))
        for cell in cells
        if cell not in suspects and re.fullmatch(rf"[+-]?\d+(?:\{mark}\d*)?", cell)
    ]
    if not numbers:
        return {}
    low, high = min(numbers), max(numbers)

    def apart(number: float) -> bool:
        if number < 0 <= low:
            return True  # the only number below zero
        return number < low - 2 * (high - low) or number > high + 2 * (high - low)

    return {
        cell: count
        for cell, count in suspects.items()
        if count >= _FEWEST and apart(float(cell.replace(mark, ".")))
    }
