"""What a column of a table is for, and how it becomes features. Declared once, for each column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from vaegui.data.source import OneHot
from vaegui.declared import Declared, setting

__all__ = ["OTHER", "Column", "Role", "feature_names", "log1p_features", "one_hots"]

Role = Literal["feature", "label", "group", "ignore"]

OTHER = "other"
"""The category of all words that have none of their own."""
DATE_PARTS = ("year", "month", "weekday")
"""Weekdays count from Monday, 0."""
MOST_CATEGORIES = 1000


class Column(Declared):
    """One column of a table, what it is for and how it becomes features."""

    name: str = setting("", title="Column", help="Its name in the file.", max_length=200)
    role: Role = setting(
        "feature",
        title="Role",
        help="What the model learns from (feature), what colours the points (label), what must "
        "not be divided between parts (group), or what is not used.",
    )
    kind: Literal["number", "category", "date", "text"] = setting(
        "number", title="Kind", help="What its cells are."
    )
    unit: str = setting("", title="Unit", help="What it is measured in.", max_length=20)
    log1p: bool = setting(
        False,
        title="Logarithm",
        help="Whether the model sees log(1 + x): for amounts and counts over several magnitudes.",
    )
    mask: bool = setting(
        False,
        title="Tell what is missing",
        help="Whether one more feature says with 1 that the value is missing.",
    )
    categories: tuple[str, ...] = setting(
        (),
        title="Categories",
        help="The words that become a feature each, 1 where the cell has it and 0 elsewhere.",
        max_length=MOST_CATEGORIES,
    )
    other: bool = setting(
        False, title="Other words", help="Whether all other words together are one more category."
    )
    date: Literal["days", "parts"] = setting(
        "days",
        title="Dates as",
        help="Days since a first day, or year, month and weekday as three features.",
    )
    since: str = setting(
        "1970-01-01",
        title="First day",
        help="The day from which days are counted.",
        pattern=r"^\d{4}-\d{2}-\d{2}$",
    )

    @property
    def values(self) -> tuple[str, ...]:
        """The categories, with that of all other words."""
        return (*self.categories, OTHER) if self.other else self.categories

    @property
    def own_names(self) -> tuple[str, ...]:
        """What its features are called, without that of what is missing."""
        if self.kind in ("category", "text"):
            return tuple(f"{self.name} = {value}" for value in self.values)
        if self.kind == "date" and self.date == "parts":
            return tuple(f"{self.name}: {part}" for part in DATE_PARTS)
        return (self.name,)

    @property
    def names(self) -> tuple[str, ...]:
        """What its features are called, none if it is not one."""
        if self.role != "feature":
            return ()
        return (*self.own_names, f"{self.name} is missing") if self.mask else self.own_names

    @property
    def units(self) -> tuple[str, ...]:
        """The unit of each of its features."""
        units = [""] * len(self.names)
        if self.kind == "number" and units:
            units[0] = self.unit
        elif self.kind == "date" and self.date == "days" and units:
            units[0] = f"days since {self.since}"
        return tuple(units)

    @property
    def first_day(self) -> int:
        """The day from which days are counted, as days since 1970-01-01."""
        return int(np.datetime64(self.since, "D").astype(np.int64))


def feature_names(columns: Sequence[Column]) -> tuple[str, ...]:
    """What all features are called, in their order."""
    return tuple(name for column in columns for name in column.names)


def one_hots(columns: Sequence[Column]) -> tuple[OneHot, ...]:
    """Which features are the values of which category."""
    found, at = [], 0
    for column in columns:
        if column.names and column.kind in ("category", "text"):
            found.append(OneHot(column.name, at, column.values))
        at += len(column.names)
    return tuple(found)


def log1p_features(columns: Sequence[Column]) -> tuple[bool, ...]:
    """Of each feature whether the model sees its logarithm."""
    return tuple(
        column.log1p and column.kind == "number" and name == column.name
        for column in columns
        for name in column.names
    )
