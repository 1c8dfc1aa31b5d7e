"""What a user can cause, told so that a user can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "Cancelled",
    "DataError",
    "DivergedError",
    "FileError",
    "Fix",
    "SettingsError",
    "SettingsWarning",
    "VaeguiError",
]


class VaeguiError(Exception):
    """Something that a user can cause and put right.

    Parameters
    ----------
    message
        What happened, in one sentence that names the thing concerned.
    remedy
        What to do about it, in one sentence. Empty if nothing can be done.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


@dataclass(frozen=True)
class Fix:
    """Values of settings that would mend an error: ``label`` for a button, ``values`` by path."""

    label: str
    values: dict[str, Any]


class SettingsError(VaeguiError):
    """A setting has a value that cannot be used. ``path`` names it, e.g. ``training.epochs``."""

    def __init__(
        self, message: str, remedy: str = "", path: str = "", fix: Fix | None = None
    ) -> None:
        super().__init__(message, remedy)
        self.path, self.fix = path, fix


class SettingsWarning(UserWarning):
    """Settings can be used but are hardly meant."""


class DataError(VaeguiError):
    """A dataset cannot be had or does not fit the model."""


class DivergedError(VaeguiError):
    """Training came to numbers that are not finite. The model stands where they still were."""


class FileError(VaeguiError):
    """A file cannot be read or written."""


class Cancelled(VaeguiError):
    """The user cancelled what was going on. Nothing is shown for it but the fact."""

    def __init__(self, what: str = "It") -> None:
        super().__init__(f"{what} was cancelled.")
