from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vaegui.errors import FileError
from vaegui.machine.log import LARGEST, LastErrors, stacks, start_log, stderr_beside_log
from vaegui.paths import log_folder

LOG = logging.getLogger("vaegui.tests")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Path]:
    """A folder into which the log is written, until the test ends."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    start_log(tmp_path, crashes=False)
    yield tmp_path
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    logging.captureWarnings(False)


def test_errors_are_noted_with_their_traceback(started: Path) -> None:
    try:
        raise ValueError("what went wrong")
    except ValueError as error:
        LOG.error("%s did not work", "opening", exc_info=error)
    text = (started / "vaegui.log").read_text()
    assert "opening did not work" in text
    assert "ValueError: what went wrong" in text
    assert "Traceback" in text


def test_the_log_is_rotated_and_bounded(started: Path) -> None:
    for _ in range(60):
        LOG.info("x" * (LARGEST // 10))
    sizes = {path.name: path.stat().st_size for path in started.glob("vaegui.log*")}
    assert set(sizes) == {
        "vaegui.log",
        "vaegui.log.1",
        "vaegui.log.2",
        "vaegui.log.3",
    }
    assert max(sizes.values()) <= LARGEST


# In a process of its own: pytest keeps what is logged, and could not hand such a name on.
ODD_NAME = """
import logging, os, sys
from pathlib import Path
from vaegui.machine.log import start_log
start_log(Path(sys.argv[1]))
logging.getLogger("vaegui.tests").info("Saved %s", os.fsdecode(b"\\xff.keras"))
"""


def test_a_name_that_is_no_text_is_noted_all_the_same(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ODD_NAME, str(tmp_path)], timeout=60, check=True)
    assert "Saved" in (tmp_path / "vaegui.log").read_text()


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    start_log(tmp_path / "file" / "logs", crashes=False)
    LOG.error("nobody hears this")
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
    logging.captureWarnings(False)
    assert capsys.readouterr().err == ""


CRASH = """
import ctypes, sys
from pathlib import Path
from vaegui.machine.log import start_log
start_log(Path(sys.argv[1]))
if sys.argv[2] == "crash":
    ctypes.string_at(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
def test_a_crash_is_in_the_log_of_the_next_start(tmp_path: Path) -> None:
    for what in ("crash", "go on"):
        done = subprocess.run(
            [sys.executable, "-c", CRASH, str(tmp_path), what], timeout=60, check=False
        )
        assert (done.returncode < 0) == (what == "crash")
    text = (tmp_path / "vaegui.log").read_text()
    assert "An earlier start ended with" in text
    assert "Segmentation fault" in text
    assert (tmp_path / "crash.log").read_text() == ""


def test_last_errors_tell_kinds_and_places_but_nothing_of_the_users() -> None:
    handler = LastErrors()
    LOG.addHandler(handler)
    try:
        try:
            raise OSError(28, "No space left", "/home/ann/secret study.keras")
        except OSError as cause:
            raise FileError("/home/ann/secret study.keras could not be written.") from cause
    except FileError as error:
        LOG.error("%s did not work", "secret study", exc_info=error)
    finally:
        LOG.removeHandler(handler)
    (told,) = handler.told
    assert "ann" not in told
    assert "secret" not in told
    assert re.search(r"%s did not work\n  FileError\n    test_log.py:\d+ test_last", told)
    assert "OSError errno 28" in told


def test_what_libraries_say_while_they_are_loaded_stands_by_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with stderr_beside_log():
        os.write(2, b"greetings\n")
    os.write(2, b"errors\n")
    assert capfd.readouterr().err == "errors\n"
    assert (log_folder() / "loading.log").read_text() == "greetings\n"


def test_libraries_can_be_loaded_where_no_log_can_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("vaegui.machine.log.log_folder", lambda: tmp_path / "file" / "logs")
    with stderr_beside_log():
        os.write(2, b"greetings\n")
    assert capfd.readouterr().err == ""


def test_stacks_tell_what_every_thread_does() -> None:
    assert "test_stacks_tell_what_every_thread_does" in stacks()
