from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from vaegui.data.stored import file_array as module
from vaegui.data.stored.file_array import FileArray, known_files
from vaegui.errors import DataError

NUMBERS = np.arange(3000 * 7, dtype=np.int32).reshape(3000, 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.raw"
    path.write_bytes(b"head" + NUMBERS.tobytes() + b"tail")
    return path


def opened(path: Path) -> FileArray:
    return FileArray(path, NUMBERS.shape, NUMBERS.dtype, 4)


@pytest.mark.parametrize(
    "rows",
    [
        slice(0, 3000),
        slice(5, 9),
        slice(2995, 9000),
        slice(7, 7),
        np.array([2999, 0, 1, 1, 0, 1500]),
        np.array([-1, -3000]),
        np.array([], np.int64),
        np.arange(0, 3000, 2)[::-1],
        np.random.default_rng(0).permutation(3000).astype(np.int32),
    ],
)
def test_rows_are_those_of_the_array_in_the_order_asked_for(path: Path, rows: object) -> None:
    np.testing.assert_array_equal(opened(path)[rows], NUMBERS[rows])  # type: ignore[index]


def test_systems_that_cannot_read_at_a_place_give_the_same_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_PLACE", False)
    for rows in (slice(5, 900), np.array([2999, 0, 1, 1, 0, 1500])):
        np.testing.assert_array_equal(opened(path)[rows], NUMBERS[rows])


def test_numbers_of_the_other_byte_order_come_in_this_machines(tmp_path: Path) -> None:
    path = tmp_path / "big.raw"
    path.write_bytes(NUMBERS.astype(">i4").tobytes())
    array = FileArray(path, NUMBERS.shape, np.dtype(">i4"))
    assert array.dtype == np.int32
    assert array[:].dtype.isnative
    np.testing.assert_array_equal(array[:], NUMBERS)


def test_there_is_no_row_beyond_the_last(path: Path) -> None:
    with pytest.raises(IndexError):
        opened(path)[np.array([3000])]


def test_several_threads_may_read(path: Path) -> None:
    array, orders = opened(path), np.random.default_rng(0)
    rows = [orders.permutation(3000) for _ in range(40)]
    with ThreadPoolExecutor(4) as pool:
        for chosen, found in zip(rows, pool.map(array.__getitem__, rows), strict=True):
            np.testing.assert_array_equal(found, NUMBERS[chosen])


def test_a_file_that_is_too_short_is_refused_before_anything_is_read(path: Path) -> None:
    with pytest.raises(DataError, match="copied to its end"):
        FileArray(path, (10**12, 7), NUMBERS.dtype)


def test_no_file_is_said_to_be_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not there"):
        FileArray(tmp_path / "none", (1, 1), NUMBERS.dtype)


def cut(path: Path) -> None:
    os.truncate(path, 100)


def changed(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"other")
    os.utime(path, ns=(0, 1))


def replaced(path: Path) -> None:
    path.with_name("new").write_bytes(path.read_bytes())
    path.with_name("new").replace(path)


@pytest.mark.parametrize(
    ("harm", "message"),
    [(cut, "changed"), (changed, "changed"), (replaced, "replaced"), (Path.unlink, "deleted")],
)
def test_a_file_that_is_harmed_in_use_gives_an_error_and_no_numbers(
    path: Path, harm: object, message: str
) -> None:
    array = opened(path)
    assert len(array[slice(0, 2)]) == 2
    harm(path)  # type: ignore[operator]
    for rows in (slice(0, 2), np.array([5, 900])):
        with pytest.raises(DataError, match=message):
            array[rows]


def test_a_file_of_the_programs_own_can_be_read_after_it_was_deleted(path: Path) -> None:
    array = FileArray(path, NUMBERS.shape, NUMBERS.dtype, 4, kept=False)
    path.unlink()
    np.testing.assert_array_equal(array[:], NUMBERS)


def test_files_are_known_by_place_length_and_time(path: Path) -> None:
    known = known_files(path)
    assert known_files(path) == known
    os.utime(path, ns=(0, 1))
    assert known_files(path) != known
