from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vaegui.data.stored import decoded as module
from vaegui.data.stored.decoded import Decoded, check_room, decoded
from vaegui.data.stored.file_array import FileArray
from vaegui.errors import Cancelled, DataError
from vaegui.paths import cache_folder

ROWS = np.arange(60, dtype=np.float32).reshape(10, 2, 3)


class Work:
    """Gives the rows above in two portions, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, append: Callable[[Any], None]) -> Any:
        self.times += 1
        append(ROWS[:4])
        append(ROWS[4:])
        return {"left out": [3]}


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "HELD_BYTES", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def made(work: Any, made_of: str = "these files") -> Decoded:
    return decoded(made_of, (2, 3), np.dtype(np.float32), 10, work)


def files() -> list[Path]:
    return sorted((cache_folder() / "decoded").iterdir())


def test_a_small_array_is_held_in_memory_and_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = made(Work())
    assert isinstance(found.x, np.ndarray)
    np.testing.assert_array_equal(found.x, ROWS)
    assert found.notes == {"left out": [3]}
    assert list(tmp_path.iterdir()) == []


def test_fewer_rows_may_come_than_were_expected() -> None:
    found = decoded("", (2, 3), np.dtype(np.float32), 99, Work())
    assert found.x.shape == (10, 2, 3)


@pytest.mark.usefixtures("small_memory")
def test_a_large_array_is_decoded_once_and_found_again() -> None:
    work = Work()
    for _ in range(3):
        found = made(work)
        assert isinstance(found.x, FileArray)
        np.testing.assert_array_equal(found.x[:], ROWS)
        assert found.notes == {"left out": [3]}
    assert work.times == 1
    made(work, "other files")
    assert work.times == 2


@pytest.mark.usefixtures("small_memory")
def test_one_that_is_in_use_stays_readable_when_it_is_found_again_or_taken_away() -> None:
    first = made(Work())
    made(Work())
    for file in files():
        file.unlink()
    np.testing.assert_array_equal(first.x[:], ROWS)


@pytest.mark.usefixtures("small_memory")
@pytest.mark.parametrize("harm", [lambda c: c[:-1], lambda c: c[20:], lambda c: b"", bytes])
def test_a_file_that_is_not_whole_is_made_anew(harm: Callable[[bytes], bytes]) -> None:
    work = Work()
    made(work)
    (file,) = files()
    file.write_bytes(harm(file.read_bytes()))
    np.testing.assert_array_equal(made(work).x[:], ROWS)
    assert work.times == (1 if harm is bytes else 2)


@pytest.mark.usefixtures("small_memory")
@pytest.mark.parametrize("error", [Cancelled(), DataError("no picture"), RuntimeError()])
def test_nothing_remains_of_work_that_was_not_finished(error: Exception) -> None:
    def fail(append: Callable[[Any], None]) -> None:
        append(ROWS)
        raise error

    with pytest.raises(type(error)):
        made(fail)
    assert files() == []


@pytest.mark.usefixtures("small_memory")
def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(DataError, match=r"full.*Free some space"):
        made(Work())
    assert files() == []


def test_what_no_disk_can_hold_is_refused_before_it_is_decoded() -> None:
    work = Work()
    with pytest.raises(DataError, match="Decoded, the examples take"):
        decoded("", (2, 3), np.dtype(np.float32), 10**14, work)
    assert work.times == 0


@pytest.mark.usefixtures("small_memory")
def test_those_used_longest_ago_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        made(Work(), name)
    each = files()[0].stat().st_size
    for age, made_of in enumerate("cab"):  # b was used last
        before = {file: file.stat().st_mtime_ns for file in files()}
        made(Work(), made_of)
        used = max(files(), key=lambda file: file.stat().st_atime_ns)
        os.utime(used, ns=(age, before[used]))
        last = used
    monkeypatch.setattr(module, "KEPT_BYTES", 2 * each)
    check_room(each)
    assert files() == [last]


@pytest.mark.usefixtures("small_memory")
def test_what_was_begun_and_left_long_ago_goes() -> None:
    check_room(0)
    for name in ("old.part", "new.part"):
        (cache_folder() / "decoded" / name).write_bytes(b"x")
    os.utime(cache_folder() / "decoded" / "old.part", (0, 0))
    check_room(0)
    assert [file.name for file in files()] == ["new.part"]
