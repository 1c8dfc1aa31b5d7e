"""Settings on the command line: how they are listed, read from a file, and named one by one."""

from __future__ import annotations

import difflib
import shutil
import textwrap
from collections.abc import Collection
from pathlib import Path
from typing import Any

from vaegui import strict_json
from vaegui.errors import FileError, SettingsError
from vaegui.presets import preset
from vaegui.training.settings.reference import EACH, entries
from vaegui.training.settings.settings import Settings

__all__ = ["first_settings", "parsed", "settings_help"]


def settings_help() -> str:
    """All settings with default, bounds, unit and help, as their declarations have them."""
    lines = ["Settings for --set PATH=VALUE (lists as 400 or 400,200):", ""]
    for entry in entries():
        lines += _wrapped(f"{entry.path}  (default {_shown(entry.default)}; {entry.allowed})", "")
        lines += _wrapped(entry.help, "    ")
    return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    columns = max(40, shutil.get_terminal_size().columns - 1)
    return textwrap.wrap(
        text, columns, initial_indent=indent, subsequent_indent=indent or "        "
    )


def _shown(default: Any) -> str:
    return ",".join(map(str, default)) if isinstance(default, list) else str(default)


def first_settings(path: Path | None, name: str | None) -> Settings:
    """What single settings change: a JSON file, a preset by name, or the defaults without any."""
    if path is not None and name is not None:
        raise SettingsError(
            "--settings and --preset both say where to begin.", "Give one of the two."
        )
    if name is not None:
        return preset(name).settings
    return Settings() if path is None else _settings_file(path)


def _settings_file(path: Path) -> Settings:
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise FileError(
            f"The settings {path} cannot be read: {error.strerror}.", "Check the file's name."
        ) from error
    except UnicodeDecodeError:
        raise FileError(f"The settings {path} are not text.", "Give a JSON file.") from None
    return Settings.from_json(text)


def parsed(assignments: tuple[str, ...]) -> dict[str, Any]:
    """What the user wrote as path=value, by path. Raises `SettingsError` naming the bad one."""
    lists = {entry.path: entry.is_list for entry in entries()}
    values: dict[str, Any] = {}
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            raise SettingsError(
                f"--set {assignment} has no value.", "Write it as PATH=VALUE.", path
            )
        declared = _declared(path, lists)
        if declared is None:
            close = difflib.get_close_matches(path, lists, n=1)
            remedy = f"Do you mean {close[0]}?" if close else "vaegui train --help lists them all."
            raise SettingsError(f"There is no setting called {path}.", remedy, path)
        listed = lists[declared] and not text.lstrip().startswith("[")
        values[path] = [_value(part) for part in text.split(",")] if listed else _value(text)
    return values


def _declared(path: str, known: Collection[str]) -> str | None:
    """The path as it is declared, where one name may be that of a group in a list."""
    names = path.split(".")
    each = (".".join([*names[:i], EACH, *names[i + 1 :]]) for i in range(len(names)))
    return next((declared for declared in (path, *each) if declared in known), None)


def _value(text: str) -> Any:
    try:
        return strict_json.parse(text.encode())
    except ValueError:
        return text
