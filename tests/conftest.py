"""What every test gets: folders of its own session, no real display, and a check for leaks."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.xvfb import Xvfb

# Before any test module imports Qt or TensorFlow. A user's own folders are never touched.
_HOME = tempfile.TemporaryDirectory(prefix="vaegui-tests-")
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["HOME"] = _HOME.name
_KINDS = ("CONFIG", "CACHE", "DATA", "STATE")
for _variable in (*(f"XDG_{kind}_HOME" for kind in _KINDS), "KERAS_HOME"):
    _folder = Path(_HOME.name, _variable.lower())
    _folder.mkdir()
    os.environ[_variable] = str(_folder)


OFTEN = 40
"""Tests after which all garbage is looked for, which takes a quarter of a second."""
_tests = [0]


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[None]:
    """Takes the session's folders away at its end."""
    yield
    _HOME.cleanup()


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Collects garbage in this thread only: a worker's must destroy nothing of Qt's."""
    gc.disable()
    yield
    _tests[0] += 1
    gc.collect(1 if _tests[0] % OFTEN else 2)


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fails a test that leaves a Python thread running or a window open."""
    threads, windows = set(threading.enumerate()), _windows()
    yield
    left = [thread for thread in threading.enumerate() if _leaked(thread, threads)]
    for thread in left:
        thread.join(timeout=60)  # one that ends by itself, as after compiling, has not leaked
    left = [thread for thread in left if thread.is_alive()]
    assert not left, f"threads left running: {left}"
    open_windows = [window for window in _windows() if window not in windows]
    assert not open_windows, f"windows left open: {open_windows}"


def _leaked(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    # TensorFlow's threads that call Python, and joblib's pool, last as long as the process.
    pools = ("Dummy-", "QueueManagerThread", "ThreadPoolExecutor-")
    return (
        thread not in before
        and thread.is_alive()
        and not (thread.daemon and thread.name.startswith(pools))
    )


def _windows() -> list[Any]:
    """The top-level widgets that are on screen, if Qt is in use."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    return [widget for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]


@pytest.fixture
def xvfb() -> Iterator[dict[str, str]]:
    """The environment for a program in a display of its own, which lasts as long as the test."""
    with closing(Xvfb()) as server:
        yield server.environment
