"""How a setting is declared: once, with everything that anybody wants to know of it.

The form, the command line, validation, the JSON in a model file and the reference in the
documentation are all made from these declarations. Importing them imports no TensorFlow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

__all__ = ["Choice", "Declared", "setting", "term_of", "unit_of", "words_of"]


class Declared(BaseModel):
    """A frozen group of settings. Unknown fields and values that are not finite are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True, strict=False
    )


class Choice(Declared):
    """One of several alternatives; a family of them forms a union discriminated by ``kind``.

    A subclass declares ``kind: Literal["..."] = "..."`` and the class attribute ``label``.
    """

    label: ClassVar[str]
    """What the choice is called in the form, e.g. ``"Dense layers"``."""

    offered: ClassVar[bool] = True
    """Whether it can be chosen for a new model; otherwise it only comes with one from elsewhere."""

    in_form: ClassVar[bool] = True
    """Whether it is chosen in the form, if it is offered; otherwise on a page of its own."""


def setting(
    default: Any,
    *,
    title: str,
    help: str,
    unit: str = "",
    more: bool = False,
    term: str = "",
    words: Mapping[str, str] | None = None,
    **bounds: Any,
) -> Any:
    """Declare one setting.

    Parameters
    ----------
    default
        The value a new run has.
    title
        What the form calls it.
    help
        One sentence: what it does to the model.
    unit
        The unit of the value, e.g. ``"nats"``; empty for a pure number.
    more
        Whether the form shows it only behind "More".
    term
        The technical term that it is about, a key of `TERMS` in
        `vaegui.wording.terms`; '' if it needs none.
    words
        What the form calls values that are one of a few words, where these alone say too little.
    bounds
        Pydantic's constraints: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``, ``max_length``.
    """
    extra: dict[str, Any] = {"unit": unit, "more": more, "term": term, "words": dict(words or {})}
    return Field(default, title=title, description=help, json_schema_extra=extra, **bounds)


def unit_of(field: FieldInfo) -> str:
    """The unit that a setting was declared with, or an empty string."""
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def term_of(field: FieldInfo) -> str:
    """The technical term that a setting was declared with, or an empty string."""
    extra = field.json_schema_extra
    return str(extra.get("term", "")) if isinstance(extra, dict) else ""


def words_of(field: FieldInfo) -> dict[str, str]:
    """What the form calls the values of a setting, as far as it was declared."""
    extra = field.json_schema_extra
    found = extra.get("words") if isinstance(extra, dict) else None
    return (
        {str(value): str(word) for value, word in found.items()} if isinstance(found, dict) else {}
    )


def is_more(field: FieldInfo) -> bool:
    """Whether a setting shows only behind "More"."""
    extra = field.json_schema_extra
    return bool(extra.get("more", False)) if isinstance(extra, dict) else False
