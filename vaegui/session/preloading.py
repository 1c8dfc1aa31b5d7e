"""Makes loading TensorFlow gentle on the window: it shares an interpreter lock with the import."""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["gently", "give_way", "preload_tensorflow", "without_greetings"]

NICENESS = 5
"""On Linux, where each thread has its own: enough that the window is served first."""

_FILTER = r"""
import re, sys
greeting = re.compile(rb"[IWE]\d{4} |WARNING: All log messages before absl|To enable the following")
for line in sys.stdin.buffer:
    if not greeting.match(line):
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()
"""


@contextmanager
def without_greetings() -> Iterator[None]:
    """Load TensorFlow within this: its libraries' hints do not reach the terminal.

    They are written before anybody can ask for less. All else passes, also the last words of a
    process that dies meanwhile; that is why another process looks through them.
    """
    if "tensorflow" in sys.modules:
        yield
        return
    kept = os.dup(2)
    command = [sys.executable, "-I", "-S", "-c", _FILTER]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as reader:
        assert reader.stdin is not None
        os.dup2(reader.stdin.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


TURN = 0.001
"""Seconds after which a thread hands the interpreter to another that waits for it; five times less
than usual. Training takes and leaves it some ten times a chunk, and waited so long each time
while the window painted."""


def give_way() -> None:
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
def gently() -> Iterator[None]:
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
