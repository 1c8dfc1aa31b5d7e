"""Digits and signs as they are written in formulas."""

from __future__ import annotations

__all__ = ["subscript"]

_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


def subscript(number: int) -> str:
    """A number as subscript digits: 12 -> ₁₂."""
    return str(number).translate(_SUBSCRIPTS)
