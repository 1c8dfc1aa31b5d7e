"""How the lines of a text file are to be read as a table: every choice, declared once."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from vaegui.declared import Declared, setting

__all__ = ["MARKS", "MISSING", "MOST_WORDS", "QUOTES", "SEPARATORS", "ColumnKind", "TextLayout"]

ColumnKind = Literal["number", "category", "date", "text"]

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "blanks": " "}
QUOTES = {"double": '"', "single": "'", "none": ""}
MARKS = {"none": "", "point": ".", "comma": ",", "blank": " ", "apostrophe": "'"}
"""Name of a choice -> the character that stands in the file."""

MISSING = ("", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL")
"""What means in any file that there is no value."""


MOST_WORDS = 50
MissingWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class TextLayout(Declared):
    """How a text file is divided into lines and cells, and what the cells mean."""

    encoding: Literal["utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "latin-1"] = (
        setting("utf-8", title="Encoding", help="How letters are written as bytes.")
    )
    delimiter: Literal["comma", "semicolon", "tab", "bar", "blanks"] = setting(
        "comma", title="Delimiter", help="What stands between two cells of a line."
    )
    quote: Literal["double", "single", "none"] = setting(
        "double", title="Quotes", help="What is put around a cell that contains the delimiter."
    )
    decimal: Literal["point", "comma"] = setting(
        "point", title="Decimal mark", help="What stands between the whole and its tenths."
    )
    thousands: Literal["none", "comma", "point", "blank", "apostrophe"] = setting(
        "none", title="Thousands mark", help="What stands between groups of three digits."
    )
    header_line: int = setting(
        1,
        title="Line of the names",
        help="The line, counted from 1, that names the columns; 0 if there is none.",
        ge=0,
        le=1000,
    )
    units_line: int = setting(
        0,
        title="Line of the units",
        help="The line that says what each column is measured in; 0 if there is none.",
        ge=0,
        le=1000,
    )
    first_line: int = setting(
        2, title="First line of data", help="All lines before it are passed over.", ge=1, le=1001
    )
    comment: str = setting(
        "",
        title="Comment mark",
        help="Lines that begin with it are passed over; empty if there are no comments.",
        max_length=2,
    )
    missing: tuple[str, ...] = setting(
        MISSING,
        title="Missing values",
        help="Cells in which one of these stands have no value.",
        max_length=50,
    )
    also_missing: tuple[MissingWord, ...] = setting(
        (),
        title="Also missing",
        help="Other words, separated by commas, that stand in cells without a value.",
        max_length=MOST_WORDS,
    )
    ragged: Literal["leave out", "fill up"] = setting(
        "leave out",
        title="Short rows",
        help="Whether rows with too few cells are left out, or what they lack counts as missing.",
    )
    dates: Literal["day first", "month first"] = setting(
        "day first",
        title="Dates",
        help="What 3/4/2024 means; dates that begin with the year need no such choice.",
    )
    kinds: dict[str, ColumnKind] = setting(
        {}, title="Kinds", help="What columns hold, where that is not what was found."
    )

    @property
    def no_values(self) -> tuple[str, ...]:
        """All that means that a cell has no value."""
        return (*self.missing, *self.also_missing)

    @property
    def separator(self) -> str:
        """The character between two cells."""
        return SEPARATORS[self.delimiter]

    @property
    def quotation_mark(self) -> str:
        """The character around cells, or ''."""
        return QUOTES[self.quote]

    @property
    def plain_numbers(self) -> bool:
        """Whether numbers have no marks for thousands."""
        return self.thousands == "none"
