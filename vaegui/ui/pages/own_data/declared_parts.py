"""Some of the settings of a group as a group of its own, for a form of just these."""

from __future__ import annotations

from copy import copy
from typing import Any

from pydantic import create_model

from vaegui.declared import Declared

__all__ = ["declared_part"]


def declared_part(name: str, *sources: Any) -> type[Declared]:
    """A group with some fields of others, all shown at once, nothing behind "More".

    Parameters
    ----------
    sources
        Groups, each followed by the names of its fields that are wanted.
    """
    fields: dict[str, Any] = {}
    of: type[Declared] = Declared
    for source in sources:
        if isinstance(source, str):
            field = copy(of.model_fields[source])
            extra = field.json_schema_extra
            field.json_schema_extra = {**(extra if isinstance(extra, dict) else {}), "more": False}
            fields[source] = (field.annotation, field)
        else:
            of = source
    return create_model(name, __base__=Declared, **fields)
