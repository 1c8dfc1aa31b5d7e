"""What could not be read."""

from __future__ import annotations

from collections.abc import Iterator

from vaegui.data.checks.problem import MOST_PLACES, Examined, Problem

__all__ = ["skipped"]


def skipped(examined: Examined) -> Iterator[Problem]:
    """Tell what the reader left out or took for missing."""
    for what, words in (("left out", "left out"), ("changed", "changed")):
        entries = [entry for entry in examined.opened.unread if entry.what == what]
        if entries:
            once = len(entries) == 1
            yield Problem(
                f"{words} when read",
                f"{len(entries):,} {'place' if once else 'places'} of the files "
                f"{'was' if once else 'were'} {words}: {entries[0].why}"
                f"{'' if once else ', and others'}.",
                "The ledger lists them all.",
                tuple(entry.place for entry in entries[:MOST_PLACES]),
                len(entries),
            )
