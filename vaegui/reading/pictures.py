"""Pictures of strangers, decoded by processes that have no rights (``picture_child.py``).

A picture that makes a decoder crash, hang or take too much memory costs that process, which is
started again, and is told as a picture that cannot be read.
"""

from __future__ import annotations

import json
import os
import queue
import struct
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from vaegui.errors import FileError
from vaegui.reading import child, picture_child

__all__ = ["Unreadable", "answers"]

Task = Literal["look", "pages", "pixels"]

MAX_FILE_BYTES = 200 << 20
"""Of the file of a picture."""
_TIMEOUT = 60.0
"""Seconds that a process may take for pictures it is asked for together."""
_TOGETHER, _TOGETHER_BYTES = 32, 2 << 20
"""Pictures that are asked for together, at most, unless one alone is larger."""
_FEW = 64
"""Pictures for which a further process is not worth starting."""
_AGAIN = "Close other programs, if memory is short, and try again."
_CHILD = Path(picture_child.__file__)


class Unreadable(str):
    """Why a picture cannot be used: a clause."""

    __slots__ = ()


Loader = Callable[[int], bytes]
"""Reads the file of a picture. Raises `OSError` or `ValueError` if it cannot be read."""


def answers(
    task: Task,
    count: int,
    load: Loader,
    wanted: Mapping[str, Any] | None = None,
    sizes: Sequence[int] | None = None,
) -> Generator[bytes | Unreadable, None, None]:
    """What was found in each of ``count`` pictures, in their order.

    Parameters
    ----------
    task
        ``look`` what they are like (JSON), ``pages``: how many (4 bytes), or their ``pixels``.
    load
        Reads a picture's file; several threads call it.
    wanted
        What the pixels have to be, as ``picture_child.pixels`` says.
    sizes
        Bytes of each file, if they are known.

    Processes and threads end with the iterator: close it, if it is not read to its end.

    Raises
    ------
    FileError
        If no process can be started that decodes.
    """
    workers = max(1, min(_processors(), count // _FEW))
    with _children(task, wanted or {}, workers) as children:
        pool = ThreadPoolExecutor(2 * workers, "vaegui-pictures")
        pending: deque[Future[list[bytes | Unreadable]]] = deque()
        try:
            for rows in _groups(count, sizes):
                pending.append(pool.submit(_ask, rows, load, children))
                if len(pending) > 3 * workers:
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        finally:
            children.stop()
            pool.shutdown(cancel_futures=True)


def _groups(count: int, sizes: Sequence[int] | None) -> Iterator[list[int]]:
    group: list[int] = []
    together = 0
    for row in range(count):
        size = 0 if sizes is None else sizes[row]
        if group and (len(group) == _TOGETHER or together + size > _TOGETHER_BYTES):
            yield group
            group, together = [], 0
        group.append(row)
        together += size
    if group:
        yield group


def _ask(rows: list[int], load: Loader, children: _Children) -> list[bytes | Unreadable]:
    """The answers for some pictures. Their files are read before a process is waited for."""
    contents = [_loaded(row, load) for row in rows]
    asked = [content for content in contents if not isinstance(content, Unreadable)]
    decoded = iter(children.ask(asked))
    return [next(decoded) if isinstance(content, bytes) else content for content in contents]


def _loaded(row: int, load: Loader) -> bytes | Unreadable:
    try:
        content = load(row)
    except OSError as error:
        return Unreadable(f"it cannot be read: {error.strerror or error}")
    except ValueError as error:
        return Unreadable(str(error))
    if len(content) > MAX_FILE_BYTES:
        return Unreadable(f"its file has more than {MAX_FILE_BYTES >> 20} MiB")
    return content


class _Children:
    """Processes that decode, any of which a thread may ask while it has it."""

    def __init__(self, arguments: list[str], count: int) -> None:
        self._arguments, self._stopped = arguments, False
        self._free: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        self._all: set[subprocess.Popen[bytes]] = set()
        self._ready: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        for _ in range(count):
            self._free.put(self._start())

    def ask(self, contents: list[bytes]) -> list[bytes | Unreadable]:
        """The answers to some pictures. One at which a process ends is told to be unreadable.

        Raises
        ------
        FileError
            If processes end before they are asked.
        """
        found: list[bytes | Unreadable] = []
        process = self._free.get()
        try:
            while len(found) < len(contents):
                if self._stopped:
                    raise FileError("It was given up.")
                rest = contents[len(found) :]
                if not self._is_ready(process):
                    raise FileError("Pictures cannot be decoded: the process for it ends.", _AGAIN)
                decoded = _answered(process, rest)
                found += decoded
                if len(decoded) < len(rest):
                    found.append(Unreadable("it makes its decoder crash, or takes too long"))
                    self._end(process)
                    process = self._start()
        finally:
            self._free.put(process)
        return found

    def stop(self) -> None:
        """End all processes; who still waits for an answer gets none."""
        with self._lock:
            self._stopped = True
            for process in self._all:
                process.kill()

    def close(self) -> None:
        """Wait until all processes have ended."""
        self.stop()
        for process in set(self._all):
            self._end(process)

    def _start(self) -> subprocess.Popen[bytes]:
        with self._lock:
            process = child.start(
                _CHILD, self._arguments, ("vaegui", "numpy", "PIL"), subprocess.PIPE
            )
            self._all.add(process)
            if self._stopped:
                process.kill()
        return process

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until a process that was just started can be asked."""
        if process in self._ready:
            return True
        killer = threading.Timer(_TIMEOUT, process.kill)
        killer.start()
        try:
            ready = child.read(process, 1) == b"R"
        finally:
            killer.cancel()
        if ready:
            self._ready.add(process)
        return ready

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        with process:
            self._all.discard(process)
            self._ready.discard(process)


@contextmanager
def _children(task: Task, wanted: Mapping[str, Any], count: int) -> Iterator[_Children]:
    children = _Children([task, json.dumps(dict(wanted))], count)
    try:
        yield children
    finally:
        children.close()


def _answered(process: subprocess.Popen[bytes], contents: list[bytes]) -> list[bytes | Unreadable]:
    """What a process answers; fewer answers where it ended, or was ended as it took too long."""
    found: list[bytes | Unreadable] = []
    killer = threading.Timer(_TIMEOUT, process.kill)
    killer.start()
    try:
        lengths = [len(contents), *map(len, contents)]
        # It reads all that it is asked before it answers, so neither waits for the other.
        _write(process, struct.pack(f"<{len(lengths)}I", *lengths))
        for content in contents:
            _write(process, content)
        for _ in contents:
            head = child.read(process, 5)
            if len(head) < 5:
                break
            length = int.from_bytes(head[1:], "little")
            answer = child.read(process, length)
            if len(answer) < length:
                break
            found.append(
                answer if head[:1] == b"P" else Unreadable(answer.decode("utf-8", "replace"))
            )
    except OSError:  # it ended while it was asked
        pass
    finally:
        killer.cancel()
    return found


def _write(process: subprocess.Popen[bytes], content: bytes) -> None:
    assert process.stdin is not None
    view = memoryview(content)
    while view:
        view = view[process.stdin.write(view) :]


def _processors() -> int:
    """Processors that this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
