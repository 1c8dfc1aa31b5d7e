"""The log: a file that is rotated, and the last errors, told without anything of the user's.

Modules write to ``logging.getLogger(__name__)``. Messages are constants with arguments apart
(``log.error("%s did not work", what)``): the constants go into diagnostics, the arguments may
name files and stay in the log.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from typing import IO

from vaegui.paths import log_folder

__all__ = ["LastErrors", "last_errors", "stacks", "start_log", "stderr_beside_log"]

NAME = "vaegui.log"
CRASH = "crash.log"
"""What Python notes when the process dies of a signal; moved into the log at the next start."""
LOADING = "loading.log"
"""What libraries wrote to stderr while they were loaded the last time."""
LARGEST = 1_000_000
"""Bytes of the log until it is rotated."""
OLDER = 3
"""Rotated logs that are kept."""
LAST = 10
"""Errors that are remembered for diagnostics."""
FRAMES = 6
"""Calls that are told of each error, the innermost ones."""


class LastErrors(logging.Handler):
    """Remembers the last errors, each in a few lines that name no file, no value and no user."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: deque[str] = deque(maxlen=LAST)

    def emit(self, record: logging.LogRecord) -> None:
        """Remember an error."""
        when = time.strftime("%H:%M:%S", time.localtime(record.created))
        error = record.exc_info[1] if record.exc_info else None
        # The message as it stands in the program, not with what was put into it.
        self.told.append("\n".join([f"{when} {record.msg}", *_anonymous(error)]))


class _Quiet(RotatingFileHandler):
    """A log file that keeps silent when it cannot be written: nobody is to be stopped by it."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Let the record go."""


_last_errors = LastErrors()
_crash_file: IO[str] | None = None


def last_errors() -> list[str]:
    """The last errors, oldest first, without anything of the user's."""
    return list(_last_errors.told)


def start_log(folder: Path | None = None, *, crashes: bool = True) -> None:
    """Note from now on what this process does, in a file that is rotated.

    A folder that cannot be written makes no difference to anything but the log.

    Parameters
    ----------
    folder
        Where; by default the user's folder for logs.
    crashes
        Whether the stacks are noted, too, if the process dies of a signal.
    """
    folder = folder or log_folder()
    root = logging.getLogger()
    root.addHandler(_last_errors)
    logging.getLogger("vaegui").setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Quiet(
            folder / NAME,
            maxBytes=LARGEST,
            backupCount=OLDER,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError:
        root.addHandler(logging.NullHandler())
        return
    form = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(logging.Formatter(form))
    root.addHandler(handler)
    if crashes:
        with contextlib.suppress(OSError):
            _watch_for_crashes(folder / CRASH)


@contextlib.contextmanager
def stderr_beside_log() -> Iterator[None]:
    """Load TensorFlow within this: what its libraries write to stderr goes to a file by the log.

    They greet while they are loaded, before they look at ``TF_CPP_MIN_LOG_LEVEL``; it holds for all
    that they say later. Should the process die meanwhile, its last words are in the file.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with _loading_file() as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _loading_file() -> IO[str]:
    with contextlib.suppress(OSError):
        log_folder().mkdir(parents=True, exist_ok=True)
        return (log_folder() / LOADING).open("w")
    return open(os.devnull, "w")


def stacks() -> str:
    """What every thread of this process is doing now."""
    lines = []
    for number, frame in sys._current_frames().items():
        lines += [f"Thread {number}:\n", *traceback.format_stack(frame)]
    return "".join(lines)


def _watch_for_crashes(path: Path) -> None:
    """Note the stacks if the process dies of a signal, after noting those of the last time."""
    global _crash_file
    if path.exists() and (left := path.read_text(errors="backslashreplace").strip()):
        logging.getLogger(__name__).warning("An earlier start ended with:\n%s", left)
        path.write_text("")
    # It must stay open: nothing can be opened any more when it is needed.
    _crash_file = path.open("a")
    faulthandler.enable(_crash_file)


def _anonymous(error: BaseException | None) -> list[str]:
    """Kinds of an error and its causes and where in the code; never their messages."""
    lines = []
    while error is not None:
        code = getattr(error, "errno", None)
        lines.append(f"  {type(error).__name__}" + (f" errno {code}" if code else ""))
        for frame in traceback.extract_tb(error.__traceback__)[-FRAMES:]:
            lines.append(f"    {_in_code(frame.filename)}:{frame.lineno} {frame.name}")
        error = error.__cause__ or error.__context__
    return lines


def _in_code(filename: str) -> str:
    """The path of a source file from its package on: where that is installed tells of the user."""
    parts = PurePath(filename).parts
    for root in ("site-packages", "dist-packages"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    package = Path(__file__).resolve().parent
    path = Path(filename)
    return path.relative_to(package.parent).as_posix() if package in path.parents else path.name
