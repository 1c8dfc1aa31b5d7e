"""The settings as a list, made from their declarations: for the command line and the manual."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from vaegui.declared import Choice, Declared, unit_of
from vaegui.training.settings import Settings

__all__ = ["Entry", "entries"]

_SIGNS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting: its dotted path and what its declaration says of it.

    ``choice`` is the kind of the alternative that has it (``"dense"``), or empty for a setting
    that is always there. ``default`` is as it stands in JSON. ``bounds`` says in words what values
    are allowed. ``type`` is Python's type of the value.
    """

    path: str
    choice: str
    default: Any
    bounds: str
    unit: str
    help: str
    type: Any

    @property
    def allowed(self) -> str:
        """Bounds, unit and place, e.g. ``>= 1; in units; for architecture.kind=conv``."""
        group = self.path.rpartition(".")[0]
        facts = (
            self.bounds,
            f"in {self.unit}" if self.unit else "",
            f"for {group}.kind={self.choice}" if self.choice else "",
        )
        return "; ".join(fact for fact in facts if fact)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list of numbers, such as the widths of layers."""
        return get_origin(self.type) is tuple


def entries(model: type[Declared] = Settings) -> Iterator[Entry]:
    """All settings in the order of their declaration, alternatives one after another."""
    yield from _group(model, "", "")


def _group(model: type[Declared], prefix: str, choice: str) -> Iterator[Entry]:
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        path = prefix + name
        groups = _groups(field.annotation)
        if groups and issubclass(groups[0], Choice):
            kinds = tuple(_kind(group) for group in groups)
            default = field.default.kind
            yield Entry(
                f"{path}.kind", choice, default, _one_of(kinds), "", field.description or "", str
            )
            for group, kind in zip(groups, kinds, strict=True):
                yield from _group(group, f"{path}.", kind)
        elif groups:
            yield from _group(groups[0], f"{path}.", choice)
        else:
            yield _leaf(path, choice, field)


def _leaf(path: str, choice: str, field: FieldInfo) -> Entry:
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    bounds = _bounds(field.annotation, field.metadata)
    return Entry(
        path, choice, default, bounds, unit_of(field), field.description or "", field.annotation
    )


def _groups(annotation: Any) -> list[type[Declared]]:
    """The groups of settings that a field may hold; none for a plain value."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    united = get_origin(annotation) in (Union, types.UnionType)
    members = get_args(annotation) if united else (annotation,)
    return [m for m in members if isinstance(m, type) and issubclass(m, Declared)]


def _kind(choice: type[Declared]) -> str:
    return str(choice.model_fields["kind"].default)


def _bounds(annotation: Any, metadata: list[Any]) -> str:
    """What values are allowed, e.g. ``>= 1, <= 1024`` or ``auto, xla or graph``."""
    if get_origin(annotation) is Literal:
        return _one_of(get_args(annotation))
    if get_origin(annotation) is tuple:
        item = get_args(annotation)[0]
        each = _bounds(item, list(item.__metadata__)) if hasattr(item, "__metadata__") else ""
        lengths = _limits(metadata, {"min_length": "at least", "max_length": "at most"})
        return "; ".join(part for part in (f"each {each}" if each else "", lengths) if part)
    return _limits(metadata, _SIGNS)


def _limits(metadata: list[Any], words: dict[str, str]) -> str:
    # A bound may itself hold several, as Field(ge=1, le=9) inside Annotated does.
    flat = [inner for bound in metadata for inner in getattr(bound, "metadata", [bound])]
    found = [
        f"{word} {_plain(getattr(bound, name))}"
        for bound in flat
        for name, word in words.items()
        if getattr(bound, name, None) is not None
    ]
    return ", ".join(found)


def _plain(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"


def _one_of(values: tuple[Any, ...]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last
