"""The models that a field of a declaration can hold."""

from __future__ import annotations

import inspect
from typing import cast, get_args

from pydantic.fields import FieldInfo

from vaegui.declared import Choice, Declared

__all__ = ["alternatives", "can_be_made", "description"]


def alternatives(field: FieldInfo) -> tuple[type[Declared], ...]:
    """The models that a field can hold, or nothing for a plain value."""
    annotation = field.annotation
    members = get_args(annotation) or (annotation,)
    if all(isinstance(member, type) and issubclass(member, Declared) for member in members):
        return cast("tuple[type[Declared], ...]", members)
    return ()


def can_be_made(model: type[Declared]) -> bool:
    """Whether the form has what it takes to make such a model, or can only show one."""
    return not issubclass(model, Choice) or (model.offered and model.in_form)


def description(model: type[Declared]) -> str:
    """The first paragraph of a choice's docstring: what it says of itself to everybody."""
    paragraph = (inspect.getdoc(model) or "").split("\n\n")[0]
    return " ".join(paragraph.replace("`", "").split())
