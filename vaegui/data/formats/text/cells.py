"""What cells of text mean: numbers, dates, and words that stand for a missing value.

Patterns are understood by Python and by RE2, which Arrow uses.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from vaegui.data.formats.text.layout import MARKS, TextLayout

__all__ = ["date_pattern", "days", "number_pattern", "numbers"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?:[T ]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}(?:[.,]\d+)?))?)?(?: ?Z| ?UTC)?"
_YEAR_FIRST = rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}"
_DAY_FIRST = (
    r"(?:(?P<d2>\d{1,2})[-/. ]+(?P<m2>\d{1,2})[-/. ]+(?P<y2>\d{4})"
    r"|(?P<d3>\d{1,2})[-/. ]+(?P<m3>[A-Za-z]{3,9})[-/. ]+(?P<y3>\d{4}|\d{2}))"
    + _TIME.replace("<H>", "<H2>").replace("<M>", "<M2>").replace("<S>", "<S2>")
)


def number_pattern(layout: TextLayout) -> str:
    """The pattern of a whole cell that holds a number."""
    return _number_pattern(MARKS[layout.decimal], MARKS[layout.thousands])


@cache
def _number_pattern(decimal: str, thousands: str) -> str:
    decimal, whole = re.escape(decimal), r"\d+"
    if thousands:
        whole = rf"(?:\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+)"
    size = rf"(?:{whole}(?:{decimal}\d*)?|{decimal}\d+)(?:[eE][+-]?\d+)?"
    return rf"^\s*[+-]?(?:{size}|(?i:inf|infinity))\s*$"


def date_pattern() -> str:
    """The pattern of a whole cell that holds a date, perhaps with a time of day."""
    return rf"^\s*(?:{_YEAR_FIRST}|{_DAY_FIRST})\s*$"


def numbers(cells: pa.StringArray, layout: TextLayout) -> tuple[pa.DoubleArray, NDArray[np.intp]]:
    """Cells as numbers, null where there is none, and the places of cells that are none."""
    is_number = pc.match_substring_regex(cells, number_pattern(layout))
    plain = pc.utf8_trim_whitespace(pc.if_else(is_number, cells, None))
    if not layout.plain_numbers:
        plain = pc.replace_substring(plain, MARKS[layout.thousands], "")
    plain = pc.replace_substring(plain, MARKS[layout.decimal], ".")
    return pc.cast(plain, pa.float64()), _places(pc.invert(is_number))


def days(cells: pa.StringArray, layout: TextLayout) -> tuple[pa.DoubleArray, NDArray[np.intp]]:
    """Dates as days since 1970-01-01, null where there is none, and the places of what is none."""
    parts = pc.extract_regex(cells, date_pattern())
    year, month, day = (_part(parts, f"{n}", f"{n}2", f"{n}3") for n in ("y", "m", "d"))
    hour, minute, second = (_part(parts, n, f"{n}2") for n in ("H", "M", "S"))
    year = np.where(year < 70, year + 2000, np.where(year < 100, year + 1900, year))
    if layout.dates == "month first":
        turned = np.isfinite(_part(parts, "m2"))
        month, day = np.where(turned, day, month), np.where(turned, month, day)
    with np.errstate(invalid="ignore"):
        right = (month >= 1) & (month <= 12) & (day >= 1)
        months = (np.nan_to_num(year) - 1970) * 12 + np.where(right, month - 1, 0)
        begins = months.astype("M8[M]")
        ends = (begins + 1).astype("M8[D]") - begins.astype("M8[D]")
        right &= day <= ends.astype(np.float64)
        right &= (np.nan_to_num(hour) < 24) & (np.nan_to_num(minute) < 60)
        of_day = sum(np.nan_to_num(x) / s for x, s in ((hour, 24), (minute, 1440), (second, 86400)))
        found = begins.astype("M8[D]").astype(np.float64) + day - 1 + of_day
    present = cells.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(found, mask=~right), np.flatnonzero(present & ~right)


def _part(parts: pa.StructArray, *names: str) -> NDArray[np.float64]:
    """One number of each date, under any of some names; NaN where it is not said."""
    found = np.full(len(parts), np.nan)
    for name in names:
        texts = pc.struct_field(parts, name)
        if name == "m3":
            for number, month in enumerate(MONTHS, 1):
                is_month = pc.starts_with(texts, month, ignore_case=True)
                texts = pc.if_else(is_month, str(number), texts)
            texts = pc.if_else(pc.match_substring_regex(texts, "[A-Za-z]"), "0", texts)
        texts = pc.if_else(pc.equal(texts, ""), None, pc.replace_substring(texts, ",", "."))
        values = pc.cast(texts, pa.float64()).to_numpy(zero_copy_only=False)
        found = np.where(np.isfinite(values), values, found)
    return found


def _places(mask: pa.BooleanArray) -> NDArray[np.intp]:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
