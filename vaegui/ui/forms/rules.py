"""What a setting accepts: reading it from text, and saying in plain English what would be right.

Made from a field's annotation and bounds; knows no Qt.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from vaegui.declared import words_of
from vaegui.training.settings.accepted import how_many, limits_of, within

__all__ = ["Flag", "InvalidText", "Number", "NumberList", "OneOf", "Rule", "rule_for"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
# A group before the first comma may not begin with 0, so that a decimal comma (0,001) is refused
# instead of being read as 1.
_THOUSANDS = re.compile(r"([+-]?[1-9]\d{0,2})((?:,\d{3})+)(?![\d,])")
_SMALLEST_STEP = 1e-3


class InvalidText(ValueError):
    """A text that is not a value of the setting; its argument is the sentence for the user."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole or a real number within bounds (None: unbounded)."""

    title: str
    whole: bool
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None

    @property
    def wanted(self) -> str:
        """What is right, e.g. ``"a whole number from 1 to 100"``."""
        return f"a {self.noun}{self.range}"

    @property
    def noun(self) -> str:
        """``"whole number"`` or ``"number"``."""
        return "whole number" if self.whole else "number"

    @property
    def range(self) -> str:
        """The bounds in words, with a leading space, or nothing."""
        limits = {"ge": self.ge, "gt": self.gt, "le": self.le, "lt": self.lt}
        return within(limits, _shown)

    def read(self, text: str) -> int | float:
        """The number that a text says. Raises `InvalidText`."""
        number = self._number(text)
        if number is None or not self._within(number):
            raise InvalidText(
                f"{self.title} must be {self.wanted}; got {_quoted(text)}.{_comma(text)}"
            )
        return int(number) if self.whole else float(number)

    def write(self, value: float) -> str:
        """The text for a number, which `read` gives back exactly."""
        return str(int(value)) if self.whole else _plain(value)

    def tidied(self, text: str) -> str:
        """The same number as the program writes it. Raises `InvalidText`."""
        return self.write(self.read(text))

    def stepped(self, text: str, steps: int) -> str | None:
        """The text that arrows and the wheel lead to, or None from what is no number.

        Whole numbers go by one, others through 1, 2, 5, 10, 20 ... and their fractions.
        """
        number = self._number(text)
        if number is None:
            return None
        value = float(number)
        for _ in range(1 if self.whole else abs(steps)):
            after = value + steps if self.whole else self._neighbour(value, steps > 0)
            value = self._clamped(after, value)
        return self.write(value)

    def _number(self, text: str) -> Decimal | None:
        tidy = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text.strip())
        if not _NUMBER.fullmatch(tidy):
            return None
        number = Decimal(tidy)
        # Beyond 300 digits a float overflows, and a whole number would fill the memory.
        if abs(number.adjusted()) > 300:
            return None
        return None if self.whole and number != number.to_integral_value() else number

    def _within(self, number: Decimal | float) -> bool:
        return (
            (self.ge is None or number >= self.ge)
            and (self.gt is None or number > self.gt)
            and (self.le is None or number <= self.le)
            and (self.lt is None or number < self.lt)
        )

    def _clamped(self, after: float, before: float) -> float:
        if self.ge is not None:
            after = max(after, self.ge)
        if self.le is not None:
            after = min(after, self.le)
        return after if self._within(after) else before

    def _neighbour(self, value: float, up: bool) -> float:
        if value < 0.0:
            return -self._neighbour(-value, not up)
        if value == 0.0:
            return _SMALLEST_STEP if up else -_SMALLEST_STEP
        if not up and value <= _SMALLEST_STEP and self._within(0.0):
            return 0.0
        exponent = math.floor(math.log10(value))
        rungs = [
            float(f"{digit}e{exponent + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)
        ]
        if up:
            return min(rung for rung in rungs if rung > value)
        return max(rung for rung in rungs if rung < value)


@dataclass(frozen=True, slots=True)
class NumberList:
    """Some numbers separated by commas."""

    title: str
    item: Number
    least: int
    most: int | None

    @property
    def wanted(self) -> str:
        """What is right, e.g. ``"1 to 8 whole numbers from 1 to 4,096, separated by commas"``."""
        count = how_many(self.least, self.most)
        return f"{count} {self.item.noun}s{self.item.range}, separated by commas"

    def read(self, text: str) -> tuple[int | float, ...]:
        """The numbers that a text says. Raises `InvalidText`."""
        parts = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
        try:
            values = tuple(self.item.read(part) for part in parts)
        except InvalidText:
            values = None
        long = self.most is not None and len(parts) > self.most
        if values is None or len(values) < self.least or long:
            raise InvalidText(f"{self.title} must be {self.wanted}; got {_quoted(text)}.")
        return values

    def write(self, value: Iterable[float]) -> str:
        """The text for some numbers."""
        return ", ".join(self.item.write(number) for number in value)

    def tidied(self, text: str) -> str:
        """The same numbers as the program writes them. Raises `InvalidText`."""
        return self.write(self.read(text))


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few fixed values."""

    title: str
    values: tuple[Any, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    """What some of them are called."""

    def word(self, value: Any) -> str:
        """What a value is called."""
        return self.words.get(str(value), str(value))

    @property
    def wanted(self) -> str:
        """All that can be chosen."""
        return "one of " + ", ".join(map(self.word, self.values))


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    title: str
    wanted: str = ""


Rule = Number | NumberList | OneOf | Flag


def rule_for(title: str, declared: FieldInfo) -> Rule:
    """The rule of a declared field that is no group.

    Raises
    ------
    TypeError
        For an annotation that forms cannot show.
    """
    rule = _rule(title, declared.annotation, limits_of(declared.metadata))
    return replace(rule, words=words_of(declared)) if isinstance(rule, OneOf) else rule


def _rule(title: str, annotation: Any, bounds: dict[str, Any]) -> Rule:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return _rule(title, inner, bounds | limits_of(metadata))
    if annotation is bool:
        return Flag(title)
    if annotation in (int, float):
        return Number(title, annotation is int, **bounds)
    if get_origin(annotation) is Literal:
        return OneOf(title, get_args(annotation))
    if get_origin(annotation) is tuple and get_args(annotation)[-1] is Ellipsis:
        item = _rule(title, get_args(annotation)[0], {})
        if isinstance(item, Number):
            return NumberList(title, item, bounds.get("min_length", 0), bounds.get("max_length"))
    raise TypeError(f"no form field for {title}: {annotation}")


def _plain(value: float) -> str:
    """The shortest text that reads back as the same number: 1, 0.001, 1e-5."""
    return re.sub(r"e([+-])0*", lambda sign: "e" + sign[1].strip("+"), repr(value)).removesuffix(
        ".0"
    )


def _shown(bound: float) -> str:
    """A bound as people write it, 100,000."""
    return f"{int(bound):,}" if float(bound).is_integer() else _plain(float(bound))


def _quoted(text: str) -> str:
    text = text.strip()
    if not text:
        return "nothing"
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"


def _comma(text: str) -> str:
    """A hint for who writes decimals with a comma."""
    swapped = text.strip().replace(",", ".")
    if text.count(",") == 1 and _NUMBER.fullmatch(swapped):
        return f" Write decimals with a point: {swapped}."
    return ""
