"""What each column of a table is probably for, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from vaegui.data.formats.base import Guess
from vaegui.data.own.columns.column import Column, Role
from vaegui.data.own.columns.profile import ColumnProfile

__all__ = ["guess_columns"]

_LABELS = re.compile(
    r"label|labels|class|classes|target|targets|species|y|category|diagnosis|digit|outcome", re.I
)
_GROUPS = re.compile(
    r"(group|patient|subject|person|participant|donor|user|site)s?[ _-]?(id)?", re.I
)
_IDS = re.compile(r"(.*[ _-])?(id|index|idx|nr|no|number|row|key|uuid|code)\.?|unnamed.*", re.I)
_MOST_CLASSES, _MOST_NUMBERED = 100, 50
_MOST_VALUES = 20
"""So many words of a category become a feature each; the others share one."""
_LEAST_KNOWN = 0.5
"""Share of the cells that must be among them."""
_LONG = 40
_RATHER_USED: tuple[tuple[str, ...], ...] = (("number", "date"), ("category", "text"))
"""What becomes features where otherwise there would be none at all, the first that is there."""


def guess_columns(
    profiles: Sequence[ColumnProfile],
) -> tuple[tuple[Column, ...], tuple[Guess, ...]]:
    """Propose a role and a treatment for each column, with a reason for each."""
    label = _label(profiles)
    found = [_column(each, label) for each in profiles]
    columns = tuple(column for column, _ in found)
    for kinds in _RATHER_USED:
        if not any(column.names for column in columns):
            columns = tuple(_used(c, p, kinds) for c, p in zip(columns, profiles, strict=True))
    guesses = [
        Guess(f"columns.{index}.role", reason, _others(column))
        for index, (column, (_, reason)) in enumerate(zip(columns, found, strict=True))
    ]
    return columns, tuple(guesses)


def _label(profiles: Sequence[ColumnProfile]) -> tuple[str, str] | None:
    """Name of the column that has the labels, and why; None if none has."""
    named = [p for p in profiles if _LABELS.fullmatch(p.name.strip()) and _may_be_label(p)]
    if named:
        return named[-1].name, f"it is called '{named[-1].name}' and has few different values"
    words = [p for p in profiles if p.kind == "category" and _may_be_label(p)]
    if len(words) == 1:
        return words[0].name, "it is the only one with categories"
    coded = [p for p in profiles if p.kind == "number" and p.whole and _is_code(p)]
    if len(coded) == 1 and len(profiles) > 1 and coded[0] in (profiles[0], profiles[-1]):
        return coded[0].name, "it alone has few whole numbers, from 0 or 1 on"
    return None


def _is_code(p: ColumnProfile) -> bool:
    """Whether whole numbers are those that classes are numbered with."""
    return p.low in (0, 1) and 0 < p.high - p.low < _MOST_VALUES and not p.rising


def _may_be_label(p: ColumnProfile) -> bool:
    if p.kind == "number":
        return p.whole and not p.constant and p.high - p.low < _MOST_NUMBERED and not p.rising
    few = 2 <= len(p.words) <= _MOST_CLASSES and not p.more_words
    return p.kind == "category" and few and not p.unique


def _column(p: ColumnProfile, label: tuple[str, str] | None) -> tuple[Column, str]:
    """A column and the reason for its role."""
    role, reason = _role(p, label)
    column = Column(name=p.name, role=role, kind=p.kind, unit=p.unit)
    if p.kind in ("category", "text"):
        words = [word for word, _ in p.words]
        few = len(words) <= _MOST_VALUES and not p.more_words
        kept = words if few else words[: _MOST_VALUES - 1]
        column = column.model_copy(update={"categories": tuple(sorted(kept)), "other": not few})
    elif p.kind == "date" and np.isfinite(p.low):
        column = column.model_copy(update={"since": str(np.datetime64(int(np.floor(p.low)), "D"))})
    return column, reason


def _role(p: ColumnProfile, label: tuple[str, str] | None) -> tuple[Role, str]:
    if label and p.name == label[0]:
        return "label", label[1]
    if not p.count:
        return "ignore", "it has no values"
    if p.constant:
        return "ignore", "it has the same value everywhere"
    if _GROUPS.fullmatch(p.name.strip()) and not p.unique and (p.whole or p.words):
        return "group", f"it is called '{p.name}', and its values come several times"
    if p.rising:
        return "ignore", "it counts the rows"
    if p.kind == "number":
        if p.whole and p.unique and _IDS.fullmatch(p.name.strip()):
            return "ignore", f"it is called '{p.name}', and no value comes twice"
        return "feature", "it has numbers"
    if p.kind == "date":
        return "feature", "it has dates"
    if p.unique or (p.kind == "text" and p.more_words):
        return "ignore", "almost every row has another text"
    if p.letters > _LONG:
        return "ignore", f"its texts have {p.letters:.0f} letters on average"
    known = sum(count for _, count in p.words[:_MOST_VALUES])
    if known < _LEAST_KNOWN * p.count:
        return "ignore", f"it has {len(p.words):,} or more different words, most of them rare"
    return "feature", f"it has {len(p.words):,} different words"


def _others(column: Column) -> tuple[Role, ...]:
    """Other roles, the likeliest first."""
    order: dict[Role, tuple[Role, ...]] = {
        "feature": ("ignore", "label"),
        "label": ("feature", "ignore"),
        "group": ("ignore", "feature"),
        "ignore": ("feature", "label", "group"),
    }
    return order[column.role]


def _used(column: Column, p: ColumnProfile, kinds: Sequence[str]) -> Column:
    """The column as a feature, if it is of one of these kinds and has values."""
    usable = p.count > 0 and p.kind in kinds
    return column.model_copy(update={"role": "feature"}) if usable else column
