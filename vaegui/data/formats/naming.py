"""Names that strangers' files give: cut to a length, without control characters, each once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["LONGEST_NAME", "clean", "name_and_unit", "unique_names"]

LONGEST_NAME = 100
_UNIT = re.compile(r"^(?P<name>.*\S)\s*[\[(](?P<unit>[^\])]{1,20})[\])]\s*$")


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """The text on one line, without what cannot be printed, cut to a length."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest])
    words = " ".join(shown.split())
    return words if len(words) <= longest else words[: longest - 3] + "..."


def unique_names(names: Sequence[str]) -> list[str]:
    """The names cleaned; an empty one becomes "column 3", a second "x" becomes "x (2)"."""
    taken: set[str] = set()
    copies: Counter[str] = Counter()
    found = []
    for number, raw in enumerate(names, 1):
        name = unique = clean(raw) or f"column {number}"
        while unique in taken:
            copies[name] += 1
            unique = f"{name} ({copies[name] + 1})"
        taken.add(unique)
        found.append(unique)
    return found


def name_and_unit(heading: str) -> tuple[str, str]:
    """Name and unit, of "length [cm]" or "length (cm)"; a unit of '' where there is none."""
    found = _UNIT.match(heading)
    return (found["name"], found["unit"]) if found else (heading, "")
