"""What a declared setting accepts, in plain English: for messages, command line and manual."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from vaegui.declared import Choice, Declared

__all__ = ["accepted", "groups_of", "kind_of", "offered", "one_of"]


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
        return one_of([kind_of(choice) for choice in offered(groups)]) or "a group"
    if get_origin(annotation) is Literal:
        return one_of(get_args(annotation))
    if annotation is bool:
        return "true or false"
    limits = limits_of(metadata)
    if get_origin(annotation) is tuple:
        count = how_many(limits.get("min_length", 0), limits.get("max_length"))
        if groups_of(get_args(annotation)[0]):
            return f"a list of {count} groups"
        item = accepted(get_args(annotation)[0]).removeprefix("a ").replace("number", "numbers", 1)
        return f"{count} {item}, separated by commas"
    noun = {int: "a whole number", float: "a number"}.get(annotation, "text")
    return f"{noun}{within(limits, _plain)}"


def groups_of(annotation: Any) -> list[type[Declared]]:
    """The groups of settings that a field may hold; none for a plain value."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    united = get_origin(annotation) in (Union, types.UnionType)
    members = get_args(annotation) if united else (annotation,)
    return [m for m in members if isinstance(m, type) and issubclass(m, Declared)]


def offered(groups: Iterable[type[Declared]]) -> list[type[Choice]]:
    """Those of some groups that are alternatives which can be chosen for a new model."""
    return [g for g in groups if issubclass(g, Choice) and g.offered]


def kind_of(choice: type[Declared]) -> str:
    """The value of ``kind`` that stands for a choice in documents, e.g. ``"dense"``."""
    return str(choice.model_fields["kind"].default)


def one_of(values: Iterable[Any]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *first, last = [str(value) for value in values] or [""]
    return f"{', '.join(first)} or {last}" if first else last


def limits_of(metadata: Iterable[Any]) -> dict[str, float]:
    """The bounds of a setting by name: ge, gt, le, lt, min_length, max_length."""
    # A bound may itself hold several, as Field(ge=1, le=9) inside Annotated does.
    flat = [inner for bound in metadata for inner in getattr(bound, "metadata", [bound])]
    names = ("ge", "gt", "le", "lt", "min_length", "max_length")
    return {
        name: getattr(bound, name)
        for bound in flat
        for name in names
        if getattr(bound, name, None) is not None
    }


def within(limits: Mapping[str, float | None], shown: Callable[[float], str]) -> str:
    """Bounds in words with a leading space, e.g. `` from 1 to 100``; nothing without any."""
    low, high = limits.get("ge"), limits.get("le")
    if low is not None and high is not None:
        return f" from {shown(low)} to {shown(high)}"
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    bounds = [(word, limits.get(name)) for name, word in words.items()]
    parts = [f"{word} {shown(bound)}" for word, bound in bounds if bound is not None]
    # "of at least 0 and below 1", "above 0 and at most 10"
    parts[1:] = [part.removeprefix("of ") for part in parts[1:]]
    return f" {' and '.join(parts)}" if parts else ""


def how_many(least: float, most: float | None) -> str:
    """How long a list may be, in words."""
    return f"at least {least}" if most is None else f"{least} to {most}"


def _plain(number: float) -> str:
    """A number as it may be typed: without separators of thousands."""
    return str(int(number)) if number == int(number) else f"{number:g}"
