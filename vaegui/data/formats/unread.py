"""What a format could not read, as problems."""

from __future__ import annotations

from collections.abc import Sequence

from vaegui.data.formats.base import MOST_PLACES, LedgerEntry, Problem

__all__ = ["unread"]


def unread(ledger: Sequence[LedgerEntry], what: str) -> tuple[Problem, ...]:
    """Tell that some of the things that ``what`` names, one of them, are left out; or nothing."""
    if not ledger:
        return ()
    count = len(ledger)
    some = f"1 {what} is" if count == 1 else f"{count:,} {what}s are"
    others = "" if count == 1 else ", and others"
    return (
        Problem(
            f"unread {what}s",
            f"{some} left out: {ledger[0].why}{others}.",
            "The model is trained without; mend it in the files, and open them again.",
            tuple(entry.place for entry in ledger[:MOST_PLACES]),
            count,
        ),
    )
