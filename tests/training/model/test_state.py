"""What going on needs beside the weights has names that say what it belongs to."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training import tiny
from vaegui.errors import SettingsError
from vaegui.files.model.model_file import open_model
from vaegui.reading.archives.arrays import unpack
from vaegui.training.model.state import TrainerState, weights_by_name
from vaegui.training.trainer.run_state import RunState
from vaegui.training.trainer.trainer import Trainer

FIXTURES = Path(__file__).parents[2] / "files" / "fixtures"

SLOTS = {
    "adam": ({}, {"momentum", "velocity"}),
    "adamw": ({}, {"momentum", "velocity"}),
    "sgd": ({"optimiser__momentum": 0.9}, {"momentum"}),
    "rmsprop": ({"optimiser__momentum": 0.5}, {"velocity", "momentum"}),
}


def optimiser_state(trainer: Trainer) -> TrainerState:
    return {k: v.copy() for k, v in trainer.model.state().items() if k.startswith("optimiser/")}


@pytest.mark.parametrize("kind", sorted(SLOTS))
def test_the_optimisers_state_is_named_by_the_weight_it_belongs_to(kind: str) -> None:
    values, slots = SLOTS[kind]
    trainer = tiny.trainer(optimiser__kind=kind, likelihood__kind="gaussian-learned", **values)
    weights = weights_by_name(trainer.model.vae)
    assert "encoder/hidden_1/kernel" in weights
    state = optimiser_state(trainer)
    numbers = {"optimiser/iteration", "optimiser/learning_rate"}
    assert state.keys() == numbers | {f"optimiser/{s}/{w}" for s in slots for w in weights}
    for slot in slots:
        for name, weight in weights.items():
            assert state[f"optimiser/{slot}/{name}"].shape == tuple(weight.shape)


def test_another_order_of_keras_variables_swaps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    # One layer of one width each way: all biases of mean and log-variance, and of both hidden
    # layers, have equal shapes.
    first = tiny.trainer(architecture__widths=[16])
    list(first.run(max_steps=5))
    state = {name: array.copy() for name, array in first.model.state().items()}
    optimiser = type(first.model.vae.optimizer)
    natural = optimiser.variables.fget
    with monkeypatch.context() as patch:
        patch.setattr(optimiser, "variables", property(lambda self: natural(self)[::-1]))
        second = Trainer(RunState(first.settings, first.data, first.history.copy()))
        second.model.restore(state)
    assert {k: v.tobytes() for k, v in second.model.state().items()} == {
        k: v.tobytes() for k, v in state.items()
    }
    slots = (first.model.vae.optimizer.variables, second.model.vae.optimizer.variables)
    assert all(np.array_equal(a, b) for a, b in zip(*slots, strict=True))


@pytest.mark.parametrize("kind", ["dense", "conv"])
def test_the_numbered_state_of_older_files_gets_its_names(kind: str) -> None:
    path = FIXTURES / f"format-2-{kind}.keras"
    with zipfile.ZipFile(path) as archive:
        numbered = unpack(archive.read("vaegui/state.npz"))
    trainer = open_model(path)
    state = trainer.model.state()
    first = next(layer.name for layer in trainer.model.vae.encoder.layers if layer.weights)
    found = numbered["optimiser/0002"], numbered["optimiser/0003"]
    for slot, array in zip(("momentum", "velocity"), found, strict=True):
        assert np.array_equal(state[f"optimiser/{slot}/encoder/{first}/kernel"], array)
    if kind == "conv":  # which keeps its best
        assert np.array_equal(state[f"best/encoder/{first}/kernel"], numbered["best/0000"])


@pytest.mark.parametrize(
    "change",
    [
        {"optimiser/momentum/encoder/mean/bias": None},
        {"optimiser/momentum/encoder/mean/bias": np.zeros(3, np.float32)},
        {"optimiser/momentum/encoder/other/bias": np.zeros(2, np.float32)},
        {"engine/xla": np.zeros(2, np.bool_)},
        {"best/encoder/mean/bias": np.zeros(2, np.float32)},
        {"last/encoder/mean/bias": np.zeros(2, np.float32)},
    ],
)
def test_a_state_that_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    trainer = tiny.trainer()
    state = {k: v for k, v in {**trainer.model.state(), **change}.items() if v is not None}
    with pytest.raises(SettingsError, match="does not fit"):
        trainer.model.restore(state)
