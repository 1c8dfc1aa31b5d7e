"""Where the program's own files are, and where the user's are kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import platformdirs

__all__ = ["cache_folder", "config_folder", "data_folder", "guide", "log_folder", "resource"]


@cache
def _resources() -> Path:
    """The folder ``resources``: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of a file that comes with the program, e.g. ``resource("icons", "train.svg")``."""
    return _resources().joinpath(*parts)


def guide() -> Path:
    """The user guide: inside the package when installed, in ``docs`` in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "user-guide.md"
    return installed if installed.exists() else package.parent / "docs" / "user-guide.md"


def config_folder() -> Path:
    """Where settings of the window are kept. It may not exist and may not be writable."""
    return Path(platformdirs.user_config_dir("vaegui", appauthor=False))


def cache_folder() -> Path:
    """Where downloads and measurements are kept; all in it can be made again."""
    return Path(platformdirs.user_cache_dir("vaegui", appauthor=False))


def data_folder() -> Path:
    """Where runs that are not saved yet are kept. It may not exist and may not be writable."""
    return Path(platformdirs.user_data_dir("vaegui", appauthor=False))


def log_folder() -> Path:
    """Where the program notes what went wrong. It may not exist and may not be writable."""
    return Path(platformdirs.user_log_dir("vaegui", appauthor=False))
