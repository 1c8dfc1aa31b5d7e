"""The figures in docs/reliability.md, written by the tests that measured them."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["record"]

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
WANTED = "VAEGUI_WRITE_FIGURES"
"""Environment variable that asks for writing; otherwise tests change no file of the project."""


def record(name: str, figures: str) -> None:
    """Put ``figures`` into the row of the table that begins with ``name``."""
    if not os.environ.get(WANTED):
        return
    text = PAGE.read_text(encoding="utf-8")
    row = re.compile(rf"^(\| {re.escape(name)} \| ).*( \|)$", re.MULTILINE)
    assert len(row.findall(text)) == 1, f"docs/reliability.md has no row {name}"
    written = row.sub(lambda found: found[1] + figures + found[2], text)
    PAGE.write_text(written, encoding="utf-8")
