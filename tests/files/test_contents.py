from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest

from vaegui.data.dataset import DataDescription, Scaling
from vaegui.files.arrays import pack, unpack
from vaegui.files.contents import (
    description_from_json,
    history_arrays,
    history_from_arrays,
    json_bytes,
)
from vaegui.training.events import EpochDone, Terms
from vaegui.training.history import History

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


def some_history() -> History:
    history = History()
    history.extend(np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32))
    history.add_epoch(
        EpochDone(1, 3, Terms(1 / 3, 0.1, 0.2), None, np.float32([0.1, 0.2]), 2, seconds=1 / 7)
    )
    history.add_epoch(
        EpochDone(
            2, 6, Terms(1.0, np.inf, 0.2), Terms(np.nan, 2.0, 3.0), np.float32([1, 2]), 1, 0.5
        )
    )
    return history


@pytest.mark.parametrize("description", [IMAGES, TABLE])
def test_a_description_comes_back_equal(description: DataDescription) -> None:
    assert description_from_json(json_bytes(asdict(description))) == description


@pytest.mark.parametrize(
    "change",
    [
        {"shape": []},
        {"shape": [8, 0]},
        {"shape": [8.5]},
        {"shape": "8"},
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
    ],
)
def test_an_impossible_description_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        description_from_json(json_bytes({**asdict(IMAGES), **change}))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_scale_that_is_not_finite_is_refused(value: str) -> None:
    text = json.dumps({**asdict(IMAGES), "scaling": {"scale": 0.25, "offset": 0.0}})
    with pytest.raises(ValueError, match="finite"):
        description_from_json(text.replace("0.25", value).encode())


def test_a_history_comes_back_bit_for_bit() -> None:
    history = some_history()
    back = history_from_arrays(unpack(pack(history_arrays(history))), units=2)
    assert back.steps().tobytes() == history.steps().tobytes()
    for a, b in zip(back.epochs, history.epochs, strict=True):
        assert repr(a) == repr(b)


def test_a_history_without_epochs_or_steps_comes_back() -> None:
    back = history_from_arrays(unpack(pack(history_arrays(History()))), units=2)
    assert (len(back), back.epochs) == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        {"steps": None},
        {"steps": np.zeros((7, 2), np.float32)},
        {"steps": np.zeros((5, 3), np.float32)},
        {"epoch": np.array([1, 3])},
        {"step": np.array([0, 6])},
        {"train": np.zeros((2, 3), np.float32)},
        {"kl_by_unit": np.zeros((2, 5), np.float32)},
        {"seconds": np.zeros(3)},
        {"validated": np.array([1, 0])},
    ],
)
def test_an_impossible_history_is_refused(change: dict[str, Any]) -> None:
    arrays = {
        k: v for k, v in {**history_arrays(some_history()), **change}.items() if v is not None
    }
    with pytest.raises(ValueError, match="histor"):
        history_from_arrays(arrays, units=2)
