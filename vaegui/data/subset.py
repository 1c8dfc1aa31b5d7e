"""Named sets of examples."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaegui.data.description import DataDescription
from vaegui.data.source import PART_NAMES, DatasetId, ExampleRef, Part

__all__ = ["Members", "Subset"]

JsonValue = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Members:
    """Which examples of a dataset: a bit mask for each of its parts.

    Members of one dataset are joined by ``|``, intersected by ``&`` and subtracted by ``-``; ``~``
    are all others; ``len`` counts them and ``in`` asks for an `ExampleRef`. They never change, and
    equal ones are one.

    Attributes
    ----------
    dataset
        Which dataset they are examples of.
    lengths
        The parts of the dataset, and how many examples each has.
    bits
        For each of these parts a number whose bit i says whether row i is a member.
    """

    dataset: DatasetId
    lengths: tuple[tuple[Part, int], ...]
    bits: tuple[int, ...]

    @staticmethod
    def none(data: DataDescription) -> Members:
        """No example of a dataset."""
        lengths = tuple((part, data.examples(part)) for part in PART_NAMES)
        return Members(data.sha256, lengths, (0,) * len(lengths))

    def with_rows(self, part: Part, rows: ArrayLike) -> Members:
        """These and some rows of a part.

        Raises
        ------
        IndexError
            If the part has no such row.
        """
        mask = self.mask(part)
        mask[np.asarray(rows, np.intp)] = True
        bits = int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")
        changed = (bits if name == part else old for name, _, old in self._parts())
        return dataclasses.replace(self, bits=tuple(changed))

    def mask(self, part: Part) -> NDArray[np.bool_]:
        """Whether each row of a part is a member, (length,); all False for a part without rows."""
        length, bits = next((n, bits) for name, n, bits in self._parts() if name == part)
        return np.unpackbits(_packed(bits, length), count=length, bitorder="little").astype(bool)

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.bits)

    def __contains__(self, ref: ExampleRef) -> bool:
        here = ref.dataset == self.dataset and ref.row >= 0
        return here and any(
            bits >> ref.row & 1 for part, _, bits in self._parts() if part == ref.part
        )

    def __or__(self, other: Members) -> Members:
        return self._with(other, lambda mine, others: mine | others)

    def __and__(self, other: Members) -> Members:
        return self._with(other, lambda mine, others: mine & others)

    def __sub__(self, other: Members) -> Members:
        return self._with(other, lambda mine, others: mine & ~others)

    def __invert__(self) -> Members:
        flipped = (bits ^ (1 << length) - 1 for _, length, bits in self._parts())
        return dataclasses.replace(self, bits=tuple(flipped))

    def to_json(self) -> JsonValue:
        """As a JSON object, for `from_json`."""
        masks = {part: [n, _written(bits, n)] for part, n, bits in self._parts()}
        return {"dataset": self.dataset, "masks": masks}

    @staticmethod
    def from_json(document: object) -> Members:
        """The members that `to_json` gave. Raises `ValueError` if they cannot be such."""
        match document:
            case {"dataset": str(dataset), "masks": dict(masks)} if set(masks) == set(PART_NAMES):
                found = {part: _read(masks[part]) for part in PART_NAMES}
                lengths = tuple((part, length) for part, (length, _) in found.items())
                return Members(dataset, lengths, tuple(bits for _, bits in found.values()))
        raise ValueError("this does not say which examples are members of a subset")

    def _parts(self) -> list[tuple[Part, int, int]]:
        """Name, length and bits of each part."""
        return [(*part, bits) for part, bits in zip(self.lengths, self.bits, strict=True)]

    def _with(self, other: Members, combine: Callable[[int, int], int]) -> Members:
        if (self.dataset, self.lengths) != (other.dataset, other.lengths):
            raise ValueError("these are examples of different datasets")
        return dataclasses.replace(self, bits=tuple(map(combine, self.bits, other.bits)))


@dataclass(frozen=True, slots=True)
class Subset:
    """A set of examples with a name, and the colour ``#rrggbb`` that they are drawn in."""

    name: str
    colour: str
    members: Members

    def to_json(self) -> JsonValue:
        """As a JSON object, for `from_json`."""
        return {"name": self.name, "colour": self.colour, "members": self.members.to_json()}

    @staticmethod
    def from_json(document: object) -> Subset:
        """The subset that `to_json` gave. Raises `ValueError` if it cannot be one."""
        match document:
            case {"name": str(name), "colour": str(colour), "members": members}:
                return Subset(name, colour, Members.from_json(members))
        raise ValueError("this is no subset: it lacks a name, a colour or its members")


def _packed(bits: int, length: int) -> NDArray[np.uint8]:
    """A mask of so many rows as bytes, bit 0 first."""
    return np.frombuffer(bits.to_bytes(-(-length // 8), "little"), np.uint8)


def _written(bits: int, length: int) -> str:
    return base64.b64encode(_packed(bits, length).tobytes()).decode()


def _read(part: object) -> tuple[int, int]:
    """The length and the mask of a part."""
    match part:
        case [int(length), str(text)] if length >= 0:
            try:
                packed = base64.b64decode(text, validate=True)
            except binascii.Error:
                raise ValueError("the members of a subset are not written in base64") from None
            bits = int.from_bytes(packed, "little")
            if len(packed) == -(-length // 8) and bits.bit_length() <= length:
                return length, bits
    raise ValueError("the members of a subset do not fit the lengths of their parts")
