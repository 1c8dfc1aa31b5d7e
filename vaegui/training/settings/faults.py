"""What is wrong with settings, as a sentence that names the setting and what would be right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from vaegui.declared import Choice, Declared
from vaegui.errors import SettingsError
from vaegui.training.settings.accepted import accepted, groups_of, kind_of, one_of

__all__ = ["settings_error", "unknown_setting"]

_LONGEST = 40
"""A wrong value is shown up to this length."""


def settings_error(error: ValidationError, model: type[Declared]) -> SettingsError:
    """The first fault that pydantic found in a document for ``model``, in plain English."""
    fault = error.errors(include_url=False)[0]
    place = _Place(model, fault["loc"])
    if fault["type"] == "extra_forbidden":
        return _extra(place)
    field, path = place.field, place.path
    if fault["type"] == "value_error":
        return SettingsError(f"{path} cannot be used: {fault['ctx']['error']}.", "", path)
    if field is None:
        return SettingsError(
            f"The settings must be a group of named values; got {_shown(fault['input'])}.",
            "`vaegui settings` prints an example.",
        )
    got = fault["input"]
    groups = groups_of(field.annotation)
    default = field.default
    if groups and fault["type"].startswith("union_tag"):
        path, default = f"{path}.kind", default.kind
        got = got.get("kind") if isinstance(got, dict) else None
    elif groups:
        return SettingsError(
            f"{path} must be a group of settings; got {_shown(got)}.",
            "`vaegui settings` prints an example.",
            path,
        )
    right = accepted(field.annotation, field.metadata)
    remedy = "" if field.is_required() else f"The default is {_listed(default)}."
    return SettingsError(f"{path} must be {right}; got {_shown(got)}.", remedy, path)


def unknown_setting(path: str) -> SettingsError:
    """The error about a name that no setting has."""
    return SettingsError(
        f"There is no setting called {path}.", "vaegui train --help lists them all.", path
    )


class _Place:
    """Where pydantic found a fault: its location, without the kinds of choices and list positions.

    Attributes
    ----------
    path
        The dotted path of the setting.
    field
        Its declaration, or None if there is none.
    group
        The group that it is in, or would be.
    siblings
        The alternatives to that group, itself included.
    """

    def __init__(self, model: type[Declared], location: Sequence[int | str]) -> None:
        self.field: FieldInfo | None = None
        self.group = model
        self.siblings: list[type[Declared]] = [model]
        names: list[str] = []
        for part in map(str, location):
            inner: list[type[Declared]] = groups_of(self.field.annotation) if self.field else []
            if inner and issubclass(inner[0], Choice):
                # The kind of the alternative that was chosen stands between field and field.
                self.group = next(choice for choice in inner if kind_of(choice) == part)
                self.siblings, self.field = inner, None
                continue
            if self.field and not inner:
                break  # a position in a list
            if inner:
                self.group, self.siblings = inner[0], inner
            names.append(part)
            self.field = self.group.model_fields.get(part)
        self.path = ".".join(names)


def _extra(place: _Place) -> SettingsError:
    """The error about a value that the chosen alternative has no place for."""
    parent, _, leaf = place.path.rpartition(".")
    owners = [kind_of(choice) for choice in place.siblings if leaf in choice.model_fields]
    if not owners:
        return unknown_setting(place.path)
    return SettingsError(
        f"{place.path} does not go with {parent}.kind={kind_of(place.group)}.",
        f"It is a setting of {parent}.kind={one_of(owners)}.",
        place.path,
    )


def _shown(value: Any) -> str:
    """A wrong value as it stands in a document, shortened."""
    if value is None or value == "":
        return "nothing"
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _listed(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
