"""JSON, and how to read that of strangers: little memory and time, and only one meaning."""

from __future__ import annotations

import json
import math
import re
from typing import Any

__all__ = ["parse", "written"]

MAX_BYTES = 8 << 20
MAX_DEPTH = 64
MAX_TOKENS = 500_000
"""Strings, brackets, commas and colons: they bound how many objects come of it."""
MAX_DIGITS = 20

# Without its end a string goes up to the end of all; to look for it again from each quote in it
# would take hours.
_STRING_OR_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},:]', re.DOTALL)
_STEPS = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def parse(content: bytes) -> Any:
    """The document that UTF-8 JSON describes.

    Raises
    ------
    ValueError
        If it is no JSON, is too large or nested too deeply, names something twice, or holds a
        number that is not finite or too long.
    """
    if len(content) > MAX_BYTES:
        raise ValueError("it is too large")
    _check_structure(content)
    return json.loads(
        content.decode(),
        object_pairs_hook=_object,
        parse_int=_integer,
        parse_float=_number,
        parse_constant=_constant,
    )


def written(document: Any) -> bytes:
    """A document as JSON that a person can read; the same one always gives the same bytes."""
    return (json.dumps(document, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def _check_structure(content: bytes) -> None:
    """Look for what would take the parser long, before it is let at it."""
    depth = 0
    for tokens, found in enumerate(_STRING_OR_MARK.finditer(content)):
        depth += _STEPS.get(found[0], 0)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deeply")
        if tokens > MAX_TOKENS:
            raise ValueError("it holds too many values")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("it names something twice")
    return document


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError("it holds a number with too many digits")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("it holds a number that is not finite")
    return number


def _constant(text: str) -> float:
    raise ValueError(f"it holds {text}, which is not a finite number")
