"""Ways in which a file can be damaged, at random or with intent."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["MUTATIONS", "Mutation"]

Mutation = Callable[[random.Random, bytearray], None]


def _flip(chance: random.Random, content: bytearray) -> None:
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _extreme(chance: random.Random, content: bytearray) -> None:
    size = chance.choice((1, 2, 4, 8))
    at = chance.randrange(max(1, len(content) - size))
    value = chance.choice((0, 1, 255, 1 << 15, (1 << 31) - 1, 1 << 31, (1 << 64) - 1))
    content[at : at + size] = (value % (1 << 8 * size)).to_bytes(size, "little")


def _cut(chance: random.Random, content: bytearray) -> None:
    del content[chance.randrange(len(content)) :]


def _remove(chance: random.Random, content: bytearray) -> None:
    at = chance.randrange(len(content))
    del content[at : at + chance.choice((1, 2, 8, 512))]


def _repeat(chance: random.Random, content: bytearray) -> None:
    at, size = chance.randrange(len(content)), chance.choice((1, 8, 64, 4096))
    to = chance.randrange(len(content))
    content[to:to] = content[at : at + size]


def _copy_over(chance: random.Random, content: bytearray) -> None:
    size = min(len(content), chance.choice((4, 8, 32, 512)))
    start, to = (chance.randrange(len(content) - size + 1) for _ in range(2))
    content[to : to + size] = content[start : start + size]


def _reword(chance: random.Random, content: bytearray) -> None:
    """Put a number or word of JSON, or of a header, in the place of another."""
    digits = [i for i, byte in enumerate(content[:20_000]) if 48 <= byte <= 57]
    if digits:
        at = chance.choice(digits)
        words = (b"-1", b"0", b"1e308", b"1e999", b"9" * 30, b"null", b"[]", b'"x"', b"NaN", b"{}")
        content[at : at + 1] = chance.choice(words)


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _extreme, _cut, _remove, _repeat, _copy_over, _reword,
)  # fmt: skip
