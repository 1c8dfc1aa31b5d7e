from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from vaegui.data import NoData
from vaegui.data.description import DataDescription
from vaegui.data.scaling import Scaling
from vaegui.data.source import OneHot
from vaegui.files.model.description import description_from_json
from vaegui.strict_json import written

IMAGES = DataDescription(
    name="Digits",
    shape=(8, 8),
    dtype="uint8",
    train_examples=100,
    test_examples=20,
    scaling=Scaling(1 / 255, 0.0),
    value_range=(0.0, 255.0),
    class_names=("zero", "one"),
    sha256="ab12",
)
TABLE = DataDescription(
    name="Table",
    shape=(3,),
    dtype="float32",
    train_examples=10,
    test_examples=0,
    scaling=Scaling((1.0, 0.5, 1 / 3), (0.0, -1.0, 1e-9)),
    value_range=(-1.5, 2.5),
    feature_names=("a", "b", "c"),
)


CATEGORY = replace(TABLE, one_hot=(OneHot("colour", 1, ("red", "blue")),))
SIGNAL = replace(TABLE, shape=(6,), scaling=Scaling(), feature_names=None, channels=2)


@pytest.mark.parametrize("description", [IMAGES, TABLE, CATEGORY, SIGNAL])
def test_a_description_comes_back_equal(description: DataDescription) -> None:
    assert description_from_json(written(asdict(description))) == description


@pytest.mark.parametrize(
    "change",
    [
        {"shape": []},
        {"shape": [8, 0]},
        {"shape": [8.5]},
        {"shape": "8"},
        {"shape": [8, 8, 1, 1]},
        {"shape": [1 << 40, 8]},
        {"dtype": "object"},
        {"train_examples": 0},
        {"test_examples": -1},
        {"train_examples": "100"},
        {"scaling": {"scale": 0.0, "offset": 0.0}},
        {"scaling": {"scale": [1.0, 2.0], "offset": 0.0}},
        {"value_range": [0.0]},
        {"feature_names": ["a"]},
        {"class_names": "ab"},
        {"name": None},
        {"name": "n" * 100_000},
        {"class_names": ["n"] * 100_000},
        {"scaling": {"scale": 1e39, "offset": 0.0}},
        {"scaling": {"scale": 1e-60, "offset": 0.0}},
        {"value_range": [-1e300, 0.0]},
    ],
)
def test_an_impossible_description_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        description_from_json(written({**asdict(IMAGES), **change}))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_scale_that_is_not_finite_is_refused(value: str) -> None:
    text = json.dumps({**asdict(IMAGES), "scaling": {"scale": 0.25, "offset": 0.0}})
    with pytest.raises(ValueError, match="finite"):
        description_from_json(text.replace("0.25", value).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"channels": -1},
        {"channels": 2},
        {"channels": 4},
        {"one_hot": [{"name": "colour", "first": 2, "values": ["red", "blue"]}]},
        {"one_hot": [{"name": "colour", "first": -1, "values": ["red", "blue"]}]},
        {"one_hot": [{"name": "colour", "first": 0, "values": []}]},
        {"one_hot": [{"name": "colour", "first": 0, "values": ["r" * 100_000]}]},
        {"one_hot": [{"name": str(i), "first": 0, "values": ["red", "blue"]} for i in range(2)]},
    ],
)
def test_impossible_categories_and_channels_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        description_from_json(written({**asdict(TABLE), **change}))


def test_a_model_without_data_has_no_examples_and_another_has_some() -> None:
    none = NoData(shape=(3,)).described(0.0, 1.0)
    document = written(asdict(none))
    assert description_from_json(document, none=True) == none
    with pytest.raises(ValueError, match="impossible"):
        description_from_json(document)
    with pytest.raises(ValueError, match="cannot have examples"):
        description_from_json(written(asdict(TABLE)), none=True)
    with pytest.raises(ValueError, match="cannot have examples"):
        description_from_json(written({**asdict(none), "test_examples": 1}), none=True)
