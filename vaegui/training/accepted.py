"""What a declared setting accepts, in plain English: for messages, command line and manual."""

from __future__ import annotations

import types
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from vaegui.declared import Choice, Declared

__all__ = ["accepted", "groups_of", "kind_of", "one_of"]


def accepted(annotation: Any, metadata: Iterable[Any] = ()) -> str:
    """What is right, e.g. ``a whole number from 1 to 100`` or ``auto, xla or graph``.

    Parameters
    ----------
    annotation
        The type that a setting was declared with.
    metadata
        Its bounds, as pydantic keeps them.
    """
    if get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        metadata = [*inner, *metadata]
    if groups := groups_of(annotation):
        return one_of([kind_of(g) for g in groups if issubclass(g, Choice)]) or "a group"
    if get_origin(annotation) is Literal:
        return one_of(get_args(annotation))
    if annotation is bool:
        return "true or false"
    limits = _limits(metadata)
    if get_origin(annotation) is tuple:
        item = accepted(get_args(annotation)[0]).removeprefix("a ").replace("number", "numbers", 1)
        return f"{_count(limits)} {item}, separated by commas"
    noun = {int: "a whole number", float: "a number"}.get(annotation, "text")
    return f"{noun}{_range(limits)}"


def groups_of(annotation: Any) -> list[type[Declared]]:
    """The groups of settings that a field may hold; none for a plain value."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    united = get_origin(annotation) in (Union, types.UnionType)
    members = get_args(annotation) if united else (annotation,)
    return [m for m in members if isinstance(m, type) and issubclass(m, Declared)]


def kind_of(choice: type[Declared]) -> str:
    """The value of ``kind`` that stands for a choice in documents, e.g. ``"dense"``."""
    return str(choice.model_fields["kind"].default)


def one_of(values: Iterable[Any]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *first, last = [str(value) for value in values] or [""]
    return f"{', '.join(first)} or {last}" if first else last


def _limits(metadata: Iterable[Any]) -> dict[str, float]:
    # A bound may itself hold several, as Field(ge=1, le=9) inside Annotated does.
    flat = [inner for bound in metadata for inner in getattr(bound, "metadata", [bound])]
    names = ("ge", "gt", "le", "lt", "min_length", "max_length")
    return {
        name: getattr(bound, name)
        for bound in flat
        for name in names
        if getattr(bound, name, None) is not None
    }


def _range(limits: dict[str, float]) -> str:
    if "ge" in limits and "le" in limits:
        return f" from {_plain(limits['ge'])} to {_plain(limits['le'])}"
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    parts = [f"{word} {_plain(limits[name])}" for name, word in words.items() if name in limits]
    return f" {' and '.join(parts)}" if parts else ""


def _count(limits: dict[str, float]) -> str:
    least, most = limits.get("min_length", 0), limits.get("max_length")
    return f"at least {least}" if most is None else f"{least} to {most}"


def _plain(number: float) -> str:
    """A number as it may be typed: without separators of thousands."""
    return str(int(number)) if number == int(number) else f"{number:g}"
