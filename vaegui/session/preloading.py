"""Makes loading TensorFlow gentle on the window: it shares an interpreter lock with the import."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["lower_priority", "preload_tensorflow", "without_garbage_collection"]

NICENESS = 5
"""On Linux, where each thread has its own: enough that the window is served first."""

TURN = 0.001
"""Seconds after which a thread hands the interpreter to another that waits for it; five times less
than usual. Training takes and leaves it some ten times a chunk, and waited so long each time
while the window painted."""


def lower_priority() -> None:
    """Let other threads go before this one and all that it will start, TensorFlow's included."""
    sys.setswitchinterval(TURN)
    if sys.platform.startswith("linux"):
        own = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), own + NICENESS)


def preload_tensorflow() -> None:
    """Load TensorFlow's shared libraries without holding the interpreter's lock.

    The import that follows finds them loaded; otherwise it would hold the lock, and with it the
    window, for the half second or more that they take. Elsewhere than on Linux nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or spec.origin is None:
        return
    # The C function is called rather than `ctypes.CDLL`, which keeps the lock while it loads.
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
        load(os.fsencode(Path(spec.origin).parent / name), os.RTLD_NOW)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Import within this: no collection of garbage among millions of new objects that stay.

    One such collection holds everything up for a quarter of a second. What was made by the end is
    never looked through again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
