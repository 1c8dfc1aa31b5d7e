"""Features of which the model sees the logarithm."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from vaegui.data import ArraySource, Dataset, GivenArray, Scaling
from vaegui.data.rescale import AsIs, Raw, Rescale, Standardise, Symmetric, UnitInterval
from vaegui.errors import DataError
from vaegui.progress import no_progress
from vaegui.training.settings.settings import Settings
from vaegui.training.trainer.trainer import Trainer

X = np.random.default_rng(0).exponential(300, (200, 3)).astype(np.float32)
FLAGS = (True, False, True)


def dataset(x: np.ndarray = X) -> Dataset:
    return Dataset("amounts", ArraySource(x[40:]), ArraySource(x[:40]), Scaling(log1p=FLAGS))


def logged(x: np.ndarray) -> np.ndarray:
    return np.where(FLAGS, np.log1p(x.astype(np.float64)), x)


@pytest.mark.parametrize("rescale", [AsIs(), Raw(), Standardise(), UnitInterval(), Symmetric()])
def test_every_scale_keeps_the_logarithms_and_can_be_undone(rescale: Rescale) -> None:
    scaling = rescale.apply(dataset()).scaling
    assert scaling.log1p == FLAGS
    np.testing.assert_allclose(scaling.to_data(scaling.to_model(X)), X, rtol=1e-4, atol=1e-3)
    expected = logged(X) * np.asarray(scaling.scale) + np.asarray(scaling.offset)
    np.testing.assert_allclose(scaling.to_model(X), expected, rtol=1e-4, atol=1e-4)


def test_standardised_logarithms_have_mean_0_and_sd_1() -> None:
    seen = Standardise().apply(dataset()).scaling.to_model(X[40:])
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(seen.std(axis=0), 1, atol=1e-5)


def test_logarithms_from_0_to_1_reach_both_ends() -> None:
    seen = UnitInterval().apply(dataset()).scaling.to_model(X)
    np.testing.assert_allclose([seen.min(axis=0), seen.max(axis=0)], [[0] * 3, [1] * 3], atol=1e-6)


def test_what_has_no_logarithm_is_told_before_training() -> None:
    x = X.copy()
    x[50, 0] = -2
    with pytest.raises(DataError, match="values of -1 or less"):
        _ = dataset(x).description


def test_a_reconstruction_too_large_for_float32_stays_finite() -> None:
    assert np.isfinite(Scaling(log1p=(True,)).to_data(np.array([[1e6]]))).all()


def test_the_compiled_model_sees_the_same_numbers() -> None:
    values = {"likelihood.kind": "gaussian", "training.compiler": "graph", "training.epochs": 2}
    settings = Settings(data=GivenArray(shape=(3,))).with_values(
        {**values, "architecture.widths": [8], "rescale.kind": "standardise"}
    )
    with_flags = Trainer.create(settings, no_progress, dataset())
    seen = logged(X).astype(np.float32)
    plain = dataclasses.replace(
        dataset(), train=ArraySource(seen[40:]), test=ArraySource(seen[:40]), scaling=Scaling()
    )
    without = Trainer.create(settings, no_progress, plain)
    for trainer in (with_flags, without):
        for _ in trainer.run():
            pass
    np.testing.assert_allclose(
        with_flags.state.history.steps(), without.state.history.steps(), rtol=1e-3
    )
