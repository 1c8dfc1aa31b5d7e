"""What settings suit some data, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from vaegui.core.likelihoods import Bernoulli, Gaussian, LearnedGaussian
from vaegui.data import ArraySource, Dataset, Scaling
from vaegui.data.advice.latent_units import (
    LinearFit,
    LinearFloor,
    latent_units_advice,
    linear_floor,
)
from vaegui.data.advice.likelihood import likelihood_advice


def dataset(x: np.ndarray, scaling: Scaling | None = None) -> Dataset:
    tests = len(x) // 5
    train, test = ArraySource(x[tests:]), ArraySource(x[:tests])
    return Dataset("some", train, test, scaling or Scaling())


RANDOM = np.random.default_rng(0)
BINARY = (RANDOM.random((300, 6, 6)) > 0.5).astype(np.float32)


@pytest.mark.parametrize(
    ("x", "white", "kind", "rescale", "reason"),
    [
        (BINARY, 1.0, "bernoulli", "as-is", "one of two"),
        (BINARY.reshape(300, 36) * 3 + 2, 0.0, "bernoulli", "unit-interval", "one of two"),
        ((BINARY * 255).astype(np.uint8), 255.0, "bernoulli", "as-is", "one of two"),
        (
            (np.clip(BINARY + RANDOM.normal(0, 0.02, BINARY.shape), 0, 1) * 255).astype(np.uint8),
            255.0,
            "bernoulli",
            "as-is",
            "nearly black or nearly white",
        ),
        (
            RANDOM.integers(0, 256, (300, 6, 6), dtype=np.uint8),
            255.0,
            "gaussian-learned",
            "as-is",
            "shades",
        ),
        (
            RANDOM.random((300, 6)).astype(np.float32),
            0.0,
            "continuous-bernoulli",
            "as-is",
            "from 0 to 1",
        ),
        (
            (RANDOM.normal(0, 1, (300, 6)) * [1, 10, 100, 1, 1, 1]).astype(np.float32),
            0.0,
            "gaussian-learned",
            "standardise",
            "scales of their own",
        ),
    ],
)
def test_likelihood_and_scale_follow_from_the_values_with_a_reason(
    x: np.ndarray, white: float, kind: str, rescale: str, reason: str
) -> None:
    advice = likelihood_advice(dataset(x), white)
    assert advice is not None
    assert reason in advice.sentence
    values: dict[str, Any] = advice.fix.values
    assert (values["likelihood.kind"], values["rescale.kind"]) == (kind, rescale)


def test_data_that_are_all_gaps_have_no_advice() -> None:
    x = np.full((50, 4), np.nan, np.float32)
    assert likelihood_advice(dataset(x), 0.0) is None
    assert linear_floor(dataset(x)) is None


def test_as_many_latent_units_are_advised_as_components_leave_a_tenth() -> None:
    plane = RANDOM.normal(size=(1000, 3)) @ RANDOM.normal(size=(3, 30))
    x = (plane + 0.01 * RANDOM.normal(size=plane.shape)).astype(np.float32)
    floor = linear_floor(dataset(x))
    assert floor is not None
    assert len(floor.errors) == 31
    assert floor.left(3) < 0.001 < 0.05 < floor.left(2)
    advice = latent_units_advice(floor, 2)
    assert advice is not None
    assert advice.fix.values == {"latent_units": 3}
    assert "3 latent units" in advice.sentence


def test_the_floor_is_the_error_of_a_pca_on_the_test_part_in_the_models_scale() -> None:
    x = RANDOM.normal(size=(600, 8)).astype(np.float32) * np.arange(1, 9, dtype=np.float32)
    found = linear_floor(dataset(x, Scaling(0.5, 1.0)))
    assert found is not None
    seen = x * 0.5 + 1
    train, test = seen[120:].astype(float), seen[:120].astype(float)
    _, _, axes = np.linalg.svd(train - train.mean(axis=0), full_matrices=False)
    centred = test - train.mean(axis=0)
    for k in (0, 1, 4):
        rest = centred - centred @ axes[:k].T @ axes[:k]
        assert found.errors[k] == pytest.approx(np.square(rest).sum(axis=1).mean(), rel=1e-4)


def test_a_floor_in_nats_is_what_the_likelihood_says_of_the_pca_reconstruction() -> None:
    random = np.random.default_rng(0)
    x = (random.normal(size=(500, 2)) @ random.normal(size=(2, 6)) + 0.1).astype(np.float32)
    x += 0.05 * random.normal(size=x.shape).astype(np.float32)
    fit = LinearFit.of(Dataset("some", ArraySource(x[:400]), ArraySource(x[400:])), 2)
    assert fit is not None
    mean = x[:400].mean(axis=0)
    axes = np.linalg.svd(x[:400] - mean, full_matrices=False)[2][:2]
    rest = (x[400:] - mean) - (x[400:] - mean) @ axes.T @ axes
    errors = np.square(rest).mean(axis=0)
    np.testing.assert_allclose(fit.left_by_feature(), errors, rtol=1e-4)
    fixed = Gaussian(sd=0.3).squared_error_nats(errors)
    log_p = norm.logpdf(rest, 0, 0.3).sum(axis=1).mean()
    assert fixed == pytest.approx(-log_p, rel=1e-6)
    each = LearnedGaussian(each="feature").squared_error_nats(errors)
    log_p = norm.logpdf(rest, 0, np.sqrt(errors)).sum(axis=1).mean()
    assert each == pytest.approx(-log_p, rel=1e-6)
    assert Bernoulli().squared_error_nats(errors) is None


def test_units_are_not_advised_for_what_no_number_of_components_takes() -> None:
    floor = LinearFloor((100.0, 60.0, 35.0, 31.0, 30.5, 30.2, 30.1, 30.0), 20)
    advice = latent_units_advice(floor, 2)
    assert advice is not None
    assert advice.fix.values == {"latent_units": 2}
