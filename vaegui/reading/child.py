"""How a program that looks into files of strangers is started as a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

__all__ = ["read", "read_into", "start"]

_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
"""What an interpreter may need of the environment in order to start at all."""


def start(
    program: Path, arguments: Sequence[str], packages: Sequence[str], stdin: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    """Start a Python program with a pipe as its standard output.

    Parameters
    ----------
    program
        Its file. It gives up its rights itself (``confinement.py``).
    arguments
        What it is told; the folders of ``packages`` follow, which it adds to its path of modules.
    packages
        What it imports beside the standard library.
    stdin
        Its standard input: an open file, or `subprocess.PIPE`.
    """
    specs = [importlib.util.find_spec(name) for name in packages]
    folders = sorted({str(Path(s.origin).parents[1]) for s in specs if s and s.origin})
    return subprocess.Popen(
        # -I and -S: nothing in the environment or the site's configuration adds code of its own.
        [sys.executable, "-I", "-S", "-B", str(program), *arguments, *folders],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        # One thread: every further one would count as memory.
        env={name: os.environ[name] for name in _KEPT if name in os.environ}
        | {"OPENBLAS_NUM_THREADS": "1"},
    )


def read(process: subprocess.Popen[bytes], count: int) -> bytes:
    """The next bytes that a process answers; fewer only where it ended before."""
    answer = bytearray(count)
    return bytes(answer[: read_into(process, memoryview(answer))])


def read_into(process: subprocess.Popen[bytes], found: memoryview) -> int:
    """Fill ``found`` with the next bytes that a process answers; how many there were."""
    assert process.stdout is not None
    done = 0
    while done < len(found):
        count = process.stdout.readinto(found[done:])  # type: ignore[attr-defined]
        if not count:
            break
        done += count
    return done
