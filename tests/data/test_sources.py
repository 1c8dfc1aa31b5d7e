from __future__ import annotations

import gzip
import importlib.util
import io
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from tests.data.server import FileServer, described
from vaegui.data import (
    BundledMnist,
    DataChoice,
    Digits8x8,
    FashionMnist,
    Mnist,
    SixFeatures,
)
from vaegui.data.sources import bundled
from vaegui.data.sources.keras_datasets import keras_folder
from vaegui.errors import Cancelled, DataError
from vaegui.paths import resource
from vaegui.progress import no_progress

DIGITS = tuple("0123456789")


def cancel(what: str, done: int, total: int | None) -> None:
    raise Cancelled(what)


@pytest.mark.parametrize(
    "source", [BundledMnist(), Digits8x8(), Mnist(), FashionMnist(), SixFeatures()]
)
def test_every_source_is_chosen_by_its_kind_and_says_what_it_is(source: Any) -> None:
    assert TypeAdapter(DataChoice).validate_python({"kind": source.kind}) == source
    assert source.label
    assert type(source).__doc__


def test_the_bundled_sample_is_balanced_bytes_with_labels() -> None:
    data = BundledMnist().load(no_progress)
    for part, per_class in ((data.train, 1000), (data.test, 200)):
        assert (part.spec.length, part.spec.shape) == (10 * per_class, (28, 28))
        assert part.spec.dtype == "uint8"
        assert part.labels is not None
        assert part.labels.dtype == np.int64
        np.testing.assert_array_equal(np.bincount(part.labels), np.full(10, per_class))
    assert data.train.spec.names.classes == DIGITS
    assert data.scaling.to_model(data.train.read(slice(100)).x).max() == pytest.approx(1.0)


def test_the_bundled_sample_is_in_random_order() -> None:
    labels = BundledMnist().load(no_progress).train.labels
    assert labels is not None
    assert np.all(np.bincount(labels[:1000], minlength=10) > 60)


def test_the_bundled_sample_is_small_and_has_its_origin_and_licence_beside_it() -> None:
    assert resource("mnist-sample.npz").stat().st_size <= 3_000_000
    text = resource("mnist-sample.txt").read_text(encoding="utf-8")
    for word in ("LeCun", "Cortes", "Burges", "NIST", "CC BY-SA 3.0", "creativecommons.org"):
        assert word in text


def cut_short(content: bytearray) -> bytes:
    return bytes(content[:1000])


def overwritten(content: bytearray) -> bytes:
    content[5000:9000] = bytes(4000)
    return bytes(content)


def emptied(content: bytearray) -> bytes:
    return b""


@pytest.mark.parametrize("damage", [cut_short, overwritten, emptied])
def test_a_damaged_bundled_sample_is_told(
    damage: Callable[[bytearray], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bytearray(resource("mnist-sample.npz").read_bytes())
    (tmp_path / "mnist-sample.npz").write_bytes(damage(content))
    monkeypatch.setattr(bundled, "resource", lambda name: tmp_path / name)
    with pytest.raises(DataError, match=r"cannot be read.*Install the program again"):
        BundledMnist().load(no_progress)


def test_a_missing_bundled_sample_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "resource", lambda name: tmp_path / name)
    with pytest.raises(DataError, match=r"cannot be read.*Install the program again"):
        BundledMnist().load(no_progress)


def test_the_8x8_digits_are_split_the_same_way_every_time_with_all_classes() -> None:
    data = Digits8x8().load(no_progress)
    assert data.train.read(slice(None)).x.shape == (1437, 8, 8)
    assert data.test.read(slice(None)).x.shape == (360, 8, 8)
    assert data.test.labels is not None
    assert set(np.bincount(data.test.labels)) <= {35, 36, 37}
    assert data.description.value_range == (0.0, 16.0)
    assert data.scaling.to_model(data.train.read(slice(None)).x).max() == 1.0
    assert Digits8x8().load(no_progress).description == data.description


@pytest.mark.parametrize("source", [BundledMnist(), Digits8x8(), SixFeatures()])
def test_loading_can_be_cancelled(source: Any) -> None:
    with pytest.raises(Cancelled):
        source.load(cancel)


def idx(values: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape)
    return gzip.compress(header + values.astype(np.uint8).tobytes())


def examples(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures in which every value is the picture's label, so that mixing them up shows."""
    labels = np.arange(count, dtype=np.uint8) % 10
    return np.broadcast_to(labels[:, None, None], (count, 28, 28)), labels


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for Keras, which cannot download anything by itself."""
    from keras.src.backend import config
    from keras.src.utils import file_utils

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(config, "_KERAS_DIR", str(tmp_path))
    monkeypatch.delattr(file_utils, "urlretrieve")
    return tmp_path


def test_the_folder_is_the_one_that_keras_uses() -> None:
    from keras.src.backend import config

    assert keras_folder() == Path(config.keras_home()).expanduser() / "datasets"


def test_a_home_that_cannot_be_written_to_is_replaced_as_keras_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file" / "home"))
    assert keras_folder().parts[-2:] == (".keras", "datasets")
    assert tmp_path not in keras_folder().parents


def test_mnist_is_downloaded_where_keras_reads_it_and_asks_for_the_same_file(
    server: FileServer, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from keras.src.datasets import mnist as of_keras

    (file,), origin = Mnist.files, Mnist.server
    asked: list[tuple[str, str]] = []

    def get_file(fname: str, origin: str, file_hash: str) -> str:
        asked.append((origin, file_hash))
        return str(empty_cache / "datasets" / fname)

    (train_x, train_y), (test_x, test_y) = examples(30), examples(20)
    content = io.BytesIO()
    np.savez(content, x_train=train_x, y_train=train_y, x_test=test_x, y_test=test_y)
    server.files[file.name] = content.getvalue()
    monkeypatch.setattr(Mnist, "files", (described(file.name, content.getvalue()),))
    monkeypatch.setattr(of_keras, "get_file", get_file)
    monkeypatch.setattr(Mnist, "server", server.url)

    data = Mnist().load(no_progress)

    assert asked == [(origin + file.name, file.sha256)]
    assert data.train.read(slice(None)).x.shape == (30, 28, 28)
    assert data.train.read(slice(None)).x.dtype == np.uint8
    np.testing.assert_array_equal(data.test.read(slice(None)).x[:, 0, 0], data.test.labels)
    assert data.train.spec.names.classes == DIGITS


def test_fashion_mnist_is_downloaded_where_keras_reads_it_without_asking_again(
    server: FileServer, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (train_x, train_y), (test_x, test_y) = examples(30), examples(20)
    names = [file.name for file in FashionMnist.files]
    server.files = dict(zip(names, map(idx, (train_y, train_x, test_y, test_x)), strict=True))
    monkeypatch.setattr(
        FashionMnist, "files", [described(name, server.files[name]) for name in names]
    )
    monkeypatch.setattr(FashionMnist, "server", server.url)

    FashionMnist().load(no_progress)
    data = FashionMnist().load(no_progress)

    assert sorted(server.requests) == sorted(names)
    assert data.train.read(slice(None)).x.shape == (30, 28, 28)
    np.testing.assert_array_equal(data.train.read(slice(None)).x[:, 0, 0], data.train.labels)
    assert data.train.spec.names.classes is not None
    assert data.train.spec.names.classes[9] == "Ankle boot"


@pytest.mark.parametrize("source", [Mnist, FashionMnist])
def test_a_failed_download_offers_the_bundled_sample(
    source: Any, server: FileServer, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "server", server.url)
    with pytest.raises(DataError, match=rf"{source.label} could not be downloaded.*404") as caught:
        source().load(no_progress)
    assert "Choose 'MNIST sample'" in caught.value.remedy


@pytest.fixture
def sampler(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    # What lies in resources is packed into the wheel.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_file_location("sampler", resource("make_mnist_sample.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_draws_the_same_balanced_sample_every_time(
    sampler: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for prefix, count in (("train", 500), ("t10k", 200)):
        images, labels = examples(count)
        (tmp_path / f"{prefix}-images-idx3-ubyte.gz").write_bytes(idx(images))
        (tmp_path / f"{prefix}-labels-idx1-ubyte.gz").write_bytes(idx(labels))
    monkeypatch.setattr(sampler, "TRAIN_PER_CLASS", 7)
    monkeypatch.setattr(sampler, "TEST_PER_CLASS", 3)
    first, again = sampler.draw(tmp_path), sampler.draw(tmp_path)
    np.testing.assert_array_equal(np.bincount(first["y_train"]), np.full(10, 7))
    np.testing.assert_array_equal(np.bincount(first["y_test"]), np.full(10, 3))
    np.testing.assert_array_equal(first["x_train"][:, 5, 5], first["y_train"])
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])
