from __future__ import annotations

import gzip
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vaegui.data.formats.base import Arrays, Contents
from vaegui.data.formats.idx import IdxFiles
from vaegui.errors import DataError
from vaegui.progress import no_progress

CODES = {"u1": 8, "i1": 9, ">i2": 11, ">i4": 12, ">f4": 13, ">f8": 14}
X = np.random.default_rng(0).integers(0, 127, (30, 5, 4))
Y = np.arange(30) % 10
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte",
         "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")  # fmt: skip


def idx(array: Any, dtype: str = "u1") -> bytes:
    head = bytes([0, 0, CODES[dtype], array.ndim])
    return head + np.array(array.shape, ">u4").tobytes() + array.astype(dtype).tobytes()


def zipped(content: bytes) -> bytes:
    # Without the time of day, so that all processes that run these tests call them the same.
    return gzip.compress(content, mtime=0)


def four(folder: Path, suffix: str = "") -> None:
    for name, array in zip(NAMES, (X, Y, X[:9] + 1, Y[:9]), strict=True):
        content = idx(array)
        (folder / f"{name}{suffix}").write_bytes(gzip.compress(content) if suffix else content)


def read(path: Path) -> Contents:
    found = IdxFiles.detect(path)
    assert found is not None
    return found.format.read(path, no_progress)


def part(contents: Contents, name: Any) -> Arrays:
    arrays = contents.parts[name]
    assert isinstance(arrays, Arrays)
    return arrays


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("opened", ["", *NAMES])
def test_the_four_files_of_mnist_are_found_whichever_is_opened(
    tmp_path: Path, suffix: str, opened: str
) -> None:
    four(tmp_path, suffix)
    contents = read(tmp_path / f"{opened}{suffix}" if opened else tmp_path)
    for name, x, labels in (("train", X, Y), ("test", X[:9] + 1, Y[:9])):
        found = part(contents, name)
        np.testing.assert_array_equal(found.x[slice(0, 99)], x)
        np.testing.assert_array_equal(found.labels, labels)  # type: ignore[arg-type]
        assert found.x.dtype == np.uint8
        assert found.fingerprint


@pytest.mark.parametrize("dtype", list(CODES))
@pytest.mark.parametrize("packed", [False, True])
def test_numbers_of_each_type_come_in_this_machines_order(
    tmp_path: Path, dtype: str, packed: bool
) -> None:
    content = idx(X, dtype)
    (tmp_path / "some.idx").write_bytes(gzip.compress(content) if packed else content)
    found = part(read(tmp_path / "some.idx"), "all")
    assert found.labels is None
    assert found.x.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found.x[np.array([29, 0])], X[[29, 0]])


def test_files_of_several_sets_in_a_folder_are_kept_apart(tmp_path: Path) -> None:
    for name in ("letters", "digits"):
        for kind, array in (("images-idx3", X), ("labels-idx1", Y)):
            (tmp_path / f"emnist-{name}-train-{kind}-ubyte").write_bytes(idx(array))
    found = IdxFiles.detect(tmp_path / "emnist-letters-train-images-idx3-ubyte")
    assert found is not None
    assert found.format == IdxFiles(
        train="emnist-letters-train-images-idx3-ubyte",
        train_labels="emnist-letters-train-labels-idx1-ubyte",
    )
    guess = found.guesses[0]
    assert guess.alternatives == ("emnist-digits-train-images-idx3-ubyte",)


def test_labels_that_are_not_as_many_are_told_and_not_taken(tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).write_bytes(idx(X))
    (tmp_path / NAMES[1]).write_bytes(idx(Y[:7]))
    contents = read(tmp_path / NAMES[0])
    assert part(contents, "all").labels is None
    assert "7 labels" in contents.problems[0].sentence


def test_labels_alone_are_no_examples(tmp_path: Path) -> None:
    (tmp_path / NAMES[1]).write_bytes(idx(Y))
    with pytest.raises(DataError, match="not beside it"):
        IdxFiles.detect(tmp_path / NAMES[1])
    with pytest.raises(DataError, match="cannot be examples"):
        IdxFiles(train=NAMES[1]).read(tmp_path, no_progress)
    assert IdxFiles.detect(tmp_path) is None


BOMB = bytes([0, 0, 8, 3]) + np.array([2**31, 2**12, 2**12], ">u4").tobytes()


@pytest.mark.parametrize(
    "content",
    [
        idx(X)[:-1],
        zipped(idx(X)[:-1]),
        zipped(idx(X))[:-9],
        zipped(idx(X))[:200] + b"\xff" * 20 + zipped(idx(X))[220:],
        BOMB + bytes(99),
        zipped(BOMB + bytes(10**6)),
        zipped(idx(np.zeros((50_000, 40, 40)))),
    ],
)
def test_a_damaged_file_is_refused_at_once(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    begin = time.perf_counter()
    with pytest.raises(DataError):
        read(tmp_path / "x")
    assert time.perf_counter() - begin < 3


@pytest.mark.parametrize("content", [b"", b"\0\0", b"\0\0\x08\x00", b"\0\0\x07\x01\0\0\0\x01\0",
                                     b"\x1f\x8b", zipped(b"text")])  # fmt: skip
def test_another_file_is_left_to_other_formats(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert IdxFiles.detect(tmp_path / "x") is None
    assert IdxFiles.detect(tmp_path) is None
