"""Whether a window can be opened here, asked before Qt is.

Where Qt finds no display it ends the process by abort, which Python can neither catch nor explain.
On Linux both happen often: on servers, in containers, and where a system library is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from vaegui.paths import resource

__all__ = ["why_no_display"]

_PROBE = "import sys; from PySide6 import QtGui, QtWidgets; QtWidgets.QApplication(sys.argv)"
"""Opens and closes Qt's connection to the display. It may abort."""


def why_no_display(arguments: Sequence[str] = ()) -> str:
    """Why no window can be opened, and what to do about it.

    Where all is well this takes some milliseconds and imports nothing of Qt. Where something is
    wrong, a child process has tried Qt itself before this says so.

    Parameters
    ----------
    arguments
        The words after the program's name. Qt heeds ``-platform`` and ``-display`` among them.

    Returns
    -------
    str
        Sentences for the user, or an empty string if a window can be opened. Elsewhere than on
        Linux always empty: there, a display is part of the system.
    """
    if not sys.platform.startswith("linux"):
        return ""
    display = _option("-display", arguments) or os.environ.get("DISPLAY", "")
    platforms = _platforms(_option("-platform", arguments))
    causes = [_why_not(platform, display) for platform in platforms]
    if not all(causes) or _qt_starts(arguments):
        return ""
    # The first is what Qt prefers here; the others are what it falls back to.
    sentences = [f"vaegui cannot open a window: {causes[0]}"]
    if packages := _missing_packages():
        sentences.append(f"On Debian and Ubuntu: sudo apt-get install {' '.join(packages)}")
    sentences.append("Without a window, `vaegui train` trains in the terminal.")
    return "\n".join(sentences)


def _option(name: str, arguments: Sequence[str]) -> str:
    """The value of an option of Qt's, the last if there are several, or an empty string."""
    values = [value for word, value in pairwise(arguments) if word == name]
    return values[-1] if values else ""


def _platforms(chosen: str) -> list[str]:
    """The names of the platform plugins that Qt will try, in its order."""
    named = chosen or os.environ.get("QT_QPA_PLATFORM", "")
    if named:
        return [part.partition(":")[0] for part in named.split(";")]
    return ["wayland", "xcb"] if os.environ.get("WAYLAND_DISPLAY") else ["xcb"]


def _why_not(platform: str, display: str) -> str:
    """What keeps a platform plugin of Qt from working, or an empty string."""
    if platform == "xcb":
        cause = _why_no_x_server(display)
    elif platform.startswith("wayland"):
        cause = _why_no_wayland()
    else:
        cause = ""  # offscreen, vnc and the like make their own display
    return cause or _why_not_loaded(_plugins() / f"libq{platform}.so")


def _why_no_x_server(display: str) -> str:
    if not display:
        return "neither DISPLAY nor WAYLAND_DISPLAY is set, so there is no display."
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _missing(error)
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return f"the display that DISPLAY={display} names does not answer." if failed else ""


def _why_no_wayland() -> str:
    name = os.environ.get("WAYLAND_DISPLAY") or "wayland-0"
    if (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name).is_socket():
        return ""
    return f"there is no Wayland display of the name {name}."


def _why_not_loaded(plugin: Path) -> str:
    """What keeps a plugin from being loaded. One that is not where it should be is Qt's affair."""
    if not plugin.is_file():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return _missing(error)
    return ""


def _missing(error: OSError) -> str:
    library = Path(str(error).partition(":")[0]).name
    return f"Qt needs the system library {library}, which is missing or does not fit."


def _missing_packages() -> list[str]:
    """The Debian packages of those libraries that Qt needs and this system lacks."""
    packages = []
    for line in resource("debian-packages.txt").read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        library, package = line.split()
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    return packages


def _plugins() -> Path:
    """The folder of the platform plugins that came with PySide6, found without importing it."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return Path()
    return Path(spec.submodule_search_locations[0]) / "Qt" / "plugins" / "platforms"


def _qt_starts(arguments: Sequence[str]) -> bool:
    """Whether Qt opens a display after all, tried where an abort harms nobody."""
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0
