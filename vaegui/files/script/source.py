"""Source text: how calls and blocks are laid out."""

from __future__ import annotations

import textwrap
from typing import Any

__all__ = ["block", "call", "joined", "literal"]

LINE = 100
"""Longest line."""


def block(text: str) -> str:
    """A part of the script, from text that is indented as the code around it."""
    return textwrap.dedent(text).strip("\n")


def joined(*parts: str, lines: int = 2) -> str:
    """Parts that are not empty, with so many empty lines between them."""
    return ("\n" * (lines + 1)).join(part for part in parts if part)


def literal(value: Any) -> str:
    """A value of a setting as Python writes it, with double quotes."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, tuple | list):
        inner = ", ".join(map(literal, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def call(before: str, arguments: dict[str, Any], after: str = ")", indent: int = 4) -> str:
    """A call such as ``h = layers.Dense(`` ... ``)(h)``, wrapped where a line is too short.

    Arguments without a name have keys that begin with a digit.
    """
    written = [
        literal(value) if name[:1].isdigit() else f"{name}={literal(value)}"
        for name, value in arguments.items()
    ]
    outer, inner = " " * indent, " " * (indent + 4)
    line = f"{outer}{before}{', '.join(written)}{after}"
    if len(line) <= LINE:
        return line
    body = f"{inner}{', '.join(written)}"
    if len(body) > LINE:
        body = "\n".join(f"{inner}{argument}," for argument in written)
    return f"{outer}{before}\n{body}\n{outer}{after}"
