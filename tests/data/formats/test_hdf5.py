from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from vaegui.data.formats.base import Arrays, Contents
from vaegui.data.formats.hdf5 import Hdf5File
from vaegui.data.stored.file_array import FileArray
from vaegui.errors import DataError
from vaegui.progress import no_progress

X = np.random.default_rng(0).integers(0, 255, (300, 6, 5)).astype(np.uint8)
Y = np.arange(300) % 10


def saved(folder: Path, **sets: Any) -> Path:
    path = folder / "some.h5"
    with h5py.File(path, "w") as file:
        for name, value in sets.items():
            array, options = value if isinstance(value, tuple) else (value, {})
            file.create_dataset(name.replace("__", "/"), data=array, **options)
    return path


def read(path: Path) -> Contents:
    found = Hdf5File.detect(path)
    assert found is not None
    return found.format.read(path, no_progress)


def part(contents: Contents, name: Any = "all") -> Arrays:
    arrays = contents.parts[name]
    assert isinstance(arrays, Arrays)
    return arrays


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"chunks": (7, 6, 5)},
        {"chunks": (300, 1, 1), "compression": "gzip"},
        {"chunks": (64, 3, 5), "compression": "gzip", "shuffle": True, "fletcher32": True},
        {"compression": "lzf"},
    ],
)
@pytest.mark.parametrize("dtype", ["u1", ">f4", "<f8", ">i8", "f2", "?"])
def test_numbers_come_as_they_are_however_they_are_stored(
    tmp_path: Path, options: dict[str, Any], dtype: str
) -> None:
    x = X.astype(dtype)
    found = part(read(saved(tmp_path, x=(x, options), y=(Y, options and {"compression": "gzip"}))))
    assert found.x.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(found.x[slice(0, 999)], x)
    np.testing.assert_array_equal(found.x[np.array([299, 0, 5])], x[[299, 0, 5]])
    np.testing.assert_array_equal(found.labels, Y)  # type: ignore[arg-type]


def test_what_lies_in_one_piece_stays_in_its_file(tmp_path: Path) -> None:
    assert isinstance(part(read(saved(tmp_path, x=X))).x, FileArray)


def test_parts_lie_in_groups(tmp_path: Path) -> None:
    path = saved(tmp_path, train__images=X, train__labels=Y, test__images=X[:9], test__labels=Y[:9])
    contents = read(path)
    assert list(contents.parts) == ["train", "test"]
    np.testing.assert_array_equal(part(contents, "test").labels, Y[:9])  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", ["S5", h5py.string_dtype()])
def test_labels_may_be_words(tmp_path: Path, dtype: Any) -> None:
    words = np.array([["cat", "dög"][i % 2].encode() for i in range(300)], dtype=dtype)
    labels = part(read(saved(tmp_path, x=X, label=words))).labels
    assert labels is not None
    assert labels[:2].tolist() == ["cat", "dög"]


def test_what_cannot_be_used_does_not_hinder_the_others(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, z=np.ones((3, 3), complex), r=np.zeros(3, [("a", "f4")]))
    with h5py.File(path, "a") as file:
        file["soft"] = h5py.SoftLink("/x")
        file["outside"] = h5py.ExternalLink("/etc/passwd", "/x")
        layout = h5py.VirtualLayout((3, 5), "u1")
        layout[:] = h5py.VirtualSource("other.h5", "x", (3, 5))
        file.create_virtual_dataset("virtual", layout)
        file.create_dataset("external", (4, 4), "u1", external=[("/etc/passwd", 0, 16)])
    found = Hdf5File.detect(path)
    assert found is not None
    assert found.format == Hdf5File(train="x")
    for name in ("virtual", "external", "soft", "z"):
        with pytest.raises(DataError):
            Hdf5File(train=name).read(path, no_progress)


def test_a_file_of_matlabs_begins_later(tmp_path: Path) -> None:
    path = tmp_path / "x.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["x"] = X
        file.create_dataset("y", data=Y, compression="gzip")
    with path.open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file")
    found = part(read(path))
    np.testing.assert_array_equal(found.x[slice(0, 999)], X)
    np.testing.assert_array_equal(found.labels, Y)  # type: ignore[arg-type]


def good(folder: Path) -> bytes:
    return saved(folder, x=(X, {"compression": "gzip"}), y=Y).read_bytes()


@pytest.mark.parametrize(
    "harm",
    [
        lambda c: c[:-20],
        lambda c: c[:100],
        lambda c: c[:8],
        lambda c: c[: len(c) // 2] + b"\xff" * 4000,
        lambda c: c[:9] + b"\xff" * 50 + c[59:],
    ],
)
def test_a_damaged_file_is_refused_at_once(tmp_path: Path, harm: Any) -> None:
    path = tmp_path / "x.h5"
    path.write_bytes(harm(good(tmp_path)))
    begin = time.perf_counter()
    with pytest.raises(DataError):
        read(path)
    assert time.perf_counter() - begin < 6


@pytest.mark.parametrize(
    ("shape", "chunks"), [((10**6, 1000, 1000), (1, 100, 100)), ((10**5, 10**5), (10**4, 10**4))]
)
def test_a_small_file_that_claims_to_be_large_is_refused(
    tmp_path: Path, shape: Any, chunks: Any
) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("x", shape, "u1", chunks=chunks, compression="gzip")
    begin = time.perf_counter()
    with pytest.raises(DataError, match="unpack"):
        read(path)
    assert time.perf_counter() - begin < 6


def test_other_files_are_left_to_other_formats(tmp_path: Path) -> None:
    (tmp_path / "x.h5").write_bytes(b"text")
    assert Hdf5File.detect(tmp_path / "x.h5") is None
    assert Hdf5File.detect(tmp_path) is None
