from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vaegui.data import ArraySource, Dataset, Scaling
from vaegui.data.source import Names
from vaegui.errors import DataError


def pictures(count: int, dtype: type = np.uint8) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 4, 3)).astype(dtype)


def dataset(train: np.ndarray, test: np.ndarray | None = None) -> Dataset:
    parts = train, train[:2] if test is None else test
    return Dataset("Some data", *map(ArraySource, parts))


def test_bytes_come_back_from_the_models_scale_exactly() -> None:
    scaling = Scaling(1 / 255)
    x = np.arange(256, dtype=np.uint8)
    model = scaling.to_model(x)
    assert model.dtype == np.float32
    assert model.min() == 0.0
    assert model.max() == pytest.approx(1.0, abs=1e-7)
    np.testing.assert_array_equal(np.rint(scaling.to_data(model)).astype(np.uint8), x)


def test_each_feature_can_have_its_own_scale_and_offset() -> None:
    scaling = Scaling((2.0, 0.5), (1.0, -1.0))
    x = np.array([[1.0, 4.0], [0.0, 2.0]], np.float32)
    np.testing.assert_array_equal(scaling.to_model(x), [[3.0, 1.0], [1.0, 0.0]])
    np.testing.assert_array_equal(scaling.to_data(scaling.to_model(x)), x)


def test_scaling_leaves_the_data_as_they_are() -> None:
    x = pictures(5, np.float32)
    before = x.copy()
    Scaling(2.0, 1.0).to_model(x)
    np.testing.assert_array_equal(x, before)


def test_a_label_for_every_example_or_none() -> None:
    with pytest.raises(DataError, match=r"2 labels for 3 examples\. Give every example one"):
        ArraySource(pictures(3), np.zeros(2, np.int64))


def test_values_of_other_types_are_read_as_float32() -> None:
    for dtype in (np.float64, np.float16, np.int64, np.bool_):
        source = ArraySource(pictures(3).astype(dtype))
        assert source.spec.dtype == "float32"
        x = source.read(slice(None)).x
        assert x.dtype == np.float32
        np.testing.assert_array_equal(x, pictures(3).astype(dtype))


def test_parts_of_different_types_are_refused() -> None:
    with pytest.raises(DataError, match=r"uint8, test examples float32\. All parts"):
        dataset(pictures(3), pictures(3, np.float32))


def test_data_without_training_examples_are_refused() -> None:
    with pytest.raises(DataError, match="no training examples"):
        dataset(pictures(0))


def test_parts_of_different_shapes_are_refused() -> None:
    with pytest.raises(DataError, match=r"\(4, 3\), test examples \(3, 4\)"):
        dataset(pictures(3), pictures(3).reshape(3, 3, 4))


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("part", ["training", "test"])
def test_values_that_are_not_finite_are_refused(part: str, value: float) -> None:
    good, bad = pictures(3, np.float32), pictures(3, np.float32)
    bad[1, 2, 0] = value
    with pytest.raises(DataError, match=f"{part} part .* missing or infinite"):
        _ = (dataset(bad, good) if part == "training" else dataset(good, bad)).description


def test_the_description_says_what_a_model_has_to_know() -> None:
    x = pictures(6, np.float32)
    parts = [ArraySource(part, names=Names(("a",))) for part in (x[:4], x[4:])]
    data = Dataset("Some data", *parts, Scaling(0.5))
    description = data.description
    assert (description.name, description.shape, description.dtype) == (
        "Some data",
        (4, 3),
        "float32",
    )
    assert (description.train_examples, description.test_examples) == (4, 2)
    assert description.value_range == (x[:4].min(), x[:4].max())
    assert description.scaling == Scaling(0.5)
    assert description.class_names == ("a",)
    assert description.is_image


def test_bytes_are_drawn_from_0_to_255_whatever_occurs() -> None:
    assert dataset(np.full((3, 2, 2), 7, np.uint8)).description.value_range == (0.0, 255.0)


def test_constant_data_still_have_a_range_to_draw_with() -> None:
    assert dataset(np.full((3, 2), 7, np.float32)).description.value_range == (7.0, 8.0)


def test_rows_of_features_are_no_pictures() -> None:
    assert not dataset(np.zeros((3, 5), np.uint8)).description.is_image


def test_the_hash_is_that_of_types_shapes_and_bytes_of_both_parts() -> None:
    train, test = pictures(9000), pictures(3)
    expected = hashlib.sha256()
    for x in (train, test):
        expected.update(f"uint8{x.shape}".encode() + x.tobytes())
    assert dataset(train, test).description.sha256 == expected.hexdigest()


def test_one_changed_value_changes_the_hash() -> None:
    x = pictures(5)
    changed = x.copy()
    changed[4, 3, 2] ^= 1
    assert dataset(x).description.sha256 != dataset(changed).description.sha256


def test_the_hash_does_not_depend_on_how_the_data_lie_in_memory() -> None:
    x = pictures(5)
    assert dataset(np.asfortranarray(x)).description.sha256 == dataset(x).description.sha256


def test_a_memory_mapped_file_is_used_as_it_is(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", pictures(20))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    data = dataset(mapped)
    assert np.shares_memory(data.train.read(slice(None)).x, mapped)
    assert data.description.sha256 == dataset(pictures(20)).description.sha256


def test_importing_the_sources_imports_nothing_heavy() -> None:
    heavy = "{'tensorflow', 'keras', 'sklearn', 'pooch', 'requests', 'scipy'}"
    script = f"import sys, vaegui.data; sys.exit(', '.join({heavy} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stderr.strip() == ""
