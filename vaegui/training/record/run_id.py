"""Which run it is: the same in memory, in its model file and in its folder."""

from __future__ import annotations

import re
import secrets
from typing import NewType

__all__ = ["RunId", "new_run_id", "run_id_from"]

RunId = NewType("RunId", str)
"""Twelve hexadecimal digits, drawn when a run is created and kept for as long as it is known."""

_FORM = re.compile(r"[0-9a-f]{12}")


def new_run_id() -> RunId:
    """Return an id that no other run has."""
    return RunId(secrets.token_hex(6))


def run_id_from(document: object) -> RunId:
    """Return the id that a file holds. Raises `ValueError` if it cannot be one."""
    if not isinstance(document, str) or not _FORM.fullmatch(document):
        raise ValueError("the id of the run is not one")
    return RunId(document)
