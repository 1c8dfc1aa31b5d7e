"""The settings as a list, made from their declarations: for the command line and the manual."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from vaegui.declared import Choice, Declared, unit_of
from vaegui.training.settings.accepted import accepted, groups_of, kind_of, offered, one_of
from vaegui.training.settings.settings import Settings

__all__ = ["EACH", "Entry", "entries"]

EACH = "NAME"
"""Stands in a path for the name, or the number from 0, of one group in a list of them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: its dotted path and what its declaration says of it.

    ``choice`` is the kind of the alternative that has it (``"dense"``), and ``owner`` the path of
    the group of that kind; both are empty for a setting that is always there. ``default`` is as it
    stands in JSON. ``accepted`` says in words what is right. ``type`` is Python's type of the
    value.
    """

    path: str
    owner: str
    choice: str
    default: Any
    accepted: str
    unit: str
    help: str
    type: Any

    @property
    def allowed(self) -> str:
        """What is right, unit and place: ``3, 5 or 7; in pixels; for architecture.kind=conv``."""
        facts = (
            self.accepted,
            f"in {self.unit}" if self.unit else "",
            f"for {self.owner}.kind={self.choice}" if self.choice else "",
        )
        return "; ".join(fact for fact in facts if fact)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list of numbers, such as the widths of layers."""
        return get_origin(self.type) is tuple


def entries(model: type[Declared] = Settings) -> Iterator[Entry]:
    """All settings in the order of their declaration, alternatives one after another."""
    yield from _group(model, "", "", "")


def _group(model: type[Declared], prefix: str, owner: str, choice: str) -> Iterator[Entry]:
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        path = prefix + name
        groups = groups_of(field.annotation)
        if groups and issubclass(groups[0], Choice):
            choices = offered(groups)
            kinds = tuple(kind_of(choice) for choice in choices)
            default = field.default.kind
            yield Entry(
                f"{path}.kind",
                owner,
                choice,
                default,
                one_of(kinds),
                "",
                field.description or "",
                str,
            )
            for group, kind in zip(choices, kinds, strict=True):
                yield from _group(group, f"{path}.", path, kind)
        elif listed := groups_of((get_args(field.annotation) or (None,))[0]):
            yield from _group(listed[0], f"{path}.{EACH}.", owner, choice)
        elif groups:
            yield from _group(groups[0], f"{path}.", owner, choice)
        else:
            yield _leaf(path, owner, choice, field)


def _leaf(path: str, owner: str, choice: str, field: FieldInfo) -> Entry:
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    right = accepted(field.annotation, field.metadata)
    return Entry(
        path,
        owner,
        choice,
        default,
        right,
        unit_of(field),
        field.description or "",
        field.annotation,
    )
