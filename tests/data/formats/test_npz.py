from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.hostile.archives import zipped
from vaegui.data.formats.base import Arrays, Contents, Place
from vaegui.data.formats.npz import NpzArchive
from vaegui.data.stored import decoded
from vaegui.data.stored.file_array import FileArray
from vaegui.errors import DataError
from vaegui.progress import no_progress

X = np.random.default_rng(0).integers(0, 255, (30, 5, 4)).astype(np.uint8)
Y = np.arange(30) % 10


def saved(folder: Path, packed: bool = False, **arrays: Any) -> Path:
    path = folder / "some.npz"
    (np.savez_compressed if packed else np.savez)(path, **arrays)
    return path


def detected(path: Path) -> NpzArchive:
    found = NpzArchive.detect(path)
    assert found is not None
    assert isinstance(found.format, NpzArchive)
    return found.format


def read(path: Path) -> Contents:
    return detected(path).read(path, no_progress)


def part(contents: Contents, name: Any = "all") -> Arrays:
    arrays = contents.parts[name]
    assert isinstance(arrays, Arrays)
    return arrays


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("large", [False, True])
def test_arrays_come_as_they_were_saved(
    tmp_path: Path, packed: bool, order: Any, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if large:
        monkeypatch.setattr(decoded, "HELD_BYTES", 0)
    x = np.asarray(X.astype(">f4"), order=order)
    found = part(read(saved(tmp_path, packed, x=x, y=Y)))
    np.testing.assert_array_equal(found.x[slice(0, 99)], X)
    np.testing.assert_array_equal(found.x[np.array([29, 0, 0])], X[[29, 0, 0]])
    np.testing.assert_array_equal(found.labels, Y)  # type: ignore[arg-type]
    assert found.fingerprint


def test_a_stored_array_stays_in_its_file(tmp_path: Path) -> None:
    assert isinstance(part(read(saved(tmp_path, x=X))).x, FileArray)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ("x y", "x y - - - -"),
        ("x_train y_train x_test y_test", "x_train y_train - - x_test y_test"),
        ("X_train Y_train X_val Y_val", "X_train Y_train X_val Y_val - -"),
        ("xtrain ytrain xtest ytest", "xtrain ytrain - - xtest ytest"),
        ("trainX trainY testX testY", "trainX trainY - - testX testY"),
        ("train_images train_labels val_images val_labels test_images test_labels",) * 2,
        ("data target", "data target - - - -"),
        ("images classes", "images classes - - - -"),
        ("arr_0 arr_1", "arr_0 arr_1 - - - -"),
    ],
)
def test_arrays_are_chosen_by_name_and_shape(tmp_path: Path, names: str, chosen: str) -> None:
    arrays = {n: (X, Y)[i % 2] for i, n in enumerate(names.split())}
    fields = ("train", "train_labels", "validation", "validation_labels", "test", "test_labels")
    expected = [name.replace("-", "") for name in chosen.split()]
    path = saved(tmp_path, **arrays)
    assert detected(path) == NpzArchive(**dict(zip(fields, expected, strict=True)))
    contents = read(path)
    used = [field for field in fields[::2] if getattr(detected(path), field)]
    assert list(contents.parts) == (used if len(used) > 1 else ["all"])


def test_among_several_arrays_the_pictures_are_the_examples(tmp_path: Path) -> None:
    path = saved(
        tmp_path, imgs=X, latents_values=np.ones((30, 600)), latents_classes=np.ones((30, 6), int)
    )
    found = NpzArchive.detect(path)
    assert found is not None
    assert found.format == NpzArchive(train="imgs")
    assert found.guesses[0].alternatives == ("latents_values", "latents_classes")


def test_arrays_that_cannot_be_used_do_not_hinder_the_others(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, about=np.array({"a": 1}, object), z=np.ones((3, 3), complex))
    assert detected(path) == NpzArchive(train="x")


def test_a_choice_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, y=Y, other=X[:, :2])
    for format, message in (
        (NpzArchive(train="z"), "no array 'z'"),
        (NpzArchive(train="y"), "cannot be examples"),
        (NpzArchive(), "No array is chosen"),
    ):
        with pytest.raises(DataError, match=message):
            format.read(path, no_progress)


def npy(header: bytes) -> bytes:
    header += b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


LONG = npy(b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000, 1000000), }")


def bomb() -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w") as x,
    ):
        x.write(npy(b"{'descr': '|u1', 'fortran_order': False, 'shape': (300, 1000000), }"))
        for _ in range(300):
            x.write(bytes(10**6))
    return file.getvalue()


def good() -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, x=X)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        good()[:-30],
        good()[:200] + b"\xff" * 30 + good()[230:],
        zipped(("x.npy", LONG)),
        zipped(("x.npy", LONG), compression=zipfile.ZIP_DEFLATED),
        zipped(("x.npy", b"no array")),
        zipped(("x.npy", good()), ("x.npy", good())),
        zipped(("../x.npy", good())),
        zipped(("/x.npy", good())),
        zipped(("x.npy", b"")),
        bomb(),
        b"PK",
    ],
)
def test_a_hostile_or_damaged_archive_is_refused_at_once(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    begin = time.perf_counter()
    with pytest.raises(DataError):
        read(path)
    assert time.perf_counter() - begin < 3


def test_other_files_are_left_to_other_formats(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"text")
    (tmp_path / "pictures.zip").write_bytes(zipped(("a.png", b"x")))
    assert NpzArchive.detect(tmp_path / "x") is None
    assert NpzArchive.detect(tmp_path / "pictures.zip") is None
    assert NpzArchive.detect(tmp_path) is None


def test_labels_of_another_number_are_a_problem_that_one_click_mends(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, y=Y[:-1])
    assert detected(path) == NpzArchive(train="x", train_labels="y")
    contents = detected(path).read(path, no_progress)
    (problem,) = contents.problems
    assert problem.sentence == f"There are {len(Y) - 1:,} labels in y for {len(X):,} examples."
    assert problem.places == (Place("y"),)
    assert problem.fix is not None
    assert problem.fix.values == {"data.format.train_labels": ""}
    only = contents.parts["all"]
    assert isinstance(only, Arrays)
    assert only.labels is None
    assert NpzArchive(train="x").read(path, no_progress).problems == ()


def test_a_part_of_another_shape_is_a_problem_and_is_left_out(tmp_path: Path) -> None:
    path = saved(tmp_path, x=X, y=Y, other=X[:, :2])
    contents = NpzArchive(train="x", test="other").read(path, no_progress)
    assert set(contents.parts) == {"all"}
    (problem,) = contents.problems
    assert "have the shape" in problem.sentence
    assert problem.fix is not None
    assert problem.fix.values == {"data.format.test": "", "data.format.test_labels": ""}
