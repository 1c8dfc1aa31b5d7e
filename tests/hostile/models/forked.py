"""The reader's child, forked from a process that has its libraries loaded already.

Thousands of files are opened so in the time in which hundreds are otherwise, which start an
interpreter for each look. What the child does, and the rights that it gives up, are the same.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

__all__ = ["start_server"]


class _Child:
    """As much of `subprocess.Popen` as the reader uses."""

    def __init__(self, server: socket.socket, arguments: Sequence[str], file: IO[bytes]) -> None:
        self._process: int | None = None
        here, there = os.pipe()
        socket.send_fds(server, [" ".join(arguments).encode()], [file.fileno(), there])
        os.close(there)
        self.stdout = open(here, "rb", buffering=0)  # noqa: SIM115 - closed at the end
        with contextlib.suppress(ProcessLookupError):
            self._process = os.pidfd_open(int(server.recv(32)))

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stdout.close()

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
            os.close(self._process)
            self._process = None


def start_server() -> Callable[..., Any]:
    """Fork the server, and return what takes the place of `vaegui.reading.child.start`.

    It has to be called before this process has threads.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        _serve(theirs)
    theirs.close()

    def start(program: Path, arguments: Sequence[str], packages: Any, stdin: IO[bytes]) -> _Child:
        return _Child(ours, arguments, stdin)

    return start


def _serve(asking: socket.socket) -> None:
    import h5py  # noqa: F401 - so that those who are forked have it

    from vaegui.reading import confinement, reader_child  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        text, files, _, _ = socket.recv_fds(asking, 4096, 2)
        if not text:
            os._exit(0)
        file, answer = files
        number = os.fork()
        if number == 0:
            asking.close()
            os.dup2(file, 0)
            os.dup2(answer, 1)
            os.close(file)
            os.close(answer)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            sys.stdout = os.fdopen(1, "w")
            try:
                reader_child.main(*text.decode().split(" "))
            finally:
                os._exit(0)
        os.close(file)
        os.close(answer)
        asking.send(str(number).encode())
