"""Training on arrays that a script gives."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vaegui
from vaegui.data import ExampleRef, GivenArray
from vaegui.data.split import Split
from vaegui.errors import DataError, SettingsError, SettingsWarning
from vaegui.training.settings.settings import Settings


def settings(**values: Any) -> Settings:
    small = {
        "architecture.widths": [8],
        "training.epochs": 1,
        "training.compiler": "graph",
        "training.batch_size": 16,
        "likelihood.kind": "gaussian",
    }
    return Settings().with_values({**small, **{k.replace("__", "."): v for k, v in values.items()}})


def table(count: int = 60, dtype: type = np.float32) -> np.ndarray:
    return np.random.default_rng(count).normal(3, 2, (count, 5)).astype(dtype)


def test_a_table_is_trained_on_divided_into_parts_with_its_labels_as_words() -> None:
    x, labels = table(), np.array(["cat", "dog", "ape"] * 20)
    run = vaegui.train(settings(), x=x, labels=labels)
    data = run.begun.data
    assert (data.train_examples, data.test_examples, data.shape) == (54, 6, (5,))
    assert data.class_names == ("ape", "cat", "dog")
    assert run.step == 4
    for row, label, ref in zip(
        run.begun.probes.x, run.begun.probes.labels, run.begun.probes.refs, strict=True
    ):
        assert ref.part == "test"
        where = int(np.flatnonzero((x == row).all(axis=1))[0])
        assert data.class_names[label] == labels[where]


@pytest.mark.parametrize("dtype", [np.float64, np.int32, np.bool_])
def test_numbers_of_other_types_are_taken_as_float32(dtype: type) -> None:
    run = vaegui.train(settings(), x=table(dtype=dtype))
    assert run.begun.data.dtype == "float32"


def test_bytes_are_seen_from_0_to_1() -> None:
    x = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
    run = vaegui.train(settings(likelihood__kind="bernoulli"), x=x)
    assert run.begun.data.model_range[1] <= 1.0


def test_a_mapped_file_gives_the_bits_of_the_same_array_in_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", table())
    mapped = vaegui.train(settings(), x=np.load(tmp_path / "x.npy", mmap_mode="r"))
    np.testing.assert_array_equal(
        mapped.history.steps(), vaegui.train(settings(), x=table()).history.steps()
    )


def test_a_saved_run_opens_without_the_array_and_goes_on_with_it(tmp_path: Path) -> None:
    straight = vaegui.train(settings(training__epochs=2), x=table())
    vaegui.train(settings(), x=table()).save(tmp_path / "run.keras")
    opened = vaegui.load(tmp_path / "run.keras")
    assert opened.encode(table(3))[0].shape == (3, 2)
    with pytest.raises(DataError, match=r"given by a Python script.* Open the model in Python"):
        opened.evaluate()
    again = vaegui.load(tmp_path / "run.keras", x=table())
    again.go_on(2)
    np.testing.assert_array_equal(again.history.steps(), straight.history.steps())


def test_another_array_is_not_taken_for_the_one_that_was_given(tmp_path: Path) -> None:
    vaegui.train(settings(), x=table()).save(tmp_path / "run.keras")
    with pytest.raises(DataError, match="not what it was when this model was trained"):
        vaegui.load(tmp_path / "run.keras", x=table() + 1)


def test_the_share_and_the_seed_of_the_test_part_are_settings() -> None:
    given = GivenArray(name="wines", split=Split(test_share=0.25, seed=3))
    run = vaegui.train(settings().with_data(given), x=table())
    assert (run.begun.data.train_examples, run.begun.data.test_examples) == (45, 15)
    assert run.begun.data.name == "wines"


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[1, 2], [3]], "rows of different lengths"),
        (np.array([["a", "b"]]), "values of type <U1.*real numbers"),
        (np.ones((3, 2), complex), "values of type complex128"),
        (np.ones(7), r"shape \(7,\).*\(n, features\)"),
        (np.ones((2, 2, 2, 2, 2)), r"shape \(2, 2, 2, 2, 2\)"),
        (np.ones((0, 5)), "nothing in it"),
        (np.full((20, 3), np.nan), "missing or infinite, in 18 examples; the first is row 0"),
        (np.full((20, 3), 1e300), "missing or infinite"),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_arrays_that_cannot_be_used_say_why(x: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        vaegui.train(settings(training__batch_size=1), x=x)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.arange(59), "59 labels for 60 examples"),
        (np.ones((60, 2), int), "one whole number or one word"),
        (np.linspace(0, 1, 60), "of type float64"),
    ],
)
def test_labels_that_cannot_be_used_say_why(labels: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        vaegui.train(settings(), x=table(), labels=labels)


def test_values_outside_of_the_likelihoods_range_name_the_remedy() -> None:
    with pytest.raises(SettingsError, match="Scale the data from 0 to 1") as caught:
        vaegui.train(settings(likelihood__kind="bernoulli"), x=table())
    assert caught.value.fix is not None
    assert caught.value.fix.values == {"rescale.kind": "unit-interval"}


def test_fewer_examples_than_a_batch_are_told() -> None:
    with pytest.warns(SettingsWarning, match="54 training examples, fewer than the 128 of a batch"):
        vaegui.train(settings(training__batch_size=128), x=table())


def test_the_parts_have_every_example_once_and_do_not_depend_on_anything_but_the_seed() -> None:
    train, _, test = Split(test_share=0.2, seed=1).rows(50)
    assert sorted([*train, *test]) == list(range(50))
    assert len(test) == 10
    np.testing.assert_array_equal(test, Split(test_share=0.2, seed=1).rows(50).test)
    assert list(test) != list(Split(test_share=0.2, seed=2).rows(50).test)
    assert len(Split(test_share=0.9).rows(1).train) == 1


def test_a_script_divides_the_array_as_the_run_does(tmp_path: Path) -> None:
    x = table()
    np.save(tmp_path / "x.npy", x)
    vaegui.train(settings(), x=x).export_script(tmp_path / "run.py")
    train, test = runpy.run_path(str(tmp_path / "run.py"))["load_data"](tmp_path / "x.npy")
    data = GivenArray().dataset(x)
    np.testing.assert_array_equal(train, data.train.read(slice(None)).x)
    np.testing.assert_array_equal(test, data.test.read(slice(None)).x)


def test_a_validation_part_is_watched_and_the_test_part_is_measured_at_the_end(
    tmp_path: Path,
) -> None:
    given = GivenArray(split=Split(test_share=0.2, validation_share=0.3))
    run = vaegui.train(settings().with_data(given), x=table())
    data = run.begun.data
    assert (data.train_examples, data.validation_examples, data.test_examples) == (30, 18, 12)
    assert run.evaluate().examples == run.log_p(2).examples == 12
    last = run.history.epochs[-1].validation
    assert last is not None
    assert last.total != run.evaluate().terms.total
    run.save(tmp_path / "run.keras")
    again = vaegui.load(tmp_path / "run.keras", x=table())
    assert again.begun.data == data
    assert again.evaluate().terms == run.evaluate().terms


def test_a_script_divides_off_the_validation_part_and_watches_that(tmp_path: Path) -> None:
    x = table()
    np.save(tmp_path / "x.npy", x)
    given = GivenArray(split=Split(test_share=0.2, validation_share=0.3))
    scaled = settings(rescale__kind="unit-interval")
    run = vaegui.train(scaled.with_data(given), x=x)
    run.export_script(tmp_path / "run.py")
    script = runpy.run_path(str(tmp_path / "run.py"))
    data = given.dataset(x)
    for part, source in zip(
        script["load_data"](tmp_path / "x.npy"),
        (data.train, data.validation, data.test),
        strict=True,
    ):
        assert source is not None
        np.testing.assert_array_equal(part, source.read(slice(None)).x)
    text = (tmp_path / "run.py").read_text("utf-8")
    assert "find_scaling(x_train, np.concatenate([x_validation, x_test]))" in text
    assert "to_model(x_validation, scaling), options.epochs" in text


def test_an_example_is_had_by_its_identity() -> None:
    x = table()
    data = GivenArray().dataset(x, np.arange(60) % 3)
    train = Split().rows(60).train
    found = data.example(ExampleRef(data.id, "train", 7))
    np.testing.assert_array_equal(found.x, x[train[7]])
    assert found.label == train[7] % 3
    assert found.ref in data
    for ref in (ExampleRef("another", "train", 0), ExampleRef(data.id, "test", 6)):
        with pytest.raises(DataError, match="no such example"):
            data.example(ref)
        assert ref not in data


@pytest.mark.parametrize("mapped", [False, True])
def test_an_array_can_be_one_of_signals_rather_than_pictures(tmp_path: Path, mapped: bool) -> None:
    x = np.random.default_rng(0).normal(size=(60, 7, 2)).astype(np.float32)
    np.save(tmp_path / "x.npy", x)
    given = np.load(tmp_path / "x.npy", mmap_mode="r") if mapped else x
    signals = settings().with_data(GivenArray(signal=True))
    run = vaegui.train(signals, x=given)
    data = run.begun.data
    assert (data.shape, data.channels, data.is_image) == ((14,), 2, False)
    rows = np.moveaxis(x, -1, 1).reshape(60, 14)
    np.testing.assert_array_equal(run.encode(x)[0], run.encode(rows)[0])
    run.save(tmp_path / "run.keras")
    assert vaegui.load(tmp_path / "run.keras", x=x).begun.data.channels == 2
    run.export_script(tmp_path / "run.py")
    train, _ = runpy.run_path(str(tmp_path / "run.py"))["load_data"](tmp_path / "x.npy")
    dataset = GivenArray(signal=True).dataset(x)
    np.testing.assert_array_equal(train, dataset.train.read(slice(None)).x)


def test_pictures_in_colour_are_no_signals() -> None:
    with pytest.raises(DataError, match="Signals cannot have the shape"):
        GivenArray(signal=True).dataset(np.zeros((9, 4, 4, 3), np.float32))
