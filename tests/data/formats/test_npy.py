from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vaegui.data.formats.base import Arrays
from vaegui.data.formats.npy import NpyFile
from vaegui.data.stored import decoded, turned
from vaegui.data.stored.file_array import FileArray
from vaegui.errors import DataError
from vaegui.progress import no_progress

X = np.random.default_rng(0).normal(0, 50, (40, 3, 5))


def saved(folder: Path, array: Any, name: str = "x.npy") -> Path:
    np.save(folder / name, array)
    return folder / name


def read(path: Path) -> Arrays:
    found = NpyFile.detect(path)
    assert found is not None
    arrays = found.format.read(path, no_progress).parts["all"]
    assert isinstance(arrays, Arrays)
    return arrays


TYPES = "?bhilqBHILQefd"


@pytest.mark.parametrize("dtype", [*TYPES, *(f">{t}" for t in TYPES)])
@pytest.mark.parametrize("order", "CF")
def test_numbers_of_any_plain_type_come_as_they_are(tmp_path: Path, dtype: str, order: Any) -> None:
    x = np.asarray(np.abs(X).astype(dtype), order=order)
    found = read(saved(tmp_path, x)).x
    assert found.shape == x.shape
    assert found.dtype.isnative
    np.testing.assert_array_equal(found[slice(0, 40)], x)
    np.testing.assert_array_equal(found[np.array([7, 3, 39, 3])], x[[7, 3, 39, 3]])


def test_an_array_in_c_order_stays_in_its_file(tmp_path: Path) -> None:
    assert isinstance(read(saved(tmp_path, X)).x, FileArray)


def test_a_large_array_in_fortran_order_is_turned_once_portion_by_portion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoded, "HELD_BYTES", 0)
    monkeypatch.setattr(turned, "_BLOCK_BYTES", 1000)
    path = saved(tmp_path, np.asfortranarray(X))
    for _ in range(2):
        np.testing.assert_array_equal(read(path).x[slice(0, 40)], X)


def test_versions_two_and_other_programs_headers_are_read(tmp_path: Path) -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    with (tmp_path / "two.npy").open("wb") as file:
        np.lib.format.write_array(file, x, version=(2, 0))
    text = b"{'shape':(2,3),'fortran_order':False,'descr':'<f4'}\n"
    head = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    (tmp_path / "other.npy").write_bytes(head + x.tobytes())
    for name in ("two.npy", "other.npy"):
        np.testing.assert_array_equal(read(tmp_path / name).x[slice(0, 2)], x)


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("labels.npy", np.arange(40, dtype=np.uint8), np.arange(40)),
        ("y.npy", np.arange(40.0), None),
        ("targets.npy", np.array(["cat", "dog\n"] * 20)[:, None], ["cat", "dog�"] * 20),
        ("classes.npy", np.array([b"a", b"\xff"] * 20), ["a", "�"] * 20),
        ("labels.npy", np.arange(39), None),
        ("labels_test.npy", np.arange(40), None),
        ("other.npy", np.arange(40), None),
    ],
)
def test_labels_beside_are_found(tmp_path: Path, name: str, labels: Any, expected: Any) -> None:
    path = saved(tmp_path, X)
    saved(tmp_path, labels, name)
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY")
    found = read(path).labels
    if expected is None:
        assert found is None
    else:
        np.testing.assert_array_equal(found, expected)  # type: ignore[arg-type]


def test_what_else_could_be_labels_is_an_alternative(tmp_path: Path) -> None:
    path = saved(tmp_path, X)
    saved(tmp_path, np.arange(40), "kinds.npy")
    found = NpyFile.detect(path)
    assert found is not None
    (guess,) = found.guesses
    assert (found.format.labels, guess.alternatives) == ("", ("kinds.npy",))  # type: ignore[attr-defined]
    arrays = NpyFile(labels="kinds.npy").read(path, no_progress).parts["all"]
    np.testing.assert_array_equal(arrays.labels, np.arange(40))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(12), "12 labels"),
        (X[:, 0, 0], "not whole"),
        (np.array([np.nan] * 40), "not whole"),
        (np.ones((40, 3)), "more than one number"),
    ],
)
def test_what_cannot_be_labels_is_a_problem_and_not_used(
    tmp_path: Path, labels: Any, message: str
) -> None:
    path = saved(tmp_path, X)
    saved(tmp_path, labels, "l.npy")
    contents = NpyFile(labels="l.npy").read(path, no_progress)
    (problem,) = contents.problems
    assert message in problem.sentence
    assert problem.fix is not None
    assert problem.fix.values == {"data.format.labels": ""}
    assert contents.parts["all"].labels is None  # type: ignore[union-attr]


def test_a_file_named_like_labels_is_told_to_have_too_few(tmp_path: Path) -> None:
    path = saved(tmp_path, X)
    saved(tmp_path, np.arange(12), "labels.npy")
    detected = NpyFile.detect(path)
    assert detected is not None
    (problem,) = detected.format.read(path, no_progress).problems
    assert problem.sentence == "There are 12 labels in labels.npy for 40 examples."


def test_labels_as_rows_with_a_single_one_are_counted(tmp_path: Path) -> None:
    path = saved(tmp_path, X)
    saved(tmp_path, np.eye(4)[np.arange(40) % 4], "l.npy")
    arrays = NpyFile(labels="l.npy").read(path, no_progress).parts["all"]
    np.testing.assert_array_equal(arrays.labels, np.arange(40) % 4)  # type: ignore[union-attr]


def test_labels_are_files_of_the_same_folder() -> None:
    for name in ("../y.npy", "/etc/passwd", "a\\b"):
        with pytest.raises(ValueError, match="pattern"):
            NpyFile(labels=name)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([{}, None], object), "Python objects"),
        (np.zeros(3, [("a", "f4"), ("b", "i2")]), "records"),
        (np.zeros((3, 3), complex), "not real numbers"),
        (np.array([["a", "b"]]), "words"),
        (np.zeros(5), "shape"),
        (np.zeros((0, 5)), "nothing in it"),
        (np.zeros((3, 3), "M8[D]"), "not real numbers"),
    ],
)
def test_what_holds_no_examples_is_refused(tmp_path: Path, array: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(saved(tmp_path, array))


@pytest.mark.parametrize(
    "harm",
    [
        lambda c: c[:-1],
        lambda c: c[:40],
        lambda c: c[:9],
        lambda c: c.replace(b"(40, 3, 5)", b"(4000000000000, 3, 5)"),
        lambda c: c.replace(b"'descr'", b"'desc_'"),
        lambda c: c.replace(b"'<f8'", b"open('x')"),
        lambda c: c[:6] + b"\x02\x00\xff\xff\xff\x7f" + c[12:],
    ],
)
def test_a_damaged_array_is_refused_at_once(tmp_path: Path, harm: Any) -> None:
    path = saved(tmp_path, X)
    path.write_bytes(harm(path.read_bytes()))
    begin = time.perf_counter()
    with pytest.raises(DataError):
        read(path)
    assert time.perf_counter() - begin < 3


def test_another_file_is_left_to_other_formats(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(b"a,b\n1,2\n")
    assert NpyFile.detect(tmp_path / "x.npy") is None
    assert NpyFile.detect(tmp_path) is None


def test_twenty_gigabytes_open_and_are_read_in_no_time_and_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.npy"
    np.lib.format.open_memmap(path, "w+", np.float32, (1, 784)).flush()
    head = path.read_bytes()[:128].replace(b"(1, 784), }     ", b"(6400000, 784), }")[:128]
    with path.open("r+b") as file:
        file.write(head)
        os.truncate(path, 128 + 6_400_000 * 784 * 4)
    begin = time.perf_counter()
    x = read(path).x
    assert x.shape == (6_400_000, 784)
    assert x[np.array([0, 6_399_999])].sum() == 0
    assert time.perf_counter() - begin < 3
